"""`crawl --media`: the pictures and styles of the pages that were just archived, at the pace of the pages."""

import logging
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from ewbscraper.archive.articles.store import save_captures
from ewbscraper.archive.frontier.media import Wanted
from ewbscraper.archive.warc.reader import Capture
from ewbscraper.crawl.ask import ask, header, whole
from ewbscraper.crawl.base import MEDIA, is_ending
from ewbscraper.crawl.middlewares.capture import capture_of
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.discovery.link import address_on
from ewbscraper.errors import NotHad
from ewbscraper.extraction.needs import needed_by_style

logger = logging.getLogger(__name__)

MOST_TROUBLE = 3
"""Pictures in a row that a host does not give: it is not asked for more in this run."""


class Media:
    """Asks for what waits. A picture that cannot be had harms nothing: neither its article nor the run."""

    def __init__(self, crawler: Crawler, session: CrawlSession) -> None:
        self._crawler, self._session = crawler, session
        self._trouble = Counter[str]()

    async def keep(self, article: int | None = None) -> None:
        """Every picture and style that waits, of this article or of all, unless the run ends: the next one goes on.

        What earlier runs have left comes after the articles: news must not wait for it.
        """
        while not is_ending(self._crawler) and (wanted := self._next(article)):
            host = urlsplit(wanted.url).netloc
            if self._trouble[host] < MOST_TROUBLE:
                self._trouble[host] = 0 if await self._had(wanted) else self._trouble[host] + 1

    async def _had(self, wanted: Wanted) -> bool:
        """Whether its host answers, be it with 404."""
        further = address_on(self._session.outlet, wanted.url, wanted.url) is None
        meta = {MEDIA: further, "dont_retry": True, "download_slot": self._session.outlet.host}
        response = None
        try:
            response = await ask(self._crawler, Request(wanted.url, meta=meta))
            self._take(wanted, whole(response))
        except NotHad as error:
            if not is_ending(self._crawler):
                logger.info("%s: %s", wanted.url, error)
                self._failed(wanted, str(error))
        return response is not None and response.status < 500 and response.status != 429

    def _take(self, wanted: Wanted, response: Response) -> None:
        is_style = "css" in (header(response, "Content-Type") or "") and wanted.depth == 0
        more = needed_by_style(response.body.decode("utf-8", "replace"), response.url) if is_style else ()
        self._kept(wanted, capture_of(response), more)

    def _next(self, article: int | None) -> Wanted | None:
        with self._session.transaction():
            return self._session.media.next(article)

    def _kept(self, wanted: Wanted, capture: Capture, named: Sequence[str]) -> None:
        """A picture or style with its capture; a style also with what it names."""
        session = self._session
        with session.transaction(claimed=[capture]):
            save_captures(session.db, session.run, [capture], wanted.article, media=True)
            session.media.kept(wanted.url)
            session.need(wanted.article, named, depth=1)
            session.counts["media"] += 1

    def _failed(self, wanted: Wanted, why: str) -> None:
        with self._session.transaction():
            self._session.media.failed(wanted.url, why)
