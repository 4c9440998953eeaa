"""What happens to an assignment: opening and escalating, handing in, review, deadlines, evidence."""
