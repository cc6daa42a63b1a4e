"""A stratified sample of a query's rows, for hand coding: the same on every machine.

Each row has a rank, the SHA-256 of the seed and of the row's values; of each stratum the lowest ranks are taken. So the
sample does not hang on the order of the rows, nor on a random number generator of some version of Python. Rows that
are alike in every column have one rank: put an id or address among the columns.
"""

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ewbscraper.errors import BadQuery

Row = tuple[Any, ...]
Rows = Iterable[Row]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is wanted."""

    number: int
    """Rows in all, shared out in proportion to the strata's sizes; with `each`, rows of every stratum."""
    seed: str = "0"
    by: tuple[str, ...] = ()
    """Columns of the result; `year` and `month` are the first 4 and 7 characters of `published_utc`, or of `published`
    where that is no column."""
    each: bool = False


@dataclass(frozen=True, slots=True)
class Stratum:
    """What was taken of one stratum."""

    values: tuple[str, ...]
    taken: int
    of: int


def draw(sample: Sample, names: list[str], rows: Rows, again: Callable[[], Rows]) -> tuple[list[Row], list[Stratum]]:
    """The chosen rows, in the order of their ranks (so the first of them are a sample too), and the strata by name.

    Reads twice, `rows` and then `again()`; holds the sample and a number per stratum. Raises BadQuery where a column
    of `by` is none of the result.
    """
    stratum_of = _stratum_of(sample.by, names)
    sizes = Counter(map(stratum_of, rows))
    wanted = dict.fromkeys(sizes, sample.number) if sample.each else _shares(sample.number, sizes)
    heaps: dict[tuple[str, ...], list[tuple[int, Row]]] = {one: [] for one in sizes}
    for row in again():
        heap, entry = heaps[stratum_of(row)], (-_rank(sample.seed, row), row)
        if len(heap) < wanted[stratum_of(row)]:
            heapq.heappush(heap, entry)
        elif heap and entry > heap[0]:
            heapq.heapreplace(heap, entry)
    chosen = sorted((entry for heap in heaps.values() for entry in heap), key=lambda entry: -entry[0])
    return [row for _, row in chosen], [Stratum(one, len(heaps[one]), sizes[one]) for one in sorted(sizes)]


def _stratum_of(by: tuple[str, ...], names: list[str]) -> Callable[[Row], tuple[str, ...]]:
    parts = [_part(name, names) for name in by]
    return lambda row: tuple(str(value)[:length] if (value := row[i]) is not None else "none" for i, length in parts)


def _part(name: str, names: list[str]) -> tuple[int, int | None]:
    """Index of the column, and how many of its characters count (None: all)."""
    if name in names:
        return names.index(name), None
    dated = next((column for column in ("published_utc", "published") if column in names), None)
    if name in ("year", "month") and dated:
        return names.index(dated), 4 if name == "year" else 7
    cure = ", nor has it published_utc or published" if name in ("year", "month") else ""
    raise BadQuery(f"cannot sample by {name}: the query has no such column{cure}; it has: {', '.join(names)}")


def _shares(number: int, sizes: Counter[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """In proportion, by the largest remainders; of equal ones by name."""
    total = max(sizes.total(), 1)
    number = min(number, total)
    shares = {one: number * size // total for one, size in sizes.items()}
    by_rest = sorted(sizes, key=lambda one: (-(number * sizes[one] % total), one))
    for one in by_rest[: number - sum(shares.values())]:
        shares[one] += 1
    return shares


def _rank(seed: str, row: Row) -> int:
    values = json.dumps([seed, *row], separators=(",", ":"), default=bytes.hex)
    return int.from_bytes(hashlib.sha256(values.encode()).digest(), "big")
