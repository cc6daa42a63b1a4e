"""archive.db, and the WARC files beside it: opened (database.py); in its rooms written, asked, shared, kept whole."""
