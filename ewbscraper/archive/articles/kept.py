"""The pages of an article as we keep them: which captures they are, their bytes, and whose rules read them."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import read_capture
from ewbscraper.errors import RecordUnreadable


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Where a page lies, and what it takes to read it."""

    url: str
    content_type: str | None
    sha256: str
    """Of the body as received; hex."""
    warc: str
    """File with the body, relative to the archive's folder: an earlier one where that was the very same."""
    offset: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture lies: its head in a record of its own, its body there or in an earlier one."""

    capture: int
    warc: str
    offset: int
    body_warc: str
    body_offset: int


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """The pages of an article as they were last captured, first page first; none where no capture is of it."""

    article: int
    url: str
    """As it stands in the archive."""
    pages: tuple[KeptPage, ...]
    not_looked_at: tuple[Place, ...] = ()
    """Its captures of which nobody has read what the outlet said of its rights."""


def articles_to_read(db: sqlite3.Connection, outlet: str, extraction: str | None) -> list[int]:
    """Articles of an outlet whose text other rules made than these, or nobody knows which; None: all of them."""
    rows = db.execute(
        "SELECT id FROM articles LEFT JOIN readings ON article = id"
        " WHERE outlet = :outlet AND (:extraction IS NULL OR extraction IS NOT :extraction) ORDER BY id",
        {"outlet": outlet, "extraction": extraction},
    )
    return [row["id"] for row in rows]


def kept_articles(db: sqlite3.Connection, articles: Sequence[int]) -> list[KeptArticle]:
    """The newest look at each of these articles."""
    marks = ", ".join("?" * len(articles))
    captures = db.execute(
        "SELECT look.article, look.page, look.fetched_at, look.url, look.content_type, look.sha256,"
        " body.warc, body.offset FROM captures look JOIN captures body ON body.id = coalesce(look.same_as, look.id)"
        f" WHERE look.article IN ({marks}) ORDER BY look.article, look.id",
        articles,
    )
    unread = _not_looked_at(db, articles)
    looks = {number: _looks(rows) for number, rows in groupby(captures, key=lambda row: row["article"])}
    rows = db.execute(f"SELECT id, url, text_since, last_seen FROM articles WHERE id IN ({marks})", articles)
    return [
        KeptArticle(row["id"], row["url"], _newest(looks.get(row["id"], []), row), tuple(unread.get(row["id"], ())))
        for row in rows
    ]


def _not_looked_at(db: sqlite3.Connection, articles: Sequence[int]) -> dict[int, list[Place]]:
    rows = db.execute(
        "SELECT one.article, one.id, one.warc, one.offset, body.warc, body.offset FROM captures one"
        " JOIN captures body ON body.id = coalesce(one.same_as, one.id) WHERE one.robots IS NULL"
        f" AND one.article IN ({', '.join('?' * len(articles))}) ORDER BY one.article, one.id",
        articles,
    )
    return {number: [Place(*tuple(row)[1:]) for row in of] for number, of in groupby(rows, key=lambda row: row[0])}


def _looks(captures: Iterable[sqlite3.Row]) -> list[list[sqlite3.Row]]:
    """A look begins with a first page; the further pages after it are its own."""
    looks: list[list[sqlite3.Row]] = []
    for row in captures:
        if row["page"] and looks:
            looks[-1].append(row)
        else:
            looks.append([row])
    return looks


def _newest(looks: list[list[sqlite3.Row]], article: sqlite3.Row) -> tuple[KeptPage, ...]:
    """The last look at the text that stands: from the one that made it on, as clocks jump, and as long as it was seen.

    Older pages are imported later, and a page of the article that it was joined with is none of this text.
    """
    made = next((n for n, look in enumerate(looks) if look[0]["fetched_at"] == article["text_since"]), 0)
    at = [look for look in looks[made:] if article["text_since"] <= look[0]["fetched_at"] <= article["last_seen"]]
    in_order = sorted(at or looks, key=lambda look: str(look[0]["fetched_at"]))
    return tuple(KeptPage(*tuple(row)[3:]) for look in in_order[-1:] for row in look)


def read_page(folder: Path, kept: KeptPage) -> bytes:
    """The body, decompressed. Raises RecordUnreadable, PageUnreadable."""
    try:
        exchange = read_capture(folder, kept.warc, kept.offset)
    except OSError as error:
        raise RecordUnreadable(f"{kept.warc} cannot be read: {error.strerror}") from error
    if sha256(exchange.body).hexdigest() != kept.sha256:
        raise RecordUnreadable(f"{kept.warc} at {kept.offset}: damaged: the SHA-256 of the body is another")
    return kept_content(exchange.body, exchange.response_headers)


def has_text(db: sqlite3.Connection, article: int, content_hash: str) -> bool:
    """Whether an article's text has this hash."""
    sql = "SELECT 1 FROM articles WHERE id = ? AND content_hash = ?"
    return db.execute(sql, [article, content_hash]).fetchone() is not None


def extraction_of(db: sqlite3.Connection, article: int) -> str | None:
    """The rules that made an article's text; None where nobody knows."""
    row = db.execute("SELECT extraction FROM readings WHERE article = ?", [article]).fetchone()
    return row["extraction"] if row else None


def save_readings(db: sqlite3.Connection, articles: Sequence[int], extraction: str) -> None:
    """These articles' texts are as these rules make them."""
    db.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?)", [(number, extraction) for number in articles])
