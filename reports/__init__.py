"""A frozen snapshot of figures becomes a document; the same snapshot, the same document."""
