"""How far a command is: a bar on stderr where that is a terminal, nothing elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


class Bar:
    """Told in either of two ways: of all that is done, or of what is done more."""

    def __init__(self, shown: Any) -> None:
        self._shown = shown

    def tell(self, done: int, total: int) -> None:
        """So much of so much is done."""
        self.length(total)
        self.advance(done - self._shown.pos)

    def length(self, total: int) -> None:
        """How much there is to do."""
        self._shown.length = total

    def advance(self, steps: int) -> None:
        """So much more is done."""
        self._shown.update(steps)

    def give_way(self) -> None:
        """A line for the reader comes: the bar goes out of its way, and is there again as soon as it moves."""
        if not self._shown.hidden:
            click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def bar(label: str) -> Iterator[Bar]:
    """A bar for as long as the block takes."""
    with click.progressbar(length=0, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        yield Bar(shown)
