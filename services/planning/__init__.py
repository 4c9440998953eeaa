"""A plan's way in and through the years: drafts, uploads, revisions, roll-over."""
