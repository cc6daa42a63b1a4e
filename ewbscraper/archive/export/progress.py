"""How far an export is, for whoever shows it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Tell = Callable[[int, int], None]
"""Is told how many rows are done, of how many."""

STEP = 1_000
"""Rows between two tellings."""


def counted(rows: Iterable[tuple[Any, ...]], done: int, total: int, tell: Tell) -> Iterator[tuple[Any, ...]]:
    """The rows as they are, told of now and then; `done` came before them."""
    number = done
    for number, row in enumerate(rows, done + 1):
        if number % STEP == 0:
            tell(number, total)
        yield row
    tell(number, total)
