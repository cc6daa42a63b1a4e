"""The ways of `crawl.py`, each in a process of its own: `python benchmarks/_crawls.py WAY HOME PAGES FOLDER`.

Prints a line of JSON after each EVERY pages and one at the end: pages, CPU seconds of this process and its children
since the crawl began (the imports of Scrapy and of other extractors apart), and its peak memory so far, in MB.
"""

import importlib
import json
import re
import resource
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from _server import address
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response

EVERY = 1_000
QUIET = {"LOG_LEVEL": "INFO"}
"""Scrapy's own writes two lines a page into nothing."""
TUNED = {
    "CONCURRENT_ITEMS": 1,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "SPIDER_MIDDLEWARES": {"scrapy.spidermiddlewares.referer.RefererMiddleware": None},
    "LOG_LEVEL": "ERROR",
}
Reading = Callable[[Response], Any]


class Count:
    """A Scrapy extension: says what the crawl has cost after each EVERY pages."""

    def __init__(self) -> None:
        self._pages = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Count":
        one = cls()
        crawler.signals.connect(one.had, signals.response_received)
        return one

    def had(self, response: Response) -> None:
        self._pages += "/article-" in response.url
        if self._pages % EVERY == 0 and "/article-" in response.url:
            tell(self._pages)


def ours(home: str, pages: int, folder: Path) -> int:
    """What `ewbscraper crawl` does, every default of it; a newspaper on this machine gets no pauses."""
    from ewbscraper.archive.database import read  # here: the others are to hold nothing of ours
    from ewbscraper.crawl import settings
    from ewbscraper.crawl.runner import CrawlOptions, crawl
    from ewbscraper.outlet import Outlet, Sitemap

    settings.EXTENSIONS = {**settings.EXTENSIONS, Count: 1}
    paper = Outlet(slug="paper", name="Paper", home=home, sources=(Sitemap(f"/sitemap-{pages}.xml"),))
    crawl(folder / "archive.db", [paper], CrawlOptions(quiet=True))
    with read(folder / "archive.db") as db:
        return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])


def scrapy(home: str, pages: int, chosen: dict[str, Any], reading: Reading) -> int:
    """A spider that does one thing with each page."""
    found = []

    class Bare(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Request]:
            for number in range(pages):
                yield Request(address(home, number))

        def parse(self, response: Response) -> None:
            found.append(bool(reading(response)))

    process = AsyncCrawlerProcess(chosen)
    process.crawl(Bare)
    process.start()
    assert len(found) == pages, f"{len(found)} of {pages}"
    return sum(found)


def _trafilatura() -> Reading:
    module = importlib.import_module("trafilatura")
    return lambda page: module.bare_extraction(page.text, url=page.url, with_metadata=True)


def _news_please() -> Reading:
    module = importlib.import_module("newsplease")
    return lambda page: module.NewsPlease.from_html(page.text, url=page.url, fetch_images=False).maintext


def _fundus() -> Reading:
    """The parser of one publisher on every page: it finds little on others' pages, and so costs less than its own."""
    publishers = importlib.import_module("fundus").PublisherCollection
    parser = publishers.uk.TheGuardian.parser()
    return lambda page: parser.parse(page.text, "suppress")


def tell(pages: int, articles: int | None = None) -> None:
    """One line on stdout."""
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert peak
    line = {"pages": pages, "articles": articles, "seconds": used() - _BEGAN, "megabytes": int(peak[1]) / 1000}
    print(json.dumps(line), flush=True)


def used() -> float:
    """CPU seconds so far."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def main(way: str, home: str, pages: int, folder: Path) -> None:
    """Runs one way."""
    global _BEGAN
    readings = {"trafilatura": _trafilatura, "news-please": _news_please, "fundus": _fundus}
    reading = readings[way]() if way in readings else bool
    _BEGAN = used()
    if way == "ours":
        articles = ours(home, pages, folder)
    else:
        articles = scrapy(home, pages, TUNED if way == "tuned" else QUIET, reading)
    tell(pages, articles)


_BEGAN = 0.0

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
