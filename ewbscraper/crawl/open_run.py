"""One run on one outlet while it goes on: its lock, its row in `runs`, its WARC, and every transaction it makes."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.rights import Rights, news, save_rights
from ewbscraper.archive.connection import is_of_the_disk, transaction, unwritable, writing
from ewbscraper.archive.database import create, held_back
from ewbscraper.archive.frontier import found
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.frontier.media import MediaList
from ewbscraper.archive.locks import lock
from ewbscraper.archive.runs import Run
from ewbscraper.archive.takedown.sweep import sweep_and_seal
from ewbscraper.archive.times import later, utc_now
from ewbscraper.archive.warc.reader import Capture, Exchange
from ewbscraper.archive.warc.writer import WarcWriter, payloads_in
from ewbscraper.crawl.named import is_defined
from ewbscraper.crawl.rights import RightsOfARun
from ewbscraper.errors import Unwritable
from ewbscraper.outlet import Outlet


class OpenRun:
    """One run of one outlet while it goes on. Raises ArchiveBusy where another one does.

    Every method that writes raises Unwritable where the disk does not let it, and calls `on_unwritable` once.
    """

    def __init__(self, archive: Path, outlet: Outlet, command: str, contact: str | None = None) -> None:
        self.outlet, self.archive, self.counts, self.contact = outlet, archive, Counter[str](), contact
        self.wait_until: str | None = None
        self.unwritable: Unwritable | None = None
        self.ended: Run | None = None
        """The run's row, once it is closed: that of an address where no newspaper answers is not kept."""
        self.on_unwritable: Callable[[], None] = lambda: None
        self._loose: list[Capture] = []
        self.rights = RightsOfARun()
        self._since = monotonic()
        self._lock = lock(archive, outlet.slug)
        try:
            self._open(command)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, command: str) -> None:
        self.db = create(self.archive)
        with writing(self.archive):
            self._open_run(command)
        self.frontier = Frontier(self.db, self.outlet.slug, self.run)
        self.media = MediaList(self.db, self.outlet.slug, self.run)
        folder, about = self.archive.absolute().parent, {"operator": self.contact} if self.contact else {}
        about |= {"certificates": "not checked"} if self.outlet.any_certificate else {}
        earlier = payloads_in(self.db, folder)
        self._warc = WarcWriter(folder, self.outlet.slug, self.run, about=about, earlier=earlier)

    def _open_run(self, command: str) -> None:
        self.resting = runs.wait_until(self.db, self.outlet.slug)
        found.refuse_to_mix(self.db, self.archive, self.outlet.slug)
        found.refuse_a_second_name(self.db, self.archive, self.outlet)
        with transaction(self.db):
            store.save_outlet(self.db, self.outlet)
            runs.count_unfinished(self.db, self.outlet.slug)
            self.run = runs.open_run(self.db, self.outlet.slug, command)

    @contextmanager
    def transaction(self, claimed: Sequence[Capture] = ()) -> Iterator[sqlite3.Connection]:
        """One transaction, after the WARC is safe on the disk; captures that no article claims go with it."""
        with self._writing():
            self._warc.sync()
            with transaction(self.db):
                # Files of a host before the pages of which they speak: numbers only point back.
                store.save_captures(self.db, self.run, [one for one in self._loose if one not in claimed])
                yield self.db
                for one, rights in self.rights.of_captures(self._loose):
                    save_rights(self.db, one, rights)
                runs.save_counts(self.db, self.run, self.counts)
        self.rights.written(self._loose)
        self._loose.clear()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.DatabaseError) as error:
            if not is_of_the_disk(error):
                raise
            self._warc.give_up()
            self._loose.clear()
            if self.unwritable is None:
                self.unwritable = unwritable(self.archive, error)
                self.on_unwritable()
            raise self.unwritable from error

    def count_response(self, size: int) -> None:
        """One more response, of `size` bytes on the wire."""
        self.counts["requests"] += 1
        self.counts["bytes"] += size

    def capture(self, exchange: Exchange, rights: Rights | None = None) -> Capture:
        """Into the WARC at once; its row, with what was said of its rights, comes with the next transaction."""
        if self.unwritable:
            raise self.unwritable
        with self._writing():
            capture = self._warc.write(exchange)
        self._loose.append(capture)
        if rights:
            self.rights.keep(capture, rights)
        return capture

    def leave_alone(self, wait: float) -> None:
        """The site asked not to be asked for so many seconds."""
        self.wait_until = later(utc_now(), timedelta(seconds=min(wait, runs.LONGEST_REST.total_seconds())))

    def close(self, outcome: str, needs_a_look: list[str]) -> None:
        """The run's row closes with its counts, where the disk lets it. Never raises Unwritable.

        Once: a signal before the first request ends the run, and the process before Scrapy says that it has ended.
        """
        if not self._lock.is_locked:
            return
        try:
            with suppress(Unwritable):
                self._close_run(outcome, needs_a_look)
        finally:
            self.db.close()
            self._lock.release()

    def _close_run(self, outcome: str, needs_a_look: list[str]) -> None:
        alive = "SELECT count(*) FROM articles WHERE outlet = ? AND gone_at IS NULL"
        there = self.db.execute(alive, [self.outlet.slug]).fetchone()[0]
        self.counts["unchanged"] = max(0, there - sum(self.counts[name] for name in ("new", "changed", "restored")))
        with self._writing():
            held = held_back(self.db, self.archive)
        with self.transaction():
            said = [*news(self.db, self.outlet.slug, self.run), *self.frontier.newly_reserved()]
            looks = [*needs_a_look, *held, *said, *runs.what_needs_a_look(self.db, self.outlet.slug, self.run)]
            runs.close_run(self.db, self.run, monotonic() - self._since, outcome, looks, self.wait_until)
        with self._writing():
            self._warc.close()
            self.ended = runs.get_run(self.archive, self.run)
            if not self.outlet.sources and not is_defined(self.outlet.slug, self.archive):
                with transaction(self.db):
                    found.forget_if_empty(self.db, self.outlet.slug)
            sweep_and_seal(self.db, self.archive, self.outlet.slug)
            self.db.executescript("PRAGMA analysis_limit = 400; PRAGMA optimize")
