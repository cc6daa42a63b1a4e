"""robots.txt as RFC 9309 has it: what it forbids is not asked for, and where it cannot be had nothing is."""

import asyncio
import logging
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.httpobj import urlparse_cached

from ewbscraper.crawl.ask import ELSEWHERE, NOWHERE, ROBOTS, errors, sentence, why_truncated
from ewbscraper.crawl.base import MEDIA, NewspaperSpider, leave_alone
from ewbscraper.crawl.reach import OutOfReach

logger = logging.getLogger(__name__)

CLOSED = "robots.txt cannot be had ({why}): closed for this run"
LONGEST = 512_000
"""Bytes of robots.txt that are read: the RFC wants 500 KiB at least."""

_ITSELF = {"dont_obey_robotstxt": True}
_OF_MEDIA = {MEDIA, "dont_retry", "download_slot"}


class RobotsMiddleware:
    """In place of Scrapy's, which takes a site that answers robots.txt with 503, or not at all, for an open one."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._lock = crawler, asyncio.Lock()
        self._rules: dict[str, RobotParser | str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """There is no setting to switch it off."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest where robots.txt forbids the address, or could not be had."""
        if request.meta.keys() & _ITSELF:
            return
        parts = urlparse_cached(request)
        async with self._lock:
            if parts.netloc not in self._rules:
                self._rules[parts.netloc] = await self._ask(f"{parts.scheme}://{parts.netloc}/robots.txt", request)
        rules = self._rules[parts.netloc]
        if isinstance(rules, str):
            raise IgnoreRequest(rules)
        if not rules.allowed(request.url, self._crawler.settings["USER_AGENT"]):
            raise IgnoreRequest(ROBOTS)

    async def _ask(self, address: str, request: Request) -> RobotParser | str:
        assert self._crawler.engine is not None
        beside = MEDIA in request.meta
        try:
            meta = {**_ITSELF, **{key: request.meta[key] for key in _OF_MEDIA & request.meta.keys()}}
            response = await self._crawler.engine.download_async(Request(address, meta=meta, priority=1000))
            closed = _why_closed(response)
        except errors(self._crawler) as error:
            response, closed = Response(address), sentence(error)
            if isinstance(error, IgnoreRequest) and not closed.startswith((ELSEWHERE, NOWHERE)):
                closed = closed if isinstance(error, OutOfReach) else None  # five redirects: as if there were none
            beside |= isinstance(error, OutOfReach) and not self._is_home(address)
        if closed:
            if not beside:
                leave_alone(self._crawler, CLOSED.format(why=closed))
            return CLOSED.format(why=closed)
        rules = ProtegoRobotParser.from_crawler(self._crawler, response.body[:LONGEST])
        await self._crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules

    def _is_home(self, address: str) -> bool:
        """Not with `www.` before it: a link to a name of theirs that is at a bad address does not end the run."""
        spider = self._crawler.spider
        return isinstance(spider, NewspaperSpider) and urlsplit(address).netloc == urlsplit(spider.outlet.home).netloc


def _why_closed(response: Response) -> str | None:
    """A server in trouble may have rules that it cannot show; one that answers 404 or 403 has none."""
    if response.status >= 500 or response.status == 429:
        return f"the server answered {response.status}"
    return "cut off" if why_truncated(response) == "disconnect" else None
