"""How the articles that answer a question spread over time, and over all that the archive has of these outlets."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ewbscraper.archive.finding.question import Question

Step = Literal["day", "month", "year"]

_LETTERS: dict[Step, int] = {"year": 4, "month": 7, "day": 10}
_MOST_MONTHS, _MOST_DAYS = 240, 62
"""From so many on, the next longer step is taken: a bar must stay wide enough to be hit."""

_ENDS = "SELECT min(published_utc), max(published_utc) FROM articles INDEXED BY articles_published WHERE {condition}"

_COUNTED = """
SELECT substr(published_utc, 1, {letters}) AS step, count(*) FROM articles INDEXED BY articles_published
WHERE published_utc IS NOT NULL AND {condition} GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, month or year, UTC."""

    step: str
    """`2024-03`; it can be `since` and `until` of a question at once."""
    articles: int
    of: int
    """All that the archive has of the same outlets from then."""

    @property
    def share(self) -> float:
        """Part of the outlets' output, 0 to 1."""
        return self.articles / self.of if self.of else 0.0


def timeline(db: sqlite3.Connection, asked: Question) -> list[Bar]:
    """A bar for each step from the first article to the last one, gaps included; the step fits the span."""
    rest = Question(since=asked.since, until=asked.until, outlet=asked.outlet)
    by_month = _counts(db, asked, "month")
    if not by_month:
        return []
    step: Step = "month"
    months = list(_steps(min(by_month), max(by_month), "month"))
    if len(months) > _MOST_MONTHS:
        step = "year"
    elif len(months) * 31 <= _MOST_DAYS:
        step = "day"
    hits = by_month if step == "month" else _counts(db, asked, step)
    total = hits if rest == asked else _counts(db, rest, step)
    return [Bar(one, hits.get(one, 0), total.get(one, 0)) for one in _steps(min(hits), max(hits), step)]


def _counts(db: sqlite3.Connection, asked: Question, step: Step) -> dict[str, int]:
    sql = _COUNTED.format(letters=_LETTERS[step], condition=asked.condition)
    return dict(map(tuple, db.execute(sql, asked.values)))


def _steps(first: str, last: str, step: Step) -> Iterator[str]:
    """Every step from the first to the last one."""
    if step == "day":
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        while day <= end:
            yield day.isoformat()
            day += timedelta(days=1)
        return
    for year in range(int(first[:4]), int(last[:4]) + 1):
        if step == "year":
            yield f"{year:04}"
            continue
        for month in range(1, 13):
            if first <= (one := f"{year:04}-{month:02}") <= last:
                yield one
