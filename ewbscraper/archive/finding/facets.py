"""How the articles that answer a question spread over outlets, years, places ...; no text of an article is read."""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass

from ewbscraper.archive.finding.question import Question

COUNTED = 10_000
"""Hits up to which all are counted; beyond, the newest so many."""

FACETS = ("outlet", "place", "section", "author", "tag", "language", "year")
"""What hits can be counted by."""

_HITS = """
SELECT articles.id, articles.outlet, substr(published_utc, 1, 4) FROM {source} WHERE {condition}
ORDER BY published_utc DESC, articles.id DESC LIMIT :counted
"""

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


def facets(db: sqlite3.Connection, asked: Question, total: int, most: int = 10) -> Facets:
    """Counts the articles that answer, `total` of them, by each of FACETS; at most so many values of each."""
    sql = _HITS.format(source=asked.source, condition=asked.condition)
    hits = [tuple(row) for row in db.execute(sql, {**asked.values, "counted": COUNTED})]
    ids = {"ids": json.dumps([number for number, _, _ in hits])}  # found once, then read by each facet
    counts: dict[str, Counter[str]] = {
        "outlet": Counter(outlet for _, outlet, _ in hits),
        **{one: _named(db, one, ids, most) for one in ("place", "section", "author", "tag")},
        "language": Counter(dict(map(tuple, db.execute(_LANGUAGES.format(ids=_IDS), ids)))),
        "year": Counter(year for _, _, year in hits if year),
    }
    shown = {by: dict(sorted(counts[by].items(), key=_frequent)[:most]) for by in FACETS}
    shown["year"] = dict(sorted(shown["year"].items(), reverse=True))
    return Facets(shown, len(hits), total <= COUNTED)


def _frequent(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _named(db: sqlite3.Connection, one: str, ids: dict[str, str], most: int) -> Counter[str]:
    """Counts by name of what hangs on articles; two places of one name are one."""
    counts = Counter[str]()
    rows = sorted(map(tuple, db.execute(_NAMED.format(one=one, ids=_IDS), ids)), key=lambda row: (-row[1], row[0]))
    for number, n in rows[: 2 * most]:
        counts[db.execute(f"SELECT name FROM {one}s WHERE id = ?", [number]).fetchone()[0]] += n
    return counts
