"""Articles of several pages: the first one, and those after it."""

from collections.abc import AsyncIterator
from dataclasses import replace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.threads import deferToThread
from w3lib.url import add_or_replace_parameter

from ewbscraper.crawl.ask import ask, whole
from ewbscraper.crawl.base import session_of
from ewbscraper.crawl.middlewares.capture import capture_of
from ewbscraper.crawl.spiders.sources import read_source
from ewbscraper.extraction.pages import MOST_PAGES, next_pages
from ewbscraper.intake import CapturedPage
from ewbscraper.outlet import Outlet, WordPress
from ewbscraper.page import Page, clean_url
from ewbscraper.rights.directives import in_page

_BLOCK_THEME = "wp-block-post-content"
"""Class of the text in a block theme. Looked for in the text before the tree: 0.8 ms less for each page."""
_IN_TREE = f"//*[contains(concat(' ', @class, ' '), ' {_BLOCK_THEME} ')]"
_PAGE_BREAK = "nextpage"
"""What the text of a post has where a page ends, in WordPress' database: `<!--nextpage-->`."""


class SeveralPages:
    """The pages of an outlet's articles, during one run."""

    def __init__(self, crawler: Crawler, outlet: Outlet) -> None:
        self._crawler, self._outlet = crawler, outlet
        self._broken: frozenset[str] | None = None

    async def of(self, response: Response) -> list[CapturedPage]:
        """The page and those after it; a further page that is gone, or leads back, is left out.

        Raises PageUnreadable, NotHad where one of them cannot be had, and Reserved.
        """
        pages = [await self._captured(response)]
        asked, waiting = {response.url}, await self._after(pages)
        while waiting and len(asked) <= MOST_PAGES:
            url = waiting.pop(0)
            asked.add(url)
            further = await ask(self._crawler, Request(url))
            if further.status in (404, 410) or further.url in {page.page.url for page in pages}:
                continue
            pages.append(await self._captured(whole(further)))
            found = await self._after(pages)
            waiting += [address for address in found if address not in asked and address not in waiting]
        return pages

    async def _after(self, pages: list[CapturedPage]) -> list[str]:
        """What the last page names; the next number where WordPress knows of page breaks and its theme does not."""
        first, last = pages[0].page, pages[-1].page
        named = next_pages(last, self._outlet, first)
        of_blocks = not named and _BLOCK_THEME in first.html and first.select(_IN_TREE)
        if not of_blocks or clean_url(first.url) not in await self._with_page_breaks():
            return named
        return [f"{first.url.rstrip('/')}/{len(pages) + 1}/"]

    async def _with_page_breaks(self) -> frozenset[str]:
        """A block theme has links to the pages of posts that were made of blocks, not of older ones: asked once."""
        if self._broken is None:
            posts = next((one for one in self._outlet.sources if isinstance(one, WordPress)), None)
            self._broken = frozenset([link async for link in self._found(posts)] if posts else ())
        return self._broken

    async def _found(self, posts: WordPress) -> AsyncIterator[str]:
        source = replace(posts, path=add_or_replace_parameter(posts.path, "search", _PAGE_BREAK))
        async for page in read_source(self._crawler, self._outlet, source):
            for link in page.links:
                yield link.url

    async def _captured(self, response: Response) -> CapturedPage:
        """The page, read, and where it lies; what it says of its rights is remembered with that."""
        capture, session = capture_of(response), session_of(self._crawler)
        page = Page(response.body, response.url, capture.content_type)
        if page.is_large:  # in a thread: other outlets are crawled meanwhile
            await maybe_deferred_to_future(deferToThread(getattr, page, "tree"))
        page.tree  # noqa: B018 -- parsed here, where an unreadable page is expected
        if session:
            session.rights.also(capture, in_page(page))
        return CapturedPage(page, capture)
