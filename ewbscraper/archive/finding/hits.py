"""The articles that answer a question: how many, which, and the passages with their words."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ewbscraper.archive.finding.question import Question

OPEN, CLOSE = "\x02", "\x03"
"""What stands around a found word in a passage: control characters that no text of ours has."""

Order = Literal["date", "rank"]

_COUNT_WORDS = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH :expression"

_COUNT = "SELECT count(*) FROM {matching}"

_NEWEST = """
SELECT articles.id FROM {matching}
ORDER BY published_utc DESC, articles.id DESC LIMIT :size OFFSET :skip
"""
"""Hits as a set, then a walk over dates from the newest: no row of an article is read, which is pages long."""

_NEWEST_HITS = """
SELECT articles.id, articles.outlet, substr(published_utc, 1, 4) FROM {matching}
ORDER BY published_utc DESC, articles.id DESC LIMIT :size
"""

_BEST = """
SELECT articles_fts.rowid FROM articles_fts WHERE articles_fts MATCH :expression AND {narrowed}
ORDER BY rank, articles_fts.rowid DESC LIMIT :size OFFSET :skip
"""

_PASSAGE = """
SELECT highlight(articles_fts, 0, :open, :close) AS marked_headline,
  snippet(articles_fts, :column, :open, :close, '…', :words) AS passage
FROM articles_fts WHERE articles_fts MATCH :expression AND articles_fts.rowid = :id
"""

_SIZES = "SELECT has_passage(sz) FROM articles_fts_docsize WHERE id = :id"

_ROW = "SELECT id, outlet, url, headline, published FROM articles WHERE id = ?"

_ANY_COLUMN, _BODY = -1, 3


def count(db: sqlite3.Connection, asked: Question) -> int:
    """How many articles answer."""
    words_only = asked.words and not asked.filters
    sql = _COUNT_WORDS if words_only else _COUNT.format(matching=asked.matching)
    return int(db.execute(sql, asked.values).fetchone()[0])


def ids(db: sqlite3.Connection, asked: Question, size: int, skip: int = 0, order: Order = "date") -> list[int]:
    """Their ids from the `skip`-th on, the newest or the best first; without words there is no best."""
    values = {**asked.values, "size": size, "skip": skip}
    if order == "rank" and asked.words:
        narrowed = "true"
        if asked.filters:
            rest = asked.but(words="")
            narrowed = f"articles_fts.rowid IN (SELECT articles.id FROM {rest.matching})"
        return [row[0] for row in db.execute(_BEST.format(narrowed=narrowed), values)]
    return [row[0] for row in db.execute(_NEWEST.format(matching=asked.matching), values)]


class Hit(NamedTuple):
    """An article that answers, as narrow as it is counted."""

    id: int
    outlet: str
    year: str | None
    """UTC; None where it has no date."""


def newest(db: sqlite3.Connection, asked: Question, size: int) -> list[Hit]:
    """The newest so many."""
    sql = _NEWEST_HITS.format(matching=asked.matching)
    return [Hit(*row) for row in db.execute(sql, {**asked.values, "size": size})]


def page_of(
    db: sqlite3.Connection, asked: Question, known: Sequence[Hit], size: int, skip: int, order: Order = "date"
) -> list[int]:
    """As `ids`, out of the newest hits that are known already where they reach so far."""
    if order == "date" and skip < len(known):
        return [hit.id for hit in known[skip : skip + size]]
    return ids(db, asked, size, skip, order)


def every_id(db: sqlite3.Connection, asked: Question) -> Iterator[int]:
    """All of them, the newest first, as they are read."""
    sql = _NEWEST.format(matching=asked.matching)
    return (row[0] for row in db.execute(sql, {**asked.values, "size": -1, "skip": 0}))


def passages(
    db: sqlite3.Connection, asked: Question, chosen: Sequence[int], *, words: int = 24, beside_headline: bool = False
) -> list[dict[str, Any]]:
    """`marked_headline` and `passage` of each article, found words between OPEN and CLOSE; None without words,
    and of the longest texts (`search.has_passage`).

    A passage that stands beside the headline is of the body, and elsewhere only where neither of the two has a word.
    """
    if not asked.words:
        return [{"marked_headline": None, "passage": None} for _ in chosen]
    columns = (_BODY, _ANY_COLUMN) if beside_headline else (_ANY_COLUMN,)
    values = {**asked.values, "open": OPEN, "close": CLOSE, "words": words}
    return [_marked(db, {**values, "id": number}, columns) for number in chosen]


def _marked(db: sqlite3.Connection, values: Mapping[str, Any], columns: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = {"marked_headline": None, "passage": None}
    if not db.execute(_SIZES, values).fetchone()[0]:
        return found
    for column in columns:
        found = dict(db.execute(_PASSAGE, {**values, "column": column}).fetchone())
        if any(OPEN in (text or "") for text in found.values()):
            break
    return found


def find(db: sqlite3.Connection, asked: Question, limit: int = 20) -> list[dict[str, Any]]:
    """The newest articles that answer, a line's worth of each, with `snippet` as `passage` above."""
    chosen = ids(db, asked, limit)
    rows = [dict(db.execute(_ROW, [number]).fetchone()) for number in chosen]
    marked = passages(db, asked, chosen)
    return [{**row, "snippet": found["passage"]} for row, found in zip(rows, marked, strict=True)]
