"""What to ask for next: links, lists, sources, pictures."""
