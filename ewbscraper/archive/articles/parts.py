"""What hangs on an article, a table each: its authors, sections, tags, places, captions, related posts and links."""

import sqlite3
from collections.abc import Sequence

from lxml import etree

from ewbscraper.address import split
from ewbscraper.article import Article
from ewbscraper.places import find_place

PARTS = (
    "article_authors",
    "article_sections",
    "article_tags",
    "article_places",
    "captions",
    "related_posts",
    "links",
    "found_by",
    "readings",
)


def replace_parts(db: sqlite3.Connection, number: int, article: Article, *, new: bool = False) -> None:
    """All that hangs on the article with this id, as its page says today."""
    for table in () if new else PARTS:
        db.execute(f"DELETE FROM {table} WHERE article = ?", [number])
    _save_names(db, number, "authors", "author", article.authors)
    _save_names(db, number, "sections", "section", article.sections)
    _save_names(db, number, "tags", "tag", article.tags)
    _save_places(db, number, article)
    db.executemany(
        "INSERT INTO captions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, i, c.caption, c.credit, c.image_url, c.alt, c.role, c.after) for i, c in enumerate(article.captions)],
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


def place_pictures(db: sqlite3.Connection, number: int, article: Article) -> None:
    """Where the pictures of an article stand, whose captions are in the archive as they are here."""
    db.executemany(
        "UPDATE captions SET after = :after WHERE article = :article AND position = :position AND after IS NOT :after",
        [{"article": number, "position": i, "after": c.after} for i, c in enumerate(article.captions)],
    )


def _save_names(db: sqlite3.Connection, number: int, table: str, column: str, names: Sequence[str]) -> None:
    db.executemany(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", [(name,) for name in names])
    db.executemany(
        f"INSERT OR IGNORE INTO article_{table} (article, {column}, position)"
        f" SELECT ?, id, ? FROM {table} WHERE name = ?",
        [(number, position, name) for position, name in enumerate(names)],
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


_PARSER = etree.HTMLParser(remove_comments=True, remove_pis=True, collect_ids=False)


def _links(body_html: str) -> list[tuple[str, str, str]]:
    if "<a " not in body_html:
        return []
    anchors = etree.fromstring(body_html, _PARSER).iter("a")
    found = ((a.get("href", ""), " ".join("".join(map(str, a.itertext())).split())) for a in anchors)
    return [(url, text, split(url).hostname or "") for url, text in found if url.startswith(("http://", "https://"))]
