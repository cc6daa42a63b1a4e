"""Exports over HTTP: all rows of a search, of a named query, of any SELECT, streamed as they are read."""
