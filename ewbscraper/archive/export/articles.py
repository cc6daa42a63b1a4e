"""Articles as rows of one table, with all that hangs on them: what pandas, R or a spreadsheet reads of a search."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

TEXTS = ("standfirst", "captions", "body")
"""Columns that hold what the outlet wrote, beyond the headline."""


def _list(many: str) -> str:
    one = many.removesuffix("s")
    named = f"SELECT name FROM article_{many} JOIN {many} ON {many}.id = {one} WHERE article = articles.id"
    return f"(SELECT json_group_array(name) FROM ({named} ORDER BY position))"


_CAPTIONS = """(
  SELECT json_group_array(json_object('caption', caption, 'credit', credit))
  FROM (SELECT caption, credit FROM captions WHERE article = articles.id ORDER BY position)
)"""

_COLUMNS = {
    "id": "articles.id",
    "outlet": "outlet",
    "url": "articles.url",
    "headline": "headline",
    "standfirst": "standfirst",
    "dateline": "dateline",
    "places": _list("places"),
    "byline": "byline",
    "authors": _list("authors"),
    "published": "published",
    "published_utc": "published_utc",
    "sections": _list("sections"),
    "tags": _list("tags"),
    "language": "language",
    "words": "words",
    "captions": _CAPTIONS,
    "first_seen": "first_seen",
    "last_seen": "last_seen",
    "gone_at": "gone_at",
    "captured": "capture.fetched_at",
    "sha256": "capture.sha256",
    "body": "body",
}
"""By name; `captured` and `sha256` are of the newest successful capture."""

_LISTS = {"places", "authors", "sections", "tags", "captions"}

_SELECT = """
SELECT {columns} FROM articles LEFT JOIN captures AS capture ON capture.id = (
  SELECT id FROM captures WHERE article = articles.id AND status = 200 ORDER BY fetched_at DESC, id LIMIT 1
) WHERE articles.id = ?
"""


def columns(*, with_texts: bool = True) -> list[str]:
    """Names of the columns, in order."""
    return [name for name in _COLUMNS if with_texts or name not in TEXTS]


def rows(db: sqlite3.Connection, ids: Iterable[int], *, with_texts: bool = True) -> Iterator[tuple[Any, ...]]:
    """The articles, one row each, in the order of their ids; lists are lists, captions objects in one."""
    names = columns(with_texts=with_texts)
    sql = _SELECT.format(columns=", ".join(_COLUMNS[name] for name in names))
    for number in ids:
        row = db.execute(sql, [number]).fetchone()
        yield tuple(json.loads(value) if name in _LISTS else value for name, value in zip(names, row, strict=True))
