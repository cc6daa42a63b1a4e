"""Answers of feeds and listing pages that go on naming what is withheld: they quote it, run after run.

Lists of addresses (sitemaps, WordPress' REST list) say nothing else of a page, and stay; so do pages of articles.
"""

import html
import re
import sqlite3
from pathlib import Path

from ewbscraper.address import join
from ewbscraper.archive.tombstones import Tombstone, tombstone_at
from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import read_capture
from ewbscraper.errors import PageUnreadable, RecordUnreadable

ONLY_ADDRESSES = ("WordPress", "Sitemap")
"""Kinds of source, as `source_answers` has them."""

_ADDRESS = re.compile(r"""https?:\\?/\\?/[^\s"'<>]+|(?<=href=["'])[^"']+""")
_LOOSE = """
SELECT captures.id AS id, captures.url AS url, warc, offset, source
FROM captures JOIN runs ON runs.id = captures.run
LEFT JOIN source_answers ON source_answers.run = captures.run AND source_answers.url = captures.url
WHERE outlet = ? AND runs.id > ? AND article IS NULL AND media_of IS NULL AND same_as IS NULL
  AND captures.status = 200 ORDER BY captures.id
"""


def that_name_it(db: sqlite3.Connection, folder: Path, outlet: str, after: int) -> dict[int, Tombstone]:
    """By capture, of the runs after this one, what it names of what is withheld."""
    found: dict[int, Tombstone] = {}
    for row in db.execute(_LOOSE, [outlet, after]).fetchall():
        tombstone = None if row["source"] in ONLY_ADDRESSES else _named_in(db, folder, row)
        if tombstone:
            found[row["id"]] = tombstone
    return found


def _named_in(db: sqlite3.Connection, folder: Path, row: sqlite3.Row) -> Tombstone | None:
    try:
        exchange = read_capture(folder, row["warc"], row["offset"])
        body = kept_content(exchange.body, exchange.response_headers)
    except (RecordUnreadable, PageUnreadable, OSError):
        return None
    text = html.unescape(body.decode("utf-8", "replace"))
    for url in dict.fromkeys(one[0].replace("\\/", "/") for one in _ADDRESS.finditer(text)):
        if tombstone := tombstone_at(db, join(row["url"], url)):
            return tombstone
    return None
