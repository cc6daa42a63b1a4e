"""Rows of the same value keep one order from the first page of a sorted table to its last.

Datasette goes on behind the last row by value and key, but leaves the order among rows of one value on its first page
to SQLite: of 1,201 articles of one date its CSV had 100, half of them twice.
"""

import re
from typing import Any

from datasette.database import Database, Results
from datasette.utils import escape_sqlite

_SORTED = re.compile(r"\A((?:\[[^\]]+\]|\w+)(?: desc)?)( limit \d+)")
_COLUMNS = re.compile(r"select (?!distinct )[\w\[\], ]+")
_OF_MORE = re.compile(r"\b(?:union|intersect|except|group by|join)\b", re.IGNORECASE)


class WithTies(Database):  # type: ignore[misc]  # Datasette has no types
    """The archive; what Datasette asks for a sorted table's first page is sorted by its key, too."""

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Results:
        """As Datasette's."""
        head, _, order = sql.rpartition(" order by ")
        sorted_by, table = _SORTED.fullmatch(order), _table_of(head)
        if sorted_by and table:
            keys = [sorted_by[1], *map(escape_sqlite, await self.primary_keys(table))]
            sql = f"{head} order by {', '.join(keys)}{sorted_by[2]}"
        return await super().execute(sql, params, *args, **options)


def _table_of(head: str) -> str | None:
    """The one table of a statement as Datasette's table page writes it; None for any other."""
    columns, _, rest = head.partition(" from ")
    table, _, where = rest.partition(" ")
    of_one = _COLUMNS.fullmatch(columns) and (not where or where.startswith("where ")) and not _OF_MORE.search(where)
    return table.strip("[]") if of_one else None
