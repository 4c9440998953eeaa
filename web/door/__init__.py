"""Who is at the door: the visit, the form that is ours, the assignment of a link, what the visitor may do."""
