"""Which of Datasette's databases are archives of ours."""

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ewbscraper.archive.queries import NamedQuery, load_queries

if TYPE_CHECKING:  # Datasette imports us while it is being imported
    from datasette.app import Datasette

_found: "WeakKeyDictionary[Datasette, dict[str, dict[str, NamedQuery]]]" = WeakKeyDictionary()


async def find_archives(datasette: "Datasette") -> None:
    """Looks at every attached database once, at start. Raises BadQuery where a queries.yml beside one is broken."""
    _found[datasette] = {
        name: load_queries(Path(database.path).parent if database.path else None)
        for name, database in datasette.databases.items()
        if {"articles", "frontier", "articles_fts"} <= set(await database.table_names())
    }


def archives(datasette: "Datasette") -> dict[str, dict[str, NamedQuery]]:
    """Names of the databases with our tables, each with its named queries; none before the start."""
    return _found.get(datasette, {})


def first_archive(datasette: "Datasette") -> str | None:
    """Name of the archive that the front page and the search are about."""
    return next(iter(archives(datasette)), None)
