"""The office itself: its file, settings, divisions, posts, holidays and ladder."""
