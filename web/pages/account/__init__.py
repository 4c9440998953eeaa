"""Pages of everybody's own account: signing in, sessions, tokens, calendars."""
