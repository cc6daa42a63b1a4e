"""What would change in the archive if an article were saved."""

import sqlite3
from typing import Any

from ewbscraper.archive.articles.lookup import as_json
from ewbscraper.archive.articles.texts import shortened
from ewbscraper.article import Article


def differences(db: sqlite3.Connection, number: int, article: Article) -> dict[str, tuple[Any, Any]]:
    """Fields that the archive has otherwise than this article: before and after, in the shape of `Article.to_dict`."""
    before = as_json(db, db.execute("SELECT * FROM articles WHERE id = ?", [number]).fetchone())
    after = _as_archived(article)
    return {name: (before[name], after[name]) for name in after if before[name] != after[name]}


def _as_archived(article: Article) -> dict[str, Any]:
    """As the tables keep it: each name once, texts not longer than they hold."""
    said = article.to_dict()
    for names in ("authors", "sections", "tags"):
        said[names] = list(dict.fromkeys(said[names]))
    if said["dateline"]:
        places: dict[tuple[str, str | None], Any] = {}
        for place in said["dateline"]["places"]:
            places.setdefault((place["name"], place["country"]), place)
        said["dateline"]["places"] = list(places.values())
    said["body"], said["body_html"] = shortened(article)
    return said
