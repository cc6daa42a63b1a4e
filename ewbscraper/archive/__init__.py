"""archive.db, and the WARC files beside it: opened (database.py, connection.py, locks.py); the rooms do the rest."""
