"""Two texts compared word by word, in bounded time: what is too much to compare is shown as replaced whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import takewhile, zip_longest
from typing import Literal

Piece = tuple[Literal["same", "del", "ins"], str]
"""Some words, and whether they stayed, went or came."""

ENOUGH = 4_000_000
"""Steps that one comparison may take, about half a second: comparing is quadratic, and worse where words repeat."""

_BEGIN, _PAIR = 200, 50
"""Steps that it takes to begin to compare two paragraphs, and to see whether they are alike at all."""
KINDRED = 0.25
"""Share of words in common from which a paragraph is another one's later form."""


@dataclass(slots=True)
class Patience:
    """Steps that are left."""

    left: int = ENOUGH
    is_lost: bool = False
    """Something was not compared."""

    def spend(self, steps: int) -> bool:
        """Takes so many, where they are left; else none, and False."""
        if steps > self.left:
            self.is_lost = True
            return False
        self.left -= steps
        return True


def compare(before: Sequence[str], after: Sequence[str], patience: Patience | None = None) -> Iterator[list[Piece]]:
    """The paragraphs that differ, word by word; those that stayed are left out."""
    patience = patience or Patience()
    for was, now in paired(before, after, patience):
        if was != now:
            yield words(was, now, patience)


def paired(before: Sequence[str], after: Sequence[str], patience: Patience) -> Iterator[tuple[str, str]]:
    """Each paragraph beside its later form, in order; `""` beside one that went or came."""
    for kind, i, j, k, m in _Matcher(before, after, patience).get_opcodes():
        if kind == "equal":
            yield from zip(before[i:j], after[k:m], strict=True)
        else:
            yield from _partners(before[i:j], after[k:m], patience)


def words(before: str, after: str, patience: Patience | None = None) -> list[Piece]:
    """Two paragraphs compared word by word; as a whole where hardly a word stayed."""
    old, new, patience = before.split(), after.split(), patience or Patience()
    if not patience.spend(_BEGIN):
        return _replaced(before, after)
    head = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(old, new, strict=False)))
    tail = _ending(old[head:], new[head:])
    middle = _Matcher(old[head : len(old) - tail], new[head : len(new) - tail], patience).get_opcodes()
    stayed = head + tail + sum(j - i for kind, i, j, _, _ in middle if kind == "equal")
    if 2 * stayed < KINDRED * (len(old) + len(new)):
        return _replaced(before, after)
    pieces: list[Piece] = [("same", " ".join(old[:head]))]
    for kind, i, j, k, m in middle:
        came = " ".join(new[head + k : head + m])
        if kind == "equal":
            pieces.append(("same", came))
        else:
            pieces += [("del", " ".join(old[head + i : head + j])), ("ins", came)]
    return [piece for piece in (*pieces, ("same", " ".join(old[len(old) - tail :]))) if piece[1]]


def _replaced(before: str, after: str) -> list[Piece]:
    return [piece for piece in (("del", before), ("ins", after)) if piece[1]]


class _Matcher(SequenceMatcher[str]):
    """Finds what two lists have in common, as long as there is patience."""

    def __init__(self, before: Sequence[str], after: Sequence[str], patience: Patience) -> None:
        super().__init__(None, before, after, autojunk=False)
        self._before, self._times, self._patience = before, Counter(after), patience

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """As difflib does, which calls it for shorter and shorter parts."""
        part = self._before[alo:ahi]
        steps = len(part) + sum(filter(None, map(self._times.get, part)))
        return super().find_longest_match(alo, ahi, blo, bhi) if self._patience.spend(steps) else Match(alo, blo, 0)


def _partners(old: Sequence[str], new: Sequence[str], patience: Patience) -> Iterator[tuple[str, str]]:
    """The pairs with most words in common, their order kept; one after the other where that is too much to find out."""
    cost = sum(map(len, old)) * len(new) + sum(map(len, new)) * len(old) + _PAIR * len(old) * len(new)
    if not old or not new or len(old) == len(new) == 1 or not patience.spend(cost):
        yield from zip_longest(old, new, fillvalue="")
        return
    best = _most_alike([Counter(one.split()) for one in old], [Counter(one.split()) for one in new])
    i = k = 0
    while i < len(old) or k < len(new):
        if i < len(old) and k < len(new) and best[i][k] > max(best[i + 1][k], best[i][k + 1]):
            yield old[i], new[k]
            i, k = i + 1, k + 1
        elif k == len(new) or (i < len(old) and best[i + 1][k] >= best[i][k + 1]):
            yield old[i], ""
            i += 1
        else:
            yield "", new[k]
            k += 1


def _most_alike(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> list[list[float]]:
    """How alike the best pairs from each place on are together."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for k in reversed(range(len(new))):
            pair = best[i + 1][k + 1] + _alike(old[i], new[k])
            best[i][k] = max(pair, best[i + 1][k], best[i][k + 1])
    return best


def _alike(one: Counter[str], other: Counter[str]) -> float:
    share = 2 * (one & other).total() / ((one.total() + other.total()) or 1)
    return share if share >= KINDRED else 0


def _ending(old: Sequence[str], new: Sequence[str]) -> int:
    both = zip(reversed(old), reversed(new), strict=False)
    return sum(1 for _ in takewhile(lambda two: two[0] == two[1], both))
