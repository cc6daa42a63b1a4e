"""The article's pictures with their captions."""
