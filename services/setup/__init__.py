"""Before anything runs: tables, demonstration, a founded office."""
