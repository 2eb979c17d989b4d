"""What the screen and the command line say: a report in, sentences out."""
