"""The guard of the host: no request leaves the outlet's own, wherever a redirect leads."""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from ewbscraper.crawl.ask import ELSEWHERE
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
