"""Finding the sources of a newspaper that nobody has defined: a front page, and the lists that it may have.

Asked in this order, the cheapest kind of source first; the outlet keeps those that answer:

1. WordPress' REST list   named by the front page or its headers, else at its usual paths
2. feed                   named by the front page, else at the usual paths
3. sitemaps               named by robots.txt, else at the usual paths; news sitemaps before whole ones
4. listing pages          the front page and the sections of its menu, where none of the above lists everything

A front page that cannot be read names nothing; the usual paths are asked all the same.
"""

from collections.abc import Iterable
from dataclasses import replace

from scrapy import Request
from scrapy.crawler import Crawler

from ewbscraper.archive.times import utc_now
from ewbscraper.crawl.ask import ask, header, headers_of, whole
from ewbscraper.crawl.base import sitemaps_of_robots
from ewbscraper.crawl.spiders.sources import SourcePage, first_pages, may_pass
from ewbscraper.discovery.answer import is_complete
from ewbscraper.discovery.hints import USUAL_FEEDS, USUAL_SITEMAPS, Hints, RestRoot, hints_of, path_of, rest_root
from ewbscraper.discovery.link import Link, address_on, further
from ewbscraper.discovery.shape import looks_like_an_article
from ewbscraper.errors import NotHad, PageUnreadable, Refused
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, Source, WordPress
from ewbscraper.page import Page

MOST_SITEMAPS = 20
"""Of those that robots.txt names."""
FEWEST_LINKS = 3
"""Of a page that is taken for a list."""
LOOKS_AGAIN = 3
"""Runs that look for the sources anew, where one failed with what may pass."""


class Finder:
    """One look for the sources of one outlet; only its address is known."""

    def __init__(self, crawler: Crawler, outlet: Outlet) -> None:
        self._crawler, self.outlet = crawler, outlet
        self.problems, self.notes = list[str](), list[str]()
        self._may_pass = False

    async def find(self) -> Outlet:
        """The outlet with its name, language, zone and sources: none where its front page is refused, or never comes.

        What is wrong with the front page is in `problems`, what a person may want to know in `notes`.
        """
        before, hints = self.outlet.look_again, await self._hints()
        sources = await self._sources(hints) if hints else []
        again = (before - 1 if before else LOOKS_AGAIN) if self._may_pass else 0
        return replace(self.outlet, sources=tuple(sources), found_at=utc_now(), look_again=again)

    async def _hints(self) -> Hints | None:
        response = None
        try:
            response = await ask(self._crawler, Request(self.outlet.home))
            page = Page(whole(response).body, response.url, header(response, "Content-Type"))
            hints = hints_of(page, self.outlet, headers_of(response))
        except (NotHad, PageUnreadable) as error:
            self.problems.append(f"{self.outlet.home}: {error}")
            refused = isinstance(error, Refused)
            self._may_pass = not refused and may_pass(self._crawler, response.status if response else None)
            return Hints() if response and not refused else None
        name, language = hints.name or self.outlet.name, hints.language or self.outlet.language
        self.outlet = replace(self.outlet, home=response.url, name=name, language=language)
        return hints

    async def _sources(self, hints: Hints) -> list[Source]:
        found: list[Source] = []
        for root in hints.rest:
            if rest := await self._first([WordPress(f"{root}wp/v2/posts")]):
                await self._ask_root(root)
                found.append(rest)
                break
        feed = await self._first(map(Feed, hints.feeds or (() if found else USUAL_FEEDS)))
        found += [feed] if feed else []
        found += await self._sitemaps()
        if not any(map(is_complete, found)):
            found = [replace(one, older=True) if isinstance(one, Feed) else one for one in found]
            found += await self._listings(hints)
        return found

    async def _ask_root(self, root: str) -> None:
        fields = f"{root}{'&' if '?' in root else '?'}_fields=name,timezone_string,gmt_offset"
        try:
            said = rest_root(whole(await ask(self._crawler, Request(self.outlet.address(fields)))).body)
        except NotHad:
            said = RestRoot()
        name, timezone = said.name or self.outlet.name, said.timezone or self.outlet.timezone
        self.outlet = replace(self.outlet, name=name, timezone=timezone)

    async def _sitemaps(self) -> list[Source]:
        """Those of robots.txt that list articles: news ones, and the others as one list; else a usual one."""
        said = sitemaps_of_robots(self._crawler)
        elsewhere = [url for url in said if not address_on(self.outlet, url, self.outlet.home)]
        self.notes += [f"{url}: robots.txt names this sitemap on another host, it is not asked" for url in elsewhere]
        named = further(said, self.outlet, self.outlet.home)[:MOST_SITEMAPS]
        news, rest = list[Source](), list[str]()
        for path in map(path_of, named):
            pages = await self._try(Sitemap(path))
            if pages and all(page.newest_only for page in pages if page.links):
                news.append(Sitemap(path, news=True))
            elif pages:
                rest.append(path)
        if rest:
            return [*news, Sitemap(rest[0], more=tuple(rest[1:]))]
        usual = await self._first(Sitemap(path) for path in USUAL_SITEMAPS if path not in map(path_of, named))
        return [*news, *([usual] if usual else [])]

    async def _listings(self, hints: Hints) -> list[Source]:
        return [listing for listing in map(Listing, hints.listings) if await self._try(listing)]

    async def _first(self, sources: Iterable[Source]) -> Source | None:
        """The first that answers usefully; a news sitemap is marked as one."""
        for source in sources:
            if pages := await self._try(source):
                news = isinstance(source, Sitemap) and all(page.newest_only for page in pages if page.links)
                return replace(source, news=True) if isinstance(source, Sitemap) and news else source
        return None

    async def _try(self, source: Source) -> list[SourcePage]:
        """The first pages of a source; none where it fails, or lists nothing that looks like articles."""
        pages = await first_pages(
            self._crawler, self.outlet, source, lambda page: _useful(source, page.links) and not page.newest_only
        )
        for page in pages:
            if page.may_pass:
                self._may_pass = True
                self.notes.append(f"{page.answer.url}: {page.answer.error}: to be looked for again")
            if page.answer.error:
                return []
        return pages if _useful(source, [link for page in pages for link in page.links]) else []


def _useful(source: Source, links: Iterable[Link]) -> bool:
    """A feed and a REST list name articles and nothing else; of a page or a sitemap some links must look like it."""
    urls = [link.url for link in links]
    if isinstance(source, WordPress | Feed):
        return bool(urls)
    shaped = sum(map(looks_like_an_article, urls))
    return shaped >= (FEWEST_LINKS if isinstance(source, Listing) else 1)
