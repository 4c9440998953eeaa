"""Tables, repositories and the unit of work; nothing outside sees SQL."""
