"""Pages that other tools captured go the way of our own: steps 7 to 9, with their own dates.

All files are listed first, in a database of its own on the disk; then the pages of one outlet after the other are taken
in, oldest first, each in a transaction: what a killed import has not done, the same command does.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ewbscraper.archive import runs
from ewbscraper.archive.database import create, read
from ewbscraper.archive.locks import lock
from ewbscraper.archive.takedown.copies import withhold_in_copy
from ewbscraper.archive.tombstones import is_withheld
from ewbscraper.archive.warc.reader import Capture
from ewbscraper.crawl.named import all_outlets, outlet_named, whole_host
from ewbscraper.errors import BadOutlet, EwbScraperError
from ewbscraper.import_pages.foreign.files import FOLDER, WarcOf, keep, place, warcs_of
from ewbscraper.import_pages.foreign.page_list import ListedPage, PageList, where
from ewbscraper.import_pages.foreign.records import ForeignWarc
from ewbscraper.import_pages.run import ImportRun, row_of, seal_what_waits
from ewbscraper.outlet import Outlet

MOST_HOSTS = 20
"""Hosts that no outlet has, named in the result; the others are counted."""

Progress = Callable[[int], None]
"""Gets how many pages more are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the command line says."""

    outlet: str | None = None
    """Slug: only its pages; with `hosts` those hosts' pages are its own, as of an old domain."""
    hosts: tuple[str, ...] = ()
    """Only these hosts."""
    any_host: bool = False
    """Hosts that no outlet has become outlets."""
    dry_run: bool = False


@dataclass(slots=True)
class Imported:
    """What became of the pages of all files."""

    outlets: list[dict[str, Any]] = field(default_factory=list)
    """By outlet `pages`, and how many of them were `known`; the row of its run, where one was needed."""
    hosts: dict[str, int] = field(default_factory=dict)
    """Pages of hosts that no outlet has, the most frequent ones."""
    more_hosts: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Records that are no HTML pages, by reason."""
    damage: list[str] = field(default_factory=list)
    """Parts of files that cannot be read."""
    errors: list[EwbScraperError] = field(default_factory=list)
    """Files and outlets that could not be imported."""


class Import:
    """One call of `ewbscraper import`."""

    def __init__(self, archive: Path, options: ImportOptions, progress: Progress = lambda pages: None) -> None:
        self._archive, self._options, self._progress = archive.absolute(), options, progress
        self._folder = self._archive.parent
        self._files: list[WarcOf] = []
        self._places: dict[int, str] = {}
        self._damage: dict[int, list[str]] = {}
        self._done = Imported()

    def run(self, files: Sequence[Path], listed: Callable[[int], None] = lambda pages: None) -> Imported:
        """Imports what the files have; `listed` gets the number of pages before the first is taken in.

        Raises OSError, NotAnArchive, NoSuchOutlet; what one file or outlet raises is in `errors`.
        """
        with self._scratch() as scratch, closing(PageList()) as pages:
            for file in files:
                try:
                    for warc in warcs_of(file, scratch):
                        self._list(warc, pages)
                except EwbScraperError as error:
                    self._done.errors.append(error)
            chosen = self._outlets(pages.hosts())
            listed(sum(pages.hosts()[host] for hosts in chosen.values() for host in hosts))
            for outlet, hosts in chosen.items():
                try:
                    self._done.outlets.append(self._import(outlet, hosts, pages))
                except EwbScraperError as error:
                    self._done.errors.append(error)
        return self._done

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        """A folder to unpack in, beside where the files go; what a killed import left there goes first."""
        if self._options.dry_run:
            with TemporaryDirectory() as scratch:
                yield Path(scratch)
            return
        with lock(self._archive, "import."):
            (self._folder / FOLDER).mkdir(parents=True, exist_ok=True)
            for left in (self._folder / FOLDER).glob(".unpacked-*"):
                shutil.rmtree(left)
            with TemporaryDirectory(prefix=".unpacked-", dir=self._folder / FOLDER) as scratch:
                yield Path(scratch)

    def _list(self, warc: WarcOf, pages: PageList) -> None:
        number, reading = len(self._files), ForeignWarc(warc.path)
        lost = pages.add(number, reading.pages())
        self._files.append(warc)
        self._damage[number] = [f"{warc.name}: {damage}" for damage in reading.damage]
        self._done.damage += self._damage[number]
        self._done.skipped += reading.skipped + Counter({"revisit of a page that is not in the file": lost})

    def _outlets(self, hosts: dict[str, int]) -> dict[Outlet, list[str]]:
        """Whose pages the hosts have; hosts that nobody has are kept in the result."""
        wanted = [where(f"http://{host}")[0] for host in self._options.hosts]
        if self._options.outlet:
            archived = {one.slug: one for one in self._known_outlets()}
            outlet = archived.get(self._options.outlet) or outlet_named(self._options.outlet, self._archive)
            return {outlet: [host for host in wanted or [outlet.place] if host in hosts]}
        known = {outlet.place: outlet for outlet in self._known_outlets()}
        chosen: dict[Outlet, list[str]] = {}
        for host in wanted or hosts:
            owner = known.get(host) or self._new_outlet(host, known)
            if host in hosts and owner:
                known[host] = owner
                chosen.setdefault(owner, []).append(host)
            elif host in hosts and len(self._done.hosts) < MOST_HOSTS:
                self._done.hosts[host] = hosts[host]
            else:
                self._done.more_hosts += host in hosts
        return chosen

    def _known_outlets(self) -> list[Outlet]:
        """Those that are defined, those that a crawl has found, and those that the archive has of either."""
        outlets = all_outlets(self._archive)
        if self._archive.is_file():
            with closing(read(self._archive)) as db:
                rows = db.execute("SELECT slug, name, home, language, country, timezone FROM outlets").fetchall()
            outlets = {row["slug"]: Outlet(**row) for row in rows} | outlets
        return list(outlets.values())

    def _new_outlet(self, host: str, known: dict[str, Outlet]) -> Outlet | None:
        if not self._options.any_host or not host:
            return None
        try:
            outlet = outlet_named(f"https://{host}/", self._archive)
        except BadOutlet:
            return None
        taken = any(outlet.slug == one.slug for one in known.values())
        return replace(outlet, slug=whole_host(outlet)) if taken else outlet

    def _import(self, outlet: Outlet, hosts: list[str], pages: PageList) -> dict[str, Any]:
        total = sum(pages.hosts()[host] for host in hosts)
        known = self._leave_out_known(hosts, pages)
        row: dict[str, Any] = {"outlet": outlet.slug, "pages": total, "known": known, "run": None}
        if self._options.dry_run:
            return row
        if known == total:
            seal_what_waits(self._archive, outlet)
            return row
        files = sorted({file for host in hosts for file in pages.files_of(host)})
        for file in files:
            self._keep(file)
        command = f"import {', '.join(self._files[file].name for file in files)}"
        with ImportRun(self._archive, outlet, command, [one for file in files for one in self._damage[file]]) as run:
            for page in (page for host in hosts for page in pages.of(host)):
                self._take(run, page, pages)
        return {**row, "run": asdict(runs.get_run(self._archive, run.number))}

    def _take(self, run: ImportRun, page: ListedPage, pages: PageList) -> None:
        found = dict[Capture, ListedPage]()

        def nearest(url: str, captured: str) -> Capture | None:
            other = pages.nearest(url, captured)
            if other is None:
                return None
            self._keep(other.file)
            capture = self._same(run, other, pages)
            found[capture] = other
            return capture

        first = self._same(run, page, pages)
        found[first] = page
        for capture in run.take(first, nearest):
            pages.done(found[capture])
            self._progress(1)

    def _keep(self, file: int) -> None:
        keep(self._folder, self._files[file], self._place(file), self._withhold)

    def _withhold(self, part: Path, place: str) -> None:
        """What is withheld does not come in with a file."""
        if self._archive.is_file():
            with closing(create(self._archive)) as db:
                withhold_in_copy(db, self._folder, part, place)

    def _same(self, run: ImportRun, page: ListedPage, pages: PageList) -> Capture:
        """Its capture; a revisit's with that of its body."""
        capture = self._capture(page)
        return replace(capture, same_as=run.row_of(self._capture(pages.get(page.same)))) if page.same else capture

    def _leave_out_known(self, hosts: list[str], pages: PageList) -> int:
        """Takes pages off the list that an earlier import had, or that are withheld; returns how many."""
        if not self._archive.is_file():
            return 0
        known = 0
        with closing(read(self._archive)) as db:
            for page in (page for host in hosts for page in pages.of(host)):
                withheld = is_withheld(db, page.capture.url)
                self._done.skipped["withheld"] += withheld
                if withheld or row_of(db, self._capture(page)):
                    pages.done(page)
                    known += 1
        self._progress(known)
        return known

    def _place(self, file: int) -> str:
        if file not in self._places:
            self._places[file] = place(self._folder, self._files[file])
        return self._places[file]

    def _capture(self, page: ListedPage) -> Capture:
        warc = self._files[page.file]
        origin = f"{page.software or warc.software or 'unknown software'}, in {warc.name}"
        return replace(page.capture, warc=self._place(page.file), origin=origin)
