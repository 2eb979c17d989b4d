"""Two sources compared: agreement, divergence, groups of people, one organisation, and what if."""
