"""The same question asked of several outlets: how often each answers, in what share of its output, and when."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.timeline import Bar, counts, fitting_steps

_A_MONTH, _A_DAY = 7, 10
"""Letters of a moment that name it."""

_COUNTED = """
SELECT articles.outlet, ifnull(substr(published_utc, 1, :letters), '') AS moment, count(*) FROM {matching} GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the outlets."""

    bars: list[Bar]
    """The same steps for all of them; none where no outlet answers with a date."""
    articles: int
    """That answer, dated or not."""
    of: int
    """All that the archive has of this outlet from the days asked for."""

    @property
    def share(self) -> float:
        """Part of the output, 0 to 1."""
        return self.articles / self.of if self.of else 0.0


def side_by_side(db: sqlite3.Connection, asked: Question, outlets: Sequence[str]) -> dict[str, Side]:
    """Each of these outlets by its slug; a question's own outlet does not count."""
    asked = asked.but(outlet="")
    found = _counts(db, asked, outlets, _A_MONTH)
    months = [month for of in found.values() for month in of if month]
    steps = fitting_steps(f"{min(months)}-01", f"{max(months)}-01") if months else []
    if steps and len(steps[0]) == _A_DAY:
        found = _counts(db, asked, outlets, _A_DAY)
        days = [day for of in found.values() for day in of if day]
        steps = fitting_steps(min(days), max(days))
    return {slug: _side(db, asked.but(outlet=slug), found[slug], steps) for slug in outlets}


def _side(db: sqlite3.Connection, asked: Question, found: dict[str, int], steps: list[str]) -> Side:
    output = Question(since=asked.since, until=asked.until, outlet=asked.outlet)
    of, hit = counts(db, output, steps), Counter[str]()
    for moment, n in found.items():
        hit[moment[: len(steps[0])] if steps else ""] += n
    return Side([Bar(step, hit[step], of[step]) for step in steps], sum(found.values()), hits.count(db, output))


def _counts(db: sqlite3.Connection, asked: Question, outlets: Sequence[str], letters: int) -> dict[str, dict[str, int]]:
    """By outlet and month or day, `""` for articles without a date; words are looked up once for all outlets."""
    found: dict[str, dict[str, int]] = {slug: {} for slug in outlets}
    sql = _COUNTED.format(matching=asked.matching)
    for outlet, moment, n in map(tuple, db.execute(sql, {**asked.values, "letters": letters})):
        if outlet in found:
            found[outlet][moment] = n
    return found
