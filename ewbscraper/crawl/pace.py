"""The pace that a site asks for: robots.txt's Crawl-delay always, Retry-After where the site suffers."""

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from ewbscraper.crawl.ask import header

logger = logging.getLogger(__name__)

SUFFERING = (429, 503)
LONGEST_WAIT = 120.0
"""Seconds: where a site asks for more, the page is left for the next run."""


class PaceMiddleware:
    """As only one request is under way, waiting with its answer stops the whole site."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listens for robots.txt."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.keep_crawl_delay, signal=signals.robots_parsed)
        return middleware

    def keep_crawl_delay(self, robotparser: RobotParser) -> None:
        """From now on at least so many seconds between two requests."""
        delay = robotparser.crawl_delay(self._crawler.settings["USER_AGENT"])
        if not delay:
            return
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, delay)
            throttle.maxdelay = max(throttle.maxdelay, delay)
        assert self._crawler.engine is not None
        for slot in self._crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, delay)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Waits as long as the site asks before anything else is asked."""
        wait = retry_after(header(response, "Retry-After"), datetime.now(UTC))
        if response.status in SUFFERING and wait:
            logger.warning("%s: the site asks to wait %d s", response.url, wait)
            request.meta["dont_retry"] = wait > LONGEST_WAIT
            await asyncio.sleep(wait if wait <= LONGEST_WAIT else 0)
        return response


def retry_after(value: str | None, now: datetime) -> float:
    """Seconds to wait: the header has seconds or an HTTP date; 0 where it has neither, or a time that is past."""
    if value is None:
        return 0.0
    if value.strip().isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
