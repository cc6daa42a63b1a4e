"""What each block of the text is, and the body that is left."""
