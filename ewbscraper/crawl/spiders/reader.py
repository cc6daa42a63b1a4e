"""Reading the lists of an outlet in a run: steps 2 and 3."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

from scrapy.crawler import Crawler

from ewbscraper.crawl.base import NewspaperSpider
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.crawl.spiders.find import Finder
from ewbscraper.crawl.spiders.outcome import Outcome
from ewbscraper.crawl.spiders.sources import SourcePage, read_source
from ewbscraper.discovery.answer import first_address, is_complete
from ewbscraper.outlet import Source, key_of

logger = logging.getLogger(__name__)


class Reader:
    """Asks the sources of a spider's outlet, and finds them where nobody has defined any."""

    def __init__(
        self, spider: NewspaperSpider, session: CrawlSession, outcome: Outcome, enough: Callable[[], bool]
    ) -> None:
        self._spider, self._session, self._outcome, self._enough = spider, session, outcome, enough
        self._half_read = False
        """A part of a list answered usefully, another one not."""

    @property
    def _crawler(self) -> Crawler:
        return self._spider.crawler

    async def read(self) -> None:
        """All sources, the cheapest first, until one that lists everything has answered, or it is enough."""
        outlet = self._spider.outlet
        looked = bool(outlet.look_again)
        if looked:
            await self._find()
        await self._read_one_by_one()
        may_look = not looked and (outlet.found_at or not outlet.sources)
        useless = not self._outcome.answered and not self._half_read
        if may_look and useless and not self._enough() and await self._find():
            await self._read_one_by_one()

    async def _read_one_by_one(self) -> None:
        for source in self._spider.outlet.sources:
            if (await self._read(source) and is_complete(source)) or self._enough():
                return

    async def _find(self) -> bool:
        """Looks for the sources of an outlet that nobody has defined; False where there is none.

        Where it looks again, those that it knows stay behind those that it finds.
        """
        before = self._spider.outlet
        finder, known = Finder(self._crawler, before), before.sources if before.look_again else ()
        outlet = await finder.find()
        if self._spider.ending:  # half a look must not be remembered
            return False
        for said in (*finder.problems, *finder.notes):
            logger.warning(said)
        self._outcome.problems += finder.problems
        found = {key_of(source) for source in outlet.sources}
        kept = [source for source in known if key_of(source) not in found]
        if not outlet.sources and not kept:
            return self._report(before.home, "no list of articles found: no REST API, feed, sitemap or section")
        self._spider.outlet = replace(outlet, sources=(*outlet.sources, *kept))
        self._session.remember(self._spider.outlet)
        return True

    async def _read(self, source: Source) -> bool:
        """Reads one source as far as it has news; False where it failed, or should list everything and lists nothing.

        A list of the newest is read until all is known, where its last reading came to its end.
        """
        reading = Reading(self._spider, self._session, source)
        async for page in reading.pages():
            if page.answer.error:
                self._report(page.answer.url, page.answer.error)
            enough = self._spider.ending or (self._enough() and reading.gets_on)
            if not page.last and (reading.may_end or enough):
                break
        if reading.failed:
            self._half_read |= reading.listed > 0
            return False
        over = page.last or reading.may_end or not enough
        if over and reading.complete and not reading.listed:
            return self._report(reading.address, "lists nothing")
        self._outcome.answered = True
        if over:
            reading.end()
        return True

    def _report(self, url: str, error: str) -> bool:
        self._outcome.problems.append(f"{url}: {error}")
        logger.warning("%s: %s", url, error)
        return False


class Reading:
    """One source in one run: from the top, and from where all is known on where the last run broke off."""

    def __init__(self, spider: NewspaperSpider, session: CrawlSession, source: Source) -> None:
        self._session, outlet = session, spider.outlet
        self.complete, self.address = is_complete(source), outlet.address(source.path)
        self._name = type(source).__name__ if self.complete else self.address
        self._first = first_address(source, outlet)
        self._listing = session.listing(self._name)
        self._ask = partial(read_source, spider.crawler, outlet, source)
        self._asked = set[str]()
        self.failed = dict[str, bool]()
        """Pages that were not had, and whether a later run may have them."""
        self._new = self.listed = 0
        self._whole = self.may_end = False
        self.gets_on = not self._listing.rest
        """It has come to what no run has read: none ends earlier for want of time, or the list would never end."""

    async def pages(self) -> AsyncIterator[SourcePage]:
        """Each page, its links committed with what it leaves to be asked."""
        conditional, rest = not self.complete and self._listing.was_read, self._listing.rest
        async for page in self._ask(self._session.validators(self.address) if conditional else (None, None)):
            known = self._take(page, rest)
            yield page
            if rest and known and page.links and not page.last:
                break
        else:
            return
        async for page in self._ask(start=rest):
            self._take(page)
            yield page

    def _take(self, page: SourcePage, rest: tuple[str, ...] = ()) -> bool:
        """Commits a page of the top, where there is a rest, or any other one; whether all that it lists is known."""
        known, url = self._session.frontier.knows(page.links), page.answer.url
        self.gets_on |= not rest or url in rest
        self._asked.add(url)
        if page.answer.error:
            self.failed[url] = page.may_pass
        with self._session.discovered(page.answer, page.links, complete=self.complete) as new:
            self._listing.read(self._left(page, rest), page.total, new if rest else 0)
        self._new += new
        self.listed += len(page.links)
        self._whole = page.last
        if page.answer.error:
            self.may_end = False
        elif self.complete:
            self.may_end = self._listing.may_end(known=known, total=page.total, new=self._new)
        else:
            self.may_end = known and self._listing.was_read
        return known

    def _left(self, page: SourcePage, rest: tuple[str, ...]) -> tuple[str, ...]:
        """What the next run is to ask, were this one to end here; nothing where it is to begin anew.

        At the end of the list that is what failed for the moment, once: then all is read anew, as parts behind a dead
        one have news too.
        """
        if page.last:
            if page.answer.error and page.answer.url == self._first:
                return rest
            again = [url for url, may_pass in self.failed.items() if may_pass and url not in self._listing.rest]
            return tuple(again)
        earlier = [one for one in rest if one not in self._asked]
        return tuple(dict.fromkeys((*earlier, *self.failed, *page.rest)))

    def end(self) -> None:
        """It came to the end of the list, or to where nothing new can follow."""
        self._session.listed(self._listing, self._name, whole=self.complete and self._whole)
