"""What one query may take of the machine: SQLite's own limits, which no time limit can stand in for."""

import sqlite3
from typing import Any

from ewbscraper.errors import NoLimits

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 5_000_000,  # without it one GET of `zeroblob(1e9)` takes 24 GB
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 200_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 500,  # a pattern of `%a%a%a...` is one step that no clock interrupts
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 300,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 5000,
}
"""Bytes of one value, row or statement; depth of an expression; parts of a UNION; parameters. Texts are cut below."""


def limit(conn: sqlite3.Connection, *, attach: bool = False) -> None:
    """Sets them on a connection, where nothing but itself can be attached unless `attach`. Raises NoLimits."""
    can_be_limited(type(conn))
    for which, most in LIMITS.items():
        conn.setlimit(which, most)
    if not attach:
        conn.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)


def can_be_limited(connection: type[Any]) -> None:
    """Raises NoLimits where connections of this kind cannot be limited: those of pysqlite3 cannot."""
    if not hasattr(connection, "setlimit"):
        raise NoLimits(
            f"one request could take all memory of this machine: {connection.__module__}, which Datasette uses here, "
            "cannot limit it, so nothing is served. `pip uninstall pysqlite3-binary pysqlite3` lets it use Python's own"
        )
