"""Runs honour tombstones: what a run, an import or a merge brought of a withheld address goes before it is sealed.

Nothing of it is asked for where its address is known. A page may say only when it is read that it is that of a withheld
address (`/amp/`, `?print=1`), and feeds go on quoting it: by then their records are written.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from ewbscraper.archive.connection import transaction, writing
from ewbscraper.archive.locks import lock
from ewbscraper.archive.takedown import log
from ewbscraper.archive.takedown.bury import bury, plan
from ewbscraper.archive.takedown.found import Found
from ewbscraper.archive.takedown.naming import that_name_it
from ewbscraper.archive.takedown.records import put_fillers
from ewbscraper.archive.takedown.withhold import finish
from ewbscraper.archive.tombstones import Tombstone, address_hash, knows_any, tombstone_at, tombstone_in, withheld_among
from ewbscraper.archive.warc.seals import seal, sealed_until

_NOT_SEALED = """
SELECT captures.id, url FROM captures JOIN runs ON runs.id = run WHERE outlet = ? AND runs.id > ? ORDER BY captures.id
"""
_UNFINISHED = "SELECT * FROM withheld WHERE state = 'withholding' AND outlet IS ?"


def also_withheld(db: sqlite3.Connection, withheld: str, urls: Iterable[str]) -> None:
    """Further addresses of a withheld one, in the caller's transaction: never asked for again, and swept."""
    tombstone = tombstone_at(db, withheld)
    assert tombstone is not None
    for url in urls:
        db.execute("INSERT OR IGNORE INTO withheld_addresses VALUES (?, ?)", [address_hash(url), tombstone.id])
        db.execute("DELETE FROM frontier WHERE url = ? AND article IS NULL", [url])


def sweep_and_seal(db: sqlite3.Connection, archive: Path, outlet: str) -> None:
    """The end of a run whose rows are committed and whose WARC is closed; the caller holds the outlet's lock.

    A takedown of this outlet that was killed is finished first. Raises OSError, sqlite3.DatabaseError.
    """
    if knows_any(db):
        with lock(archive, "takedown.", wait=-1), writing(archive):
            _finish_what_was_killed(db, archive, outlet)
            _sweep(db, archive, outlet)
    seal(db, archive, outlet)


def _finish_what_was_killed(db: sqlite3.Connection, archive: Path, outlet: str) -> None:
    for row in db.execute(_UNFINISHED, [outlet]).fetchall():
        finish(db, archive, tombstone_in(row))


def _sweep(db: sqlite3.Connection, archive: Path, outlet: str) -> None:
    folder, (last, _) = archive.absolute().parent, sealed_until(db).get(outlet, (0, ""))
    brought: dict[Tombstone, dict[int, str]] = defaultdict(dict)
    rows = db.execute(_NOT_SEALED, [outlet, last]).fetchall()
    withheld = withheld_among(db, {row["url"] for row in rows})
    for row in rows:
        if row["url"] in withheld and (tombstone := tombstone_at(db, row["url"])):
            brought[tombstone][row["id"]] = row["url"]
    naming: dict[Tombstone, set[int]] = defaultdict(set)
    for capture, tombstone in that_name_it(db, folder, outlet, last).items():
        naming[tombstone].add(capture)
    for tombstone, captures in brought.items():
        _also(db, archive, tombstone, outlet, set(captures.values()), set(captures) | naming.pop(tombstone, set()))
    for tombstone, named in naming.items():
        _also(db, archive, tombstone, outlet, set(), named)


def _also(
    db: sqlite3.Connection, archive: Path, tombstone: Tombstone, outlet: str, urls: set[str], captures: set[int]
) -> None:
    folder, found = archive.absolute().parent, Found("", None, outlet, urls, captures)
    bury(db, folder, found, tombstone, plan(db, folder, found, tombstone, read_whole=False))
    put_fillers(db, folder, tombstone)
    with transaction(db):
        db.execute("UPDATE withheld SET state = 'withheld' WHERE id = ?", [tombstone.id])
    said = {"url_sha256": tombstone.url_sha256, "article": tombstone.article, "captures": len(captures)}
    log.tell(db, archive, "also", **said, addresses=sorted(map(address_hash, urls)))
