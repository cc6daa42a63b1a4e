"""How long the texts of an article may be in its row, and whether they are there."""

import sqlite3

from ewbscraper.article import Article

TEXT_LIMIT = 2_000_000
"""Bytes of body, and of body_html, that are stored: both in a row stay below the reading room's limit of 5 MB."""

CUT = "\n\n[Cut by ewbscraper: the whole text is in the WARC.]"

WITHOUT_TEXT = "without_text"
"""Key in `about` of an archive whose texts were left out; its value says which, and when."""


def texts_left_out(db: sqlite3.Connection) -> str | None:
    """What a `snapshot --without-text` left out, and when; None in a whole archive."""
    row = db.execute("SELECT value FROM about WHERE key = ?", [WITHOUT_TEXT]).fetchone()
    return row["value"] if row else None


def shortened(article: Article) -> tuple[str, str]:
    """Body and its HTML as long as the tables hold them."""
    raw = article.body.encode()
    body = article.body if len(raw) <= TEXT_LIMIT else raw[:TEXT_LIMIT].decode(errors="ignore") + CUT
    return body, "" if len(article.body_html.encode()) > TEXT_LIMIT else article.body_html
