"""How the articles that answer a question spread over outlets, years, places ...; no text of an article is read."""

import sqlite3
from dataclasses import dataclass

from ewbscraper.archive.finding.question import Question

COUNTED = 10_000
"""Hits up to which all are counted; beyond, the newest so many."""

_OF = {
    "outlet": "outlet AS value FROM hits",
    "place": "place AS value FROM hits CROSS JOIN article_places ON article = hits.id",
    "section": "section AS value FROM hits CROSS JOIN article_sections ON article = hits.id",
    "author": "author AS value FROM hits CROSS JOIN article_authors ON article = hits.id",
    "tag": "tag AS value FROM hits CROSS JOIN article_tags ON article = hits.id",
    "language": "language AS value FROM hits CROSS JOIN articles ON articles.id = hits.id",
    "year": "substr(published_utc, 1, 4) AS value FROM hits",
}

FACETS = tuple(_OF)
"""What hits can be counted by."""

_NAMED = {one: f"{one}s" for one in ("place", "section", "author", "tag")}

_COUNTED = "SELECT '{by}' AS by, value, count(*) AS n FROM (SELECT {of}) WHERE value IS NOT NULL GROUP BY value"

_HITS = """
WITH hits AS MATERIALIZED (
  SELECT id, published_utc, outlet FROM articles INDEXED BY articles_published WHERE {condition}
  ORDER BY published_utc DESC, id DESC LIMIT :counted
)
"""


@dataclass(frozen=True, slots=True)
class Facets:
    """The hits by each of FACETS."""

    counts: dict[str, dict[str, int]]
    """By facet; the most frequent value first, a facet without values is there and empty."""
    of: int
    """So many hits were counted: all there are, or the newest COUNTED."""
    whole: bool
    """Whether that is all of them."""


def facets(db: sqlite3.Connection, asked: Question, total: int, most: int = 10) -> Facets:
    """Counts the articles that answer, `total` of them, by each of FACETS; at most so many values of each."""
    counted = " UNION ALL ".join(_COUNTED.format(by=by, of=of) for by, of in _OF.items())
    sql = _HITS.format(condition=asked.condition) + counted
    found: dict[str, list[tuple[int, str]]] = {by: [] for by in FACETS}
    for by, value, n in map(tuple, db.execute(sql, {**asked.values, "counted": COUNTED})):
        found[by].append((-n, value))
    return Facets(
        {by: _named(db, by, sorted(rows)[:most]) for by, rows in found.items()}, min(total, COUNTED), total <= COUNTED
    )


def _named(db: sqlite3.Connection, by: str, rows: list[tuple[int, str]]) -> dict[str, int]:
    """Values and counts, names in the place of ids; two places of one name are one value."""
    counts: dict[str, int] = {}
    for n, value in rows:
        name = value
        if by in _NAMED:
            name = db.execute(f"SELECT name FROM {_NAMED[by]} WHERE id = ?", [value]).fetchone()[0]
        counts[name] = counts.get(name, 0) - n
    return counts
