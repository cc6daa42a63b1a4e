"""Checks of what lies beside archive.db: the chain of seals, and every record of every WARC file."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from ewbscraper.archive.tombstones import as_captured, has_tombstones, is_in_between
from ewbscraper.archive.verify.findings import ARCHIVE, BACKUP, Finding
from ewbscraper.archive.verify.records import Pointer, Remark, check_warc
from ewbscraper.archive.verify.tables import Step
from ewbscraper.archive.warc.chain import FIRST
from ewbscraper.archive.warc.seals import (
    FILE,
    Seal,
    digest,
    read_seals,
    remembered_chains,
    root_of,
    root_of_all,
    sealed_until,
)

_THE_FILE = BACKUP.format("that file")
_POINTERS = (
    "SELECT url, offset, length, sha256, bytes, fetched_at, status, warc FROM captures ORDER BY warc, offset, id"
)


def chains(folder: Path) -> dict[Path, int]:
    """The files of seals and how long they are: taken before the archive is read, whose rows they may not outrun.

    A `seals-*.txt` came with an archive that was merged into this one.
    """
    return {path: path.stat().st_size for path in sorted(folder.glob("seals*.txt"))}


class Files:
    """The files beside an archive, seen from one read transaction."""

    def __init__(self, db: sqlite3.Connection, folder: Path, *, quick: bool) -> None:
        self._db, self._folder, self._quick = db, folder, quick
        self.counts = Counter[str]()
        self._lacking = set[str]()
        """WARC files of which the archive has other captures than were sealed."""
        self._begun: dict[tuple[str, str, str], tuple[Seal, str, list[tuple[int, str]]]] = {}
        """Lines that seal the beginning of a run and its file, where no other one has sealed all of it yet."""

    def seals(self, lengths: dict[Path, int]) -> Iterator[Finding]:
        """Each chain, the captures that each line seals, and that the last line of each outlet is there."""
        sealed = sealed_until(self._db).items()
        wanted = {line: (FILE, f"the line that sealed run {run} of {outlet}") for outlet, (run, line) in sealed}
        wanted |= {line: (name, "the last line that it had") for name, line in remembered_chains(self._db).items()}
        for path in chains(self._folder):
            yield from self._chain(path, lengths.get(path, 0), wanted)
        for path in chains(self._folder) if self._begun else ():
            self._find_the_rest(path)
        for begun in self._begun.values():
            yield from self._sealed_otherwise(*begun)
        for name, what in wanted.values():
            yield Finding(name, f"{what} is not there: changed or removed", _THE_FILE)
        yield from self._not_sealed()

    def _chain(self, path: Path, length: int, wanted: dict[str, tuple[str, str]]) -> Iterator[Finding]:
        name, previous, at = path.name, FIRST, 0
        for number, line, seal in read_seals(path):
            wanted.pop(sha256(line).hexdigest(), None)
            if seal is None and not line.endswith(b"\n"):
                yield Finding(name, f"line {number} is not whole: a run was killed, the next one writes it again", None)
            elif seal is None:
                yield Finding(name, f"line {number} is no seal: changed", _THE_FILE)
            elif seal.previous != previous:
                what = f"line {number} does not name what stands before it: lines were changed, removed or moved there"
                yield Finding(name, what, _THE_FILE)
            if seal and at < length:
                self.counts["seals"] += 1
                yield from self._sealed(seal, f"line {number} of {name}")
            at, previous = at + len(line), sha256(line).hexdigest()

    def _sealed(self, seal: Seal, line: str) -> Iterator[Finding]:
        """Nothing is said of a seal of another archive in this folder."""
        runs = self._db.execute(
            "SELECT id FROM runs WHERE outlet = ? AND started = ? ORDER BY id != ?",
            [seal.outlet, seal.started, seal.run],
        ).fetchall()
        places = [(run["id"], warc) for run in runs for warc in self._names(run["id"], seal.warc)]
        roots = [root_of(self._db, run, warc, seal.warc) for run, warc in places]
        said, warc, size = (seal.captures, seal.root), seal.warc, None
        if said in roots:
            warc = places[roots.index(said)][1]
        elif begun := [at for at in places if root_of(self._db, *at, seal.warc, seal.captures) == said]:
            warc, size = begun[0][1], seal.size
            self._begun[seal.outlet, seal.started, seal.warc] = seal, line, roots
        elif roots:
            yield from self._sealed_otherwise(seal, line, roots)
        # It was not there when texts were merged --without-warcs.
        if roots and seal.sha256 and not self._quick and not is_in_between(self._db, warc):
            _, now = digest(self._folder / warc, size)
            if as_captured(self._db, warc, now) not in (None, seal.sha256) and not (size and self._has_holes(warc)):
                yield Finding(warc, f"it is not the file that {line} seals", _THE_FILE)

    def _find_the_rest(self, path: Path) -> None:
        """A run that was merged while it went on has further lines, in the chain of whoever merged the rest of it."""
        for _, _, seal in read_seals(path):
            begun = self._begun.get((seal.outlet, seal.started, seal.warc)) if seal else None
            if seal and begun and (seal.captures, seal.root) in begun[2]:
                del self._begun[seal.outlet, seal.started, seal.warc]

    def _has_holes(self, warc: str) -> bool:
        """Whether something of a file is withheld: what its first bytes were before is not known."""
        sql = "SELECT 1 FROM withheld_files WHERE warc = ?"
        return has_tombstones(self._db) and self._db.execute(sql, [warc]).fetchone() is not None

    def _names(self, run: int, sealed_as: str) -> list[str]:
        """A file's own; then those of files that got another when they came here, where it was taken (merge)."""
        stem, _, ending = sealed_as.partition(".warc")
        rows = self._db.execute("SELECT DISTINCT warc FROM captures WHERE run = ? ORDER BY warc", [run])
        renamed = [row["warc"] for row in rows if row["warc"].startswith(f"{stem}-") and row["warc"].endswith(ending)]
        return [sealed_as, *renamed]

    def _sealed_otherwise(self, seal: Seal, line: str, roots: list[tuple[int, str]]) -> Iterator[Finding]:
        """The captures of a file that two archives had imported before they were merged are in the run of one."""
        of_all = root_of_all(self._db, seal.outlet, seal.warc)
        if of_all == (seal.captures, seal.root):
            return
        if of_all[0] >= seal.captures and of_all not in roots:
            what = f"other imports had captures that {line} seals: the file is compared with it, its rows are not"
            yield Finding(seal.warc, what, None)
            return
        self._lacking.add(seal.warc)
        there = roots[0][0] if roots[0][0] != seal.captures else "others"
        what = f"{line} seals {seal.captures} captures of run {seal.run} in it, the archive has {there}"
        yield Finding(seal.warc, what, ARCHIVE)

    def _not_sealed(self) -> Iterator[Finding]:
        sealed = sealed_until(self._db)
        for row in self._db.execute("SELECT slug FROM outlets ORDER BY slug"):
            last, _ = sealed.get(row["slug"], (0, ""))
            sql = "SELECT count(*) FROM captures JOIN runs ON runs.id = run WHERE outlet = ? AND runs.id > ?"
            number = self._db.execute(sql, [row["slug"], last]).fetchone()[0]
            if number:
                yield Finding(
                    FILE, f"{number} captures of {row['slug']} are not sealed yet: its next run does it", None
                )

    def warcs(self, step: Step) -> Iterator[Finding]:
        """Every record, every pointer; then the files that no row knows."""
        self._db.execute("CREATE TEMP TABLE known (warc TEXT PRIMARY KEY) WITHOUT ROWID")
        for warc, rows in groupby(self._db.execute(_POINTERS), key=lambda row: row["warc"]):
            self._db.execute("INSERT INTO known VALUES (?)", [warc])
            self.counts["warc_files"] += 1
            yield from self._warc(warc, rows, step)
        if has_tombstones(self._db):
            self._db.execute("INSERT OR IGNORE INTO known SELECT warc FROM withheld_files")
        unknown = 0
        for warc in self._on_disk():
            if warc in self._lacking and not self._is_known(warc):
                yield from self._warc(warc, iter(()), step)
            elif not self._is_known(warc):
                unknown += 1
        if unknown:
            yield Finding(
                "warc/", f"files that no row points into, another archive's or a killed run's: {unknown}", None
            )

    def _warc(self, warc: str, rows: Iterator[sqlite3.Row], step: Step) -> Iterator[Finding]:
        cure, loose = ARCHIVE if warc in self._lacking else _THE_FILE, 0
        try:
            for remark in check_warc(self._folder / warc, self._pointers(rows, step)):
                if remark.kind == "not pointed at" and warc not in self._lacking:
                    loose += 1
                else:
                    yield _said(warc, remark, cure)
        except OSError as error:
            for row in rows:
                step()
                what = f"its page of {row['fetched_at']} cannot be read: {warc}: {error.strerror}"
                yield Finding(row["url"], what, cure)
        if loose:
            yield Finding(warc, f"{loose} pages in it have no row: a run was killed", None)

    def _pointers(self, rows: Iterator[sqlite3.Row], step: Step) -> Iterator[Pointer]:
        for row in rows:
            step()
            yield Pointer(*tuple(row)[:-1])

    def _on_disk(self) -> Iterator[str]:
        for folder, _, names in os.walk(self._folder / "warc"):
            beside = Path(folder).relative_to(self._folder)
            yield from ((beside / name).as_posix() for name in names if name.endswith((".warc", ".warc.gz")))

    def _is_known(self, warc: str) -> bool:
        return self._db.execute("SELECT 1 FROM known WHERE warc = ?", [warc]).fetchone() is not None


def _said(warc: str, remark: Remark, cure: str) -> Finding:
    where, place = remark.url or warc, f"{warc} at {remark.offset}"
    match remark.kind:
        case "torn tail":
            return Finding(warc, f"it ends with half a record at {remark.offset}: a run was killed", None)
        case "not pointed at":
            return Finding(where, f"the row of its page in {place} was removed", cure)
        case _:
            return Finding(where, f"its page in {place}: {remark.what}", cure)
