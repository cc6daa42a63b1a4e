"""What is withheld: each filler as it was left, the closed folder's log, no takedown that was killed half way."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from ewbscraper.archive.takedown.closed import FOLDER, Closed
from ewbscraper.archive.takedown.log import NAME, last_line, read_log
from ewbscraper.archive.takedown.ranges import bytes_at
from ewbscraper.archive.tombstones import has_tombstones
from ewbscraper.archive.verify.findings import ARCHIVE, BACKUP, Finding
from ewbscraper.archive.warc.chain import FIRST
from ewbscraper.archive.warc.seals import digest

_LOG = f"{FOLDER}/{NAME}"
_AGAIN = "Run the same `ewbscraper {}` again: it finishes what was begun"
_RECORDS = """
SELECT r.*, article, withheld_at FROM withheld_records r JOIN withheld ON id = withheld
WHERE state = 'withheld' AND sha256_after IS NOT NULL ORDER BY warc, offset
"""
_FILES = """
SELECT * FROM withheld_files WHERE warc NOT IN
  (SELECT warc FROM withheld_records r JOIN withheld ON id = withheld WHERE state <> 'withheld') ORDER BY warc
"""


def takedowns(db: sqlite3.Connection, archive: Path, *, quick: bool) -> Iterator[Finding]:
    """Nothing where nothing was ever withheld; `quick`: without reading the WARC files."""
    if not has_tombstones(db):
        return
    folder = archive.absolute().parent
    yield from _unfinished(db, folder)
    if (folder / FOLDER / NAME).is_file():
        yield from _log(db, folder, archive.name)
    if not quick:
        yield from _fillers(db, folder)
        yield from _files(db, folder)


def _unfinished(db: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    for row in db.execute("SELECT * FROM withheld ORDER BY id"):
        command = "restore" if row["state"] == "restoring" else "withhold"
        if row["state"] != "withheld":
            yield Finding(_name(row), f"its `{command}` was killed before its end", _AGAIN.format(command))
        elif row["erased"] and Closed(folder, row["url_sha256"]).path.exists():
            what = f"it was erased, and {FOLDER}/{row['url_sha256']} has it"
            yield Finding(_name(row), what, "Delete that folder")


def _fillers(db: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    for row in db.execute(_RECORDS):
        path = folder / row["warc"]
        if not path.is_file():
            continue
        there = sha256(bytes_at(path, row["offset"], row["length"])).hexdigest()
        if there == row["sha256_before"]:
            what = f"what was withheld on {row['withheld_at']} stands in {row['warc']} at {row['offset']} again"
            yield Finding(_name(row), what, "Run `ewbscraper withhold` again (an old copy of that file was put back?)")
        elif there != row["sha256_after"]:
            what = f"the filler in {row['warc']} at {row['offset']} is not the one that was put there"
            yield Finding(_name(row), what, BACKUP.format("that file"))


def _files(db: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    """The rest of a file with fillers: also where no line seals it."""
    for row in db.execute(_FILES):
        _, whole = digest(folder / row["warc"])
        if whole not in (None, row["sha256_after"]):
            what = "it is not the file that it was when something in it was withheld"
            yield Finding(row["warc"], what, BACKUP.format("that file"))


def _log(db: sqlite3.Connection, folder: Path, archive: str) -> Iterator[Finding]:
    """Its chain, its end, and that each address that it says is withheld, is."""
    previous, wanted, expected = FIRST, last_line(db), dict[str, str]()
    for number, line_hash, said in read_log(folder):
        if said is None:
            yield Finding(_LOG, f"line {number} is not whole, or no line of ours", BACKUP.format("that file"))
        elif said.get("previous") != previous:
            what = f"line {number} does not name what stands before it: lines were changed, removed or moved there"
            yield Finding(_LOG, what, BACKUP.format("that file"))
        if said and said.get("archive") == archive:
            expected = _expected(expected, said)
        previous, wanted = line_hash, None if line_hash == wanted else wanted
    if wanted:
        yield Finding(_LOG, "the last line that this archive wrote is not there", BACKUP.format("that file"))
    for address in expected:
        if not db.execute("SELECT 1 FROM withheld_addresses WHERE url_sha256 = ?", [address]).fetchone():
            what = f"{_LOG} says that it is withheld, and its tombstone is not there: removed by hand?"
            yield Finding(f"the address with SHA-256 {address}", what, ARCHIVE)


def _expected(expected: dict[str, str], said: dict[str, object]) -> dict[str, str]:
    """By address that of its takedown; from the beginning of a restoration on nothing is expected."""
    of, addresses = str(said.get("url_sha256")), said.get("addresses")
    if said.get("action") == "restore":
        return {address: one for address, one in expected.items() if one != of}
    return expected | {str(address): of for address in addresses} if isinstance(addresses, list) else expected


def _name(row: sqlite3.Row) -> str:
    return f"article {row['article']}" if row["article"] else f"what was withheld on {row['withheld_at']}"
