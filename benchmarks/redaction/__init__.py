"""How much of what could name somebody is masked? A synthetic labelled set, and what the rules make of it."""
