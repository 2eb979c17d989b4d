"""What leaves for other programs: a report in, JSON out."""
