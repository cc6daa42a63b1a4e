"""The ways of `crawl.py`, each in a process of its own: `python benchmarks/_crawls.py WAY HOME PAGES FOLDER`.

Prints a line of JSON after each EVERY pages and one at the end: pages, CPU seconds of this process and its children
since the crawl began (imports apart), and its peak memory so far, in MB.
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
from lxml import etree
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response

EVERY = 1_000
STOCK = {"LOG_LEVEL": "INFO"}
"""The default would write two lines a page, which costs more: that would be in our favour."""
TUNED = {
    "CONCURRENT_ITEMS": 1,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "SPIDER_MIDDLEWARES": {"scrapy.spidermiddlewares.referer.RefererMiddleware": None},
    "LOG_LEVEL": "ERROR",
}
Reading = Callable[[Response], Any]
Crawl = Callable[[str, int, Path], int]


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


def ours() -> Crawl:
    """What `ewbscraper crawl` does, every default of it; a newspaper on this machine gets no pauses."""
    from ewbscraper.archive.database import read  # here: the others are to hold nothing of ours
    from ewbscraper.crawl import settings
    from ewbscraper.crawl.running.runner import CrawlOptions, crawl
    from ewbscraper.outlet import Outlet, Sitemap

    settings.EXTENSIONS = {**settings.EXTENSIONS, Count: 1}

    def run(home: str, pages: int, folder: Path) -> int:
        paper = Outlet(slug="paper", name="Paper", home=home, sources=(Sitemap(f"/sitemap-{pages}.xml"),))
        crawl(folder / "archive.db", [paper], CrawlOptions(quiet=True))
        with read(folder / "archive.db") as db:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])

    return run


def scrapy(chosen: dict[str, Any], reading: Reading) -> Crawl:
    """A spider that does one thing with each page."""
    given, found = [], []

    class Bare(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Request]:
            for number in range(self.pages):
                yield Request(address(self.home, number))

        def parse(self, response: Response) -> None:
            given.append(response.url)
            if reading(response):  # an extractor may raise whatever it likes: Scrapy counts it and goes on
                found.append(response.url)

    def run(home: str, pages: int, folder: Path) -> int:
        process = AsyncCrawlerProcess(chosen)
        process.crawl(Bare, home=home, pages=pages)
        process.start()
        assert len(given) == pages, f"{len(given)} of {pages}"
        return len(found)

    return run


def trafilatura() -> Crawl:
    """Text and metadata."""
    module = importlib.import_module("trafilatura")
    return scrapy(STOCK, lambda page: module.bare_extraction(page.text, url=page.url, with_metadata=True))


def news_please() -> Crawl:
    """All its extractors."""
    module = importlib.import_module("newsplease")
    return scrapy(STOCK, lambda page: module.NewsPlease.from_html(page.text, url=page.url, fetch_images=False).maintext)


def fundus() -> Crawl:
    """Its own crawler and parts; the parser as one for a site is, but that each `<p>` is a paragraph."""
    parts = importlib.import_module("fundus.parser")
    utility = importlib.import_module("fundus.parser.utility")
    publishers = importlib.import_module("fundus.publishers.base_objects")
    sources = importlib.import_module("fundus.scraping.url")
    crawler = importlib.import_module("fundus").Crawler
    paragraphs = etree.XPath("//p")

    class Parser(parts.ParserProxy):  # type: ignore[misc, name-defined]
        class V1(parts.BaseParser):  # type: ignore[misc, name-defined]
            @parts.attribute
            def body(self) -> Any:
                return utility.extract_article_body_with_selector(self.precomputed.doc, paragraph_selector=paragraphs)

            @parts.attribute
            def publishing_date(self) -> Any:
                return utility.generic_date_parsing(self.precomputed.ld.bf_search("datePublished"))

            @parts.attribute
            def authors(self) -> Any:
                return utility.generic_author_parsing(self.precomputed.ld.bf_search("author"))

            @parts.attribute
            def title(self) -> Any:
                return self.precomputed.ld.bf_search("headline") or self.precomputed.meta.get("og:title")

            @parts.attribute
            def topics(self) -> Any:
                return utility.generic_topic_parsing(self.precomputed.meta.get("keywords"))

            @parts.attribute
            def images(self) -> Any:
                return utility.image_extraction(doc=self.precomputed.doc, paragraph_selector=paragraphs)

    def run(home: str, pages: int, folder: Path) -> int:
        sitemap = sources.Sitemap(f"{home}sitemap-{pages}.xml", languages={"en"})
        paper = publishers.Publisher("Paper", home, Parser, [sitemap])
        # The default gives no article where any field fails: half of these pages.
        found = crawler(paper, delay=0.0).crawl(only_complete=False, error_handling="catch")
        return sum(bool(one.body) and not isinstance(one.body, Exception) for one in found)

    return run


WAYS: dict[str, Callable[[], Crawl]] = {
    "ours": ours,
    "stock": lambda: scrapy(STOCK, bool),
    "tuned": lambda: scrapy(TUNED, bool),
    "trafilatura": trafilatura,
    "news-please": news_please,
    "fundus": fundus,
}
"""What imports all that a crawl needs, and gives the crawl: it returns how many pages became articles."""


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
    crawl = WAYS[way]()
    _BEGAN = used()
    tell(pages, crawl(home, pages, folder))


_BEGAN = 0.0

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
