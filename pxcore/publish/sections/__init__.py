"""What each page says, as a section of a document: a report and its words in, pieces out."""
