"""How often each field was found, over time: where a share falls, an outlet has changed its pages, or its ways."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from ewbscraper.archive.runs import FIELDS_WATCHED

A_MONTH = 100
"""The newest articles of each month that are looked at: enough for a share, and few in an archive of any size."""

MONTHS = 12
"""The newest months of an outlet."""

_SHARES = """
WITH numbered AS (
  SELECT id, substr(published_utc, 1, 7) AS month,
    row_number() OVER (PARTITION BY substr(published_utc, 1, 7) ORDER BY published_utc DESC) AS number
  FROM articles INDEXED BY articles_outlet
  WHERE outlet = :outlet AND published_utc >= (
    SELECT strftime('%Y-%m', max(published_utc), 'start of month', :back)
    FROM articles INDEXED BY articles_outlet WHERE outlet = :outlet)
), looked_at AS MATERIALIZED (SELECT id, month FROM numbered WHERE number <= :a_month)
SELECT month, '' AS field, count(*) AS n FROM looked_at GROUP BY 1
UNION ALL
SELECT month, field, count(*) FROM looked_at CROSS JOIN found_by ON article = id GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Month:
    """Of one outlet."""

    month: str
    """Of publication, UTC: `2024-03`."""
    articles: int
    """That were looked at."""
    shares: dict[str, float]
    """0 to 1, for each of FIELDS_WATCHED."""


def fields_over_time(db: sqlite3.Connection, outlet: str, months: int = MONTHS) -> list[Month]:
    """The newest months of an outlet, the newest first; months without an article are left out."""
    counts: dict[str, dict[str, int]] = {}
    values = {"outlet": outlet, "back": f"-{months - 1} months", "a_month": A_MONTH}
    for month, field, n in map(tuple, db.execute(_SHARES, values)):
        counts.setdefault(month, {})[field] = n
    return list(_months(counts))


def _months(counts: dict[str, dict[str, int]]) -> Iterator[Month]:
    for month in sorted(counts, reverse=True):
        found, of = counts[month], counts[month][""]
        yield Month(month, of, {field: found.get(field, 0) / of for field in FIELDS_WATCHED})
