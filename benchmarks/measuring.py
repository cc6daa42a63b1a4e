"""What the benchmarks share: what a function or a command costs, which sizes may be made, a word on stderr."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median

from table import Options

PYTHON = sys.executable


@dataclass(frozen=True)
class Spent:
    """What something took."""

    cpu: float
    """Seconds of the processor, those of ended child processes included."""
    wall: float
    """Seconds on the clock."""


def spent(way: Callable[[], object]) -> Spent:
    """What a function takes in this process, and in those that it starts and awaits."""
    before, begun = _cpu(RUSAGE_SELF, RUSAGE_CHILDREN), time.perf_counter()
    way()
    return Spent(_cpu(RUSAGE_SELF, RUSAGE_CHILDREN) - before, time.perf_counter() - begun)


def command(words: Sequence[str | Path], folder: Path) -> tuple[Spent, str]:
    """What a command takes in its own process, this one's work meanwhile left out; and what it prints.

    Raises CalledProcessError where it does not end well.
    """
    before, begun = _cpu(RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*map(str, words)], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return Spent(_cpu(RUSAGE_CHILDREN) - before, time.perf_counter() - begun), done.stdout


def middle(costs: Iterable[Spent]) -> Spent:
    """The median of the processor's times, and that of the clock's."""
    every = list(costs)
    return Spent(median(one.cpu for one in every), median(one.wall for one in every))


def sizes(wanted: Sequence[int], options: Options) -> list[int]:
    """Those numbers of articles of which archives may be made; says which are left out."""
    if left_out := [f"{size:,}" for size in wanted if size > options.most]:
        tell(f"left out: {', '.join(left_out)} articles (--folder FOLDER, of 12 GB, makes the largest)")
    return [size for size in wanted if size <= options.most] or [options.most]


def tell(words: str) -> None:
    """What goes on, for who waits."""
    print(words, file=sys.stderr, flush=True)


def _cpu(*whose: int) -> float:
    return sum(one.ru_utime + one.ru_stime for one in map(getrusage, whose))
