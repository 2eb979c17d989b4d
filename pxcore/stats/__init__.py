"""Arrays in, frozen result out. NumPy and SciPy only; no frames, no NaN passed over in silence."""
