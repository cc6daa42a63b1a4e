"""Datasette's own pages, where they would fail a reader."""
