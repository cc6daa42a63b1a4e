"""Rows that were deleted are gone from the file, too: from the search index, from free pages, from the log."""

import sqlite3
from pathlib import Path

from ewbscraper.archive.connection import transaction
from ewbscraper.errors import Unwritable


def scrub(db: sqlite3.Connection, archive: Path) -> None:
    """Takes as long, and for a moment as much room, as a copy of the archive.

    FTS5 keeps the words of deleted rows until its segments are merged; free pages keep what stood in them, also from
    before, when a text was replaced; the write-ahead log keeps pages as they were. Raises Unwritable, and
    sqlite3.OperationalError where the disk is full: what was done stands, and is done again.
    """
    with transaction(db):
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
    db.execute("VACUUM")
    (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Unwritable(
            f"a program reads {archive.name} and does not let its write-ahead log be emptied, which has the text: "
            f"end it, and run the same command again"
        )
