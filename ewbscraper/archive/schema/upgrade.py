"""An archive gets the tables of today: made new, or upgraded where an older version made it."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from filelock import FileLock
from sqlite_utils import Database

from ewbscraper import __version__
from ewbscraper.archive import search
from ewbscraper.archive.connection import connect, is_of_the_disk, transaction
from ewbscraper.archive.schema.migrations import migrations
from ewbscraper.errors import NotAnArchive, Unwritable

ANOTHER = "It is left as it is; another path: --archive PATH"


def pending(connection: sqlite3.Connection) -> list[str]:
    """Migrations that this archive has not seen: of an older version where there are any."""
    return [migration.name for migration in migrations.pending(Database(connection))]


def make(path: Path) -> None:
    """A new archive has its name only once it has its tables: what a kill leaves before is nobody's archive."""
    with FileLock(_upgrade_lock(path)):
        if path.exists():
            return
        part = path.with_name(f".{path.name}.part")
        for ending in ("", "-journal"):
            part.with_name(part.name + ending).unlink(missing_ok=True)
        with closing(connect(f"{part.absolute().as_uri()}?mode=rwc")) as connection:
            _migrate(connection)  # no write-ahead log yet: on a full disk a part of it would stay there unsaid
        part.replace(path)


def _upgrade_lock(path: Path) -> Path:
    return path.with_name(f".{path.name}.upgrade.lock")


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """The tables of today, in an archive of an older version, of which a copy is set aside first.

    Raises NotAnArchive, Unwritable.
    """
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        _migrate(connection)
        return
    check(connection, path)
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
    with closing(connect(f"{path.absolute().as_uri()}?mode=rwc")) as copy:
        older.backup(copy)
        _migrate(copy)
        fold_as_today(copy)


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


def fold_as_today(connection: sqlite3.Connection) -> None:
    """An index of another fold is made anew before anything is written into it: two folds in one index would lie."""
    stored = connection.execute("SELECT value FROM about WHERE key = 'fold_version'").fetchone()
    if stored["value"] != search.FOLD_VERSION:
        with transaction(connection):
            search.reindex(connection)


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raises NotAnArchive where it is something else, or was made by a newer version."""
    tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"articles", "frontier", "_sqlite_migrations"} <= tables:
        raise NotAnArchive(f"{path} is an SQLite file, but no archive of ours: no articles, no frontier. {ANOTHER}")
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    applied = {row["name"] for row in connection.execute("SELECT name FROM _sqlite_migrations")}
    if newer := sorted(applied - ours):
        what = f"{path} was made by a newer version of ewbscraper (it has {newer[0][:4]})"
        cure = f"upgrade this machine's {__version__} the way it was installed (pipx, uv, a checkout)"
        raise NotAnArchive(f"{what}: {cure}")
