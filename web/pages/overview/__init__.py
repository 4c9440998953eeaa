"""Pages for those who look over: the year by division, the meeting's sheet, the quarterly reports."""
