"""What two answers about one organisation say together, how sure one may be, and why they may differ."""
