"""What people look at: inbox, rows, progress, counts, what comes."""
