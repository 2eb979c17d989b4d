"""Which rows of two sources stand side by side: choices, periods, areas, names and what did not join."""
