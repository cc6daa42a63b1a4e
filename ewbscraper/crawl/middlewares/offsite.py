"""The guard of the host: no request leaves the outlet's own, wherever a redirect leads.

It looks at names; `reach.py` at the addresses that they have.
"""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from ewbscraper.crawl.ask import ELSEWHERE, NOWHERE, header
from ewbscraper.crawl.base import MEDIA, NewspaperSpider
from ewbscraper.discovery.link import address_on, gives_media


class HostMiddleware:
    """In place of Scrapy's, which lets a retried request be redirected anywhere, and all subdomains and ports pass."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For every spider."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest where the address is on another host, or another port."""
        spider = self._crawler.spider
        if not isinstance(spider, NewspaperSpider) or address_on(spider.outlet, request.url, request.url):
            return
        if MEDIA not in request.meta or not gives_media(spider.outlet, request.url):
            raise IgnoreRequest(f"{ELSEWHERE}: {urlsplit(request.url).netloc}")


class Redirects(RedirectMiddleware):
    """Scrapy's takes a redirect to `file:` for a page, and one to `javascript:` ends the run."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Raises IgnoreRequest where it leads to what is no address of a page."""
        there = header(response, "Location") if 300 < response.status < 400 and response.status != 304 else None
        try:
            answer: Request | Response = super().process_response(request, response)
        except ValueError as error:
            raise IgnoreRequest(f"{NOWHERE}: {there}"[:300]) from error
        if there is not None and answer is response:
            raise IgnoreRequest(f"{NOWHERE}: {there}"[:300])
        return answer
