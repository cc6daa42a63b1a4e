"""An article and all that hangs on it, written in the caller's one transaction."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Literal
from urllib.parse import urlsplit

from lxml import html

from ewbscraper.archive import search
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.warc import Capture
from ewbscraper.article import Article
from ewbscraper.outlet import Outlet
from ewbscraper.places import find_place

Change = Literal["new", "changed", "unchanged"]
Cause = Literal["outlet", "extraction"]

TEXT_LIMIT = 2_000_000
"""Bytes of body, and of body_html, that are stored: both in a row stay below the reading room's limit of 5 MB."""

CUT = "\n\n[Cut by ewbscraper: the whole text is in the WARC.]"

_TABLES_OF_AN_ARTICLE = (
    "article_authors",
    "article_sections",
    "article_tags",
    "article_places",
    "captions",
    "related_posts",
    "links",
    "found_by",
)

_POINT_AT_AN_ARTICLE = (
    ("captures", "article"),
    ("revisions", "article"),
    ("frontier", "article"),
    ("related_posts", "related_article"),
    ("links", "target_article"),
)


def save_outlet(db: sqlite3.Connection, outlet: Outlet) -> None:
    """The outlet's row, as its definition says today."""
    db.execute(
        "INSERT INTO outlets (slug, name, home, language, country, timezone) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (slug) DO UPDATE SET name = excluded.name,"
        " home = excluded.home, language = excluded.language, country = excluded.country,"
        " timezone = excluded.timezone",
        [outlet.slug, outlet.name, outlet.home, outlet.language, outlet.country, outlet.timezone],
    )


def save_captures(db: sqlite3.Connection, run: int, captures: Iterable[Capture], article: int | None = None) -> None:
    """Rows that point into the WARC, which the caller has synced before."""
    db.executemany(
        "INSERT INTO captures (run, article, url, fetched_at, status, content_type, sha256, bytes, truncated,"
        " warc, offset, length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(run, article, *astuple(capture)) for capture in captures],
    )


def save_article(
    db: sqlite3.Connection,
    article: Article,
    *,
    outlet: str,
    run: int,
    captured: str,
    known: int | None = None,
    cause: Cause = "outlet",
) -> tuple[int, Change]:
    """The article's row and all that hangs on it; a revision of the text before where the text changed.

    `known` is the article that the same address gave before: a moved article keeps its row. `captured` is when the
    page was had (our time stamp). Returns id and what became of it.
    """
    number = known if known is not None else article_at(db, article.url)
    old = db.execute("SELECT * FROM articles WHERE id = ?", [number]).fetchone()
    if old is None:
        number = _insert(db, article, outlet, captured)
        change: Change = "new"
    else:
        number = old["id"]
        change = _update(db, old, article, captured, run, cause)
    _replace_what_hangs_on(db, number, article)
    return number, change


def article_at(db: sqlite3.Connection, url: str) -> int | None:
    """The article with this canonical address."""
    row = db.execute("SELECT id FROM articles WHERE url = ?", [url]).fetchone()
    return row["id"] if row else None


def address_of(db: sqlite3.Connection, article: int) -> str:
    """The canonical address of an article."""
    url: str = db.execute("SELECT url FROM articles WHERE id = ?", [article]).fetchone()["url"]
    return url


def is_the_same(db: sqlite3.Connection, one: int | None, other: int) -> bool:
    """Whether two rows, the address of one leading to the other, are one article.

    By their text, or where the other came when this one was no longer seen, and was published in the very second.
    """
    sql = (
        "SELECT 1 FROM articles one, articles other WHERE one.id = ? AND other.id = ?"
        " AND (one.content_hash = other.content_hash OR (one.published_utc = other.published_utc"
        " AND one.published LIKE '%T%' AND other.first_seen >= one.last_seen))"
    )
    return db.execute(sql, [one, other]).fetchone() is not None


def join(db: sqlite3.Connection, kept: int, other: int) -> None:
    """An article moved, and its new address was archived as another one before that was known: one row, all history."""
    search.unindex(db, other)
    for table, column in _POINT_AT_AN_ARTICLE:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", [kept, other])
    for table in _TABLES_OF_AN_ARTICLE:
        db.execute(f"DELETE FROM {table} WHERE article = ?", [other])
    db.execute("DELETE FROM articles WHERE id = ?", [other])


def twins(db: sqlite3.Connection, content_hash: str, known: int | None) -> list[int]:
    """Other articles with the very same text."""
    rows = db.execute("SELECT id FROM articles WHERE content_hash = ? AND id IS NOT ?", [content_hash, known])
    return [row["id"] for row in rows]


def mark_gone(db: sqlite3.Connection, article: int) -> bool:
    """The outlet took it down: kept, marked. True where it was not marked before."""
    cursor = db.execute("UPDATE articles SET gone_at = ? WHERE id = ? AND gone_at IS NULL", [utc_now(), article])
    return cursor.rowcount == 1


def mark_seen(db: sqlite3.Connection, article: int) -> bool:
    """The outlet still serves it, or again. True where it was marked gone."""
    gone = db.execute("SELECT gone_at FROM articles WHERE id = ?", [article]).fetchone()["gone_at"]
    db.execute("UPDATE articles SET last_seen = max(last_seen, ?), gone_at = NULL WHERE id = ?", [utc_now(), article])
    return gone is not None


def _columns(article: Article) -> dict[str, str | int | None]:
    dateline = article.dateline
    return {
        "url": article.url,
        "headline": article.headline,
        "dateline": dateline.text if dateline else None,
        "dateline_date": dateline.date if dateline else None,
        "agency": dateline.agency if dateline else None,
        "byline": article.byline,
        "published": article.published,
        "modified": article.modified,
        "language": article.language,
        "words": article.words,
        "content_hash": article.content_hash,
        "standfirst": article.standfirst,
        "body": _cut(article.body),
        "body_html": "" if len(article.body_html.encode()) > TEXT_LIMIT else article.body_html,
    }


def _cut(text: str) -> str:
    raw = text.encode()
    return text if len(raw) <= TEXT_LIMIT else raw[:TEXT_LIMIT].decode(errors="ignore") + CUT


def _insert(db: sqlite3.Connection, article: Article, outlet: str, captured: str) -> int:
    stamps = {"outlet": outlet, "first_seen": captured, "last_seen": captured, "text_since": captured}
    row = {**_columns(article), **stamps}
    cursor = db.execute(
        f"INSERT INTO articles ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    number = cursor.lastrowid
    assert number is not None
    search.index(db, number)
    for table, column in (("related_posts", "related_article"), ("links", "target_article")):
        db.execute(f"UPDATE {table} SET {column} = ? WHERE url = ?", [number, article.url])
    return number


def _update(
    db: sqlite3.Connection, old: sqlite3.Row, article: Article, captured: str, run: int, cause: Cause
) -> Change:
    columns = _columns(article)
    changed = columns["content_hash"] != old["content_hash"]
    if changed:
        _keep_revision(db, old, run, cause)
    reindexed = any(columns[name] != old[name] for name in search.COLUMNS)
    if reindexed:
        search.unindex(db, old["id"])
    seen = max(captured, old["last_seen"])  # where the clock was set back: the texts stay in their order
    stamps = {"last_seen": seen, "text_since": seen if changed else old["text_since"]}
    row = {**{name: value for name, value in columns.items() if value != old[name]}, **stamps}
    db.execute(
        f"UPDATE articles SET {', '.join(f'{name} = ?' for name in row)} WHERE id = ?",
        [*row.values(), old["id"]],
    )
    if reindexed:
        search.index(db, old["id"])
    return "changed" if changed else "unchanged"


_CAPTURE_OF_A_TEXT = """
SELECT coalesce(
  (SELECT id FROM captures WHERE article = :article AND fetched_at = :since ORDER BY id),
  (SELECT max(id) FROM captures WHERE article = :article)
) AS id
"""
"""The first of the newest text, by its time; the last one, where a clock that was set back has no such time."""


def _keep_revision(db: sqlite3.Connection, old: sqlite3.Row, run: int, cause: Cause) -> None:
    captions = db.execute(
        "SELECT caption, credit FROM captions WHERE article = ? ORDER BY position", [old["id"]]
    ).fetchall()
    capture = db.execute(_CAPTURE_OF_A_TEXT, {"article": old["id"], "since": old["text_since"]}).fetchone()
    db.execute(
        "INSERT INTO revisions (article, run, capture, cause, seen_from, seen_until, content_hash, headline,"
        " captions, standfirst, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            old["id"],
            run,
            capture["id"],
            cause,
            old["text_since"],
            old["last_seen"],
            old["content_hash"],
            old["headline"],
            json.dumps([list(row) for row in captions], ensure_ascii=False),
            old["standfirst"],
            old["body"],
        ],
    )


def _replace_what_hangs_on(db: sqlite3.Connection, number: int, article: Article) -> None:
    for table in _TABLES_OF_AN_ARTICLE:
        db.execute(f"DELETE FROM {table} WHERE article = ?", [number])
    _save_names(db, number, "authors", "author", article.authors)
    _save_names(db, number, "sections", "section", article.sections)
    _save_names(db, number, "tags", "tag", article.tags)
    _save_places(db, number, article)
    db.executemany(
        "INSERT INTO captions VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, i, c.caption, c.credit, c.image_url, c.alt, c.role) for i, c in enumerate(article.captions)],
    )
    db.executemany(
        "INSERT INTO related_posts VALUES (?, ?, ?, ?, ?, (SELECT id FROM articles WHERE url = ?))",
        [(number, i, r.title, r.url, r.author, r.url) for i, r in enumerate(article.related_posts)],
    )
    db.executemany(
        "INSERT INTO links VALUES (?, ?, ?, ?, ?, (SELECT id FROM articles WHERE url = ?))",
        [(number, i, url, text, host, url) for i, (url, text, host) in enumerate(_links(article.body_html))],
    )
    db.executemany(
        "INSERT INTO found_by VALUES (?, ?, ?)",
        [(number, field, strategy) for field, strategy in article.found_by.items()],
    )


def _save_names(db: sqlite3.Connection, number: int, table: str, column: str, names: Sequence[str]) -> None:
    for position, name in enumerate(names):
        db.execute(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", [name])
        db.execute(
            f"INSERT OR IGNORE INTO article_{table} (article, {column}, position)"
            f" SELECT ?, id, ? FROM {table} WHERE name = ?",
            [number, position, name],
        )


def _save_places(db: sqlite3.Connection, number: int, article: Article) -> None:
    for position, place in enumerate(article.dateline.places if article.dateline else ()):
        known = find_place(place.name)
        coordinates = (known.latitude, known.longitude) if known else (None, None)
        db.execute(
            "INSERT OR IGNORE INTO places VALUES (NULL, ?, ?, ?, ?)",
            [place.name, place.country, *coordinates],
        )
        db.execute(
            "INSERT OR IGNORE INTO article_places SELECT ?, id, ?, ? FROM places WHERE name = ? AND country IS ?",
            [number, position, place.as_written, place.name, place.country],
        )


def _links(body_html: str) -> list[tuple[str, str, str]]:
    if "<a " not in body_html:
        return []
    anchors = html.fragment_fromstring(body_html, create_parent=True).iter("a")
    found = ((a.get("href", ""), " ".join(a.text_content().split())) for a in anchors)
    return [(url, text, urlsplit(url).hostname or "") for url, text in found if url.startswith(("http://", "https://"))]
