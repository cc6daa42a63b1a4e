"""Articles in their rows: written, read again, and their texts in order of time."""
