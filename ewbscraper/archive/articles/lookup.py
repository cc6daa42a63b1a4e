"""Reading articles out of the archive again: by id, by address."""

import json
import sqlite3
from typing import Any

from ewbscraper.address import is_number
from ewbscraper.archive.articles.revisions import changes, nth
from ewbscraper.archive.articles.rights import in_words


def get_article(db: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    """An article by id or address, in the JSON shape of `Article.to_dict` and `provenance` beside it."""
    column = "id" if is_number(key) else "url"
    row = db.execute(f"SELECT * FROM articles WHERE {column} = ?", [key]).fetchone()
    if row is None and column == "url":
        row = db.execute(
            "SELECT articles.* FROM frontier JOIN articles ON articles.id = frontier.article WHERE frontier.url = ?",
            [key],
        ).fetchone()
    return None if row is None else {**as_json(db, row), "provenance": _provenance(db, row)}


def earlier_text(found: dict[str, Any], number: int) -> dict[str, Any]:
    """What a revision keeps of an article, 1 the oldest, and the captures of its time. Raises NoSuchRevision."""
    known = found["provenance"]
    old = nth(known["revisions"], number)
    return {
        **{name: found[name] for name in ("url", "outlet", "published", "language")},
        **{name: old[name] for name in ("headline", "standfirst", "body")},
        "captions": [{"caption": caption, "credit": credit} for caption, credit in old["captions"]],
        "provenance": {
            "id": known["id"],
            "revision": number,
            "revisions": len(known["revisions"]),
            **{name: old[name] for name in ("seen_from", "seen_until", "cause", "changed", "content_hash")},
            "captures": [c for c in known["captures"] if old["seen_from"] <= c["fetched_at"] <= old["seen_until"]],
        },
    }


def as_json(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """A row of `articles` and all that hangs on it, in the shape of `Article.to_dict`."""
    number = row["id"]
    return {
        "url": row["url"],
        "outlet": row["outlet"],
        "headline": row["headline"],
        "standfirst": row["standfirst"],
        "dateline": _dateline(db, row),
        "byline": row["byline"],
        "authors": _names(db, "author", number),
        "published": row["published"],
        "modified": row["modified"],
        "sections": _names(db, "section", number),
        "tags": _names(db, "tag", number),
        "language": row["language"],
        "body": row["body"],
        "body_html": row["body_html"],
        "words": row["words"],
        "captions": _rows(db, "captions", "caption, credit, image_url, alt, role", number),
        "related_posts": _rows(db, "related_posts", "title, url, author", number),
        "found_by": {
            found["field"]: found["strategy"]
            for found in db.execute("SELECT field, strategy FROM found_by WHERE article = ?", [number])
        },
    }


def _dateline(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any] | None:
    if row["dateline"] is None:
        return None
    places = db.execute(
        "SELECT name, as_written, country FROM article_places JOIN places ON places.id = place"
        " WHERE article = ? ORDER BY position",
        [row["id"]],
    )
    return {
        "text": row["dateline"],
        "places": [dict(place) for place in places],
        "date": row["dateline_date"],
        "agency": row["agency"],
    }


def _provenance(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    captures = db.execute(
        "SELECT id, url, fetched_at, status, sha256, bytes, warc, offset, length FROM captures"
        " WHERE article = ? ORDER BY fetched_at, id",
        [row["id"]],
    ).fetchall()
    said = in_words(db, [capture["id"] for capture in captures])
    revisions = db.execute(
        "SELECT seen_from, seen_until, cause, content_hash, headline, standfirst, body, captions FROM revisions"
        " WHERE article = ? ORDER BY seen_from, id",
        [row["id"]],
    )
    return {
        **{name: row[name] for name in ("id", "first_seen", "last_seen", "text_since", "gone_at", "content_hash")},
        "captures": [
            {**{name: capture[name] for name in capture.keys() if name != "id"}, "rights": said[capture["id"]]}  # noqa: SIM118
            for capture in captures
        ],
        "revisions": [
            {**dict(old), "captions": json.loads(old["captions"]), "changed": [name for name, *_ in change.parts]}
            for old, change in zip(revisions, reversed(changes(db, row["id"])), strict=True)
        ],
    }


def _names(db: sqlite3.Connection, kind: str, number: int) -> list[str]:
    sql = f"SELECT name FROM article_{kind}s JOIN {kind}s ON id = {kind} WHERE article = ? ORDER BY position"
    return [row["name"] for row in db.execute(sql, [number])]


def _rows(db: sqlite3.Connection, table: str, columns: str, number: int) -> list[dict[str, Any]]:
    sql = f"SELECT {columns} FROM {table} WHERE article = ? ORDER BY position"
    return [dict(row) for row in db.execute(sql, [number])]
