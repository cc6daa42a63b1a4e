"""One spider for every outlet: it asks the sources, then the links that the frontier says are due."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from ewbscraper.archive.frontier import Due
from ewbscraper.crawl.ask import ask, conditional, header, sentence, whole
from ewbscraper.crawl.base import NewspaperSpider
from ewbscraper.crawl.capture import CAPTURE
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.crawl.sources import read_source
from ewbscraper.discovery.answer import is_complete
from ewbscraper.errors import NotHad, PageUnreadable
from ewbscraper.extraction.pages import next_pages
from ewbscraper.intake import CapturedPage
from ewbscraper.outlet import Source
from ewbscraper.page import Page

logger = logging.getLogger(__name__)

BATCH = 50
"""Links taken from the frontier at a time: what waits there costs no memory here."""


class OutletSpider(NewspaperSpider):
    """Arguments as of `scrapy crawl -a`: `limit` (articles), `since` (ISO day), `recheck` (anything: yes)."""

    session: CrawlSession

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Takes the lock and opens the run. Raises ArchiveBusy, ArchiveMixed, NotAnArchive."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = CrawlSession(Path(crawler.settings["EWB_ARCHIVE"]), cls.outlet, f"crawl {cls.name}")
        crawler.signals.connect(spider.close_session, signal=signals.spider_closed)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    def __init__(self, *args: Any, limit: str | int | None = None, since: str | None = None, **kwargs: Any) -> None:
        self.recheck = bool(kwargs.pop("recheck", None))
        super().__init__(*args, **kwargs)
        self.left = int(limit) if limit is not None else None
        self.since = since
        self.answered, self.problems = False, list[str]()

    async def start(self) -> AsyncIterator[Request]:
        """Sources first, then what is due, in batches, newest first: steps 2 to 5."""
        await self._ask_sources()
        while batch := self._next_batch():
            for due in batch:
                headers = conditional(due.etag, due.last_modified)
                yield Request(
                    due.url, self.parse_article, errback=self.not_had, headers=headers, cb_kwargs={"due": due}
                )
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def _ask_sources(self) -> None:
        if self.recheck:
            with self.session.transaction():
                self.session.frontier.look_at_all()
        for source in self.outlet.sources:
            if await self._ask(source) and is_complete(source):
                return

    async def _ask(self, source: Source) -> bool:
        """Reads one source as far as it has news; False where it failed."""
        name, frontier, whole, total = type(source).__name__, self.session.frontier, True, None
        validators = (None, None) if is_complete(source) else self.session.validators(self.outlet.address(source.path))
        async for page in read_source(self.crawler, self.outlet, source, validators):
            known = frontier.knows(page.links)
            self.session.discovered(page.answer, page.links, complete=is_complete(source))
            if page.answer.error:
                self._report(page.answer.url, page.answer.error)
                return False
            total = page.total if page.total is not None else total
            if known and total is not None and total == frontier.size(name):
                whole = page.last
                break
        self.answered = True
        if is_complete(source) and whole:
            with self.session.transaction():
                frontier.look_for_missing(name)
        return True

    def _report(self, url: str, error: str) -> None:
        self.problems.append(f"{url}: {error}")
        logger.warning("%s: %s", url, error)

    def _next_batch(self) -> list[Due]:
        size = BATCH if self.left is None else min(BATCH, self.left)
        batch = self.session.due(size, self.since) if size else []
        if self.left is not None:
            self.left -= len(batch)
        return batch

    async def parse_article(self, response: Response, due: Due) -> None:
        """One article page, and the further pages that it names."""
        if response.status == 304:
            self.session.unchanged(due)
        elif response.status in (404, 410):
            self.session.gone(due, f"the server answered {response.status}")
        else:
            await self._take(response, due)

    async def _take(self, response: Response, due: Due) -> None:
        try:
            pages = await self._all_pages(whole(response))
        except (NotHad, PageUnreadable) as error:
            self._failed(due, str(error))
        else:
            self.session.article(due, pages, header(response, "ETag"), header(response, "Last-Modified"))

    async def _all_pages(self, response: Response) -> list[CapturedPage]:
        first = _captured(response)
        further = [await ask(self.crawler, Request(url)) for url in next_pages(first.page, self.outlet)]
        return [first, *(_captured(whole(page)) for page in further)]

    def not_had(self, failure: Failure) -> None:
        """No response at all: robots.txt, the network, a decompression bomb."""
        self._failed(failure.request.cb_kwargs["due"], sentence(failure.value))  # type: ignore[attr-defined]

    def _failed(self, due: Due, why: str) -> None:
        logger.warning("%s: %s", due.url, why)
        self.session.failed(due, why)

    def broke(self, failure: Failure, response: Response) -> None:
        """A fault of ours on one page: the page waits, the run goes on, and someone should know."""
        why = f"our fault: {sentence(failure.value)}"
        self.problems.append(f"{response.url}: {why}")
        self._failed(response.cb_kwargs["due"], why)

    def close_session(self, reason: str) -> None:
        """Closes the run; one without a useful source, or that ended of itself before its time, needs a look."""
        if reason == "finished" and not self.answered:
            self.problems.insert(0, "no source answered usefully")
        elif reason not in ("finished", "shutdown"):
            self.problems.insert(0, f"the run stopped early ({reason}): the log says where")
        elif self.answered:
            self.problems = [problem for problem in self.problems if "our fault" in problem]
        self.session.close(reason, self.problems)


def _captured(response: Response) -> CapturedPage:
    assert response.request is not None
    page = Page(response.body, response.url, header(response, "Content-Type"))
    return CapturedPage(page, response.request.meta[CAPTURE])
