"""How pages are made: templates in the reader's language, failures, addresses of lists, drawings."""
