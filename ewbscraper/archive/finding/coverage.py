"""What is known of each outlet, month by month, and what became of it: the denominator of every count.

Counted once each: the articles of the archive by their month of publication (UTC), and the addresses of the frontier
that gave no article by the first of these that there is:

    1. year and month in the address: `/2024/03/`, `/2024-03-05-`
    2. the month of the last change that the source told
    3. none: when it was discovered says nothing, as a first run discovers years at once
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby

from ewbscraper.archive.database import names_of_outlets
from ewbscraper.archive.finding.timeline import Bar, every_step, months_or_years

MOST_MONTHS = 60
"""Of an outlet, from which on the overview has years."""

_STATES = {"waiting": "waiting", "gone": "lost", "protected": "protected", "not an article": "not_articles"}
"""States of the frontier and fields of Covered; all others are `failed`."""

_ARTICLES = """
SELECT outlet, ifnull(substr(published_utc, 1, 7), '') AS month, count(*) AS archived, count(gone_at) AS removed
FROM articles INDEXED BY articles_outlet {where} GROUP BY 1, 2
"""

_IN_ADDRESS = """
WHEN substr(url, instr(url, '/{century}') + 1, 8) GLOB '{century}[0-9][0-9][/-]0[1-9][/-]'
  OR substr(url, instr(url, '/{century}') + 1, 8) GLOB '{century}[0-9][0-9][/-]1[0-2][/-]'
THEN replace(substr(url, instr(url, '/{century}') + 1, 7), '/', '-')
"""

_MONTH = f"""
CASE {_IN_ADDRESS.format(century=20)} {_IN_ADDRESS.format(century=19)} ELSE ifnull(substr(changed, 1, 7), '') END
"""

_MISSED = f"""
SELECT outlet, {_MONTH} AS month, state, count(*) AS n FROM frontier
WHERE article IS NULL {{where}} GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Covered:
    """One month, year, or all of an outlet."""

    step: str = ""
    """`2024-03` or `2024`; `""` for what has no date, and for all."""
    until: str = ""
    """The last of several months of which nothing is known; else `""`."""
    archived: int = 0
    removed: int = 0
    """Of the archived: removed by the outlet since."""
    waiting: int = 0
    failed: int = 0
    lost: int = 0
    """Gone before they were captured."""
    protected: int = 0
    not_articles: int = 0
    """Pages that turned out to be none; not part of `known`."""

    @property
    def known(self) -> int:
        """Addresses that are articles, or may be: the denominator."""
        return self.archived + self.waiting + self.failed + self.lost + self.protected

    @property
    def share(self) -> float:
        """Part of the known that is archived, 0 to 1."""
        return self.archived / self.known if self.known else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """One outlet."""

    slug: str
    name: str
    total: Covered
    rows: list[Covered]
    """The newest first; stretches of nothing as one row; what has no date last."""
    by: str
    """`month` or `year`."""

    @property
    def most(self) -> int:
        """Known in the fullest row."""
        return max((row.known for row in self.rows), default=0)


_COUNTS = [field.name for field in fields(Covered) if field.type is int]


def coverage(db: sqlite3.Connection, outlet: str = "") -> list[Coverage]:
    """Every outlet by months, by years where there are many of them; or the one of this slug, by months."""
    found = _months(db, outlet)
    outlets = {slug: name for slug, name in names_of_outlets(db).items() if outlet in ("", slug)}
    return [_of_outlet(slug, name, found.get(slug, []), whole=bool(outlet)) for slug, name in outlets.items()]


def archived_of_known(db: sqlite3.Connection) -> list[Bar]:
    """All outlets together: a bar for each month from the first article to the last one, or each year of many."""
    archived, known = Counter[str](), Counter[str]()
    months = [month for outlet in _months(db, "").values() for month in outlet]
    dated = [month.step for month in months if month.step and month.archived]
    steps = months_or_years(min(dated), max(dated)) if dated else []
    for month in months:
        step = month.step[: len(steps[0])] if steps else ""
        archived[step] += month.archived
        known[step] += month.known
    return [Bar(step, archived[step], known[step]) for step in steps]


def _of_outlet(slug: str, name: str, months: list[Covered], *, whole: bool) -> Coverage:
    dated = sorted((one for one in months if one.step), key=lambda one: one.step)
    by = "month" if whole or len(dated) <= MOST_MONTHS else "year"
    if by == "year":
        dated = [add(year, group) for year, group in groupby(dated, key=lambda one: one.step[:4])]
    rest = [one for one in months if not one.step]
    return Coverage(slug, name, add("", months), [*reversed(list(_with_gaps(dated))), *rest], by)


def add(step: str, parts: Iterable[Covered]) -> Covered:
    """The sum of several."""
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update({name: getattr(part, name) for name in _COUNTS})
    return _counted(step, counts)


def _months(db: sqlite3.Connection, outlet: str) -> dict[str, list[Covered]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    articles = _ARTICLES.format(where="WHERE outlet = :outlet" if outlet else "")
    for slug, month, archived, removed in map(tuple, db.execute(articles, {"outlet": outlet})):
        found[slug, month] = Counter(archived=archived, removed=removed)
    missed = _MISSED.format(where="AND outlet = :outlet" if outlet else "")
    for slug, month, state, n in map(tuple, db.execute(missed, {"outlet": outlet})):
        found.setdefault((slug, month), Counter())[_STATES.get(state, "failed")] += n
    by_outlet: dict[str, list[Covered]] = {}
    for (slug, month), counts in found.items():
        by_outlet.setdefault(slug, []).append(_counted(month, counts))
    return by_outlet


def _counted(step: str, counts: Counter[str]) -> Covered:
    return Covered(step, "", *(counts[name] for name in _COUNTS))


def _with_gaps(dated: list[Covered]) -> Iterator[Covered]:
    """The rows, and one between two that are not neighbours."""
    for before, after in zip([None, *dated], dated, strict=False):
        if before and (missing := _between(before.step, after.step)):
            yield Covered(missing[0], until=missing[-1] if len(missing) > 1 else "")
        yield after


def _between(before: str, after: str) -> list[str]:
    return list(every_step(before, after, "year" if len(before) == 4 else "month"))[1:-1]
