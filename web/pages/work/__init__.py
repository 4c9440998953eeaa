"""Pages of the divisions' work: inbox, one assignment, its report, its review."""
