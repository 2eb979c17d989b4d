"""One module per question: the store and the statistics in, a frozen report out."""
