"""What a newspaper changed after publication: the texts of an article in order, and the words that differ."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from ewbscraper.archive.articles.compared import Patience, Piece, compare
from ewbscraper.errors import NoSuchRevision

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an article."""

    seen_from: str
    seen_until: str
    headline: str
    standfirst: str
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
    cause: str = ""
    """Why a later text took its place: outlet or extraction; empty for the newest."""


@dataclass(frozen=True, slots=True)
class Change:
    """One text giving way to the next."""

    before: Text
    after: Text

    @property
    def parts(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """The fields that differ, each with its paragraphs before and after."""
        old, new = self.before, self.after
        parts = [
            ("headline", (old.headline,), (new.headline,)),
            ("standfirst", (old.standfirst,), (new.standfirst,)),
            ("body", old.paragraphs, new.paragraphs),
            ("captions", old.captions, new.captions),
        ]
        return [(name, before, after) for name, before, after in parts if before != after]

    def counted(self, patience: Patience) -> tuple[int, int] | None:
        """Words added and removed; None where there is no patience left to find out."""
        added = removed = 0
        for pieces in (found for _, old, new in self.parts for found in compare(old, new, patience)):
            if patience.is_lost:
                return None
            added += sum(len(text.split()) for kind, text in pieces if kind == "ins")
            removed += sum(len(text.split()) for kind, text in pieces if kind == "del")
        return None if patience.is_lost else (added, removed)

    @property
    def fields(self) -> list[tuple[str, list[list[Piece]]]]:
        """The fields that differ, each with its changed paragraphs: `("headline", [[("del", "denies"), ...]])`."""
        return [(name, list(compare(before, after))) for name, before, after in self.parts]


def changes(db: sqlite3.Connection, article: int, newest: int = -1) -> list[Change]:
    """The changes of an article, the newest first; all of them, or so many."""
    earlier = db.execute(f"{_REVISIONS} ORDER BY seen_from DESC, id DESC LIMIT ?", [article, newest])
    texts = [text_now(db, article), *map(_text, earlier)]
    return [Change(before, after) for after, before in pairwise(texts)]


def text_now(db: sqlite3.Connection, article: int) -> Text:
    """The newest text of an article that is there."""
    now = db.execute(
        "SELECT text_since, last_seen, headline, standfirst, body, '' FROM articles WHERE id = ?", [article]
    )
    captions = db.execute("SELECT caption, credit FROM captions WHERE article = ? ORDER BY position", [article])
    return _text((*now.fetchone(), json.dumps([list(row) for row in captions])))


def text(db: sqlite3.Connection, article: int, number: int) -> Text:
    """One text of an article that is there, 1 the oldest, the last one the newest. Raises NoSuchRevision."""
    row = db.execute(f"{_REVISIONS} ORDER BY seen_from, id LIMIT 1 OFFSET ?", [article, number - 1]).fetchone()
    if row:
        return _text(row)
    earlier = count(db, article)
    if number != earlier + 1:
        raise NoSuchRevision(f"this article has {earlier + 1} texts")
    return text_now(db, article)


def count(db: sqlite3.Connection, article: int) -> int:
    """How many earlier texts an article has."""
    return int(db.execute("SELECT count(*) FROM revisions WHERE article = ?", [article]).fetchone()[0])


def texts(db: sqlite3.Connection, article: int) -> Iterator[Text]:
    """Every text of an article that is there, the oldest first, one at a time."""
    yield from map(_text, db.execute(f"{_REVISIONS} ORDER BY seen_from, id", [article]))
    yield text_now(db, article)


def change(db: sqlite3.Connection, article: int, number: int | None = None) -> Change:
    """How the earlier text of this number, else the last one, gave way to the next. Raises NoSuchRevision."""
    oldest_first = changes(db, article)[::-1]
    return nth(oldest_first, len(oldest_first) if number is None else number)


def nth(earlier: Sequence[T], number: int) -> T:
    """What belongs to the earlier text of this number, 1 the oldest. Raises NoSuchRevision."""
    if 0 < number <= len(earlier):
        return earlier[number - 1]
    numbers = {0: "no earlier text", 1: "1 earlier text: --revision 1"}
    many = f"{len(earlier)} earlier texts: --revision 1 to {len(earlier)}"
    raise NoSuchRevision(f"this article has {numbers.get(len(earlier), many)}")


_REVISIONS = (
    "SELECT seen_from, seen_until, headline, standfirst, body, cause, captions FROM revisions WHERE article = ?"
)


def _text(row: Sequence[Any]) -> Text:
    seen_from, seen_until, headline, standfirst, body, cause, captions = row
    paragraphs = tuple(body.split("\n\n"))
    if standfirst and paragraphs[0] == standfirst:
        paragraphs = paragraphs[1:]
    lines = tuple(f"{caption} ({credit})".strip() if credit else caption for caption, credit in json.loads(captions))
    return Text(seen_from, seen_until, headline or "", standfirst or "", paragraphs, lines, cause)
