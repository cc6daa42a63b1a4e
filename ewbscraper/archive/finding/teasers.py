"""What a list of articles shows of each: where, when and what it is, and the passage that answers."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question

_ROW = """
SELECT articles.id, published, articles.language, headline, standfirst, dateline, gone_at, name AS outlet_name, timezone
FROM articles JOIN outlets ON slug = outlet WHERE articles.id = ?
"""


def teasers(db: sqlite3.Connection, chosen: Sequence[int]) -> list[dict[str, Any]]:
    """A row for each article, in this order; `standfirst` is the publisher's text."""
    return [dict(db.execute(_ROW, [number]).fetchone()) for number in chosen]


def with_passages(db: sqlite3.Connection, asked: Question, chosen: Sequence[int], words: int) -> list[dict[str, Any]]:
    """The same with `marked_headline` and a `passage` of so many words beside it, as `hits.passages` has them."""
    marked = hits.passages(db, asked, chosen, words=words, beside_headline=True)
    return [{**row, **found} for row, found in zip(teasers(db, chosen), marked, strict=True)]
