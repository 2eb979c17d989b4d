"""One source over months and waves: trends, shifts, movers, and what changed since."""
