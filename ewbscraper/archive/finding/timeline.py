"""How the articles that answer a question spread over time, and over all that the archive has of these outlets."""

import json
import sqlite3
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ewbscraper.archive.finding.question import Question

Step = Literal["day", "month", "year"]

_MOST_MONTHS, _MOST_DAYS = 240, 62
"""From so many on, the next longer step is taken: a bar must stay wide enough to be hit."""

_ENDS = """
SELECT min(substr(published_utc, 1, 10)), max(substr(published_utc, 1, 10)) FROM (
  SELECT * FROM (SELECT published_utc FROM {matching} AND published_utc IS NOT NULL
    ORDER BY published_utc LIMIT 1)
  UNION ALL
  SELECT * FROM (SELECT published_utc FROM {matching} ORDER BY published_utc DESC LIMIT 1))
"""
"""Of outlets and days only: words would be looked up for each end."""

_COUNTED = """
SELECT value ->> 0, (SELECT count(*) FROM {matching}
    AND published_utc >= steps.value ->> 1 AND published_utc < steps.value ->> 2)
FROM json_each(:steps) AS steps
"""
"""Ranges of an index, counted: a third of what grouping by the letters of dates takes."""


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
    output = Question(since=asked.since, until=asked.until, outlet=asked.outlet)
    first, last = db.execute(_ENDS.format(matching=output.matching), output.values).fetchone()
    months = list(every_step(first, last, "month")) if first else []
    hits = Counter(counts(db, asked, months))
    found = [month for month in months if hits[month]]
    if not found:
        return []
    steps = fitting_steps(max(first, f"{found[0]}-01"), min(last, f"{found[-1]}-{_days_in(found[-1])}"))
    if len(steps[0]) == len("2024"):
        for month in found:
            hits[month[:4]] += hits[month]
    elif len(steps[0]) == len("2024-01-31"):
        hits = Counter(counts(db, asked, steps))
        days = [day for day in steps if hits[day]]
        steps = list(every_step(days[0], days[-1], "day"))
    total = hits if output == asked else counts(db, output, steps)
    return [Bar(step, hits[step], total[step]) for step in steps]


def _days_in(month: str) -> int:
    return monthrange(int(month[:4]), int(month[5:]))[1]


def fitting_steps(first: str, last: str) -> list[str]:
    """Every month from a first day to a last one; every year where these are too many, every day where too few."""
    few_months = len(list(every_step(first, last, "month"))) * 31 <= _MOST_DAYS
    return list(every_step(first, last, "day")) if few_months else months_or_years(first, last)


def months_or_years(first: str, last: str) -> list[str]:
    """Every month from a first one to a last one, of which days may be given; every year where these are too many."""
    months = list(every_step(first, last, "month"))
    return months if len(months) <= _MOST_MONTHS else list(every_step(first, last, "year"))


def counts(db: sqlite3.Connection, asked: Question, steps: list[str]) -> dict[str, int]:
    """Articles that answer, by step."""
    at_any_time = asked.but(since="", until="")  # of two lower bounds SQLite would walk from the wrong one
    sql = _COUNTED.format(matching=at_any_time.matching)
    before = asked.values.get("before", "~")
    ranges = [(step, max(step, asked.since), min(f"{step}~", before)) for step in steps]
    return dict(map(tuple, db.execute(sql, {**asked.values, "steps": json.dumps(ranges)})))


def every_step(first: str, last: str, step: Step) -> Iterator[str]:
    """Every step from the first to the last one."""
    if step == "day":
        for day in range(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1):
            yield date.fromordinal(day).isoformat()
        return
    for year in range(int(first[:4]), int(last[:4]) + 1):
        if step == "year":
            yield f"{year:04}"
            continue
        for month in range(1, 13):
            if first[:7] <= (one := f"{year:04}-{month:02}") <= last[:7]:
                yield one
