"""A search as an Atom feed (RFC 4287): what is new on a subject, for any feed reader."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TextIO
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from ewbscraper.archive.finding.citations import address
from ewbscraper.archive.finding.hits import CLOSE, OPEN, passages
from ewbscraper.archive.finding.question import Question

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ENTRY = """
SELECT articles.url, headline, standfirst, published_utc, text_since, articles.language, name AS outlet_name,
  (SELECT json_group_array(name) FROM (SELECT authors.name FROM article_authors JOIN authors ON authors.id = author
   WHERE article = articles.id ORDER BY position)) AS authors
FROM articles JOIN outlets ON slug = outlet WHERE articles.id = ?
"""

_CHANGED = "SELECT max(ifnull(finished, started)) FROM runs"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, and where its entries lead."""

    title: str
    address: str
    """Its own, absolute."""
    search: str
    """Of the search page, absolute."""
    article: Callable[[int], str]
    """Absolute address of an article's page in the reading room, by its number."""
    with_texts: bool = True
    """A standfirst stands in for a passage."""


def write_atom(db: sqlite3.Connection, feed: Feed, asked: Question, ids: Iterable[int], out: TextIO) -> None:
    """Writes the feed, an entry for each article; it has changed when the archive's last run ended."""
    (changed,) = db.execute(_CHANGED).fetchone()
    out.write(
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{_text(feed.address)}</id>\n<title>{_text(feed.title)}</title>\n"
        f"<updated>{changed or '1970-01-01T00:00:00Z'}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={_attribute(feed.address)}/>\n'
        f'<link rel="alternate" type="text/html" href={_attribute(feed.search)}/>\n<generator>ewbscraper</generator>\n'
    )
    out.writelines(_entry(db, feed, asked, number) for number in ids)
    out.write("</feed>\n")


def _entry(db: sqlite3.Connection, feed: Feed, asked: Question, number: int) -> str:
    row = db.execute(_ENTRY, [number]).fetchone()
    language = row["language"] or ""
    known = re.fullmatch("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language)
    parts = [
        f"<entry{f' xml:lang={_attribute(language)}' if known else ''}>",
        f"<id>{uuid5(NAMESPACE_URL, _clean(row['url'])).urn}</id>",
        f"<title>{_text(row['headline'] or 'Without a headline')}</title>",
        f"<updated>{row['text_since']}</updated>",
        f"<published>{row['published_utc']}</published>" if row["published_utc"] else "",
        *(f"<author><name>{_text(name)}</name></author>" for name in _authors(row)),
        f'<link rel="alternate" type="text/html" href={_attribute(feed.article(number))}/>',
        f'<link rel="via" href={_attribute(address(row["url"]))}/>' if address(row["url"]) else "",
        f"<summary>{_text(_summary(db, feed, asked, number, row))}</summary>",
        "</entry>\n",
    ]
    return "\n".join(filter(None, parts))


def _authors(row: Any) -> list[str]:
    return json.loads(row["authors"]) or [row["outlet_name"]]


def _summary(db: sqlite3.Connection, feed: Feed, asked: Question, number: int, row: Any) -> str:
    """The passage with the words, without its marks; else the standfirst, where texts may be shown."""
    passage = passages(db, asked, [number], words=44)[0]["passage"]
    if passage:
        return str(passage).replace(OPEN, "").replace(CLOSE, "")
    return (row["standfirst"] or "") if feed.with_texts else ""


def _clean(text: str) -> str:
    """Without the characters that no XML may have, not even escaped."""
    return _NO_XML.sub("", text)


def _text(text: str) -> str:
    return escape(" ".join(_clean(text).split()))


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))
