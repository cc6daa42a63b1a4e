"""robots.txt as RFC 9309 has it: what it forbids is not asked for, and where it cannot be had nothing is.

Where pages are kept, a host is also asked for its `tdmrep.json`, once, as the TDM Reservation Protocol wants it before
anything else: robots.txt allowing. That it has none is usual.
"""

import asyncio
import logging
from dataclasses import replace
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.httpobj import urlparse_cached

from ewbscraper.archive.warc.reader import Capture
from ewbscraper.crawl.ask import ELSEWHERE, NOWHERE, ROBOTS, errors, sentence, why_truncated
from ewbscraper.crawl.base import FILE_OF_A_HOST, MEDIA, NewspaperSpider, leave_alone, session_of
from ewbscraper.crawl.connections.reach import OutOfReach
from ewbscraper.crawl.middlewares.capture import CAPTURE
from ewbscraper.crawl.rights import Host
from ewbscraper.rights import tdmrep
from ewbscraper.rights.robots import LONGEST, RobotsTxt

logger = logging.getLogger(__name__)

CLOSED = "robots.txt cannot be had ({why}): closed for this run"

_ITSELF = {FILE_OF_A_HOST: True}
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
            response = await self._download(address, request)
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
        await self._hear(response, rules, request)
        return rules

    def _is_home(self, address: str) -> bool:
        """Not with `www.` before it: a link to a name of theirs that is at a bad address does not end the run."""
        spider = self._crawler.spider
        return isinstance(spider, NewspaperSpider) and urlsplit(address).netloc == urlsplit(spider.outlet.home).netloc

    async def _download(self, address: str, request: Request, **also: bool) -> Response:
        """A file of the host that a request is for, at the pace of that request."""
        assert self._crawler.engine is not None
        meta = {**_ITSELF, **{key: request.meta[key] for key in _OF_MEDIA & request.meta.keys()}, **also}
        return await self._crawler.engine.download_async(Request(address, meta=meta, priority=1000))

    async def _hear(self, response: Response, rules: RobotParser, request: Request) -> None:
        """What the host's files say is remembered for each of its pages that will be kept."""
        session, agent = session_of(self._crawler), self._crawler.settings["USER_AGENT"]
        if session is None:
            return
        parts = urlparse_cached(request)
        robots = RobotsTxt(response.body if response.status < 400 and response.request else None, agent)
        host = Host(robots, _capture(response))
        session.rights.hosts[parts.netloc] = host
        address = f"{parts.scheme}://{parts.netloc}{tdmrep.PATH}"
        if not rules.allowed(address, agent):
            return
        try:
            said = await self._download(address, request, dont_retry=True)
        except errors(self._crawler) as error:
            logger.info("%s: %s", address, sentence(error))
            return
        found = tdmrep.tdmrep(said.body) if said.status == 200 and not why_truncated(said) else tdmrep.NO_RULES
        session.rights.hosts[parts.netloc] = replace(host, tdmrep=found, tdmrep_in=_capture(said))


def _capture(response: Response) -> Capture | None:
    return response.request.meta.get(CAPTURE) if response.request else None


def _why_closed(response: Response) -> str | None:
    """A server in trouble may have rules that it cannot show; one that answers 404 or 403 has none."""
    if response.status >= 500 or response.status == 429:
        return f"the server answered {response.status}"
    return "cut off" if why_truncated(response) == "disconnect" else None
