"""`ewbscraper restore`: what was withheld comes back as it was, bytes and rows; not what was erased."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ewbscraper.address import is_number
from ewbscraper.archive.connection import transaction, writing
from ewbscraper.archive.database import create, read
from ewbscraper.archive.takedown import log
from ewbscraper.archive.takedown.closed import Closed
from ewbscraper.archive.takedown.ranges import digests
from ewbscraper.archive.takedown.records import put_originals, records_of_tombstone
from ewbscraper.archive.takedown.rows import put_back
from ewbscraper.archive.takedown.withhold import alone
from ewbscraper.archive.tombstones import Tombstone, address_hash, has_folder, named
from ewbscraper.errors import NotWithheld, RecordUnreadable


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    article: int | None
    """Its number, as before."""
    rows: int
    records: int
    files: int


def restore(archive: Path, key: str, *, reason: str, requested_by: str) -> Restored:
    """Puts back what a number or an address names. The same command finishes what was begun.

    Raises NotWithheld where nothing can come back, NoArchive, NotAnArchive, ArchiveBusy, Unwritable.
    """
    read(archive).close()
    with closing(create(archive)) as db, writing(archive):
        known = named(db, key)
        if known is None:
            return _only_tidied(db, archive, key)
        with alone(archive, known.outlet):
            _refuse(known, archive)
            said = {"article": known.article, "reason": reason, "requested_by": requested_by}
            log.tell(db, archive, "restore", url_sha256=known.url_sha256, **said)
            return _restore(db, archive, known)


def _restore(db: sqlite3.Connection, archive: Path, known: Tombstone) -> Restored:
    folder = archive.absolute().parent
    records, kept = records_of_tombstone(db, folder, known), Closed(folder, known.url_sha256)
    if known.state != "restoring":
        _expect(db, folder, known)
    put_originals(db, folder, known)
    rows = 0
    with transaction(db):
        db.execute("PRAGMA defer_foreign_keys = 1")
        for one in kept.rows():
            put_back(db, one)
            rows += sum(map(len, one["rows"].values()))
        _forget(db, known)
    kept.destroy()
    log.tell(db, archive, "restored", url_sha256=known.url_sha256, article=known.article)
    return Restored(known.article, rows, sum(map(len, records.values())), len(records))


def _expect(db: sqlite3.Connection, folder: Path, known: Tombstone) -> None:
    """From here on each file is to be what it will be; one that is not as we left it is not touched."""
    kept, expected = Closed(folder, known.url_sha256), dict[str, str]()
    for warc, records in records_of_tombstone(db, folder, known).items():
        pieces = {one.offset: kept.piece(one.before or "") for one in records}
        now, expected[warc] = digests(folder / warc, pieces)
        row = db.execute("SELECT sha256_after FROM withheld_files WHERE warc = ?", [warc]).fetchone()
        if known.state == "withheld" and (row is None or row["sha256_after"] != now):
            raise RecordUnreadable(f"{warc} is not as it was left: `ewbscraper verify` says what is wrong")
    with transaction(db):
        db.execute("UPDATE withheld SET state = 'restoring' WHERE id = ?", [known.id])
        for warc, then in expected.items():
            db.execute("UPDATE withheld_files SET sha256_after = ? WHERE warc = ?", [then, warc])


def _forget(db: sqlite3.Connection, known: Tombstone) -> None:
    for table in ("withheld_records", "withheld_addresses"):
        db.execute(f"DELETE FROM {table} WHERE withheld = ?", [known.id])
    db.execute("DELETE FROM withheld WHERE id = ?", [known.id])
    db.execute("DELETE FROM withheld_files WHERE warc NOT IN (SELECT warc FROM withheld_records)")


def _refuse(known: Tombstone, archive: Path) -> None:
    """Raises NotWithheld where nothing was kept."""
    kept = Closed(archive.absolute().parent, known.url_sha256)
    if known.erased:
        raise NotWithheld(f"{known}, and was destroyed (--erase): only a backup of before that day has it")
    if not any(kept.rows()):
        raise NotWithheld(
            f"{known}, and {kept.path} is not here: bring that folder from the archive that withheld it, or a backup"
        )


def _only_tidied(db: sqlite3.Connection, archive: Path, key: str) -> Restored:
    """After a kill between the transaction and the end: what came back is not kept twice. Raises NotWithheld."""
    column = "id" if is_number(key) else "url"
    row = db.execute(f"SELECT id, url FROM articles WHERE {column} = ?", [key]).fetchone()
    url = row["url"] if row else key
    if has_folder(db, address_hash(url)) or not Closed(archive.absolute().parent, address_hash(url)).destroy():
        raise NotWithheld(f'{key} is not withheld: `ewbscraper query "select * from withheld"` lists what is')
    log.tell(db, archive, "restored", url_sha256=address_hash(url), article=row and row["id"])
    return Restored(row["id"] if row else None, 0, 0, 0)
