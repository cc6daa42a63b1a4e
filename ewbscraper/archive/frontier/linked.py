"""Addresses that archived articles link to: a way to articles that no source lists any more."""

import sqlite3


def linked_addresses(db: sqlite3.Connection, outlet: str) -> list[str]:
    """Links of the bodies and related posts of an outlet's articles, any host, that its frontier does not know."""
    rows = db.execute(
        "SELECT linked.url FROM (SELECT article, url FROM links UNION SELECT article, url FROM related_posts) linked"
        " JOIN articles ON articles.id = article WHERE outlet = :outlet"
        " AND linked.url NOT IN (SELECT url FROM frontier WHERE outlet = :outlet)",
        {"outlet": outlet},
    )
    return list(dict.fromkeys(row["url"] for row in rows))
