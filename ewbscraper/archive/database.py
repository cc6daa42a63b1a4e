"""Opening archive.db: created by a crawl, a demo or a merge, and by nothing else."""

import sqlite3
from pathlib import Path

from ewbscraper.archive.connection import connect, is_of_the_disk, unwritable
from ewbscraper.archive.schema.upgrade import ANOTHER, check, fold_as_today, make, upgrade
from ewbscraper.errors import NoArchive, NotAnArchive, Unwritable

CACHE = 32_000
"""KB of pages that a connection keeps: what is asked of 300,000 articles at once fits."""

HEAP = 64_000_000
"""Bytes of all connections of a process from which on they keep no more: 20 that had each read 90 MB held 707 MB."""
WAL_LIMIT = 64_000_000
"""Bytes that readers may keep from going into the archive itself until it is worth a word."""


def create(path: Path) -> sqlite3.Connection:
    """Opens an archive for writing, makes it where there is none, upgrades it where it is older.

    Raises NotAnArchive where the file is something else or of a newer version, Unwritable.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            make(path)
        connection = connect(f"{path.absolute().as_uri()}?mode=rwc")
    except (OSError, sqlite3.OperationalError) as error:
        raise unwritable(path, error) from error
    try:
        upgrade(connection, path)
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        for name, limit in (("cache_size", -CACHE), ("soft_heap_limit", HEAP), ("journal_size_limit", WAL_LIMIT)):
            connection.execute(f"PRAGMA {name} = {limit}")
        fold_as_today(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        if is_of_the_disk(error):
            raise unwritable(path, error) from error
        raise NotAnArchive(f"{path} is no archive of ours: {error}. {ANOTHER}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def read(path: Path) -> sqlite3.Connection:
    """Opens an archive for reading only. Raises NoArchive, NotAnArchive, Unwritable."""
    if not path.is_file():
        raise NoArchive(
            f"no archive at {path.absolute()}: `ewbscraper demo` makes one with invented articles, "
            f"`ewbscraper crawl ewb` a real one; another path: --archive PATH"
        )
    try:
        return _read(path, "mode=ro")
    except Unwritable as error:
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists() and wal.stat().st_size:
            raise Unwritable(
                f"cannot read {path}: its newest part is in {wal.name}, which SQLite reads only where it may write "
                f"beside it. Read it as a user who may, or take a copy as one: `ewbscraper snapshot FILE`"
            ) from error
        return _read(path, "immutable=1")  # a folder that cannot be written to, in which nobody writes


def _read(path: Path, how: str) -> sqlite3.Connection:
    try:
        connection = connect(f"{path.absolute().as_uri()}?{how}")
    except sqlite3.OperationalError as error:
        raise unwritable(path, error) from error
    connection.execute("PRAGMA query_only = 1")
    try:
        check(connection, path)
        connection.execute(f"PRAGMA cache_size = -{CACHE}")
    except sqlite3.DatabaseError as error:
        connection.close()
        if is_of_the_disk(error):
            raise unwritable(path, error) from error
        raise NotAnArchive(f"{path} is no archive of ours: {error}. {ANOTHER}") from error
    except NotAnArchive:
        connection.close()
        raise
    return connection


def held_back(connection: sqlite3.Connection, archive: Path) -> list[str]:
    """A sentence where a reader that does not end makes the write-ahead log grow; nothing where all is well."""
    _, pages, written = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    waiting = (pages - written) * connection.execute("PRAGMA page_size").fetchone()[0]
    if waiting < WAL_LIMIT:
        return []
    log = f"{archive.name}-wal"
    return [f"a program reads {archive.name} and does not end: {log} holds {waiting / 1e6:,.0f} MB until it does"]


def outlets_in(connection: sqlite3.Connection) -> set[str]:
    """Slugs of the outlets that this archive has."""
    return {row["slug"] for row in connection.execute("SELECT slug FROM outlets")}


def names_of_outlets(connection: sqlite3.Connection) -> dict[str, str]:
    """By slug, sorted by name."""
    return dict(map(tuple, connection.execute("SELECT slug, name FROM outlets ORDER BY name")))
