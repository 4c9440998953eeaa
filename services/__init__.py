"""Use cases, one verb a module; settings, wiring and the command line."""
