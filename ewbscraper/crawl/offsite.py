"""Scrapy's guard of the host, with a word: a redirect to elsewhere is a page that was not had."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.utils.httpobj import urlparse_cached


class HostMiddleware(OffsiteMiddleware):
    """Scrapy drops such a request when it is scheduled, without telling whoever asked: it stayed due for ever."""

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Lets it be scheduled: `process_request` refuses it, and the spider's errback hears of it."""

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """The outlet's own host, with `www.` or without; no other subdomain."""
        host = urlparse_cached(request).hostname or ""
        return host.removeprefix("www.") in spider.allowed_domains  # type: ignore[attr-defined]
