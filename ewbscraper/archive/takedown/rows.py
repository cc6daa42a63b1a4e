"""Rows of archive.db that leave for withheld/, and come back; in the caller's transaction, foreign keys put off.

An article's own rows go. Rows of others that point at it stay, and point nowhere. Names that only it had go with it.
"""

import json
import sqlite3
from typing import Any

from ewbscraper.archive import search
from ewbscraper.archive.articles.parts import PARTS
from ewbscraper.archive.schema.history import keep_history_hash
from ewbscraper.archive.takedown.found import Found

Rows = dict[str, list[dict[str, Any]]]

_NAMES = {
    "authors": ("article_authors", "author"),
    "sections": ("article_sections", "section"),
    "tags": ("article_tags", "tag"),
    "places": ("article_places", "place"),
}
_CAPTURES = "(SELECT value FROM json_each(:captures))"
_ADDRESSES = "(SELECT value FROM json_each(:addresses))"
_LEAVE = {
    "articles": "id = :article",
    "revisions": "article = :article",
    **dict.fromkeys(PARTS, "article = :article"),
    "rights": f"capture IN {_CAPTURES}",
    "captures": f"id IN {_CAPTURES}",
    "frontier": f"article = :article OR url IN {_ADDRESSES}",
    "media": f"article = :article OR url IN {_ADDRESSES}",
}
"""Which rows go, by table."""
_POINT = (
    ("links", "target_article", ("article", "position", "url"), "target_article = :article"),
    ("related_posts", "related_article", ("article", "position", "url"), "related_article = :article"),
    ("captures", "article", ("id",), "article = :article"),
    ("captures", "media_of", ("id",), "media_of = :article"),
    ("revisions", "capture", ("id", "article"), f"capture IN {_CAPTURES}"),
    ("captures", "robots_in", ("id",), f"robots_in IN {_CAPTURES}"),
    ("rights", "said_in", ("capture", "source", "signal", "value"), f"said_in IN {_CAPTURES}"),
)
"""What is left points elsewhere: table, column, what finds the row again, which rows."""
_NOTED = (("runs", "needs_a_look", ("id",)), ("frontier", "last_error", ("outlet", "url")))
UNNAMED = "(a withheld address)"


def take_out(db: sqlite3.Connection, found: Found) -> dict[str, Any]:
    """Deletes what leaves; returns it, and what other rows said, as JSON would have it."""
    values = _values(found)
    changed = _lead_shared_media_elsewhere(db, found)
    rows = {table: _rows(db, table, where, values) for table, where in _LEAVE.items()}
    rows |= {table: _names_of_it_alone(db, table, values) for table in _NAMES}
    if found.article is not None:
        search.unindex(db, found.article)
    for table, where in _LEAVE.items():
        db.execute(f"DELETE FROM {table} WHERE {where}", values)
    for table, of in rows.items():
        if table in _NAMES:
            db.executemany(f"DELETE FROM {table} WHERE id = :id", of)
    for table, column, key, where in _POINT:
        changed += _point_elsewhere(db, table, column, key, where, values)
    for table, column, key in _NOTED:
        changed += _unname(db, table, column, key, found)
    return {"article": found.article, "url": found.url, "rows": rows, "changed": changed}


def leaving(db: sqlite3.Connection, found: Found) -> dict[str, int]:
    """How many rows of each table would go."""
    counted = {table: f"SELECT count(*) FROM {table} WHERE {where}" for table, where in _LEAVE.items()}
    return {table: db.execute(sql, _values(found)).fetchone()[0] for table, sql in counted.items()}


def put_back(db: sqlite3.Connection, kept: dict[str, Any]) -> None:
    """The rows as they were; a name that has come back since keeps its new number."""
    rows: Rows = {**{table: [] for table in (*_LEAVE, *_NAMES)}, **kept["rows"]}
    numbers = {table: {row["id"]: _name(db, table, row) for row in rows[table]} for table in _NAMES}
    for table, (of, column) in _NAMES.items():
        for row in rows[of]:
            row[column] = numbers[table].get(row[column], row[column])
    for row in rows["revisions"]:
        if db.execute("SELECT 1 FROM revisions WHERE id = ?", [row["id"]]).fetchone():
            row["id"] = None
    for table in _LEAVE:
        for row in rows[table]:
            _insert(db, table, row)
    for table, column, key, before, after in kept["changed"]:
        where = " AND ".join(f"{name} = :{name}" for name in key)  # nothing is put over what changed since
        sql = f"UPDATE {table} SET {column} = :before WHERE {where} AND {column} IS :after"
        db.execute(sql, {**key, "before": before, "after": after})
    if kept["article"] is not None:
        _point_back(db, kept["article"], rows)


def _point_back(db: sqlite3.Connection, article: int, rows: Rows) -> None:
    """Links to it and from it; what it leads to may be withheld itself by now."""
    for table, column in (("related_posts", "related_article"), ("links", "target_article")):
        gone = f"{column} NOT IN (SELECT id FROM articles)"
        db.execute(f"UPDATE {table} SET {column} = NULL WHERE article = ? AND {gone}", [article])
        db.execute(f"UPDATE {table} SET {column} = ? WHERE url = ?", [article, rows["articles"][0]["url"]])
    search.index(db, article)
    keep_history_hash(db, article)


def _values(found: Found) -> dict[str, Any]:
    return {
        "article": found.article,
        "captures": json.dumps(sorted(found.captures)),
        "addresses": json.dumps(sorted(found.addresses)),
    }


def _rows(db: sqlite3.Connection, table: str, where: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    names = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
    return [dict(row) for row in db.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {where}", values)]


def _names_of_it_alone(db: sqlite3.Connection, table: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    of, column = _NAMES[table]
    where = (
        f"id IN (SELECT {column} FROM {of} WHERE article = :article)"
        f" AND id NOT IN (SELECT {column} FROM {of} WHERE article IS NOT :article)"
    )
    return _rows(db, table, where, values)


def _lead_shared_media_elsewhere(db: sqlite3.Connection, found: Found) -> list[list[Any]]:
    """Pictures and styles that others need get the other article before the rows of this one go."""
    changed = list[list[Any]]()
    for capture, other in found.shared.items():
        row = db.execute("SELECT url, article, media_of FROM captures WHERE id = ?", [capture]).fetchone()
        for column in ("article", "media_of"):
            if found.article is not None and row[column] == found.article:
                db.execute(f"UPDATE captures SET {column} = ? WHERE id = ?", [other, capture])
                changed.append(["captures", column, {"id": capture}, found.article, other])
    for url, other in found.others_need.items():
        for row in db.execute("SELECT outlet, url FROM media WHERE article = ? AND url = ?", [found.article, url]):
            db.execute(
                "UPDATE media SET article = :other WHERE outlet = :outlet AND url = :url", {**row, "other": other}
            )
            changed.append(["media", "article", dict(row), found.article, other])
    return changed


def _point_elsewhere(
    db: sqlite3.Connection,
    table: str,
    column: str,
    key: tuple[str, ...],
    where: str,
    values: dict[str, Any],
) -> list[list[Any]]:
    rows = db.execute(f"SELECT {column}, {', '.join(key)} FROM {table} WHERE {where}", values).fetchall()
    db.execute(f"UPDATE {table} SET {column} = NULL WHERE {where}", values)
    return [[table, column, {name: row[name] for name in key}, row[column], None] for row in rows]


def _unname(db: sqlite3.Connection, table: str, column: str, key: tuple[str, ...], found: Found) -> list[list[Any]]:
    """Its addresses out of what runs have noted, the longest first; undone in the other direction."""
    changed = list[list[Any]]()
    where = " AND ".join(f"{name} = :{name}" for name in key)
    for url in sorted(found.addresses, key=len, reverse=True):
        naming = db.execute(f"SELECT {', '.join(key)}, {column} FROM {table} WHERE instr({column}, ?)", [url])
        for row in naming.fetchall():
            named, after = {name: row[name] for name in key}, row[column].replace(url, UNNAMED)
            db.execute(f"UPDATE {table} SET {column} = :after WHERE {where}", {**named, "after": after})
            changed.insert(0, [table, column, named, row[column], after])
    return changed


def _name(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    """The number of an author, tag, place ...: its own where that is free."""
    same = " AND ".join(f"{name} IS :{name}" for name in row if name in ("name", "country"))
    known = db.execute(f"SELECT id FROM {table} WHERE {same}", row).fetchone()
    if known:
        return int(known["id"])
    taken = db.execute(f"SELECT 1 FROM {table} WHERE id = :id", row).fetchone()
    return _insert(db, table, {**row, "id": None} if taken else row)


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    names = ", ".join(row)
    sql = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"
    return int(db.execute(sql, row).lastrowid or 0)
