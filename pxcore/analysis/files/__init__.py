"""What is loaded: files in and out, the sources and their coverage, the methods, the demonstration."""
