"""Archives of other machines, or years, into one: twice changes nothing, and A into B is B into A but for the numbers.

The other archive is only read, as it was when the merge began. Its files come first, then outlet by outlet its rows, in
small transactions: whatever a killed merge has done is whole, and the same command does the rest.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict

from ewbscraper.archive.articles.texts import texts_left_out
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create, outlets_in, read
from ewbscraper.archive.frontier import found
from ewbscraper.archive.locks import lock
from ewbscraper.archive.merge.articles import bring_article, join
from ewbscraper.archive.merge.chains import bring_seals
from ewbscraper.archive.merge.clocks import wrong_clocks
from ewbscraper.archive.merge.files import bring
from ewbscraper.archive.merge.frontier import bring_link, bring_listing, bring_media, bring_outlet
from ewbscraper.archive.merge.rights import bring_rights
from ewbscraper.archive.merge.rows import Rows
from ewbscraper.archive.merge.runs import SAME_CAPTURE, bring_run
from ewbscraper.archive.merge.withheld import bring_records, bring_tombstones, keep_leaf, withheld_articles
from ewbscraper.archive.schema.upgrade import copy_of_today, pending
from ewbscraper.archive.takedown.copies import Hole, Prepare, holes, withhold_in_copy
from ewbscraper.archive.takedown.sweep import sweep_and_seal
from ewbscraper.archive.tombstones import is_withheld
from ewbscraper.archive.warc import seals
from ewbscraper.errors import ArchiveMixed, NoArchive, NotAnArchive
from ewbscraper.outlet import Outlet

COUNTS = ("new", "changed", "unchanged", "captures", "files")
LOST = "-missing"
"""Ends the name of a WARC that the other archive has lost, where another file of ours has its own name."""

Progress = Callable[[int], None]


class Merged(TypedDict):
    """What a merge did."""

    archive: str
    """The other one."""
    outlets: dict[str, dict[str, int]]
    """By slug the COUNTS: articles that were new here, ... and what was brought."""
    seals: list[str]
    """Files of seals that were brought."""
    missing: list[str]
    """WARC files that the other archive names and has not, or not whole."""
    conflicts: list[str]
    """Sentences."""


def merge(archive: Path, other: Path, length: Progress, advance: Progress, *, without_warcs: bool = False) -> Merged:
    """Brings all that another archive has into this one, which is made where there is none.

    Raises NoArchive, where WARC files are missing there and `without_warcs` is not said, too; NotAnArchive,
    ArchiveBusy, ArchiveMixed, Unwritable: what has been brought until then is whole.
    """
    archive = archive.absolute()
    if archive.exists() and archive.samefile(other):
        raise ArchiveMixed(f"{other} is this archive itself: name another one, or another --archive")
    with _as_of_now(other) as theirs:
        _refuse_half_copied(theirs, other)
        _refuse_without_texts(theirs, other)
        merged = Merged(archive=str(other), outlets={}, seals=[], missing=_missing(theirs, other.parent), conflicts=[])
        if merged["missing"] and not without_warcs:
            raise NoArchive(
                f"{len(merged['missing'])} WARC files of {other} are not beside it, or not whole"
                f" (the first: {merged['missing'][0]}): copy its warc/ there, or merge its texts alone: --without-warcs"
            )
        with closing(create(archive)) as ours:
            _refuse_without_texts(ours, archive)
            slugs = sorted(outlets_in(theirs))
            for slug in slugs:
                found.refuse_to_mix(ours, archive, slug)
            length(theirs.execute("SELECT count(*) FROM articles").fetchone()[0])
            for slug in slugs:
                one = _Outlet(archive, other, ours, theirs, slug)
                merged["outlets"][slug] = one.counts
                merged["conflicts"] += one.bring(advance)
            merged["seals"], wrong = bring_seals(theirs, other.parent, archive.parent)
            merged["conflicts"] += wrong
            with transaction(ours):
                seals.remember_chains(ours, archive.parent)
    return merged


@contextmanager
def _as_of_now(other: Path) -> Iterator[sqlite3.Connection]:
    """The other archive, read only and in one transaction; of an older version a copy, upgraded."""
    with closing(read(other)) as db:
        if not pending(db):
            db.execute("BEGIN")
            yield db
            return
        with TemporaryDirectory() as folder:
            path = Path(folder) / "upgraded.db"
            copy_of_today(db, path)
            with closing(read(path)) as upgraded:
                yield upgraded


def _refuse_without_texts(db: sqlite3.Connection, path: Path) -> None:
    """Hashes are the same without the texts: an article that was seen later would take the other's text away."""
    if texts_left_out(db):
        raise ArchiveMixed(f"{path} has no texts (snapshot --without-text): merge the archive that it is a copy of")


def _refuse_half_copied(db: sqlite3.Connection, path: Path) -> None:
    """Damage that is met on the way would leave half of an outlet here; to look takes a hundredth of bringing it."""
    try:
        said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise NotAnArchive(
            f"{path} is damaged, or was copied while it was written to ({said.splitlines()[-1]}): nothing is brought."
            " Take a whole copy where it comes from: `ewbscraper snapshot FILE`"
        )


def _missing(db: sqlite3.Connection, folder: Path) -> list[str]:
    named = db.execute("SELECT warc, max(offset + length) AS size FROM captures GROUP BY warc ORDER BY warc")
    return [row["warc"] for row in named if _size(folder / row["warc"]) < row["size"]]


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


class _Outlet:
    """One outlet of the other archive."""

    def __init__(
        self, archive: Path, other: Path, ours: sqlite3.Connection, theirs: sqlite3.Connection, slug: str
    ) -> None:
        self._archive, self._other, self._slug = archive, other, slug
        self._rows = Rows(ours, theirs)
        self._warcs: dict[str, str] = {}
        self._left_out = set[int]()
        """Their articles that are withheld here."""
        self.counts = dict.fromkeys(COUNTS, 0)

    def bring(self, advance: Progress) -> list[str]:
        """All of it; returns the conflicts. Raises ArchiveBusy."""
        with lock(self._archive, self._slug):
            try:
                found.refuse_a_second_name(self._rows.ours, self._archive, self._definition())
            except ArchiveMixed as error:
                return [f"{self._slug} is left out: {error}"]
            with transaction(self._rows.ours):
                why, may = bring_outlet(self._rows, self._slug)
                if not may:
                    return [f"{self._slug} is left out: {why}"]
                looks = bring_tombstones(self._rows, self._slug)
                self._left_out = withheld_articles(self._rows, self._slug)
            self._bring_files()
            self._bring_runs()
            with transaction(self._rows.ours):
                bring_records(self._rows, self._archive.parent, self._warcs)
            for batch in self._rows.batches("SELECT * FROM articles WHERE outlet = ? ORDER BY id", [self._slug]):
                with transaction(self._rows.ours):
                    may_come = (row for row in batch if row["id"] not in self._left_out)
                    self.counts["new"] += sum(bring_article(self._rows, row)[1] for row in may_come)
            clocks = wrong_clocks(self._rows.ours, self._archive.parent, self._slug, self._bring_captures())
            conflicts = self._join_articles(advance)
            self._bring_the_rest()
            sweep_and_seal(self._rows.ours, self._archive, self._slug)
        return [*([why] if why else []), *looks, *clocks, *conflicts]

    def _definition(self) -> Outlet:
        row = self._rows.theirs.execute("SELECT slug, name, home FROM outlets WHERE slug = ?", [self._slug]).fetchone()
        return Outlet(**row)

    def _bring_files(self) -> None:
        of_runs = "run IN (SELECT id FROM runs WHERE outlet = ?)"
        withheld = f"SELECT warc FROM withheld_records WHERE {of_runs}"
        sql = f"SELECT warc FROM captures WHERE {_OF_OUTLET} UNION {withheld} ORDER BY warc"
        for row in self._rows.theirs.execute(sql, [self._slug] * 3):
            theirs, ours = self._other.parent, self._archive.parent
            if (theirs / row["warc"]).is_file():
                self._warcs[row["warc"]], brought = bring(
                    theirs, ours, row["warc"], partial(self._holes, row["warc"]), self._withhold_in(row["warc"])
                )
                self.counts["files"] += brought
            elif (ours / row["warc"]).exists() and not self._is_ours(row["warc"]):
                self._warcs[row["warc"]] = row["warc"].replace(".warc", f"{LOST}.warc", 1)

    def _holes(self, theirs: str, ours: str) -> list[Hole]:
        """What either archive withholds in a file."""
        return [*holes(self._rows.theirs, theirs), *holes(self._rows.ours, ours)]

    def _withhold_in(self, warc: str) -> Prepare:
        sql = "SELECT sha256_before FROM withheld_files WHERE warc = ?"
        row = self._rows.theirs.execute(sql, [warc]).fetchone()
        before = row["sha256_before"] if row else None
        return lambda part, name: withhold_in_copy(self._rows.ours, self._archive.parent, part, name, before)

    def _is_ours(self, warc: str) -> bool:
        """Whether a capture of theirs is one of ours, in the file of this name: then the file is theirs, too."""
        one = self._rows.theirs.execute("SELECT url, fetched_at, offset FROM captures WHERE warc = ? LIMIT 1", [warc])
        sql = "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ? AND offset = ? AND warc = ?"
        theirs = one.fetchone()
        return theirs is not None and self._rows.ours.execute(sql, [*theirs, warc]).fetchone() is not None

    def _bring_runs(self) -> None:
        for batch in self._rows.batches("SELECT * FROM runs WHERE outlet = ? ORDER BY id", [self._slug]):
            with transaction(self._rows.ours):
                for theirs in batch:
                    bring_run(self._rows, theirs, self._warcs)

    def _bring_captures(self) -> set[int]:
        """Returns our runs that have got some."""
        sql, folder = f"SELECT * FROM captures WHERE {_OF_OUTLET} ORDER BY id", self._archive.absolute().parent
        grown = set[int]()
        for batch in self._rows.batches(sql, [self._slug, self._slug]):
            with transaction(self._rows.ours) as db:
                for theirs in batch:
                    row = self._rows.row("captures", theirs)
                    row["warc"] = self._warcs.get(theirs["warc"], theirs["warc"])
                    if keep_leaf(self._rows, row, theirs["warc"], folder) or theirs["article"] in self._left_out:
                        continue
                    known = db.execute(SAME_CAPTURE, row).fetchone()
                    number = known["id"] if known else self._rows.insert("captures", row)
                    self._rows.remember("captures", theirs["id"], number)
                    bring_rights(self._rows, theirs, number)
                    self.counts["captures"] += known is None
                    if known is None and row["run"] not in grown and row["run"] is not None:
                        grown.add(row["run"])
                        seals.has_grown(db, self._slug, row["run"])
        return grown

    def _join_articles(self, advance: Progress) -> list[str]:
        conflicts, by_other_rules = list[str](), 0
        sql = "SELECT id, url FROM articles WHERE outlet = ? ORDER BY id"
        for batch in self._rows.batches(sql, [self._slug]):
            with transaction(self._rows.ours):
                for theirs in batch:
                    if theirs["id"] in self._left_out:
                        continue
                    ours = self._rows.ours_of("articles", theirs["id"])
                    assert ours is not None
                    changed, seconds, read_otherwise = join(self._rows, theirs["id"], ours)
                    by_other_rules += read_otherwise
                    if self._rows.ours_of("new", theirs["id"]) is None:
                        self.counts["changed" if changed else "unchanged"] += 1
                    conflicts += [
                        f"{theirs['url']} was read in two ways at {second}: both are kept" for second in seconds
                    ]
            advance(len(batch))
        if by_other_rules:
            which, cure = f"{by_other_rules} articles of {self._slug}", f"`ewbscraper reparse {self._slug}`"
            conflicts.append(f"{which} {_READ_OTHERWISE} {cure}")
        return conflicts

    def _bring_the_rest(self) -> None:
        for batch in self._rows.batches("SELECT * FROM frontier WHERE outlet = ? ORDER BY rowid", [self._slug]):
            with transaction(self._rows.ours):
                for theirs in batch:
                    if not is_withheld(self._rows.ours, theirs["url"]) and theirs["article"] not in self._left_out:
                        bring_link(self._rows, theirs)
        for batch in self._rows.batches("SELECT * FROM media WHERE outlet = ? ORDER BY url", [self._slug]):
            with transaction(self._rows.ours):
                for theirs in batch:
                    if not is_withheld(self._rows.ours, theirs["url"]) and theirs["article"] not in self._left_out:
                        bring_media(self._rows, theirs)
        with transaction(self._rows.ours):
            for theirs in self._rows.theirs.execute("SELECT * FROM listings WHERE outlet = ?", [self._slug]):
                bring_listing(self._rows, theirs)
            for theirs in self._rows.theirs.execute("SELECT * FROM looks WHERE outlet = ? ORDER BY id", [self._slug]):
                self._bring_look(self._rows.row("looks", theirs))

    def _bring_look(self, row: dict[str, Any]) -> None:
        same = " AND ".join(f"{name} IS :{name}" for name in row)
        if not self._rows.ours.execute(f"SELECT 1 FROM looks WHERE {same}", row).fetchone():
            self._rows.insert("looks", row)


_READ_OTHERWISE = (
    "have one text here and another there, each read by other rules: what was seen later stands, both are kept."
    " Upgrade the older machine, then"
)
_OF_OUTLET = (
    "(run IN (SELECT id FROM runs WHERE outlet = ?)"
    " OR (run IS NULL AND article IN (SELECT id FROM articles WHERE outlet = ?)))"
)
