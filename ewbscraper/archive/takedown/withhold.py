"""`ewbscraper withhold`: an article, or all that an address gave, leaves archive.db and warc/.

One transaction decides: with it the rows are gone and the tombstone stands, and all that leaves lies safe in withheld/.
What follows (fillers into the WARC files, the index and the file without traces) is done again by the same command
where it was killed, until `withheld.state` says that it has come to its end.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from ewbscraper.archive.connection import transaction, writing
from ewbscraper.archive.database import create, read
from ewbscraper.archive.locks import lock
from ewbscraper.archive.schema.upgrade import pending
from ewbscraper.archive.takedown import log
from ewbscraper.archive.takedown.bury import Burial, bury, plan
from ewbscraper.archive.takedown.closed import Closed
from ewbscraper.archive.takedown.found import Found, at_spellings, find, look_for_all
from ewbscraper.archive.takedown.records import put_fillers, stands_again
from ewbscraper.archive.takedown.rows import leaving
from ewbscraper.archive.takedown.scrub import scrub
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.tombstones import Tombstone, address_hash, has_folder, named
from ewbscraper.archive.warc.seals import seal
from ewbscraper.errors import NotWithheld


@dataclass(slots=True)
class Takedown:
    """What a takedown did, or would do."""

    address: str | None
    """None where an earlier command that was killed is finished: then nobody knows it any more."""
    article: int | None
    withheld_at: str | None
    """None where it is only rehearsed."""
    erased: bool
    rows: dict[str, int] = field(default_factory=dict)
    """By table, what left; none where an earlier command had done that part."""
    records: int = 0
    """Of WARC files, whose bytes were overwritten."""
    files: int = 0
    bytes: int = 0
    stays: list[str] = field(default_factory=list)
    """Sentences: what still has some of it, and is not changed."""


def rehearse(archive: Path, key: str, *, erase: bool = False) -> Takedown:
    """What `withhold` would take away; writes nothing. Raises NotWithheld, NoArchive, NotAnArchive."""
    with closing(read(archive)) as db:
        if pending(db):
            raise NotWithheld(f"{archive} is of an older version: the next run, or `reindex`, upgrades it; then again")
        _refuse_twice(named(db, key), erase=False)
        found, folder = find(db, key), archive.absolute().parent
        look_for_all(db, folder, found)
        return _done(found, *_planned(db, archive, found, "", erase=erase))


def withhold(archive: Path, key: str, *, reason: str, requested_by: str, erase: bool = False) -> Takedown:
    """Takes down what a number or an address names; with `erase` nothing of it is kept.

    Raises NotWithheld, NoArchive, NotAnArchive, ArchiveBusy, Unwritable; the same command finishes what was begun.
    """
    read(archive).close()
    with closing(create(archive)) as db, writing(archive):
        known = named(db, key)
        with alone(archive, known.outlet if known else find(db, key).outlet):
            said = {"reason": reason, "requested_by": requested_by}
            known = named(db, key)
            if not (known and stands_again(db, archive.absolute().parent, known)):
                _refuse_twice(known, erase=erase)
            if known:
                return _go_on(db, archive, known, erase=erase, said=said)
            return _begin(db, archive, key, erase=erase, said=said)


@contextmanager
def alone(archive: Path, outlet: str | None) -> Iterator[None]:
    """No run of this outlet, and no other takedown, goes on meanwhile. Raises ArchiveBusy."""
    with lock(archive, "takedown."):
        if outlet is None:
            yield
            return
        with lock(archive, outlet):
            yield


def finish(db: sqlite3.Connection, archive: Path, tombstone: Tombstone) -> int:
    """All that comes after the transaction, as often as it takes; how many ranges were overwritten."""
    folder = archive.absolute().parent
    written = put_fillers(db, folder, tombstone)
    scrub(db, archive)
    if tombstone.erased:
        Closed(folder, tombstone.url_sha256).destroy()
    with transaction(db):
        db.execute("UPDATE withheld SET state = 'withheld' WHERE id = ?", [tombstone.id])
    return written


def _begin(db: sqlite3.Connection, archive: Path, key: str, *, erase: bool, said: dict[str, str]) -> Takedown:
    folder, found = archive.absolute().parent, find(db, key)
    if found.outlet:
        seal(db, archive, found.outlet)  # as it was captured
    look_for_all(db, folder, found)
    planned = _planned(db, archive, found, utc_now(), erase=erase, reason=said["reason"])
    Closed(folder, planned[0].url_sha256).destroy()  # of a command that was killed before its transaction
    done = _done(found, *planned)
    log.tell(db, archive, "withhold", **_named(planned[0]), **said, erase=erase)
    tombstone = bury(db, folder, found, *planned[:2])
    finish(db, archive, tombstone)
    _tell_the_end(db, archive, tombstone)
    return done


def _planned(
    db: sqlite3.Connection, archive: Path, found: Found, at: str, *, erase: bool, reason: str = ""
) -> tuple[Tombstone, Burial, dict[str, int], list[str]]:
    own = address_hash(found.url)
    if has_folder(db, own):  # of an article at another spelling, or of one that came with a merge
        own = sha256(found.url.encode()).hexdigest()
    tombstone = Tombstone(0, found.outlet, found.article, own, at, reason, erase, "withholding")
    burial = plan(db, archive.absolute().parent, found, tombstone)
    return tombstone, burial, leaving(db, found), what_stays(db, archive, found)


def _go_on(db: sqlite3.Connection, archive: Path, known: Tombstone, *, erase: bool, said: dict[str, str]) -> Takedown:
    """A command that was killed, a restoration that was, or `--erase` of what was only withheld."""
    log.tell(db, archive, "erase" if erase and not known.erased else "withhold", **_named(known), **said)
    with transaction(db):
        db.execute("UPDATE withheld SET state = 'withholding', erased = max(erased, ?) WHERE id = ?", [erase, known.id])
    tombstone = Tombstone(**{**asdict(known), "erased": known.erased or erase})
    files = "SELECT count(*) AS records, count(DISTINCT warc) AS files, total(length) AS bytes FROM withheld_records"
    row = db.execute(f"{files} WHERE withheld = ? AND sha256_before IS NOT NULL", [known.id]).fetchone()
    finish(db, archive, tombstone)
    _tell_the_end(db, archive, tombstone)
    return Takedown(
        None, known.article, known.withheld_at, tombstone.erased, {}, row["records"], row["files"], int(row["bytes"])
    )


def _tell_the_end(db: sqlite3.Connection, archive: Path, tombstone: Tombstone) -> None:
    sql = "SELECT url_sha256 FROM withheld_addresses WHERE withheld = ? ORDER BY 1"
    hashes = [row["url_sha256"] for row in db.execute(sql, [tombstone.id])]
    log.tell(db, archive, "erased" if tombstone.erased else "withheld", **_named(tombstone), addresses=hashes)


def _named(tombstone: Tombstone) -> dict[str, Any]:
    return {"url_sha256": tombstone.url_sha256, "article": tombstone.article}


def _refuse_twice(known: Tombstone | None, *, erase: bool) -> None:
    """Raises NotWithheld where there is nothing left to do."""
    if known and known.state == "withheld" and (known.erased or not erase):
        cure = "" if known.erased else ". `ewbscraper restore` puts it back, `withhold --erase` destroys what is kept"
        raise NotWithheld(f"{known}, and is {'destroyed' if known.erased else 'withheld'} already{cure}")


def what_stays(db: sqlite3.Connection, archive: Path, found: Found) -> list[str]:
    """What this command does not change, in sentences."""
    copies = sorted(archive.parent.glob(f"{archive.name}.before-*"))
    it = {"it": found.article}
    linking = db.execute(_LINKING, it).fetchone()[0]
    return [
        *(f"{path.name} beside the archive is a copy of before an upgrade, and has it: delete it" for path in copies),
        *(
            f"article {other} is at another spelling of its address: withhold it, too"
            for other in at_spellings(db, found)
        ),
        *(f"article {row['id']} has the very same text: withhold it, too" for row in db.execute(_TWINS, it)),
        *(
            f"article {other} needs a picture, a style or a page of it, which stays"
            for other in sorted({*found.shared.values(), *found.others_need.values()})
        ),
        *([f"links to it, with its headline where they name it, in {linking} other articles"] if linking else []),
    ]


_TWINS = """
SELECT id FROM articles WHERE id <> :it AND content_hash = (SELECT content_hash FROM articles WHERE id = :it)
"""
_LINKING = """
SELECT count(*) FROM (SELECT article FROM links WHERE target_article = :it
  UNION SELECT article FROM related_posts WHERE related_article = :it) WHERE article <> :it
"""


def _done(found: Found, tombstone: Tombstone, burial: Burial, rows: dict[str, int], stays: list[str]) -> Takedown:
    there = [one for one in burial.records if one.before]
    return Takedown(
        found.url,
        found.article,
        tombstone.withheld_at or None,
        tombstone.erased,
        rows,
        len(there),
        len({one.warc for one in there}),
        sum(one.length for one in there),
        stays,
    )
