"""The JSON interface for programs: the same services as the pages, none of the rules."""
