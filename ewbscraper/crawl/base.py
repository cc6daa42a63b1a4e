"""What every spider of ours shares: one newspaper, its host, its pace."""

from typing import Any, ClassVar

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from ewbscraper.crawl.session import CrawlSession
from ewbscraper.outlet import Outlet


class NewspaperSpider(Spider):
    """A spider that stays on the host of its outlet."""

    outlet: ClassVar[Outlet]
    session: CrawlSession | None = None
    """What it writes through; None for a spider that keeps nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed_domains = [self.outlet.host.removeprefix("www.")]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """A newspaper on this machine needs no pauses: nobody else reads it."""
        super().update_settings(settings)
        if cls.outlet.on_this_machine:
            settings.setdict({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}, priority="spider")


def session_of(crawler: Crawler) -> CrawlSession | None:
    """The session of the spider that a crawler runs."""
    return crawler.spider.session if isinstance(crawler.spider, NewspaperSpider) else None
