"""A look at an outlet that keeps nothing: what robots.txt allows, which sources answer, what a crawl would cost."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from ewbscraper.archive.runs import SourceAnswer
from ewbscraper.crawl.ask import ask, header, whole
from ewbscraper.crawl.base import NewspaperSpider
from ewbscraper.crawl.sources import read_source
from ewbscraper.discovery.answer import is_complete
from ewbscraper.discovery.link import Link
from ewbscraper.errors import NotHad, PageUnreadable
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.verdict import why_not_an_article
from ewbscraper.outlet import Source
from ewbscraper.page import Page

PAGES_OF_A_SOURCE = 3
"""Pages of a source that a look reads: enough to know that it answers."""


@dataclass(slots=True)
class Look:
    """What a look at an outlet found."""

    robots_allow: bool | None = None
    """May the front page be asked for; None where there was no robots.txt to read."""
    crawl_delay: float | None = None
    """Seconds between two requests that robots.txt asks for."""
    answers: list[SourceAnswer] = field(default_factory=list)
    articles: int = 0
    """Links that the sources list, as far as they were read; the source's own total where it names one."""
    whole: bool = False
    """A source that lists everything was read to its end, or named its total."""
    links: dict[str, Link] = field(default_factory=dict)
    taken_apart: int = 0
    """Articles that were asked for and taken apart."""
    coverage: Counter[str] = field(default_factory=Counter)
    """On how many of them each field was found."""
    problems: list[str] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """At least one source answered usefully."""
        return any(answer.error is None and answer.links for answer in self.answers)


class LookSpider(NewspaperSpider):
    """Argument `articles`: how many recent articles to take apart."""

    def __init__(self, *args: Any, articles: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted, self.look = articles, Look()

    async def start(self) -> AsyncIterator[Request]:
        """All sources, then the newest articles, one at a time."""
        for source in self.outlet.sources:
            await self._read(source)
        newest = sorted(self.look.links.values(), key=lambda link: link.changed or "", reverse=True)
        for link in newest[: self.wanted]:
            await self._take_apart(link)
        for request in list[Request]():
            yield request

    def keep_robots(self, robotparser: RobotParser) -> None:
        """Also what it says of this crawl."""
        super().keep_robots(robotparser)
        agent = self.crawler.settings["USER_AGENT"]
        self.look.robots_allow = robotparser.allowed(self.outlet.home, agent)
        self.look.crawl_delay = robotparser.crawl_delay(agent)

    async def _read(self, source: Source) -> None:
        pages = 0
        async for page in read_source(self.crawler, self.outlet, source):
            pages += 1
            self.look.answers.append(page.answer)
            self.look.links.update((link.url, link) for link in page.links)
            self.look.articles = max(self.look.articles, page.total or 0, len(self.look.links))
            if is_complete(source) and not page.answer.error and (page.total is not None or page.last):
                self.look.whole = True
            if pages == PAGES_OF_A_SOURCE:
                return

    async def _take_apart(self, link: Link) -> None:
        try:
            self._count(whole(await ask(self.crawler, Request(link.url))))
        except (NotHad, PageUnreadable) as error:
            self.look.problems.append(f"{link.url}: {error}")

    def _count(self, response: Response) -> None:
        page = Page(response.body, response.url, header(response, "Content-Type"))
        article = extract_article(page, self.outlet)
        reason = why_not_an_article(page, article, self.outlet)
        if reason:
            self.look.problems.append(f"{response.url}: no article: {reason}")
            return
        self.look.taken_apart += 1
        self.look.coverage.update(key for key, value in article.to_dict().items() if value)
