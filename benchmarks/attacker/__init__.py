"""The disclosure attacker: views played over data whose truth is known, and what follows of few people."""
