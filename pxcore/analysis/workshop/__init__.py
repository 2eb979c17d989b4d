"""A room of people on a frozen view of the data: what they see, what they say of it, what they decide."""
