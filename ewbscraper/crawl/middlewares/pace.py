"""The pace that a site asks for: robots.txt's Crawl-delay always, Retry-After and rest where the site suffers."""

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from ewbscraper.crawl.ask import header, sentence
from ewbscraper.crawl.base import MEDIA, is_ending, leave_alone

logger = logging.getLogger(__name__)

SUFFERING = (429, 503)
LONGEST_WAIT = 120.0
"""Seconds: where a site asks for more, the run ends and the next ones ask nothing until then."""
STORM = 10
"""Answers in a row that are 429, 5xx or none at all, retries included: the server suffers, the run ends."""
SLOWEST = 60.0
"""Seconds between two requests up to which a site that suffers slows a run down."""


class PaceMiddleware:
    """As only one request is under way, waiting with its answer stops the whole site."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._in_a_row = crawler, 0
        self._pause = crawler.settings.getfloat("EWB_PAUSE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listens for robots.txt."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.keep_crawl_delay, signal=signals.robots_parsed)
        return middleware

    def keep_crawl_delay(self, robotparser: RobotParser) -> None:
        """From now on at least so many seconds between two requests."""
        delay = robotparser.crawl_delay(self._crawler.settings["USER_AGENT"])
        if delay:
            self._slow_down(delay)

    def _slow_down(self, delay: float) -> None:
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, delay)
            throttle.maxdelay = max(throttle.maxdelay, delay)
        for slot in self._slots():
            slot.delay = max(slot.delay, delay)

    def _slots(self) -> list[Slot]:
        assert self._crawler.engine is not None
        return list(self._crawler.engine.downloader.slots.values())

    async def process_response(self, request: Request, response: Response) -> Response:
        """Waits as long as the site asks before anything else is asked."""
        suffers = response.status in SUFFERING
        if MEDIA not in request.meta:
            self._count(f"the server answered {response.status}" if suffers or response.status >= 500 else None)
        if suffers and not request.meta.get(MEDIA):  # a host of pictures alone must not stop the newspaper's pages
            await self._wait(request, response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """No answer at all."""
        if not isinstance(exception, IgnoreRequest) and MEDIA not in request.meta:
            self._count(sentence(exception))

    def _count(self, trouble: str | None) -> None:
        self._in_a_row = self._in_a_row + 1 if trouble else 0
        if self._in_a_row == STORM:
            leave_alone(self._crawler, f"the server suffers: {STORM} times in a row {trouble}")

    async def _wait(self, request: Request, response: Response) -> None:
        wait = retry_after(header(response, "Retry-After"), datetime.now(UTC))
        if wait > LONGEST_WAIT:
            request.meta["dont_retry"] = True
            leave_alone(self._crawler, f"the site asks to wait {wait:.0f} s", wait)
            return
        wait = wait or min(self._pause * 2 ** request.meta.get("retry_times", 0), LONGEST_WAIT)
        logger.warning("%s: the server answered %d, waiting %d s", response.url, response.status, wait)
        self._slow_down(min(SLOWEST, 2 * max((slot.delay for slot in self._slots()), default=0.0)))
        until = monotonic() + wait
        while (left := until - monotonic()) > 0 and not is_ending(self._crawler):
            await asyncio.sleep(min(left, 1.0))


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
