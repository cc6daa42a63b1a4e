"""Files that come from elsewhere honour tombstones before they stand in `warc/`: from a merged archive, from a tool."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from ewbscraper.archive.connection import transaction
from ewbscraper.archive.takedown.bury import save
from ewbscraper.archive.takedown.closed import Closed
from ewbscraper.archive.takedown.ranges import (
    Withdrawn,
    bytes_at,
    digests,
    filler_of,
    overwrite,
    records_of,
    withdrawn,
)
from ewbscraper.archive.tombstones import Tombstone, has_tombstones, is_withheld, knows_any, tombstone_at, tombstone_in

Hole = tuple[int, int]
"""Offset and length of a range that is withheld."""
Prepare = Callable[[Path, str], None]
"""Gets a copy that does not stand in its place yet, and that place; it may change the copy."""


def withhold_in_copy(db: sqlite3.Connection, folder: Path, part: Path, warc: str, before: str | None = None) -> None:
    """Puts fillers into a copy that is not in its place yet, and keeps what stood there where that is kept.

    What our own file of that name had withheld is withheld in the copy as it was. `before` is the file's SHA-256 as it
    was captured, where it came with fillers. Raises OSError.
    """
    if not knows_any(db):
        return
    records = _known(db, part, warc)
    records += _further(db, part, warc, [one for _, one in records])
    if not records:
        return
    pieces = {one.offset: filler_of(part, one, tombstone) for tombstone, one in records}
    now, then = digests(part, pieces)
    of_each: dict[Tombstone, list[Withdrawn]] = defaultdict(list)
    for tombstone, one in records:
        of_each[tombstone].append(one)
    with transaction(db):
        for tombstone, ranges in of_each.items():
            if not tombstone.erased:
                nothing: dict[str, Any] = {"article": None, "url": "", "rows": {}, "changed": []}
                kept = (bytes_at(part, one.offset, one.length) for one in ranges)
                Closed(folder, tombstone.url_sha256).keep(nothing, kept)
            save(db, tombstone, ranges, {})
        save(db, tombstone, (), {warc: (now, then)})
        db.execute("UPDATE withheld_files SET sha256_before = ? WHERE warc = ?", [before or now, warc])
    overwrite(part, pieces)


def holes(db: sqlite3.Connection, warc: str) -> list[Hole]:
    """The ranges of a file that are withheld."""
    if not has_tombstones(db):
        return []
    sql = "SELECT offset, length FROM withheld_records WHERE warc = ? AND sha256_before IS NOT NULL ORDER BY offset"
    return [(row["offset"], row["length"]) for row in db.execute(sql, [warc])]


def blanked(block: bytes, at: int, holes: Sequence[Hole]) -> bytes:
    """A block of a file that begins `at`, with zeros where something is withheld: to be compared."""
    changed = bytearray(block)
    for offset, length in holes:
        first, last = max(offset, at), min(offset + length, at + len(block))
        if first < last:
            changed[first - at : last - at] = bytes(last - first)
    return bytes(changed)


def _known(db: sqlite3.Connection, part: Path, warc: str) -> list[tuple[Tombstone, Withdrawn]]:
    """What our file of this name has withheld, where the copy still has it."""
    rows = db.execute(
        "SELECT withheld, warc, offset, length, sha256_before, sha256_after FROM withheld_records"
        " WHERE warc = ? AND sha256_before IS NOT NULL",
        [warc],
    ).fetchall()
    found = [(_tombstone(db, row["withheld"]), Withdrawn(*tuple(row)[1:])) for row in rows]
    return [
        (tombstone, one)
        for tombstone, one in found
        if sha256(bytes_at(part, one.offset, one.length)).hexdigest() == one.before
    ]


def _further(
    db: sqlite3.Connection, part: Path, warc: str, known: Sequence[Withdrawn]
) -> Iterator[tuple[Tombstone, Withdrawn]]:
    for offset, length, url in records_of(part, lambda url: is_withheld(db, url)):
        tombstone = tombstone_at(db, url)
        if tombstone and not any(one.offset <= offset < one.offset + one.length for one in known):
            yield tombstone, withdrawn(part, warc, offset, length, tombstone)


def _tombstone(db: sqlite3.Connection, number: int) -> Tombstone:
    return tombstone_in(db.execute("SELECT * FROM withheld WHERE id = ?", [number]).fetchone())
