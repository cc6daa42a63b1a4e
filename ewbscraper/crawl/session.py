"""One run on one outlet: its lock, its row in `runs`, its WARC, its frontier, and every transaction it makes."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic

from ewbscraper.archive import found, runs, store
from ewbscraper.archive.database import (
    create,
    held_back,
    is_of_the_disk,
    lock,
    transaction,
    unwritable,
    writing,
)
from ewbscraper.archive.frontier import Due, Frontier
from ewbscraper.archive.linked import linked_addresses
from ewbscraper.archive.listings import Listing
from ewbscraper.archive.media import MediaList
from ewbscraper.archive.rights import Rights, news, save_rights
from ewbscraper.archive.runs import Run, SourceAnswer
from ewbscraper.archive.takedown.sweep import also_withheld, sweep_and_seal
from ewbscraper.archive.times import later, utc_now
from ewbscraper.archive.warc import Capture, Exchange
from ewbscraper.archive.warc_writer import WarcWriter, payloads_in
from ewbscraper.crawl.named import is_defined
from ewbscraper.crawl.rights import RightsOfARun
from ewbscraper.discovery.link import Link, address_on, articles_among, gives_media
from ewbscraper.errors import NotAnArticle, NotHad, Unwritable, Withheld
from ewbscraper.extraction.needs import needed_by
from ewbscraper.extraction.verdict import FRONT_PAGE, PROTECTED, THIN
from ewbscraper.intake import CapturedPage, take_in
from ewbscraper.outlet import Outlet
from ewbscraper.page import clean_url


class CrawlSession:
    """What a spider writes through. Raises ArchiveBusy where another run of this outlet goes on.

    Every method that writes raises Unwritable where the disk does not let it, and calls `on_unwritable` once.
    """

    def __init__(self, archive: Path, outlet: Outlet, command: str, contact: str | None = None) -> None:
        self.outlet, self.archive, self.counts, self.contact = outlet, archive, Counter[str](), contact
        self.keeps_media = False
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

    def remember(self, outlet: Outlet) -> None:
        """What a crawl found of an outlet that nobody has defined; from here on it is this run's."""
        self.outlet = outlet
        with self.transaction():
            store.save_outlet(self.db, outlet)
            found.remember(self.db, outlet)

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """What makes the question to a source conditional."""
        return runs.validators(self.db, self.outlet.slug, url)

    def listing(self, source: str) -> Listing:
        """How far a source was read until now; from here on it counts as half read."""
        listing = Listing(self.db, self.outlet.slug, source, self.run)
        with self.transaction():
            listing.begin()
        return listing

    @contextmanager
    def discovered(self, answer: SourceAnswer, links: Sequence[Link], *, complete: bool) -> Iterator[int]:
        """A source's answer and its links, committed before any of them is asked for: step 3.

        Gives how many of them were unknown; what the caller writes of the listing is of the same transaction.
        """
        with self.transaction():
            runs.save_source_answer(self.db, self.run, answer)
            new = self.frontier.discover(links, answer.source, complete=complete)
            self.counts["found"] += sum(not link.protected for link in new)
            yield len(new)

    def linked(self) -> bool:
        """Takes in what archived articles link to on the outlet's own host; whether anything was unknown."""
        with self.transaction():
            links = articles_among(
                map(Link, linked_addresses(self.db, self.outlet.slug)), self.outlet, self.outlet.home
            )
            new = self.frontier.discover(links, "Article", complete=False)
            self.counts["found"] += len(new)
        return bool(new)

    def listed(self, listing: Listing, source: str, *, whole: bool) -> None:
        """A source that lists everything was read to its end; what a whole list no longer names is looked for."""
        with self.transaction():
            listing.end(whole=whole)
            if whole:
                self.frontier.look_for_missing(source, listing.began_in_run)

    def due(self, limit: int, since: str | None) -> list[Due]:
        """The next links to ask for: step 4."""
        with self.transaction():
            return self.frontier.due(limit, since)

    def article(self, due: Due, pages: Sequence[CapturedPage], etag: str | None, modified: str | None) -> int | None:
        """Article, frontier, captures and revision in one transaction: steps 7 to 9. Its number; None where it is none.

        Raises PageUnreadable, and NotHad for another page than its article: nothing is written, its captures wait.
        """
        moved_to = store.article_at(self.db, clean_url(pages[0].page.url))
        other = moved_to if due.article is not None and moved_to != due.article else None
        if other is not None and not store.is_the_same(self.db, due.article, other):
            self.gone(due, f"moved to {pages[0].page.url}")
            return None
        needed = [url for one in pages for url in needed_by(one.page)] if self.keeps_media else []
        try:
            with self.transaction(claimed=[captured.capture for captured in pages]):
                if due.article is not None and other is not None:
                    store.join(self.db, due.article, other)
                taken = take_in(self.db, self.outlet, self.run, pages, known=due.article or moved_to)
                changed = taken.change != "unchanged"
                self.frontier.archived(due.url, taken.article, changed=changed, etag=etag, last_modified=modified)
                self.counts["restored" if taken.restored else taken.change] += 1
                self.need(taken.article, needed)
                self.counts["reread"] += taken.reread
        except Withheld as reason:
            with self.transaction():
                also_withheld(self.db, str(reason), [due.url, *(one.capture.url for one in pages)])
        except NotAnArticle as reason:
            self._set_aside(due, str(reason))
        else:
            return taken.article
        return None

    def _set_aside(self, due: Due, reason: str) -> None:
        """A page, but no article: a known one is gone where its address leads to the front page, else not had."""
        if due.article is not None and reason == FRONT_PAGE:
            self.gone(due, f"its address leads to {reason}")
        elif reason in THIN or (due.article is not None and reason != PROTECTED):
            raise NotHad(f"its address shows {reason}")
        else:
            self.counts["not_articles"] += 1
            with self.transaction():
                self.frontier.set_aside(due.url, PROTECTED if reason == PROTECTED else "not an article", reason)

    def unchanged(self, due: Due, article: int) -> None:
        """The outlet answered 304."""
        with self.transaction():
            self.frontier.unchanged(due.url)
            self.counts["restored"] += store.mark_seen(self.db, article)

    def gone(self, due: Due, why: str) -> None:
        """The outlet took it down: the article is kept and marked."""
        with self.transaction():
            self.frontier.gone(due.url, why)
            if due.article is None or self._lives_elsewhere(due, due.article):
                return
            if store.mark_gone(self.db, due.article):
                self.counts["gone"] += 1

    def _lives_elsewhere(self, due: Due, article: int) -> bool:
        """Whether an article that moved may be had at another address; its new one is asked before it is gone."""
        new = store.address_of(self.db, article)
        if new != due.url and address_on(self.outlet, new, new) == new:
            self.frontier.adopt(new, article, due.url)
        return self.frontier.wake_another(article, due.url)

    def failed(self, due: Due, why: str) -> None:
        """Asked, not had: kept in the frontier with its attempts and this error."""
        self.counts["failed"] += 1
        with self.transaction():
            self.frontier.failed(due.url, why)

    def reserved(self, due: Due, why: str) -> None:
        """The outlet reserves it, and that is respected: nothing of it is kept; what was kept before stays."""
        self.counts["not_articles"] += 1
        with self.transaction():
            self.frontier.reserved(due.url, why)

    def need(self, article: int, urls: Sequence[str], depth: int = 0) -> None:
        """Pictures and styles that an article needs, in the caller's transaction."""
        given = {url: gives_media(self.outlet, url) for url in urls}
        elsewhere = [url for url in given if not given[url]]
        self.media.need(article, [url for url in given if given[url]], elsewhere, depth)

    def leave_alone(self, wait: float) -> None:
        """The site asked not to be asked for so many seconds."""
        self.wait_until = later(utc_now(), timedelta(seconds=min(wait, runs.LONGEST_REST.total_seconds())))

    def close(self, outcome: str, needs_a_look: list[str]) -> None:
        """The run's row closes with its counts, where the disk lets it: step 10. Never raises Unwritable.

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
