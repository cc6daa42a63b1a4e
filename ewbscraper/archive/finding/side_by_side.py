"""The same question asked of several outlets: how often each answers, in what share of its output, and when."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.timeline import Bar, counts, ends, fitting_steps


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
    spans = [span for slug in outlets if (span := ends(db, asked.but(outlet=slug)))]
    steps = fitting_steps(min(first for first, _ in spans), max(last for _, last in spans)) if spans else []
    return {slug: _side(db, asked.but(outlet=slug), steps) for slug in outlets}


def _side(db: sqlite3.Connection, asked: Question, steps: list[str]) -> Side:
    output = Question(since=asked.since, until=asked.until, outlet=asked.outlet)
    found = counts(db, asked, steps)
    of = found if output == asked else counts(db, output, steps)
    bars = [Bar(step, found[step], of[step]) for step in steps]
    return Side(bars, hits.count(db, asked), hits.count(db, output))
