"""Reading the lists of an outlet in a run: steps 2 and 3."""

import logging
from collections.abc import Callable
from dataclasses import replace

from scrapy.crawler import Crawler

from ewbscraper.crawl.base import NewspaperSpider
from ewbscraper.crawl.find import Finder
from ewbscraper.crawl.outcome import Outcome
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.crawl.sources import read_source
from ewbscraper.discovery.answer import is_complete
from ewbscraper.outlet import Source, key_of

logger = logging.getLogger(__name__)


class Reader:
    """Asks the sources of a spider's outlet, and finds them where nobody has defined any."""

    def __init__(
        self, spider: NewspaperSpider, session: CrawlSession, outcome: Outcome, enough: Callable[[], bool]
    ) -> None:
        self._spider, self._session, self._outcome, self._enough = spider, session, outcome, enough

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
        if may_look and not self._outcome.answered and not self._enough() and await self._find():
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
        complete, address = is_complete(source), self._spider.outlet.address(source.path)
        name, total, new, listed, whole = type(source).__name__ if complete else address, None, 0, 0, True
        listing = self._session.listing(name)
        validators = (None, None) if complete or not listing.was_read else self._session.validators(address)
        async for page in read_source(self._crawler, self._spider.outlet, source, validators):
            known = self._session.frontier.knows(page.links)
            new += self._session.discovered(page.answer, page.links, complete=complete)
            listed += len(page.links)
            total = page.total if page.total is not None else total
            if page.answer.error:
                return self._report(page.answer.url, page.answer.error)
            whole = page.last
            may_end = listing.may_end(known=known, total=total, new=new) if complete else known and listing.was_read
            if not page.last and (may_end or self._enough()):
                break
        if complete and not listed:
            return self._report(address, "lists nothing")
        self._outcome.answered = True
        if whole or not self._enough():
            self._session.listed(listing, name, total, whole=complete and whole)
        return True

    def _report(self, url: str, error: str) -> bool:
        self._outcome.problems.append(f"{url}: {error}")
        logger.warning("%s: %s", url, error)
        return False
