"""Reading plan documents into drafts: raw cell, parsed value, doubts."""
