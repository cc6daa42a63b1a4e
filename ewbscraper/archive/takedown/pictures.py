"""Which pictures of an archived page are its own, and which a newspaper shows on all of its pages."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ewbscraper.address import split
from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import read_exchange
from ewbscraper.errors import PageUnreadable, RecordUnreadable

OTHERS = 20
"""Other articles whose pages are looked at: what they name too is the newspaper's, not the article's."""

_SIZE = re.compile(r"(?:[-_](?:\d{2,5}(?:x\d{2,5})?|scaled))?\.\w{3,4}(?:\?.*)?$")
"""The end of an address that tells sizes of a picture apart: `-300x200.jpg`, `-900.jpg?v=2`."""


class Found(Protocol):
    """What is to be withheld."""

    article: int | None
    addresses: set[str]
    captures: set[int]
    shared: dict[int, int]
    others_need: dict[str, int]


def pictures_of(db: sqlite3.Connection, folder: Path, found: Found) -> None:
    """Adds the pictures and styles that only this article needs; those that others need, stay with one of these."""
    own, theirs = (_in_captions(db, sql, found.article) for sql in (_OWN, _THEIRS))
    needed = {row["id"]: row["url"] for row in db.execute(_KEPT, [found.article])}
    depths = {row["url"]: row["depth"] for row in db.execute(_DEPTHS, [found.article])}
    others = list(_others(db, folder, found.article))
    users = {url: _user(url, own, theirs, others) for url in {*needed.values(), *depths}}
    shared = next((user for url, user in users.items() if user is not None), None)
    for url in (url for url in users if depths.get(url) and _SIZE.sub("", url) not in own):
        users[url] = users[url] or shared  # a font of a style that stays
    found.addresses |= {url for url, user in users.items() if user is None}
    found.others_need = {url: user for url, user in users.items() if user is not None}
    for number, url in needed.items():
        if users[url] is None:
            found.captures.add(number)
        else:
            found.shared[number] = found.others_need[url]


def _user(url: str, own: dict[str, int], theirs: dict[str, int], others: list[tuple[int, bytes]]) -> int | None:
    """Another article that needs it."""
    picture, path = _SIZE.sub("", url), split(url).path.encode()
    if picture in theirs or picture in own:
        return theirs.get(picture)
    return next((article for article, page in others if path in page), None)


def _in_captions(db: sqlite3.Connection, sql: str, article: int | None) -> dict[str, int]:
    """Pictures that captions name, without their sizes, and of which article."""
    return {_SIZE.sub("", row["image_url"]): row["article"] for row in db.execute(sql, [article])}


def _others(db: sqlite3.Connection, folder: Path, article: int | None) -> Iterator[tuple[int, bytes]]:
    """The newest pages of other articles of the newspaper, those that came about then."""
    for row in db.execute(_NEAR, {"article": article, "others": OTHERS}).fetchall():
        try:
            exchange = read_exchange(db, folder, row["capture"])
            yield row["article"], kept_content(exchange.body, exchange.response_headers)
        except (RecordUnreadable, PageUnreadable, OSError):
            continue


_OWN = "SELECT article, image_url FROM captions WHERE article = ? AND image_url IS NOT NULL"
_THEIRS = "SELECT article, image_url FROM captions WHERE article <> ? AND image_url IS NOT NULL"
_KEPT = "SELECT id, url FROM captures WHERE media_of = ? ORDER BY id"
_DEPTHS = "SELECT url, depth FROM media WHERE article = ?"
_NEAR = """
SELECT captures.article AS article, max(captures.id) AS capture FROM captures JOIN articles ON articles.id = article
WHERE status = 200 AND article <> :article AND outlet = (SELECT outlet FROM articles WHERE id = :article)
GROUP BY captures.article ORDER BY abs(captures.article - :article) LIMIT :others
"""
