"""What Datasette's own pages do not get out of the file, whatever SQL they ask with: SQLite gives NULL in its place.

Said once to SQLite, so it holds for tables, rows, JSON, CSV, facets, filters, sorts, blobs and any named query.
"""

import sqlite3

TEXTS = {
    "articles": {"standfirst", "body", "body_html"},
    "articles_fts": {"standfirst", "body"},
    "captions": {"caption", "alt"},
    "links": {"text"},
    "revisions": {"captions", "standfirst", "body"},
}
"""Columns, by table, that belong to the publishers."""

INDEX = ("articles_fts", "articles_fts_config", "articles_fts_data", "articles_fts_docsize", "articles_fts_idx")
"""Tables that hold the words of the texts: the search reads them, no page shows them."""

_OF_THE_MACHINE = {"pragma_database_list": {"file"}}
"""Where the file lies is nobody's business."""


def withhold(conn: sqlite3.Connection, *, texts: bool) -> None:
    """From now on this connection reads NULL in those columns; in the publishers' too where `texts` are withheld."""
    hidden = {**_OF_THE_MACHINE, **(TEXTS if texts else {})}

    def may(action: int, table: str | None, column: str | None, database: str | None, through: str | None) -> int:
        reads = action == sqlite3.SQLITE_READ
        return sqlite3.SQLITE_IGNORE if reads and column in hidden.get(table or "", ()) else sqlite3.SQLITE_OK

    conn.set_authorizer(may)


def is_archive(conn: sqlite3.Connection) -> bool:
    """Whether it is open on an archive: other databases may have tables of the same names."""
    tables = {name for (name,) in map(tuple, conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))}
    return {"articles", "frontier", "articles_fts"} <= tables
