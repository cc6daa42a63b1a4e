"""Texts beside their later forms, as HTML that can be heard too: `<del>` and `<ins>`, named for who cannot see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from markupsafe import Markup, escape

from ewbscraper.archive.articles.compared import Patience, Piece, paired, words

_HEARD = {"del": "deleted", "ins": "inserted"}
_MARKED = Markup('<{0}><span class="unseen" lang="en">[{1}: </span>{2}<span class="unseen" lang="en">]</span></{0}>')


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs in a row that all stayed, or one that did not."""

    paragraphs: tuple[Markup, ...]
    stayed: bool


def passages(before: Sequence[str], after: Sequence[str], patience: Patience, most: int) -> list[Passage]:
    """The whole of two texts, what stayed in its place; the first so many passages."""
    return list(islice(_passages(before, after, patience), most))


def _passages(before: Sequence[str], after: Sequence[str], patience: Patience) -> Iterator[Passage]:
    for stayed, pairs in groupby(paired(before, after, patience), key=lambda pair: pair[0] == pair[1]):
        if stayed:
            yield Passage(tuple(escape(now) for _, now in pairs), stayed=True)
        else:
            yield from (Passage((marked_words(words(*pair, patience)),), stayed=False) for pair in pairs)


def marked_words(pieces: Sequence[Piece]) -> Markup:
    """Some words, those that went and came marked."""
    return Markup(" ").join(
        escape(text) if kind == "same" else _MARKED.format(kind, _HEARD[kind], text) for kind, text in pieces
    )
