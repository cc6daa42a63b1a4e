"""An article and all that hangs on it, written in the caller's one transaction."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Literal

from ewbscraper.archive import search
from ewbscraper.archive.articles.kept import save_readings
from ewbscraper.archive.articles.parts import PARTS, replace_parts
from ewbscraper.archive.articles.texts import shortened
from ewbscraper.archive.schema.history import keep_history_hash
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.tombstones import NEXT_ARTICLE, NEXT_CAPTURE
from ewbscraper.archive.warc.reader import Capture
from ewbscraper.article import Article
from ewbscraper.outlet import Outlet

Change = Literal["new", "changed", "unchanged"]
Cause = Literal["outlet", "extraction"]


_POINT_AT_AN_ARTICLE = (
    ("captures", "article"),
    ("captures", "media_of"),
    ("media", "article"),
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


_fields = attrgetter(*(field.name for field in fields(Capture)))
"""In the order of the columns; `astuple` copies each, which takes 0.1 ms."""


def save_captures(
    db: sqlite3.Connection, run: int, captures: Iterable[Capture], article: int | None = None, media: bool = False
) -> None:
    """Rows that point into the WARC, synced by now: an article's pages in order, or pictures and styles it needs."""
    page_of, media_of = (None, article) if media else (article, None)
    db.executemany(
        "INSERT INTO captures (id, run, article, page, media_of, url, fetched_at, status, content_type, sha256, bytes,"
        f" truncated, warc, offset, length, same_as, origin) VALUES ({NEXT_CAPTURE}{', ?' * 16})",
        [(run, page_of, page if page_of else None, media_of, *_fields(one)) for page, one in enumerate(captures)],
    )


def save_article(
    db: sqlite3.Connection,
    article: Article,
    *,
    outlet: str,
    run: int,
    captured: str | None,
    known: int | None = None,
    cause: Cause = "outlet",
    extraction: str | None = None,
) -> tuple[int, Change]:
    """The article's row and all that hangs on it; a revision of the text before where the text changed.

    `known` is the article that the same address gave before: a moved article keeps its row. `captured` is when the
    page was had (our time stamp); None where an archived one was read again: then no time stamp moves. `extraction`
    is the fingerprint of the rules that made the text. Returns id and what became of it.
    """
    number = known if known is not None else article_at(db, article.url)
    old = db.execute("SELECT * FROM articles WHERE id = ?", [number]).fetchone() if number is not None else None
    if old is None:
        assert captured is not None
        number = _insert(db, article, outlet, captured)
        change: Change = "new"
    else:
        number = old["id"]
        change = _update(db, old, article, captured, run, cause)
    replace_parts(db, number, article, new=change == "new")
    if extraction:
        save_readings(db, [number], extraction)
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
    for table in PARTS:
        db.execute(f"DELETE FROM {table} WHERE article = ?", [other])
    db.execute("DELETE FROM articles WHERE id = ?", [other])
    keep_history_hash(db, kept)


def twins(db: sqlite3.Connection, article: Article, known: int | None) -> list[int]:
    """Other articles of its outlet with the very same text: an agency's text is in many outlets, and no fault."""
    sql = "SELECT id FROM articles WHERE content_hash = ? AND outlet = ? AND id IS NOT ?"
    rows = db.execute(sql, [article.content_hash, article.outlet, known])
    return [row["id"] for row in rows]


def mark_gone(db: sqlite3.Connection, article: int) -> bool:
    """The outlet removed it: kept, marked. True where it was not marked before."""
    cursor = db.execute("UPDATE articles SET gone_at = ? WHERE id = ? AND gone_at IS NULL", [utc_now(), article])
    return cursor.rowcount == 1


def mark_seen(db: sqlite3.Connection, article: int) -> bool:
    """The outlet still serves it, or again. True where it was marked gone."""
    seen, gone = db.execute("SELECT last_seen, gone_at FROM articles WHERE id = ?", [article]).fetchone()
    now = utc_now()
    if gone or seen < now:  # the row with its text is written whole: 0.05 ms
        db.execute("UPDATE articles SET last_seen = max(last_seen, ?), gone_at = NULL WHERE id = ?", [now, article])
    return gone is not None


def _columns(article: Article) -> dict[str, str | int | None]:
    dateline, (body, body_html) = article.dateline, shortened(article)
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
        "body": body,
        "body_html": body_html,
    }


def _insert(db: sqlite3.Connection, article: Article, outlet: str, captured: str) -> int:
    stamps = {"outlet": outlet, "first_seen": captured, "last_seen": captured, "text_since": captured}
    row = {**_columns(article), **stamps}
    cursor = db.execute(
        f"INSERT INTO articles (id, {', '.join(row)}) VALUES ({NEXT_ARTICLE}{', ?' * len(row)})",
        list(row.values()),
    )
    number = cursor.lastrowid
    assert number is not None
    search.index(db, number)
    for table, column in (("related_posts", "related_article"), ("links", "target_article")):
        db.execute(f"UPDATE {table} SET {column} = ? WHERE url = ?", [number, article.url])
    return number


def _update(
    db: sqlite3.Connection, old: sqlite3.Row, article: Article, captured: str | None, run: int, cause: Cause
) -> Change:
    columns = _columns(article)
    changed = columns["content_hash"] != old["content_hash"]
    if changed:
        _keep_revision(db, old, run, cause)
    reindexed = any(columns[name] != old[name] for name in search.COLUMNS)
    if reindexed:
        search.unindex(db, old["id"])
    row = {name: value for name, value in columns.items() if value != old[name]}
    if captured:
        seen = max(captured, old["last_seen"])  # where the clock was set back: the texts stay in their order
        row |= {"last_seen": seen, "text_since": seen if changed else old["text_since"]}
    if row:
        names = ", ".join(f"{name} = ?" for name in row)
        db.execute(f"UPDATE articles SET {names} WHERE id = ?", [*row.values(), old["id"]])
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
    keep_history_hash(db, old["id"])
