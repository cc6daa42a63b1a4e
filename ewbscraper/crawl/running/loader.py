"""One spider per outlet, so that `scrapy list`, `scrapy crawl ewb` and Scrapyd know them by name."""

from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from ewbscraper.crawl.named import all_outlets, outlet_named
from ewbscraper.crawl.spiders.spider import OutletSpider
from ewbscraper.discovery.link import address_on
from ewbscraper.errors import NoSuchOutlet
from ewbscraper.outlet import Outlet


class OutletLoader:
    """Scrapy's SpiderLoaderProtocol over the outlets of the package, those beside the archive and those in it."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """A loader for the archive that the settings name."""
        return cls(Path(settings["EWB_ARCHIVE"]).absolute())

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of an outlet. Raises KeyError, as Scrapy wants it, with the nearest names."""
        try:
            return spider_class(outlet_named(spider_name, self._archive))
        except NoSuchOutlet as error:
            raise KeyError(str(error)) from error

    def find_by_request(self, request: Request) -> list[str]:
        """Slugs of the outlets that would ask for it: on their own host, with `www.` or without."""
        outlets = all_outlets(self._archive).values()
        return [outlet.slug for outlet in outlets if address_on(outlet, request.url, request.url)]

    def list(self) -> list[str]:
        """Slugs of all outlets, those that a crawl has found among them."""
        return sorted(all_outlets(self._archive))


def spider_class(outlet: Outlet) -> type[OutletSpider]:
    """A spider class for one outlet."""
    return type(f"{outlet.slug.title()}Spider", (OutletSpider,), {"name": outlet.slug, "outlet": outlet})
