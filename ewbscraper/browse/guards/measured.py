"""How much one question of Datasette's may read: it holds all rows of an answer, and writes them many times over.

A thousand rows of a megabyte, each within SQLite's own limits, took 9 GB for one GET.
"""

import sqlite3
from typing import Any
from weakref import ReferenceType, ref

MOST_READ = 20_000_000
"""Letters and bytes of one answer. A thousand whole articles have 12 million."""

_TOO_MUCH = f"this has more than {MOST_READ // 1_000_000} MB: ask for fewer rows or columns, or take the export of it"


def measure(conn: sqlite3.Connection) -> None:
    """From now on a cursor of this connection that reads more raises sqlite3.OperationalError."""
    reads: ReferenceType[sqlite3.Cursor] | None = None
    so_far = 0

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        nonlocal reads, so_far
        if reads is None or reads() is not cursor:
            reads, so_far = ref(cursor), 0
        so_far += sum(len(value) for value in values if isinstance(value, str | bytes))
        if so_far > MOST_READ:
            raise sqlite3.OperationalError(_TOO_MUCH)
        return sqlite3.Row(cursor, values)

    conn.row_factory = row
