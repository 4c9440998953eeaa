"""The pages; they arrive with the web door."""
