"""Which of Datasette's databases are archives of ours."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ewbscraper.archive.queries import NamedQuery, load_queries

if TYPE_CHECKING:  # Datasette imports us while it is being imported
    from datasette.app import Datasette
    from datasette.database import Database


@dataclass(frozen=True, slots=True)
class Archive:
    """An attached archive."""

    queries: dict[str, NamedQuery]
    """By name: ours, and those of a queries.yml beside the file."""
    texts: "Database"
    """What pages of ours read: with its texts, whatever Datasette's own pages may see."""
    folder: Path | None
    """Where its WARC files are; None for a database in memory."""


_found: "WeakKeyDictionary[Datasette, dict[str, Archive]]" = WeakKeyDictionary()


async def find_archives(datasette: "Datasette") -> None:
    """Looks at every attached database once, at start. Raises BadQuery where a queries.yml beside one is broken."""
    _found[datasette] = {
        name: _archive(database)
        for name, database in datasette.databases.items()
        if {"articles", "frontier", "articles_fts"} <= set(await database.table_names())
    }


def _archive(database: "Database") -> Archive:
    folder = Path(database.path).parent if database.path else None
    return Archive(load_queries(folder), database, folder)


def archives(datasette: "Datasette") -> dict[str, Archive]:
    """The databases with our tables, by name; none before the start."""
    return _found.get(datasette, {})


def first_archive(datasette: "Datasette") -> str | None:
    """Name of the archive that the front page and the search are about."""
    return next(iter(archives(datasette)), None)
