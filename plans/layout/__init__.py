"""From cells to the rows of a plan: headings, forms, running text, ticks, rows cut by a page end."""
