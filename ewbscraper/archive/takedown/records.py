"""Fillers into WARC files, and what stood there back: again and again the same bytes, so a kill harms nothing."""

import sqlite3
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from ewbscraper.archive.takedown.closed import Closed
from ewbscraper.archive.takedown.ranges import Withdrawn, bytes_at, filler_of, overwrite
from ewbscraper.archive.tombstones import Tombstone
from ewbscraper.errors import RecordUnreadable

_RECORDS = """
SELECT warc, offset, length, sha256_before, sha256_after, capture, run, leaf FROM withheld_records
WHERE withheld = ? AND sha256_before IS NOT NULL ORDER BY warc, offset
"""


def records_of_tombstone(db: sqlite3.Connection, folder: Path, of: Tombstone) -> dict[str, list[Withdrawn]]:
    """By file what is withheld in it, where the file is there."""
    rows = [Withdrawn(*row) for row in db.execute(_RECORDS, [of.id])]
    grouped = {warc: list(records) for warc, records in groupby(rows, key=lambda one: one.warc)}
    return {warc: records for warc, records in grouped.items() if (folder / warc).is_file()}


def put_fillers(db: sqlite3.Connection, folder: Path, of: Tombstone) -> int:
    """On the disk when it returns; how many ranges differed. Raises OSError, RecordUnreadable."""
    written = 0
    for warc, records in records_of_tombstone(db, folder, of).items():
        path = folder / warc
        _refuse_a_shorter(path, records)
        written += overwrite(path, {one.offset: filler_of(path, one, of) for one in records})
    return written


def stands_again(db: sqlite3.Connection, folder: Path, of: Tombstone) -> bool:
    """Whether a range has something else than its filler, as where an old copy of the file was put back."""
    return any(
        sha256(bytes_at(folder / warc, one.offset, one.length)).hexdigest() != one.after
        for warc, records in records_of_tombstone(db, folder, of).items()
        for one in records
    )


def put_originals(db: sqlite3.Connection, folder: Path, of: Tombstone) -> int:
    """The same with what stood there. Raises OSError, RecordUnreadable, NotWithheld."""
    kept, written = Closed(folder, of.url_sha256), 0
    for warc, records in records_of_tombstone(db, folder, of).items():
        _refuse_a_shorter(folder / warc, records)
        written += overwrite(folder / warc, {one.offset: kept.piece(one.before or "") for one in records})
    return written


def _refuse_a_shorter(path: Path, records: list[Withdrawn]) -> None:
    last = records[-1]
    if path.stat().st_size < last.offset + last.length:
        raise RecordUnreadable(f"{last.warc} is shorter than it was: bring that file back from a backup")
