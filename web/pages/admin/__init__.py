"""The pages for whoever looks after the office and the service."""
