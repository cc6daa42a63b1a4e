"""A look at a live site: what robots.txt allows, which sources answer, what a crawl would cost. Keeps no article."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from ewbscraper.archive.runs import SourceAnswer
from ewbscraper.article import Article
from ewbscraper.crawl.ask import ask, header, whole
from ewbscraper.crawl.base import NewspaperSpider
from ewbscraper.crawl.spiders.find import Finder
from ewbscraper.crawl.spiders.sources import first_pages
from ewbscraper.discovery.answer import is_complete
from ewbscraper.discovery.link import Link
from ewbscraper.errors import NotHad, PageUnreadable
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.verdict import PROTECTED, why_not_an_article
from ewbscraper.outlet import Outlet, Source, key_of
from ewbscraper.page import Page

ALWAYS_THERE = ("url", "outlet", "body_html", "words", "found_by")
"""Of these keys of an article nobody asks on how many pages they are."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An article page that a look took apart."""

    url: str
    body: bytes
    article: Article


@dataclass(slots=True)
class Look:
    """What a look at an outlet found."""

    outlet: Outlet
    """With its sources, also where the look had to find them."""
    others: tuple[Source, ...] = ()
    """Sources that answer and that the outlet does not name."""
    answering: list[Source] = field(default_factory=list)
    """Those of the outlet's sources that answered usefully."""
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
    samples: list[Sample] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a person may want to know, and nothing is wrong."""
    interrupted: bool = True
    """It was told to stop before it was through; as is one whose spider never closes."""

    @property
    def answered(self) -> bool:
        """At least one source answered usefully."""
        return bool(self.answering)

    @property
    def coverage(self) -> Counter[str]:
        """On how many of the samples each field was found, those on none too."""
        pages = [one.article.to_dict() for one in self.samples]
        names = [name for name in pages[0] if name not in ALWAYS_THERE] if pages else []
        return Counter({name: sum(bool(page[name]) for page in pages) for name in names})

    @property
    def repeated(self) -> list[str]:
        """No headline at all, or on every page the site's name, or its section's: coverage does not show that."""
        many, headlines = len(self.samples), {one.article.headline for one in self.samples}
        if many < 3 or len(headlines) > 1:
            return []
        said = headlines.pop()
        seen = f"the headline is {said!r} on all {many} articles" if said else f"no headline on any of {many} articles"
        return [f"{seen}: the outlet needs a selector"]


class LookSpider(NewspaperSpider):
    """Arguments: `articles`, how many recent ones to take apart; `others`: look for sources that are not named too."""

    def __init__(self, *args: Any, articles: int = 0, others: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted, self.others, self.look = articles, others, Look(self.outlet)

    async def start(self) -> AsyncIterator[Request]:
        """All sources, then the newest articles, one at a time."""
        if self.others or not self.outlet.sources:
            await self._find()
        for source in self.look.outlet.sources:
            await self._read(source)
        open_ones = [link for link in self.look.links.values() if not link.protected]
        newest = sorted(open_ones, key=lambda link: link.changed or "", reverse=True)
        for link in newest[: 2 * self.wanted]:
            if len(self.look.samples) < self.wanted and not self.ending:
                await self._take_apart(link)
        self.look.problems += self.look.repeated
        for request in list[Request]():
            yield request

    async def _find(self) -> None:
        """The sources of an outlet that names none; of another one those that it does not name."""
        finder = Finder(self.crawler, self.outlet)
        found = await finder.find()
        self.look.problems += finder.problems
        self.look.notes += finder.notes
        if self.outlet.sources:
            named = {key_of(source) for source in self.outlet.sources}
            self.look.others = tuple(source for source in found.sources if key_of(source) not in named)
        else:
            self.look.outlet = found

    def closed(self, reason: str) -> None:
        """Scrapy's word for a run that was told to stop is `shutdown`, before its first request `finished` too."""
        self.look.interrupted = reason == "shutdown" or (reason == "finished" and not self.crawler.crawling)

    def keep_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Also what it says of this crawl."""
        super().keep_robots(robotparser, request)
        agent = self.crawler.settings["USER_AGENT"]
        self.look.robots_allow = robotparser.allowed(self.outlet.home, agent)
        self.look.crawl_delay = robotparser.crawl_delay(agent)

    async def _read(self, source: Source) -> None:
        pages = await first_pages(self.crawler, self.look.outlet, source)
        for page in pages:
            self.look.answers.append(page.answer)
            for link in page.links:
                self.look.links.setdefault(link.url, link)
            self.look.articles = max(self.look.articles, page.total or 0, len(self.look.links))
            if is_complete(source) and not page.answer.error and (page.total is not None or page.last):
                self.look.whole = True
        if any(page.links for page in pages) and not any(page.answer.error for page in pages):
            self.look.answering.append(source)

    async def _take_apart(self, link: Link) -> None:
        try:
            self._count(whole(await ask(self.crawler, Request(link.url))))
        except (NotHad, PageUnreadable) as error:
            self.look.problems.append(f"{link.url}: {error}")

    def _count(self, response: Response) -> None:
        page, outlet = Page(response.body, response.url, header(response, "Content-Type")), self.look.outlet
        article = extract_article(page, outlet)
        reason = why_not_an_article(page, article, outlet)
        if reason == PROTECTED:
            return
        if reason:
            self.look.problems.append(f"{response.url}: no article: {reason}")
        else:
            self.look.samples.append(Sample(response.url, response.body, article))
