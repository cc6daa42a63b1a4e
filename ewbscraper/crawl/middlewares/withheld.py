"""What was taken down is not asked for: no link, no further page, no picture, nothing where a redirect leads."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from ewbscraper.archive.tombstones import is_withheld
from ewbscraper.crawl.ask import WITHHELD
from ewbscraper.crawl.base import session_of


class WithheldMiddleware:
    """Nothing is checked for a spider without an archive: it keeps nothing."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For every spider."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest where the address is withheld."""
        session = session_of(self._crawler)
        if session and is_withheld(session.db, request.url):
            self._crawler.stats.inc_value("ewb/withheld")
            raise IgnoreRequest(WITHHELD)
