"""Lists of names and words in `data/`, read once and compared folded (`ewbscraper.places.fold`)."""

import csv
from functools import cache
from pathlib import Path

from ewbscraper.places import fold

_DATA = Path(__file__).with_name("data")


def read_lines(name: str) -> list[str]:
    """The lines of `data/<name>.txt`, as written."""
    return (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of `data/<name>.csv`."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def folded_lines(name: str) -> frozenset[str]:
    """One entry a line (`agencies`), folded."""
    return frozenset(map(fold, read_lines(name)))


@cache
def folded_words(name: str) -> frozenset[str]:
    """Entries between white space (`weekdays`), folded."""
    return frozenset(fold(" ".join(read_lines(name))).split())


def country(name: str) -> tuple[str, str] | None:
    """English name and ISO 3166-1 alpha-2 of a country, in any of the region's languages."""
    return _countries().get(fold(name))


@cache
def _countries() -> dict[str, tuple[str, str]]:
    return {
        fold(spelling): (row["name"], row["code"])
        for row in read_rows("countries")
        for spelling in [row["name"], *filter(None, row["spellings"].split("|"))]
    }
