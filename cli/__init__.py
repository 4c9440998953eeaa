"""The command line: one module for what belongs together, `app` puts them on one command."""
