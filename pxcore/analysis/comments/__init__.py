"""What people wrote: masked, coded, counted by theme, and read."""
