"""Opening archive.db: created by a crawl, a demo or a merge, and by nothing else."""

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout
from sqlite_utils import Database

from ewbscraper.archive import search
from ewbscraper.archive.schema import migrations
from ewbscraper.errors import ArchiveBusy, NoArchive, NotAnArchive, Unwritable

BUSY_TIMEOUT = 30.0
"""Seconds to wait for another writer: a merge, or an index made anew, takes its time."""
CACHE = 32_000
"""KB of pages that a connection keeps: what is asked of 300,000 articles at once fits."""

HEAP = 64_000_000
"""Bytes of all connections of a process from which on they keep no more: 20 that had each read 90 MB held 707 MB."""
WAL_LIMIT = 64_000_000
"""Bytes that readers may keep from going into the archive itself until it is worth a word."""

ANOTHER = "It is left as it is; another path: --archive PATH"
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


def create(path: Path) -> sqlite3.Connection:
    """Opens an archive for writing, makes it where there is none, upgrades it where it is older.

    Raises NotAnArchive where the file is something else or of a newer version, Unwritable.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        connection = _connect(f"{path.absolute().as_uri()}?mode=rwc")
    except (OSError, sqlite3.OperationalError) as error:
        raise unwritable(path, error) from error
    try:
        _upgrade(connection, path)
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        for name, limit in (("cache_size", -CACHE), ("soft_heap_limit", HEAP), ("journal_size_limit", WAL_LIMIT)):
            connection.execute(f"PRAGMA {name} = {limit}")
        _fold_as_today(connection)
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
        connection = _connect(f"{path.absolute().as_uri()}?{how}")
    except sqlite3.OperationalError as error:
        raise unwritable(path, error) from error
    connection.execute("PRAGMA query_only = 1")
    try:
        _check(connection, path)
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


def held_back(connection: sqlite3.Connection, archive: Path) -> list[str]:
    """A sentence where a reader that does not end makes the write-ahead log grow; nothing where all is well."""
    _, pages, written = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    waiting = (pages - written) * connection.execute("PRAGMA page_size").fetchone()[0]
    if waiting < WAL_LIMIT:
        return []
    log = f"{archive.name}-wal"
    return [f"a program reads {archive.name} and does not end: {log} holds {waiting / 1e6:,.0f} MB until it does"]


def lock(archive: Path, outlet: str, wait: float = 0) -> BaseFileLock:
    """The lock of one outlet's runs, held; free again also after kill -9. Raises ArchiveBusy, Unwritable.

    It waits so many seconds for another run; -1: until that ends.
    """
    held = FileLock(_lock_file(archive, outlet))
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        held.acquire(timeout=wait)
    except Timeout as error:
        raise ArchiveBusy(f"another run of {outlet} is writing to {archive}") from error
    except OSError as error:
        raise unwritable(archive, error) from error
    return held


def is_running(archive: Path, outlet: str) -> bool:
    """Whether a run of this outlet goes on now: a row without an end may be of one that was killed."""
    if not _lock_file(archive, outlet).exists():
        return False
    try:
        lock(archive, outlet).release()
    except ArchiveBusy:
        return True
    except Unwritable:  # nobody writes there
        return False
    return False


def _lock_file(archive: Path, outlet: str) -> Path:
    return archive.with_name(f".{archive.name}.{outlet}.lock")


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


def outlets_in(connection: sqlite3.Connection) -> set[str]:
    """Slugs of the outlets that this archive has."""
    return {row["slug"] for row in connection.execute("SELECT slug FROM outlets")}


def names_of_outlets(connection: sqlite3.Connection) -> dict[str, str]:
    """By slug, sorted by name."""
    return dict(map(tuple, connection.execute("SELECT slug, name FROM outlets ORDER BY name")))


def _connect(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = 1")
    search.register(connection)
    return connection


def pending(connection: sqlite3.Connection) -> list[str]:
    """Migrations that this archive has not seen: of an older version where there are any."""
    return [migration.name for migration in migrations.pending(Database(connection))]


def _make(path: Path) -> None:
    """A new archive has its name only once it has its tables: what a kill leaves before is nobody's archive."""
    with FileLock(_upgrade_lock(path)):
        if path.exists():
            return
        part = path.with_name(f".{path.name}.part")
        for ending in ("", "-journal"):
            part.with_name(part.name + ending).unlink(missing_ok=True)
        with closing(_connect(f"{part.absolute().as_uri()}?mode=rwc")) as connection:
            _migrate(connection)  # no write-ahead log yet: on a full disk a part of it would stay there unsaid
        part.replace(path)


def _upgrade_lock(path: Path) -> Path:
    return path.with_name(f".{path.name}.upgrade.lock")


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        _migrate(connection)
        return
    _check(connection, path)
    if pending(connection):
        with FileLock(_upgrade_lock(path)):  # two outlets' runs may start at once
            if waiting := pending(connection):
                _upgrade_an_older_one(connection, path, waiting[0].partition("_")[0])


def _upgrade_an_older_one(connection: sqlite3.Connection, path: Path, first: str) -> None:
    copy = path.with_name(f"{path.name}.before-{first}")
    _set_aside(connection, path, copy)
    try:
        _migrate(connection)
    except sqlite3.DatabaseError as error:
        if is_of_the_disk(error):
            raise
        raise NotAnArchive(f"{path} could not be upgraded, and is as it was: {error}; {copy} is a copy") from error
    sys.stderr.write(f"{path} was made by an older version, and is upgraded: as it was, it lies in {copy}\n")


def _migrate(connection: sqlite3.Connection) -> None:
    """All that are pending, or none."""
    with transaction(connection):
        migrations.apply(Database(connection))
        connection.execute("INSERT OR IGNORE INTO about VALUES ('fold_version', ?)", [search.FOLD_VERSION])


def copy_of_today(older: sqlite3.Connection, path: Path) -> None:
    """Writes an archive of an older version to `path` with the tables of today; it stays as it is itself."""
    with closing(_connect(f"{path.absolute().as_uri()}?mode=rwc")) as copy:
        older.backup(copy)
        _migrate(copy)
        _fold_as_today(copy)


def _set_aside(connection: sqlite3.Connection, path: Path, copy: Path) -> None:
    """A whole copy of the archive as it is, under its name only once it is whole. Raises Unwritable."""
    part = copy.with_name(f"{copy.name}.part")
    try:
        with closing(sqlite3.connect(part)) as target:
            connection.backup(target)
        part.replace(copy)
    except (OSError, sqlite3.OperationalError) as error:
        part.unlink(missing_ok=True)
        raise Unwritable(
            f"{path} was made by an older version and is left as it is: no copy can be set aside as {copy} "
            f"({error}). Make room for another {path.stat().st_size:,} bytes, and run it again"
        ) from error


def _fold_as_today(connection: sqlite3.Connection) -> None:
    """An index of another fold is made anew before anything is written into it: two folds in one index would lie."""
    stored = connection.execute("SELECT value FROM about WHERE key = 'fold_version'").fetchone()
    if stored["value"] != search.FOLD_VERSION:
        with transaction(connection):
            search.reindex(connection)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"articles", "frontier", "_sqlite_migrations"} <= tables:
        raise NotAnArchive(f"{path} is an SQLite file, but no archive of ours: no articles, no frontier. {ANOTHER}")
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    applied = {row["name"] for row in connection.execute("SELECT name FROM _sqlite_migrations")}
    if newer := sorted(applied - ours):
        what = f"{path} was made by a newer version of ewbscraper (it has {newer[0][:4]})"
        raise NotAnArchive(f"{what}: upgrade this machine's with pip install -U ewbscraper")
