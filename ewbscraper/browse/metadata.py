"""Titles, descriptions and named queries for Datasette: the two hooks that Datasette 1.0 removes, and nothing else."""

# mypy: disable-error-code="untyped-decorator"

from copy import deepcopy
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette import hookimpl

from ewbscraper.archive.finding.queries import NamedQuery
from ewbscraper.archive.schema.described import tables
from ewbscraper.browse.archives import archives

if TYPE_CHECKING:
    from datasette.app import Datasette

# Datasette merges the operator's own metadata into what we return, so each gets a copy.
_copies: "WeakKeyDictionary[Datasette, dict[str, Any]]" = WeakKeyDictionary()


@hookimpl
def get_metadata(datasette: "Datasette") -> dict[str, Any]:
    """Our metadata for each attached database with our tables, whatever its file's name; the first names the site."""
    ours = archives(datasette)
    if ours and datasette not in _copies:
        _copies[datasette] = {"title": tables()["title"], "databases": {name: deepcopy(tables()) for name in ours}}
    return _copies.get(datasette, {})


@hookimpl
def canned_queries(datasette: "Datasette", database: str) -> dict[str, Any]:
    """The named queries of queries.yml, ours and those beside the archive."""
    archive = archives(datasette).get(database)
    return {query.name: as_canned(query) for query in archive.queries.values()} if archive else {}


def as_canned(query: NamedQuery) -> dict[str, Any]:
    """A named query in Datasette's words; `parameters` and `defaults` are for our own template."""
    return {
        "sql": query.sql,
        "title": query.title,
        "description": query.description.strip(),
        "params": list(query.parameters),
        "parameters": query.meanings,
        "defaults": query.defaults,
        "hide_sql": True,
    }
