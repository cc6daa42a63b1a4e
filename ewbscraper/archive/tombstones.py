"""What is withheld, as archive.db tells: hashes of addresses, a date, a reason, digests; nothing of what stood there.

An address is hashed without what does not tell pages apart (`address_hash`), so that no spelling of it comes back.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from ewbscraper.address import is_number
from ewbscraper.errors import Withheld
from ewbscraper.page import clean_url

NEXT_ARTICLE = """
(SELECT max(id) + 1 FROM (SELECT max(id) AS id FROM articles UNION ALL SELECT max(article) FROM withheld))
"""
NEXT_CAPTURE = """
(SELECT max(id) + 1 FROM (SELECT max(id) AS id FROM captures UNION ALL SELECT max(capture) FROM withheld_records))
"""
"""The number of a new row: that of a withheld one is in addresses and citations, and never given again."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A row of `withheld`."""

    id: int
    outlet: str | None
    article: int | None
    """The number that the article had."""
    url_sha256: str
    """Of its address, as `address_hash` makes it; names its folder in withheld/."""
    withheld_at: str
    reason: str
    erased: bool
    state: str
    """`withholding` and `restoring` until that has come to its end."""

    def __str__(self) -> str:
        what = f"article {self.article}" if self.article else "this address"
        return f"{what} was withheld on {self.withheld_at[:10]}: {self.reason}"


def tombstone_in(row: sqlite3.Row) -> Tombstone:
    """That of a row of `withheld`."""
    return Tombstone(**{**dict(row), "erased": bool(row["erased"])})


def address_hash(url: str) -> str:
    """SHA-256, hex, of `host/path?query`: without scheme, `www.`, fragment, tracking parts, and the slash at the end.

    What is no address is hashed as it is.
    """
    try:
        parts = urlsplit(clean_url(safe_url_string(url)))
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    except ValueError:
        return sha256(url.encode()).hexdigest()
    query = f"?{parts.query}" if parts.query else ""
    place = f"{(parts.hostname or '').removeprefix('www.')}{port}{parts.path.rstrip('/')}{query}"
    return sha256(place.encode()).hexdigest()


def has_tombstones(db: sqlite3.Connection) -> bool:
    """Whether the archive has the tables: one of an older version is read before it is upgraded."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'withheld_files'"
    return db.execute(sql).fetchone() is not None


def tombstone_at(db: sqlite3.Connection, url: str) -> Tombstone | None:
    """That of an address, by any spelling."""
    sql = "SELECT withheld.* FROM withheld_addresses a JOIN withheld ON id = withheld WHERE a.url_sha256 = ?"
    return _one(db, sql, address_hash(url))


def tombstone_of(db: sqlite3.Connection, article: int) -> Tombstone | None:
    """That of an article's number."""
    return _one(db, "SELECT * FROM withheld WHERE article = ? ORDER BY id", article)


def tombstone_of_capture(db: sqlite3.Connection, capture: int) -> Tombstone | None:
    """That of a capture's number."""
    sql = "SELECT withheld.* FROM withheld_records r JOIN withheld ON id = withheld WHERE capture = ?"
    return _one(db, sql, capture)


def named(db: sqlite3.Connection, key: str) -> Tombstone | None:
    """That of an article's number, or of an address."""
    return tombstone_of(db, int(key)) if is_number(key) else tombstone_at(db, key)


def has_folder(db: sqlite3.Connection, url_sha256: str) -> bool:
    """Whether a folder of this name in withheld/ is that of a tombstone."""
    return db.execute("SELECT 1 FROM withheld WHERE url_sha256 = ?", [url_sha256]).fetchone() is not None


def knows_any(db: sqlite3.Connection) -> bool:
    """Whether the archive withholds anything."""
    return has_tombstones(db) and db.execute("SELECT 1 FROM withheld LIMIT 1").fetchone() is not None


def withheld_among(db: sqlite3.Connection, urls: Iterable[str]) -> set[str]:
    """Those addresses that are withheld; asks nothing where nothing is."""
    if not knows_any(db):
        return set()
    return {url for url in urls if tombstone_at(db, url)}


def is_withheld(db: sqlite3.Connection, url: str) -> bool:
    """Whether this address, by any spelling, is withheld."""
    return bool(withheld_among(db, [url]))


def refuse_withheld(db: sqlite3.Connection, url: str) -> None:
    """Raises Withheld where a page turns out to be that of a withheld address."""
    if is_withheld(db, url):
        raise Withheld(url)


def as_captured(db: sqlite3.Connection, warc: str, digest: str | None) -> str | None:
    """The SHA-256 that a file had before anything in it was withheld; `digest` is the one that it has now."""
    if digest is None or not has_tombstones(db):
        return digest
    row = db.execute("SELECT * FROM withheld_files WHERE warc = ?", [warc]).fetchone()
    return row["sha256_before"] if row and row["sha256_after"] == digest else digest


def say_withheld(db: sqlite3.Connection, key: str) -> str | None:
    """A sentence for who asks for what is withheld, by number or address; None where it is not."""
    tombstone = named(db, key)
    return str(tombstone) if tombstone else None


def is_in_between(db: sqlite3.Connection, warc: str) -> bool:
    """Whether a takedown or a restoration that changes this file was killed before its end."""
    sql = "SELECT 1 FROM withheld_records JOIN withheld ON id = withheld WHERE warc = ? AND state <> 'withheld'"
    return has_tombstones(db) and db.execute(sql, [warc]).fetchone() is not None


def _one(db: sqlite3.Connection, sql: str, value: str | int) -> Tombstone | None:
    row = db.execute(sql, [value]).fetchone() if has_tombstones(db) else None
    return tombstone_in(row) if row else None
