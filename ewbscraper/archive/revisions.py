"""What a newspaper changed after publication: the texts of an article in order, and the words that differ."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal, TypeVar

from ewbscraper.errors import NoSuchRevision

Piece = tuple[Literal["same", "del", "ins"], str]
"""Some words, and whether they stayed, went or came."""

T = TypeVar("T")

ENOUGH = 4_000_000
"""Words before times words after from which a passage is shown as replaced whole: comparing is quadratic."""


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

    @property
    def fields(self) -> list[tuple[str, list[list[Piece]]]]:
        """The fields that differ, each with its changed paragraphs: `("headline", [[("del", "denies"), ...]])`."""
        return [(name, list(compare(before, after))) for name, before, after in self.parts]


def changes(db: sqlite3.Connection, article: int) -> list[Change]:
    """Every change of an article, the newest first."""
    texts = [_text(row) for row in db.execute(_REVISIONS, [article])]
    now = db.execute(_NOW, [article]).fetchone()
    captions = db.execute("SELECT caption, credit FROM captions WHERE article = ? ORDER BY position", [article])
    texts.append(_text((*now, json.dumps([list(row) for row in captions]))))
    return [Change(before, after) for before, after in pairwise(texts)][::-1]


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


def compare(before: Sequence[str], after: Sequence[str]) -> Iterator[list[Piece]]:
    """The paragraphs that differ, word by word; those that stayed are left out."""
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        old, new = list(before[i:j]), list(after[k:m])
        both = max(len(old), len(new))
        for was, now in zip(old + [""] * (both - len(old)), new + [""] * (both - len(new)), strict=True):
            if was or now:
                yield words(was, now)


def words(before: str, after: str) -> list[Piece]:
    """Two paragraphs compared word by word; as a whole where hardly a word stayed."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) * len(new) > ENOUGH or matcher.ratio() < 0.25:
        return [piece for piece in (("del", before), ("ins", after)) if piece[1]]
    pieces: list[Piece] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("same", " ".join(old[i:j])))
            continue
        gone: Piece = ("del", " ".join(old[i:j]))
        come: Piece = ("ins", " ".join(new[k:m]))
        pieces += [piece for piece in (gone, come) if piece[1]]
    return pieces


_REVISIONS = """
SELECT seen_from, seen_until, headline, standfirst, body, cause, captions
FROM revisions WHERE article = ? ORDER BY seen_from, id
"""

_NOW = "SELECT text_since, last_seen, headline, standfirst, body, '' FROM articles WHERE id = ?"


def _text(row: Sequence[Any]) -> Text:
    seen_from, seen_until, headline, standfirst, body, cause, captions = row
    paragraphs = tuple(body.split("\n\n"))
    if standfirst and paragraphs[0] == standfirst:
        paragraphs = paragraphs[1:]
    lines = tuple(f"{caption} ({credit})".strip() if credit else caption for caption, credit in json.loads(captions))
    return Text(seen_from, seen_until, headline or "", standfirst or "", paragraphs, lines, cause)
