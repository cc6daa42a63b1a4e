"""The tables of archive.db: how they came to be, what they mean, and which parts of them changed."""
