"""Scrapy's guard of the host, with a word: a redirect to elsewhere is a page that was not had."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware


class HostMiddleware(OffsiteMiddleware):
    """Scrapy drops such a request when it is scheduled, without telling whoever asked: it stayed due for ever."""

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Lets it be scheduled: `process_request` refuses it, and the spider's errback hears of it."""
