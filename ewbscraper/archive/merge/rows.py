"""Rows of another archive, on their way into this one: their numbers become ours."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from ewbscraper.archive.tombstones import NEXT_ARTICLE, NEXT_CAPTURE

NUMBERS = {
    "run": "runs",
    "listed_in_run": "runs",
    "asked_in_run": "runs",
    "began_in_run": "runs",
    "article": "articles",
    "media_of": "articles",
    "capture": "captures",
    "same_as": "captures",
    "robots_in": "captures",
    "said_in": "captures",
}
"""Columns that hold the id of a row, and of which table."""
OURS = ("id", "history_hash")
"""Columns that are made here, from what came."""
_NEXT = {"articles": NEXT_ARTICLE, "captures": NEXT_CAPTURE}
BATCH = 200
"""Rows of one transaction: a crawl of another outlet waits for one, not for all."""

Row = dict[str, Any]


class Rows:
    """Reads from `theirs`, writes into `ours` in the caller's transaction; remembers which row became which."""

    def __init__(self, ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
        self.ours, self.theirs = ours, theirs
        self._columns: dict[str, list[str]] = {}
        ours.execute(
            "CREATE TEMP TABLE IF NOT EXISTS became"
            " (kind TEXT, theirs INTEGER, ours INTEGER, PRIMARY KEY (kind, theirs)) WITHOUT ROWID"
        )
        ours.execute("DELETE FROM became")

    def remember(self, kind: str, theirs: int, ours: int) -> None:
        """A row of theirs is this one of ours."""
        self.ours.execute("INSERT OR REPLACE INTO became VALUES (?, ?, ?)", [kind, theirs, ours])

    def ours_of(self, kind: str, theirs: int | None) -> int | None:
        """The id that a row of theirs has here."""
        row = self.ours.execute("SELECT ours FROM became WHERE kind = ? AND theirs = ?", [kind, theirs]).fetchone()
        return row["ours"] if row else None

    def columns(self, table: str) -> list[str]:
        """What is stored: id and generated columns excepted."""
        if table not in self._columns:
            names = [row["name"] for row in self.ours.execute(f"PRAGMA table_info({table})")]
            self._columns[table] = [name for name in names if name not in OURS]
        return self._columns[table]

    def row(self, table: str, theirs: sqlite3.Row) -> Row:
        """A row of theirs with our numbers."""
        row = {name: theirs[name] for name in self.columns(table)}
        return row | {name: self.ours_of(kind, row[name]) for name, kind in NUMBERS.items() if name in row}

    def insert(self, table: str, row: Row) -> int:
        """Writes a row; returns its id, which no withheld one had."""
        number = f"{_NEXT[table]}, " if table in _NEXT else ""
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        sql = f"INSERT INTO {table} ({'id, ' if number else ''}{names}) VALUES ({number}{values})"
        return int(self.ours.execute(sql, row).lastrowid or 0)

    def update(self, table: str, row: Row, where: str, values: Row) -> None:
        """Writes these columns of one row."""
        names = ", ".join(f"{name} = :{name}" for name in row)
        self.ours.execute(f"UPDATE {table} SET {names} WHERE {where}", {**row, **values})

    def batches(self, sql: str, values: Sequence[Any]) -> Iterator[list[sqlite3.Row]]:
        """Their rows of a query, so many at a time."""
        cursor = self.theirs.execute(sql, values)
        while batch := cursor.fetchmany(BATCH):
            yield batch
