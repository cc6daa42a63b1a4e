"""One spider for every outlet: it asks the sources, then the links that the frontier says are due."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from ewbscraper.archive.frontier.links import Due
from ewbscraper.crawl.ask import WITHHELD, conditional, header, sentence, whole
from ewbscraper.crawl.base import LEFT_ALONE, OUT_OF_TIME, NewspaperSpider
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.crawl.spiders.media import Media
from ewbscraper.crawl.spiders.outcome import CANNOT_WRITE, OURS, Outcome
from ewbscraper.crawl.spiders.reader import Reader
from ewbscraper.crawl.spiders.several import SeveralPages
from ewbscraper.errors import BadOutlet, NotHad, PageUnreadable, Reserved, Unwritable
from ewbscraper.outlet import RECORD

logger = logging.getLogger(__name__)

NO_CONTACT = (
    "{slug} is a public site: say who crawls it, so that its people can reach you: "
    "--contact https://example.org/about or EWBSCRAPER_CONTACT (remembered in the archive)"
)
BATCH = 50
"""Links taken from the frontier at a time: what waits there costs no memory here."""


class OutletSpider(NewspaperSpider):
    """As of `scrapy crawl -a`: `limit` (articles), `max_minutes`, `since` (ISO day).

    With any value: `recheck`, `follow_links`, `media`.
    """

    session: CrawlSession

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Takes the lock and opens the run.

        Raises ArchiveBusy, ArchiveMixed, NotAnArchive, and BadOutlet for a public site without a contact.
        """
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        if not cls.outlet.on_this_machine and not settings["EWB_CONTACT"]:
            raise BadOutlet(NO_CONTACT.format(slug=cls.outlet.slug))
        archive = Path(settings["EWB_ARCHIVE"]).resolve()
        spider.session = CrawlSession(archive, cls.outlet, f"crawl {cls.name}", settings["EWB_CONTACT"])
        spider.session.keeps_media = spider.keeps_media
        spider.session.on_unwritable = lambda: spider.end(CANNOT_WRITE)
        crawler.signals.connect(spider.close_session, signal=signals.spider_closed)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    def __init__(self, *args: Any, limit: str | int | None = None, since: str | None = None, **kwargs: Any) -> None:
        self.recheck = bool(kwargs.pop("recheck", None))
        self.follow_links = bool(kwargs.pop("follow_links", None))
        self.keeps_media = bool(kwargs.pop("media", None))
        self.seconds = 60 * float(kwargs.pop("max_minutes", None) or "inf")
        super().__init__(*args, **kwargs)
        self.left = int(limit) if limit is not None else None
        self.since, self.began = since, monotonic()
        self.outcome = Outcome()

    async def start(self) -> AsyncIterator[Request]:
        """Sources first, then what is due, in batches, newest first: steps 2 to 5."""
        with suppress(Unwritable):  # here and below: the session has ended the run by then
            if self._begin():
                await self._read_lists()
            async for request in self._articles():
                yield request
            if self.keeps_media:
                await self.media.keep()

    def _begin(self) -> bool:
        self.began = monotonic()
        if self.session.resting:
            self.session.wait_until = self.session.resting
            self.end(LEFT_ALONE)
        elif self.seconds < float("inf"):
            asyncio.get_running_loop().call_later(self.seconds, self.end, OUT_OF_TIME)
        return not self.ending

    async def _read_lists(self) -> None:
        if self.outlet.rights == RECORD:
            with self.session.transaction():
                self.session.frontier.look_at_reserved()
        if self.recheck:
            with self.session.transaction():
                self.session.frontier.look_at_all()
        await Reader(self, self.session, self.outcome, self._enough_of_lists).read()

    def _enough_of_lists(self) -> bool:
        """They may take half of the time: the other half belongs to the articles."""
        return self.ending or monotonic() - self.began > self.seconds / 2

    async def _articles(self) -> AsyncIterator[Request]:
        self.pages = SeveralPages(self.crawler, self.outlet)
        self.media = Media(self.crawler, self.session)
        while not self.ending and (batch := self._next_batch()):
            for due in batch:
                again = self.recheck and self.keeps_media  # a 304 would not say what the page needs
                headers = {} if again else conditional(due.etag, due.last_modified)
                yield Request(
                    due.url, self.parse_article, errback=self.not_had, headers=headers, cb_kwargs={"due": due}
                )
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _next_batch(self) -> list[Due]:
        size = BATCH if self.left is None else min(BATCH, self.left)
        batch = self.session.due(size, self.since) if size else []
        if size and not batch and self.follow_links and self.session.linked():
            batch = self.session.due(size, self.since)
        if self.left is not None:
            self.left -= len(batch)
        return batch

    async def parse_article(self, response: Response, due: Due) -> None:
        """One article page, and the further pages that it names."""
        with suppress(Unwritable):
            await self._answered(response, due)

    async def _answered(self, response: Response, due: Due) -> None:
        if response.status == 304 and due.article is not None:
            self.session.unchanged(due, due.article)
            self.outcome.had += 1
        elif response.status in (404, 410):
            self.session.gone(due, f"the server answered {response.status}")
            self.outcome.had += 1
        else:
            await self._take(response, due)

    async def _take(self, response: Response, due: Due) -> None:
        try:
            pages = await self.pages.of(whole(response))
            etag, modified = header(response, "ETag"), header(response, "Last-Modified")
            # A 304 of the first page says nothing of the others.
            article = self.session.article(due, pages, *((etag, modified) if len(pages) == 1 else (None, None)))
        except Reserved as error:
            self.outcome.had += 1
            self.session.reserved(due, str(error))
        except (NotHad, PageUnreadable) as error:
            self._failed(due, str(error))
        else:
            self.outcome.had += 1
            if self.keeps_media and article is not None:
                await self.media.keep(article)

    def not_had(self, failure: Failure) -> None:
        """No response at all: robots.txt, the network, a decompression bomb, a withheld address behind a redirect."""
        due, why = failure.request.cb_kwargs["due"], sentence(failure.value)  # type: ignore[attr-defined]
        if why == WITHHELD and due.article is None:
            with suppress(Unwritable), self.session.transaction():
                self.session.frontier.set_aside(due.url, "not an article", why)
        else:
            self._failed(due, why)

    def _failed(self, due: Due, why: str) -> None:
        if self.ending:  # it is due in the next run: the page is not to blame
            return
        self.outcome.reasons[why] += 1
        logger.warning("%s: %s", due.url, why)
        with suppress(Unwritable):
            self.session.failed(due, why)

    def broke(self, failure: Failure, response: Response | None) -> None:
        """A fault of ours on one page: the page waits, the run goes on, and someone should know.

        Without a response it happened outside of all pages, and the run ends with it.
        """
        why = f"{OURS}: {sentence(failure.value)}"
        self.outcome.problems.append(f"{response.url if response else self.outlet.home}: {why}")
        if response:
            self._failed(response.cb_kwargs["due"], why)

    def left_alone(self, why: str, wait: float) -> None:
        """As the session keeps it: the next runs ask nothing until then."""
        super().left_alone(why, wait)
        self.outcome.why_left = why
        if wait:
            self.session.leave_alone(wait)

    def close_session(self, reason: str) -> None:
        """Closes the run, with what a person should look at."""
        if reason == "finished" and not self.crawler.crawling:  # told to stop before it asked for anything
            reason = "shutdown"
        looks = self.outcome.needs_a_look(reason, resting=bool(self.session.resting))
        if left_out := self.session.media.elsewhere:
            hosts = ", ".join(f"{number} on {host}" for host, number in left_out.most_common())
            logger.warning("%s: pictures left out (media_hosts in its definition adds a host): %s", self.name, hosts)
        if withheld := self.session.frontier.withheld:
            logger.info("%s: %d withheld addresses are listed, and not asked for", self.name, len(withheld))
        self.session.close(reason, looks)
