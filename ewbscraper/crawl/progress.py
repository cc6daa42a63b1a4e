"""A line on stderr that says how far a run is, where a person looks on."""

import sys
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from ewbscraper.crawl.base import session_of
from ewbscraper.crawl.session import CrawlSession


class Progress:
    """Off where stderr is no terminal, with EWB_PROGRESS = False, and for spiders without a session."""

    def __init__(self, session: CrawlSession) -> None:
        self._session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listens to responses."""
        wanted = crawler.settings.getbool("EWB_PROGRESS", sys.stderr.isatty())
        session = session_of(crawler)
        if not wanted or session is None:
            raise NotConfigured
        progress = cls(session)
        crawler.signals.connect(progress.show, signal=signals.response_received)
        crawler.signals.connect(progress.end, signal=signals.spider_closed)
        return progress

    def show(self) -> None:
        """Rewrites the line."""
        counts = self._session.counts
        sys.stderr.write(
            f"\r{self._session.outlet.slug}: {counts['requests']} requests, {counts['new']} new, "
            f"{counts['changed']} changed, {counts['failed']} failed "
        )
        sys.stderr.flush()

    def end(self) -> None:
        """Clears the line."""
        sys.stderr.write("\r\033[K")
