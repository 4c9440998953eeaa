"""Programs outside: webhooks and calendar feeds."""
