"""Everything that the page of an article shows, read in one go."""

import sqlite3
from typing import Any

from ewbscraper.archive import citations
from ewbscraper.archive.revisions import changes
from ewbscraper.browse.reading import readable

_ARTICLE = """
SELECT articles.*, name AS outlet_name, home, timezone
FROM articles JOIN outlets ON slug = outlet WHERE articles.id = ?
"""

_ROWS = {
    "authors": "SELECT authors.* FROM article_authors JOIN authors ON id = author WHERE article = ? ORDER BY position",
    "sections": "SELECT sections.* FROM article_sections JOIN sections ON id = section WHERE article = ?"
    " ORDER BY position",
    "tags": "SELECT tags.* FROM article_tags JOIN tags ON id = tag WHERE article = ? ORDER BY position",
    "places": "SELECT places.*, as_written FROM article_places JOIN places ON id = place WHERE article = ?"
    " ORDER BY position",
    "captions": "SELECT * FROM captions WHERE article = ? ORDER BY position",
    "captures": "SELECT * FROM captures WHERE article = ? ORDER BY fetched_at DESC, id DESC",
    "found_by": "SELECT field, strategy FROM found_by WHERE article = ? ORDER BY field",
    "related_posts": "SELECT * FROM related_posts WHERE article = ? ORDER BY position",
    "linked_from": "SELECT DISTINCT articles.id, articles.headline, articles.url, articles.outlet, articles.published"
    " FROM links JOIN articles ON articles.id = links.article"
    " WHERE target_article = ? AND articles.id <> target_article ORDER BY published_utc DESC LIMIT 50",
}


def read_article(db: sqlite3.Connection, number: int) -> dict[str, Any] | None:
    """What the page of an article shows, by name; None where there is no such article."""
    row = db.execute(_ARTICLE, [number]).fetchone()
    if row is None:
        return None
    shown = {name: db.execute(sql, [number]).fetchall() for name, sql in _ROWS.items()}
    of = citations.reference(db, number)
    return {
        **shown,
        **{name: row[name] for name in row.keys()},  # noqa: SIM118 -- a Row is no mapping
        "lead": [picture for picture in shown["captions"] if picture["role"] == "lead"],
        "pictures": [picture for picture in shown["captions"] if picture["role"] != "lead"],
        "text": readable(row["body"], row["body_html"], row["standfirst"], row["dateline"]),
        "changes": changes(db, number),
        "citation": citations.plain(of) if of else "",
    }
