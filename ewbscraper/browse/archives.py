"""Which of Datasette's databases are archives of ours."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from datasette.utils import tilde_decode

from ewbscraper.archive.finding.queries import NamedQuery, load_queries
from ewbscraper.browse.guards.publication import publication
from ewbscraper.browse.guards.withheld import is_archive

if TYPE_CHECKING:  # Datasette imports us while it is being imported
    from datasette.app import Datasette
    from datasette.database import Database

PRIVATE = "\0with texts: "
"""How the names of connections begin that read all; no file has such a name."""

_CONTACT = "SELECT value FROM about WHERE key = 'contact'"


@dataclass(frozen=True, slots=True)
class Archive:
    """An attached archive."""

    queries: dict[str, NamedQuery]
    """By name: ours, and those of a queries.yml beside the file."""
    texts: "Database"
    """What pages of ours read: with its texts, whatever Datasette's own pages may see. What the public must not see
    these pages leave out themselves."""
    folder: Path | None
    """Where its WARC files are; None for a database in memory."""
    contact: str
    """Address or URL of who keeps it, as its crawls named it; empty where they did not."""


_found: "WeakKeyDictionary[Datasette, dict[str, Archive]]" = WeakKeyDictionary()


async def find_archives(datasette: "Datasette") -> None:
    """Looks at every attached database once, at start. Raises BadQuery where a queries.yml beside one is broken."""
    withheld = not publication(datasette).with_texts
    _found[datasette] = {
        name: await _archive(database, withheld=withheld)
        for name, database in datasette.databases.items()
        if await database.execute_fn(is_archive)
    }


async def _archive(database: "Database", *, withheld: bool) -> Archive:
    folder = Path(database.path).parent if database.path else None
    contact = (await database.execute(_CONTACT)).first()
    return Archive(
        load_queries(folder), _private(database) if withheld else database, folder, contact[0] if contact else ""
    )


def _private(database: "Database") -> "Database":
    """The same file over connections that no page of Datasette gets: it knows no database of this name.

    FTS5 cuts passages out of the texts over the connection that is searched, so one cannot withhold them and mark them.
    """
    from datasette.database import Database

    own = Database(database.ds, database.path, database.is_mutable, database.is_memory, database.memory_name)
    own.name = own.route = f"{PRIVATE}{database.name}"
    return own


def archives(datasette: "Datasette") -> dict[str, Archive]:
    """The databases with our tables, by name; none before the start."""
    return _found.get(datasette, {})


def is_question(datasette: "Datasette", path: str) -> bool:
    """Whether a path is that of a named query of an archive."""
    name, _, query = path[1:].partition("/")
    known = archives(datasette).get(tilde_decode(name))
    return known is not None and tilde_decode(query) in known.queries


def first_archive(datasette: "Datasette") -> str | None:
    """Name of the archive that the front page and the search are about."""
    return next(iter(archives(datasette)), None)
