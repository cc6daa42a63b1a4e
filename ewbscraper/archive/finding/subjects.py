"""What articles hang on: places, authors, tags, sections, outlets; each as a list by number or name, and one by one."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ewbscraper.archive.finding.question import Question

KINDS = {"places": "place", "authors": "author", "tags": "tag", "sections": "section", "outlets": "outlet"}
"""Kinds of subject, as in addresses, and the field of a question that asks for one."""

Order = Literal["number", "name"]

_ORDERS: dict[Order, str] = {"number": "articles DESC, name", "name": "fold(name) COLLATE NOCASE, name"}

_LINKED = """
WITH counted AS MATERIALIZED (
  SELECT {one} AS id, count(*) AS articles FROM article_{kind} INDEXED BY article_{kind}_{one} GROUP BY 1
)
SELECT {kind}.*, articles, count(*) OVER () AS found FROM counted CROSS JOIN {kind} ON {kind}.id = counted.id
WHERE {named} ORDER BY {order} LIMIT :size OFFSET :skip
"""

_NAMED = "(:named = '' OR fold(name) LIKE '%' || fold(:named) || '%')"

_AS_WRITTEN = f"""
({_NAMED} OR places.id IN (
  WITH written AS MATERIALIZED (SELECT DISTINCT place, as_written FROM article_places)  -- each is folded once
  SELECT place FROM written WHERE fold(as_written) LIKE '%' || fold(:named) || '%'))
"""

_OUTLETS = f"""
SELECT slug AS id, outlets.*, count(*) OVER () AS found,
  (SELECT count(*) FROM articles INDEXED BY articles_outlet WHERE outlet = slug) AS articles
FROM outlets WHERE {_NAMED} ORDER BY {{order}} LIMIT :size OFFSET :skip
"""

_SPELLINGS = """
SELECT place, as_written, count(*) AS n FROM article_places NOT INDEXED
WHERE place IN (SELECT value FROM json_each(:places)) GROUP BY 1, 2 ORDER BY n DESC, as_written
"""

_LAST_RUN = "SELECT * FROM runs WHERE outlet = ? ORDER BY id DESC LIMIT 1"

_SPAN = "SELECT min(published_utc) AS first, max(published_utc) AS last FROM articles WHERE outlet = ?"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list."""

    rows: list[dict[str, Any]]
    """Each with `id`, `name`, `articles`; a place also with `spellings`, as written, the most frequent first."""
    total: int
    """So many there are, with at least one article; outlets without any, too."""


def subjects(
    db: sqlite3.Connection, kind: str, *, order: Order = "number", named: str = "", size: int = 100, skip: int = 0
) -> Listed:
    """Those of a kind, `named` a part of the name in any script (of a place in any spelling)."""
    one, by = KINDS[kind], _ORDERS[order]
    condition = _AS_WRITTEN if kind == "places" else _NAMED
    sql = _OUTLETS if kind == "outlets" else _LINKED
    sql = sql.format(one=one, kind=kind, named=condition, order=by)
    rows = [dict(row) for row in db.execute(sql, {"named": named, "size": size, "skip": skip})]
    if kind == "places":
        spelled = spellings(db, [row["id"] for row in rows])
        rows = [{**row, "spellings": spelled.get(row["id"], {})} for row in rows]
    return Listed(rows, rows[0]["found"] if rows else 0)


def subject(db: sqlite3.Connection, kind: str, key: str) -> dict[str, Any] | None:
    """One of them by its id (an outlet by its slug): its row and what is known of it; None where there is none."""
    column = "slug" if kind == "outlets" else "id"
    row = db.execute(f"SELECT * FROM {kind} WHERE {column} = ?", [key]).fetchone()
    if row is None:
        return None
    found = {**dict(row), "id": row[column]}
    if kind == "places":
        others = "SELECT * FROM places WHERE name = ? AND id <> ?"
        found["spellings"] = spellings(db, [row["id"]]).get(row["id"], {})
        found["namesakes"] = db.execute(others, [row["name"], row["id"]]).fetchall()
    if kind == "outlets":
        found["last_run"] = db.execute(_LAST_RUN, [key]).fetchone()
        found |= dict(db.execute(_SPAN, [key]).fetchone())
    return found


def question_of(kind: str, found: dict[str, Any]) -> Question:
    """What a search within a subject asks; by name, so that namesakes are one."""
    return Question(**{KINDS[kind]: found["slug" if kind == "outlets" else "name"]})


def spellings(db: sqlite3.Connection, places: Sequence[int]) -> dict[int, dict[str, int]]:
    """How often each place was written how, by its id; capitals apart the same spelling counts as one."""
    found: dict[int, dict[str, int]] = {}
    first: dict[tuple[int, str], str] = {}
    for place, written, n in map(tuple, db.execute(_SPELLINGS, {"places": str(list(places))})):
        said = first.setdefault((place, written.casefold()), written)
        counts = found.setdefault(place, {})
        counts[said] = counts.get(said, 0) + n
    return found
