"""A connection of an export's own: a page's would be read by two at once."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from ewbscraper.archive.database import read
from ewbscraper.browse.archives import archives

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database


def as_our_pages(datasette: "Datasette", name: str) -> sqlite3.Connection:
    """With texts, as our own pages read an archive. Raises NoArchive, NotAnArchive, Unwritable."""
    return _prepared(datasette, archives(datasette)[name].texts)


def as_datasette(datasette: "Datasette", name: str) -> sqlite3.Connection:
    """As Datasette's own pages read it: what they may not see, an export of SQL does not either. Raises as above."""
    return _prepared(datasette, datasette.get_database(name))


def _prepared(datasette: "Datasette", database: "Database") -> sqlite3.Connection:
    db = read(Path(database.path)) if database.path else database.connect()
    datasette._prepare_connection(db, database.name)
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    db.row_factory = sqlite3.Row  # an export holds no more than a chunk: it is not measured
    return db
