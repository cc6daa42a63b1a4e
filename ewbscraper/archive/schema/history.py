"""A digest over an article's earlier texts, kept with the article: that a revision was removed by hand is seen."""

import sqlite3
from hashlib import sha256

_REVISIONS = """
SELECT json_array(seen_from, seen_until, cause, content_hash) FROM revisions WHERE article = ?
ORDER BY seen_from, seen_until, content_hash, cause
"""


def history_hash(db: sqlite3.Connection, article: int) -> str | None:
    """SHA-256, hex, of a line for each revision, oldest first; None where the article has none."""
    lines = [line for (line,) in db.execute(_REVISIONS, [article])]
    return sha256("\n".join(lines).encode()).hexdigest() if lines else None


def keep_history_hash(db: sqlite3.Connection, article: int) -> None:
    """Called by whoever adds or moves revisions, in the same transaction."""
    db.execute("UPDATE articles SET history_hash = ? WHERE id = ?", [history_hash(db, article), article])
