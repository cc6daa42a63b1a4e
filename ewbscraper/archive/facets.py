"""How the hits of a search spread over outlets, years, places ...; no text and no row of an article is read."""

import sqlite3
from dataclasses import dataclass

from ewbscraper.archive.search import match_expression

COUNTED = 10_000
"""Hits up to which all are counted; beyond, the newest so many."""

_OF = {
    "outlet": "outlet AS value FROM hits",
    "year": "substr(published_utc, 1, 4) AS value FROM hits",
    "language": "language AS value FROM articles INDEXED BY articles_outlet WHERE id IN (SELECT id FROM hits)",
    **{
        table: f"name AS value FROM hits JOIN article_{table} ON article = hits.id JOIN {table} ON {table}.id = {one}"
        for table, one in (("authors", "author"), ("places", "place"), ("sections", "section"), ("tags", "tag"))
    },
}

FACETS = tuple(_OF)
"""What hits can be counted by."""

_COUNTED = """
WITH hits AS MATERIALIZED (
  SELECT id, published_utc, outlet FROM articles INDEXED BY articles_published
  WHERE id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :expression)
  ORDER BY published_utc DESC, id DESC LIMIT :counted
)
SELECT value, count(*) FROM (SELECT {of}) WHERE value IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Facet:
    """The hits by one of FACETS."""

    counts: dict[str, int]
    """The most frequent value first."""
    of: int
    """So many hits were counted: all there are, or the newest COUNTED."""
    whole: bool
    """Whether that is all of them."""


def facet(db: sqlite3.Connection, words: str, by: str) -> Facet:
    """Counts the articles with these words by one of FACETS."""
    values = {"expression": match_expression(words), "counted": COUNTED}
    total = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH :expression", values).fetchone()[0]
    counts = dict(map(tuple, db.execute(_COUNTED.format(of=_OF[by]), values)))
    return Facet(counts, min(total, COUNTED), total <= COUNTED)
