"""What every spider of ours shares: one newspaper, its host, its pace."""

from contextlib import closing
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.settings import BaseSettings

from ewbscraper import __version__
from ewbscraper.archive.database import read
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.outlet import Outlet


class NewspaperSpider(Spider):
    """A spider that stays on the host of its outlet."""

    outlet: Outlet
    robots: RobotParser | None = None
    """The outlet's robots.txt, once the first page was asked for."""
    session: CrawlSession | None = None
    """What it writes through; None for a spider that keeps nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed_domains = [self.outlet.host.removeprefix("www.")]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Listens for robots.txt."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.keep_robots, signal=signals.robots_parsed)
        return spider

    def keep_robots(self, robotparser: RobotParser) -> None:
        """What the outlet tells robots."""
        self.robots = robotparser

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """A newspaper on this machine needs no pauses: nobody else reads it."""
        super().update_settings(settings)
        contact = settings["EWB_CONTACT"] or remembered_contact(Path(settings["EWB_ARCHIVE"]))
        if contact:
            agent = f"ewbscraper/{__version__} (archive of regional news; +{contact})"
            settings.setdict({"EWB_CONTACT": contact, "USER_AGENT": agent}, priority="spider")
        if cls.outlet.on_this_machine:
            settings.setdict({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}, priority="spider")


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
