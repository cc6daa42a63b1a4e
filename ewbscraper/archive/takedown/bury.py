"""The transaction of a takedown: rows out, tombstone in, and before that all that leaves safe in withheld/."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from itertools import groupby
from pathlib import Path

from ewbscraper.archive.connection import transaction
from ewbscraper.archive.takedown.closed import Closed
from ewbscraper.archive.takedown.found import Found
from ewbscraper.archive.takedown.ranges import (
    Withdrawn,
    bytes_at,
    digests,
    filler_of,
    records_of,
    with_request,
    withdrawn,
)
from ewbscraper.archive.takedown.rows import take_out
from ewbscraper.archive.tombstones import Tombstone, address_hash
from ewbscraper.archive.warc.seals import LEAF, leaf_hash
from ewbscraper.errors import RecordUnreadable

_CAPTURES = f"SELECT id, run, url, warc, offset, length, origin, {LEAF} AS leaf FROM captures WHERE id = ?"
_READ_WHOLE = """
SELECT DISTINCT warc FROM captures JOIN runs ON runs.id = run
WHERE outlet IS ? AND (origin IS NOT NULL OR outcome IS 'killed' OR finished IS NULL)
"""
"""Files that may hold records which no row names: other tools', and those of killed runs."""


@dataclass(frozen=True, slots=True)
class Burial:
    """What changes in WARC files."""

    records: tuple[Withdrawn, ...]
    files: dict[str, tuple[str, str]]
    """By file its SHA-256 as it is, and with the fillers."""


def plan(db: sqlite3.Connection, folder: Path, found: Found, of: Tombstone, *, read_whole: bool = True) -> Burial:
    """Reads the records that go. Raises OSError, and RecordUnreadable where a file is not as we left it."""
    records = {(one.warc, one.offset): one for one in _of_rows(db, folder, found, of)}
    if read_whole:
        for one in _of_no_row(db, folder, found, of):
            if not any(_holds(other, one) for other in records.values()):
                records[one.warc, one.offset] = one
    wanted = sorted(records.values(), key=lambda one: (one.warc, one.offset))
    there = groupby((one for one in wanted if one.before), key=lambda one: one.warc)
    files = {warc: file_digests(db, folder / warc, list(of_file), of) for warc, of_file in there}
    return Burial(tuple(wanted), files)


def file_digests(db: sqlite3.Connection, path: Path, records: Iterable[Withdrawn], of: Tombstone) -> tuple[str, str]:
    """SHA-256 of a file as it is and as it will be. Raises RecordUnreadable where it is not as we left it."""
    records = list(records)
    now, then = digests(path, {one.offset: filler_of(path, one, of) for one in records})
    for one in records:
        row = db.execute("SELECT sha256_after FROM withheld_files WHERE warc = ?", [one.warc]).fetchone()
        if row and row["sha256_after"] != now:
            raise RecordUnreadable(f"{one.warc} is not as it was left: `ewbscraper verify` says what is wrong")
    return now, then


def bury(db: sqlite3.Connection, folder: Path, found: Found, of: Tombstone, burial: Burial) -> Tombstone:
    """All or nothing; a tombstone without a number is new. Raises OSError, sqlite3.DatabaseError."""
    pieces = (bytes_at(folder / one.warc, one.offset, one.length) for one in burial.records if one.before)
    with transaction(db):
        db.execute("PRAGMA defer_foreign_keys = 1")
        kept = take_out(db, found)
        if not of.erased:
            Closed(folder, of.url_sha256).keep(kept, pieces)
        if not of.id:
            of = replace(of, id=_insert(db, of))
        save(db, of, burial.records, burial.files)
        db.execute("UPDATE withheld SET state = 'withholding' WHERE id = ?", [of.id])
        addresses = {of.url_sha256, *map(address_hash, found.addresses)}
        db.executemany(
            "INSERT OR IGNORE INTO withheld_addresses VALUES (?, ?)", [(one, of.id) for one in sorted(addresses)]
        )
    return of


def save(
    db: sqlite3.Connection, of: Tombstone, records: Iterable[Withdrawn], files: dict[str, tuple[str, str]]
) -> None:
    """The digests of a tombstone, in the caller's transaction; those that are there stay."""
    db.executemany(
        "INSERT INTO withheld_records (withheld, warc, offset, length, sha256_before, sha256_after, capture, run, leaf)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(of.id, *astuple(one)) for one in records],
    )
    db.executemany(
        "INSERT INTO withheld_files VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET sha256_after = excluded.sha256_after",
        [(warc, *pair) for warc, pair in files.items()],
    )


def _insert(db: sqlite3.Connection, of: Tombstone) -> int:
    cursor = db.execute(
        "INSERT INTO withheld (outlet, article, url_sha256, withheld_at, reason, erased, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        astuple(of)[1:],
    )
    return int(cursor.lastrowid or 0)


def _of_rows(db: sqlite3.Connection, folder: Path, found: Found, of: Tombstone) -> Iterator[Withdrawn]:
    for number in sorted(found.captures):
        row = db.execute(_CAPTURES, [number]).fetchone()
        path, length = folder / row["warc"], row["length"]
        if path.is_file() and row["origin"] is None:
            length = with_request(path, row["offset"], length, row["url"])
        one = withdrawn(path, row["warc"], row["offset"], length, of)
        leaf = leaf_hash(row["leaf"].encode()).hex()
        yield replace(one, capture=row["id"], run=row["run"], leaf=leaf)


def _of_no_row(db: sqlite3.Connection, folder: Path, found: Found, of: Tombstone) -> Iterator[Withdrawn]:
    hashes = {address_hash(url) for url in found.addresses}
    for row in db.execute(_READ_WHOLE, [found.outlet]).fetchall():
        path = folder / row["warc"]
        if path.is_file():
            yield from records_to_go(path, row["warc"], hashes, of)


def records_to_go(path: Path, warc: str, hashes: Iterable[str], of: Tombstone) -> Iterator[Withdrawn]:
    """Every record of a file whose address has one of these hashes, but for those too short to hold a page."""
    for offset, length, _ in records_of(path, lambda url: address_hash(url) in hashes):
        with suppress(RecordUnreadable):
            yield withdrawn(path, warc, offset, length, of)


def _holds(one: Withdrawn, other: Withdrawn) -> bool:
    return one.warc == other.warc and one.offset <= other.offset < one.offset + one.length
