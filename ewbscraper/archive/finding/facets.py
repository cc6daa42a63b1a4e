"""How the articles that answer a question spread over outlets, years, places ...; no text of an article is read."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ewbscraper.archive.finding.hits import Hit

COUNTED = 10_000
"""Hits up to which all are counted; beyond, the newest so many."""

FACETS = ("outlet", "place", "section", "author", "tag", "language", "year")
"""What hits can be counted by."""

_LANGUAGES = "SELECT language AS value, count(*) FROM articles WHERE id IN ({ids}) AND value IS NOT NULL GROUP BY value"

_NAMED = "SELECT {one}, count(*) FROM article_{one}s WHERE article IN ({ids}) GROUP BY {one}"

_IDS = "SELECT value FROM json_each(:ids)"


@dataclass(frozen=True, slots=True)
class Facets:
    """The hits by each of FACETS."""

    counts: dict[str, dict[str, int]]
    """By facet, the most frequent values; the most frequent first, years the newest first."""
    of: int
    """So many hits were counted: all there are, or the newest COUNTED."""
    whole: bool
    """Whether that is all of them."""


def facets(db: sqlite3.Connection, newest: Sequence[Hit], total: int, most: int = 10) -> Facets:
    """Counts hits, the newest COUNTED of `total`, by each of FACETS; at most so many values of each."""
    ids = {"ids": json.dumps([hit.id for hit in newest])}  # found once, then read by each facet
    counts: dict[str, Counter[str]] = {
        "outlet": Counter(hit.outlet for hit in newest),
        **{one: _named(db, one, ids, most) for one in ("place", "section", "author", "tag")},
        "language": Counter(dict(map(tuple, db.execute(_LANGUAGES.format(ids=_IDS), ids)))),
        "year": Counter(hit.year for hit in newest if hit.year),
    }
    shown = {by: dict(sorted(counts[by].items(), key=_frequent)[:most]) for by in FACETS}
    shown["year"] = dict(sorted(shown["year"].items(), reverse=True))
    return Facets(shown, len(newest), total <= COUNTED)


def _frequent(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _named(db: sqlite3.Connection, one: str, ids: dict[str, str], most: int) -> Counter[str]:
    """Counts by name of what hangs on articles, the most frequent; places of one name are one, however rare one is."""
    counts = dict(map(tuple, db.execute(_NAMED.format(one=one, ids=_IDS), ids)))
    first = sorted(counts, key=lambda number: (-counts[number], number))[: 2 * most]
    names = {db.execute(f"SELECT name FROM {one}s WHERE id = ?", [number]).fetchone()[0] for number in first}
    namesakes = f"SELECT id FROM {one}s WHERE name = ?"
    return Counter({name: sum(counts.get(number, 0) for (number,) in db.execute(namesakes, [name])) for name in names})
