"""Which files the rows of a table go into, and by what it is known that those of a file have changed."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from ewbscraper.archive.export.tables import Selection, Table
from ewbscraper.archive.schema.changes import BLOCK, BY_MONTH, BY_OUTLET, NUMBERED, stamps

LAYOUT = 1
"""Another one writes every file again."""

_NONE = "__HIVE_DEFAULT_PARTITION__"
_WHOLE = "whole"

Blocks = dict[Any, int | None]
"""What each file of a table is of, and the stamp of that."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one file."""

    path: str
    table: Table
    """With the columns of the file: `outlet` of a partition is in its path."""
    rows: str
    """What follows FROM."""
    values: dict[str, Any]
    stamp: int | None
    always: bool = False
    """Also where it has no rows: a reader finds every table."""

    def read(self, db: sqlite3.Connection) -> sqlite3.Cursor:
        """Its rows, in an order that stays."""
        return db.execute(f"{self.table.select()} {self.rows}", self.values)

    def seen(self, db: sqlite3.Connection) -> str:
        """Another one where the rows are others, or the columns; without a stamp all rows are read."""
        digest = sha256(repr([LAYOUT, self.stamp, [(one.name, one.kind) for one in self.table.columns]]).encode())
        for row in self.read(db) if self.stamp is None else ():
            digest.update(repr(row).encode())
        return digest.hexdigest()


def blocks_of(db: sqlite3.Connection, table: Table, selection: Selection) -> Blocks:
    """By month, outlet or number where the table goes into several files."""
    stamped = stamps(db, table.name) if selection == Selection() else None
    if stamped is not None:
        return {**stamped}
    if table.name in BY_MONTH:
        months = "SELECT DISTINCT outlet || ' ' || ifnull(substr(published_utc, 1, 7), '') FROM articles"
        return dict.fromkeys(
            of for (of,) in db.execute(f"{months} WHERE {selection.articles} ORDER BY 1", selection.values)
        )
    if table.name in BY_OUTLET:
        return dict.fromkeys(of for (of,) in db.execute("SELECT slug FROM outlets ORDER BY 1"))
    return {_WHOLE: None}


def parts_of(table: Table, blocks: Blocks, selection: Selection) -> Iterator[Part]:
    """A part for each block."""
    rows, values = f"{table.name} WHERE {selection.rows_of(table)}", selection.values
    for of, stamp in blocks.items():
        if table.name in BY_MONTH:
            yield _month(table, of, selection, stamp)
        elif table.name in BY_OUTLET:
            yield Part(
                f"{table.name}/outlet={of}/part-0.parquet",
                _inside(table),
                f"{rows} AND outlet = :part ORDER BY +rowid",
                {**values, "part": of},
                stamp,
            )
        elif of == _WHOLE:
            yield Part(f"{table.name}/part-0.parquet", table, rows, values, stamp, always=True)
        else:
            number = f"{table.name}.{NUMBERED[table.name]}"
            order = ", ".join(table.primary_key) if table.name in _NO_ROWID else "+rowid"
            yield Part(
                f"{table.name}/part-{of}.parquet",
                table,
                f"{rows} AND {number} >= :first AND {number} < :end ORDER BY {order}",
                {**values, "first": of << BLOCK, "end": of + 1 << BLOCK},
                stamp,
            )


def no_rows_of(table: Table) -> Part:
    """Of a table that no other part has rows of."""
    by_outlet, by_month = table.name in (*BY_OUTLET, *BY_MONTH), table.name in BY_MONTH
    folders = f"outlet={_NONE}/" * by_outlet + f"month={_NONE}/" * by_month
    inside = _inside(table) if by_outlet else table
    return Part(f"{table.name}/{folders}part-0.parquet", inside, f"{table.name} WHERE 0", {}, stamp=0, always=True)


_NO_ROWID = ("media", "rights")


def _month(table: Table, of: str, selection: Selection, stamp: int | None) -> Part:
    outlet, _, month = of.rpartition(" ")
    joined = "articles" if table.name == "articles" else f"articles CROSS JOIN {table.name} ON article = articles.id"
    when = "published_utc >= :month AND published_utc < :month || '~'" if month else "published_utc IS NULL"
    return Part(
        f"{table.name}/outlet={outlet}/month={month or _NONE}/part-0.parquet",
        _inside(table),
        f"{joined} WHERE articles.outlet = :part AND {when} AND {selection.articles} ORDER BY {table.name}.id",
        {**selection.values, "part": outlet, "month": month},
        stamp,
    )


def _inside(table: Table) -> Table:
    return replace(table, columns=tuple(column for column in table.columns if column.name != "outlet"))
