"""Citations of many articles in one file, written as they are read: BibTeX, RIS, CSL-JSON."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from ewbscraper.archive.export.rows import write_array
from ewbscraper.archive.finding.citations import Reference, bibtex, csl_item, reference, ris


def references(db: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Reference]:
    """What citations of these articles say, in this order."""
    return (of for number in ids if (of := reference(db, number)))


def write_bibtex(found: Iterable[Reference], out: TextIO) -> None:
    """A record each, an empty line between two."""
    out.writelines(("\n" if number else "") + bibtex(of) for number, of in enumerate(found))


def write_ris(found: Iterable[Reference], out: TextIO) -> None:
    """A record each."""
    out.writelines(map(ris, found))


def write_csl_json(found: Iterable[Reference], out: TextIO) -> None:
    """One array, an item a line."""
    write_array((json.dumps(csl_item(of), ensure_ascii=False) for of in found), out)


WRITERS: dict[str, Callable[[Iterable[Reference], TextIO], None]] = {
    "bib": write_bibtex,
    "ris": write_ris,
    "csl.json": write_csl_json,
}
