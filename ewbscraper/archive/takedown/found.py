"""What a takedown of an article, or of an address, is about: its addresses, its captures, its pictures.

Also what carries its text without being named by it: answers of feeds and listing pages, pages that were no article
when they were captured. Pages of other articles stay, whatever they quote.
"""

import html
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlunsplit

from w3lib.url import safe_url_string

from ewbscraper.address import is_number, split
from ewbscraper.archive.takedown.pictures import pictures_of
from ewbscraper.archive.tombstones import address_hash
from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import read_capture
from ewbscraper.errors import NotWithheld, PageUnreadable, RecordUnreadable
from ewbscraper.page import clean_url

SHORTEST = 25
"""Letters of a paragraph, or headline, from which on it tells an article."""
LONGEST = 80
"""Letters of it that are looked for: lists cut what they quote."""
_TAG = re.compile("<[^<>]*>")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(slots=True)
class Found:
    """What is to be withheld."""

    url: str
    """The article's own address, or the one that was named."""
    article: int | None
    outlet: str | None
    addresses: set[str] = field(default_factory=set)
    """Never to be asked for again, its own pictures among them."""
    captures: set[int] = field(default_factory=set)
    shared: dict[int, int] = field(default_factory=dict)
    """Captures that stay, as another article needs them, and which one."""
    others_need: dict[str, int] = field(default_factory=dict)
    """The same of addresses of pictures and styles."""


def find(db: sqlite3.Connection, key: str) -> Found:
    """The article, or the address, that a number or any spelling of an address names. Raises NotWithheld."""
    if is_number(key):
        row = db.execute("SELECT id, url, outlet FROM articles WHERE id = ?", [key]).fetchone()
    else:
        row = _first(db, _ARTICLE_AT, key)
    if row:
        return Found(row["url"], row["id"], row["outlet"])
    known = None if is_number(key) else _first(db, _ADDRESS, key)
    if known is None:
        raise NotWithheld(f"the archive has no {'article' if is_number(key) else 'address'} {key}{_nearest(db, key)}")
    return Found(known["url"], None, known["outlet"])


def at_spellings(db: sqlite3.Connection, found: Found) -> list[int]:
    """Other articles at what is the same address to a tombstone."""
    sql = "SELECT id FROM articles WHERE url = ? AND id IS NOT ?"
    rows = [db.execute(sql, [url, found.article]).fetchone() for url in _spellings(found.url)]
    return sorted({row["id"] for row in rows if row})


def look_for_all(db: sqlite3.Connection, folder: Path, found: Found) -> None:
    """Fills in addresses and captures."""
    values = {"article": found.article, "url": found.url}
    found.addresses = {found.url, *(row["url"] for row in db.execute(_ADDRESSES, values))}
    hashes = {address_hash(url) for url in found.addresses}
    own = "SELECT id FROM captures WHERE article = ?"
    found.captures = {row["id"] for row in db.execute(own, [found.article])}
    texts = list(_texts(db, found.article))
    for row in db.execute(_LOOSE, {"outlet": found.outlet}).fetchall():
        if address_hash(row["url"]) in hashes or _carries(folder, row, texts):
            found.captures.add(row["id"])
    if found.article is not None:
        pictures_of(db, folder, found)
    _with_payloads(db, found)


def _first(db: sqlite3.Connection, sql: str, url: str) -> sqlite3.Row | None:
    for spelled in _spellings(url):
        row: sqlite3.Row | None = db.execute(sql, {"url": spelled}).fetchone()
        if row:
            return row
    return None


def _spellings(url: str) -> Iterator[str]:
    """As written, then without what a letter's copy of it may have more: tracking parts, a fragment, capitals."""
    yield url
    full = url if "://" in url else f"https://{url}"
    for parts in {split(clean_url(full)), split(clean_url(_escaped(full)))}:
        bare, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
        for scheme in ("https", "http"):
            for host in (bare, f"www.{bare}"):
                for ending in ("/", ""):
                    yield urlunsplit((scheme, host, path + ending, parts.query, ""))


def _escaped(url: str) -> str:
    try:
        return safe_url_string(url)
    except ValueError:  # no address
        return url


_ARTICLE_AT = """
SELECT id, url, outlet FROM articles WHERE url = :url
UNION ALL SELECT articles.id, articles.url, articles.outlet FROM frontier JOIN articles ON articles.id = article
WHERE frontier.url = :url
UNION ALL SELECT articles.id, articles.url, articles.outlet FROM captures JOIN articles ON articles.id = article
WHERE captures.url = :url LIMIT 1
"""
_ADDRESS = """
SELECT url, outlet FROM frontier WHERE url = :url
UNION ALL SELECT url, outlet FROM captures LEFT JOIN runs ON runs.id = run
WHERE url = :url AND article IS NULL AND media_of IS NULL LIMIT 1
"""
_ADDRESSES = """
SELECT url FROM
  (SELECT url FROM frontier WHERE article = :article UNION SELECT url FROM captures WHERE article = :article)
WHERE url NOT IN (SELECT url FROM articles WHERE id IS NOT :article)
"""
_LOOSE = """
SELECT id, url, warc, offset, status, same_as FROM captures
WHERE article IS NULL AND media_of IS NULL AND (run IS NULL OR run IN (SELECT id FROM runs WHERE outlet IS :outlet))
"""
"""Captures of no article: robots.txt, lists, pages that were none."""


def _texts(db: sqlite3.Connection, article: int | None) -> Iterator[str]:
    """How each headline and paragraph of an article begins, earlier texts too, as `_plain` has it."""
    rows = db.execute(
        "SELECT headline, standfirst, body FROM articles WHERE id = :article"
        " UNION ALL SELECT headline, standfirst, body FROM revisions WHERE article = :article"
        " UNION ALL SELECT caption, NULL, NULL FROM captions WHERE article = :article",
        {"article": article},
    )
    parts = (part for row in rows for text in row for part in (text or "").split("\n\n"))
    return (text[:LONGEST] for text in dict.fromkeys(map(_plain, parts)) if len(text) >= SHORTEST)


def _carries(folder: Path, row: sqlite3.Row, texts: Iterable[str]) -> bool:
    if row["same_as"] is not None or row["status"] != 200 or not texts:
        return False
    try:
        exchange = read_capture(folder, row["warc"], row["offset"])
        body = kept_content(exchange.body, exchange.response_headers)
    except (RecordUnreadable, PageUnreadable, OSError):
        return False
    said = _plain(body.decode("utf-8", "replace"))
    return any(text in said for text in texts)


def _plain(text: str) -> str:
    """Letters alone, as a page, a feed or JSON quotes them: without tags, entities, escapes and white space."""
    text = _ESCAPED.sub(lambda one: chr(int(one[1], 16)), text)
    text = html.unescape(_TAG.sub(" ", html.unescape(_TAG.sub(" ", text))))
    return "".join(one for one in _TAG.sub(" ", text).casefold() if one.isalnum())


def _with_payloads(db: sqlite3.Connection, found: Found) -> None:
    """Captures that have the very bytes of one that goes, go too; where another article leans on them they stay."""
    before = set[int]()
    while before != found.captures:
        before = set(found.captures)
        for row in db.execute(_LEANING, _json(before)).fetchall():
            owner = found.shared.get(row["id"], row["article"] or row["media_of"])
            if owner in (None, found.article):
                found.captures.add(row["id"])
            elif row["same_as"] is not None:
                found.captures.discard(row["same_as"])
                found.shared[row["same_as"]] = owner


_LEANING = """
SELECT id, same_as, article, media_of FROM captures
WHERE same_as IN (SELECT value FROM json_each(:chosen)) AND id NOT IN (SELECT value FROM json_each(:chosen))
UNION SELECT body.id, NULL, body.article, body.media_of FROM captures JOIN captures body ON body.id = captures.same_as
WHERE captures.id IN (SELECT value FROM json_each(:chosen)) AND body.id NOT IN (SELECT value FROM json_each(:chosen))
"""


def _json(numbers: Iterable[int]) -> dict[str, str]:
    return {"chosen": f"[{','.join(map(str, numbers))}]"}


def _nearest(db: sqlite3.Connection, key: str) -> str:
    """Addresses that look like it, and how to find others."""
    last = split(key).path.rstrip("/").rpartition("/")[2]
    rows = db.execute("SELECT url FROM articles WHERE instr(url, ?) LIMIT 2000", [last[:2]]) if last else ()
    near = get_close_matches(key, [row["url"] for row in rows], n=3)
    said = f"; near it: {', '.join(near)}" if near else ""
    return f"{said}: `ewbscraper search WORDS` finds numbers and addresses"
