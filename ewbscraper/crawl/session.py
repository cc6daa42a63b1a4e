"""What a spider writes through, in the order of a run: sources and links, articles, what became of the others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.frontier import found
from ewbscraper.archive.frontier.linked import linked_addresses
from ewbscraper.archive.frontier.links import Due
from ewbscraper.archive.frontier.listings import Listing
from ewbscraper.archive.runs import SourceAnswer
from ewbscraper.archive.takedown.sweep import also_withheld
from ewbscraper.crawl.open_run import OpenRun
from ewbscraper.discovery.link import Link, address_on, articles_among, gives_media
from ewbscraper.errors import NotAnArticle, NotHad, Withheld
from ewbscraper.extraction.needs import needed_by
from ewbscraper.extraction.verdict import FRONT_PAGE, PROTECTED, THIN
from ewbscraper.intake import CapturedPage, take_in
from ewbscraper.outlet import Outlet
from ewbscraper.page import clean_url


class CrawlSession(OpenRun):
    """The steps of a run, each a transaction of its own."""

    keeps_media = False
    """Whether the pictures and styles of its pages are asked for, too."""

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
        """The outlet removed it: the article is kept and marked."""
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
