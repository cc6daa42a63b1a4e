"""Connections to archive.db, their transactions, and what a disk that does not let us write means."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ewbscraper.archive import search
from ewbscraper.errors import Unwritable

BUSY_TIMEOUT = 30.0
"""Seconds to wait for another writer: a merge, or an index made anew, takes its time."""
CURE = (
    "Make room, or let this user write there (SQLite does beside an archive, also to read it), and run it again: "
    "what was saved is whole"
)
CURE_FOR_BUSY = "Another program is writing to it: let it end, and run it again: what was saved is whole"
CURE_FOR_FILES = "Let it open more files (`ulimit -n 1024`), and run it again: what was saved is whole"
_OF_THE_DISK = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
)


def connect(address: str) -> sqlite3.Connection:
    """`file:` and how (`?mode=rwc`). Raises sqlite3.OperationalError."""
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = 1")
    search.register(connection)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One short writing transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled it back already
            connection.execute("ROLLBACK")
        raise


def is_of_the_disk(error: OSError | sqlite3.Error) -> bool:
    """Whether nothing can be written: a full disk, a folder that is not ours, another writer that does not end."""
    return isinstance(error, OSError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_DISK


def unwritable(archive: Path, error: Exception) -> Unwritable:
    """The error with its cure."""
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    files = getattr(error, "errno", 0) in (errno.EMFILE, errno.ENFILE)
    cure = CURE_FOR_BUSY if busy else CURE_FOR_FILES if files else CURE
    return Unwritable(f"cannot write to {archive}, or to warc/ beside it: {error}. {cure}")


@contextmanager
def writing(archive: Path) -> Iterator[None]:
    """What the disk, or another writer, does not let be written becomes Unwritable."""
    try:
        yield
    except (OSError, sqlite3.DatabaseError) as error:
        if not is_of_the_disk(error):
            raise
        raise unwritable(archive, error) from error
