"""A file for each field, and for each kind of line that fields are in."""
