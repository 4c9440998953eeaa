"""Letters: composed from notices, worded, delivered, sent again."""
