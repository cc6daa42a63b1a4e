"""The rows that a run saved, as plain statements that write them into another file; and whether both have the same."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ewbscraper.archive import search
from ewbscraper.archive.articles.parts import PARTS
from ewbscraper.archive.database import create

Statement = tuple[str, list[Sequence[Any]]]
"""SQL, and the values of each of its rows."""

NAMES = {"authors": "author", "sections": "section", "tags": "tag", "places": "place"}
"""Tables of names, each once, and the column that leads to them."""
POINTERS = {"related_posts": "related_article", "links": "target_article"}
"""Columns that lead to another article: null until that is there."""


def statements(db: sqlite3.Connection, *, folded: bool) -> Iterator[list[Statement]]:
    """For each article, in the order in which they came: every row that was written with it.

    The index is given its words as they stand in it, or where not `folded` the texts, with a call of `fold` each.
    """
    now, then = ("fold({})", "?") if folded else ("{}", "fold(?)")
    words = ", ".join(map(now.format, search.COLUMNS))
    index = f"INSERT INTO articles_fts (rowid, {', '.join(search.COLUMNS)}) VALUES (?{f', {then}' * 4})"
    had: dict[str, set[int]] = {table: set() for table in NAMES}
    counts: dict[int, int] = {}
    for number, url in db.execute("SELECT id, url FROM articles ORDER BY id").fetchall():
        texts = db.execute(f"SELECT id, {words} FROM articles WHERE id = ?", [number]).fetchall()
        made = [inserted(db, "articles", "id = ?", number), (index, list(map(tuple, texts)))]
        made += [
            (f"UPDATE {table} SET {pointer} = ? WHERE url = ?", [(number, url)]) for table, pointer in POINTERS.items()
        ]
        made += [one for table in NAMES for one in names(db, table, number, had[table])]
        made += [inserted(db, table, "article = ?", number) for table in (*PARTS, "captures")]
        made.append(frontier(db, number))
        run = db.execute("SELECT run FROM captures WHERE article = ?", [number]).fetchone()["run"]
        counts[run] = counts.get(run, 0) + 1
        values = (counts[run], counts[run], 15_000 * counts[run], run)
        made.append(("UPDATE runs SET new = ?, requests = ?, bytes = ? WHERE id = ?", [values]))
        yield [one for one in made if one[1]]


def inserted(db: sqlite3.Connection, table: str, where: str, number: int) -> Statement:
    """The rows of a table that belong to an article."""
    columns = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
    pointer = POINTERS.get(table)
    values = [f"iif({name} <= {number}, {name}, NULL)" if name == pointer else name for name in columns]
    rows = db.execute(f"SELECT {', '.join(values)} FROM {table} WHERE {where}", [number]).fetchall()
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(map(tuple, rows))


def names(db: sqlite3.Connection, table: str, number: int, had: set[int]) -> Iterator[Statement]:
    """Those that no article before had."""
    of_it = f"SELECT {NAMES[table]} AS id FROM article_{table} WHERE article = ? ORDER BY position"
    new = [row["id"] for row in db.execute(of_it, [number]) if row["id"] not in had]
    had.update(new)
    yield from (inserted(db, table, "id = ?", one) for one in new)


def frontier(db: sqlite3.Connection, number: int) -> Statement:
    """Its address was there before: what changed in its row."""
    columns = ["article", "state", "attempts", "looks", "next_look", "etag", "last_modified", "last_error", "ready"]
    rows = db.execute(f"SELECT {', '.join(columns)}, outlet, url FROM frontier WHERE article = ?", [number]).fetchall()
    changes = ", ".join(f"{name} = ?" for name in columns)
    return f"UPDATE frontier SET {changes} WHERE outlet = ? AND url = ?", list(map(tuple, rows))


def compare(one: Path, other: Path) -> None:
    """Raises AssertionError where a table has other rows, stamps aside, or the index other words than the texts."""
    with closing(create(one)) as ours, closing(create(other)) as theirs:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%'"
        for (table,) in ours.execute(f"{tables} AND name <> '_changes'").fetchall():
            assert content(ours, table) == content(theirs, table), table
        assert search.is_current(ours)
        assert search.is_current(theirs)


def content(db: sqlite3.Connection, table: str) -> list[str]:
    """All rows of a table, in one order."""
    return sorted(repr(tuple(row)) for row in db.execute(f"SELECT * FROM {table}"))
