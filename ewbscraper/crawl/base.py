"""What every spider of ours shares: one newspaper, its host, its pace, and how it ends before it is through."""

import asyncio
import logging
from contextlib import closing
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.settings import BaseSettings

from ewbscraper import __version__
from ewbscraper.archive.database import read
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.outlet import Outlet

logger = logging.getLogger(__name__)

MEDIA = "ewb_media"
"""Key of `request.meta` of a picture or a style: whether it is on a further host, not the newspaper's own."""

FILE_OF_A_HOST = "dont_obey_robotstxt"
"""Key of `request.meta` of robots.txt and tdmrep.json: they speak of other addresses, and are always kept."""

LEFT_ALONE = "left alone"
OUT_OF_TIME = "out of time"


class NewspaperSpider(Spider):
    """A spider of one outlet."""

    outlet: Outlet
    robots: RobotParser | None = None
    """The outlet's robots.txt, once the first page was asked for."""
    session: CrawlSession | None = None
    """What it writes through; None for a spider that keeps nothing."""

    _ending: asyncio.Task[None] | None = None

    def end(self, reason: str) -> None:
        """Ends the run well: what is under way is taken in, what waits stays in the frontier."""
        if not self.ending:
            assert self.crawler.engine is not None
            self._ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    @property
    def ending(self) -> bool:
        """Nothing more is to be asked for."""
        return self._ending is not None or not self.crawler.crawling

    def left_alone(self, why: str, wait: float) -> None:
        """The site is not to be asked any more, for so many seconds where it said so."""
        logger.warning("%s: left alone: %s", self.name, why)
        self.end(LEFT_ALONE)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Listens for robots.txt."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.keep_robots, signal=signals.robots_parsed)
        # Or Scrapy makes a record of each page, also where none is shown: 0.1 ms.
        logging.getLogger("scrapy").setLevel(crawler.settings["LOG_LEVEL"])
        return spider

    def keep_robots(self, robotparser: RobotParser, request: Request) -> None:
        """What the outlet tells robots; what a host of its pictures tells is for the middlewares."""
        if MEDIA not in request.meta:
            self.robots = robotparser

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """A newspaper on this machine needs no pauses, nobody else reads it; and a proxy would ask its own machine."""
        super().update_settings(settings)
        if cls.outlet.any_certificate:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")
        contact = settings["EWB_CONTACT"] or remembered_contact(Path(settings["EWB_ARCHIVE"]))
        if contact:
            agent = f"ewbscraper/{__version__} (archive of regional news; +{contact})"
            settings.setdict({"EWB_CONTACT": contact, "USER_AGENT": agent}, priority="spider")
        if cls.outlet.on_this_machine:
            pace = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "EWB_PAUSE": 0}
            settings.setdict(pace | {"HTTPPROXY_ENABLED": False}, priority="spider")


def leave_alone(crawler: Crawler, why: str, wait: float = 0.0) -> None:
    """A middleware says that the site is not to be asked any more in this run."""
    if isinstance(crawler.spider, NewspaperSpider) and not crawler.spider.ending:
        crawler.spider.left_alone(why, wait)


def is_ending(crawler: Crawler) -> bool:
    """Nothing more is to be asked for."""
    return isinstance(crawler.spider, NewspaperSpider) and crawler.spider.ending


def session_of(crawler: Crawler) -> CrawlSession | None:
    """The session of the spider that a crawler runs."""
    return crawler.spider.session if isinstance(crawler.spider, NewspaperSpider) else None


def sitemaps_of_robots(crawler: Crawler) -> list[str]:
    """Addresses of the sitemaps that robots.txt names, as far as it was read."""
    robots = crawler.spider.robots if isinstance(crawler.spider, NewspaperSpider) else None
    return list(robots.rp.sitemaps) if isinstance(robots, ProtegoRobotParser) else []


def remembered_contact(archive: Path) -> str | None:
    """The contact that an earlier run named, where there is an archive that remembers one."""
    if not archive.is_file():
        return None
    with closing(read(archive)) as db:
        row = db.execute("SELECT value FROM about WHERE key = 'contact'").fetchone()
    return row["value"] if row else None
