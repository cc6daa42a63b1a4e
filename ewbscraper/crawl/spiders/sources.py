"""Asking an outlet's sources, page by page: step 2."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from ewbscraper.archive.runs import SourceAnswer
from ewbscraper.crawl.ask import ask, conditional, header, headers_of, whole
from ewbscraper.discovery.answer import first_addresses, is_complete, links_from
from ewbscraper.discovery.link import Answer, Link
from ewbscraper.discovery.wordpress import PAST_THE_LAST
from ewbscraper.errors import NotHad, Refused, SourceUnreadable
from ewbscraper.outlet import Outlet, Source

MOST_PAGES = 5_000
"""Pages of one source that one run reads: the end of an endless listing."""
FIRST_PAGES = 3
"""Pages that show whether a source lists articles: an index and the first sitemaps that it names."""

Validators = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One answer of a source."""

    answer: SourceAnswer
    links: tuple[Link, ...]
    total: int | None
    """How many articles the source says it has in all."""
    newest_only: bool
    """It says of itself that it lists the last days only."""
    rest: tuple[str, ...]
    """Addresses that the reading has still to ask."""
    may_pass: bool
    """Its error is one that a later run may not meet: no answer, or one that Scrapy asks again after (429, 503 ...)."""

    @property
    def last(self) -> bool:
        """No more pages follow."""
        return not self.rest


async def read_source(
    crawler: Crawler, outlet: Outlet, source: Source, validators: Validators = (None, None), start: Sequence[str] = ()
) -> AsyncIterator[SourcePage]:
    """The pages of a source in its own order, until nothing more is named; the caller may stop earlier.

    An error of one page leaves those that others have named: a part of a sitemap that is dead does not hide the rest.

    `validators` (ETag, Last-Modified) make the first question conditional. It begins at `start`, the `rest` of a page
    of an earlier reading, or where the source does. A later page of a list of the newest leads
    no further where it is none, or names only what this reading has seen: past its end a site shows what it shows
    everywhere.
    """
    waiting, seen, named = list(start) or first_addresses(source, outlet), set[str](), set[str]()
    while waiting and len(seen) < MOST_PAGES:
        url = waiting.pop(0)
        request = Request(url, headers=conditional(*validators) if not seen else None)
        seen.add(url)
        answer, found, may_pass = await _ask(crawler, outlet, source, request)
        urls = {link.url for link in found.links}
        if (named or start) and not is_complete(source) and answer.status in (200, 404) and urls <= named:
            continue
        named |= urls
        more = [address for address in found.more if address not in seen and address not in waiting]
        waiting += more[: MOST_PAGES - len(waiting)]
        yield SourcePage(answer, found.links, found.total, found.newest_only, tuple(waiting), may_pass)


async def first_pages(
    crawler: Crawler, outlet: Outlet, source: Source, enough: Callable[[SourcePage], bool] = lambda page: False
) -> list[SourcePage]:
    """So much of a source as a look at it reads; less where a page says `enough`, or fails."""
    pages = list[SourcePage]()
    async for page in read_source(crawler, outlet, source):
        pages.append(page)
        if len(pages) == FIRST_PAGES or page.answer.error or enough(page):
            break
    return pages


async def _ask(crawler: Crawler, outlet: Outlet, source: Source, request: Request) -> tuple[SourceAnswer, Answer, bool]:
    answer = SourceAnswer(request.url, type(source).__name__)
    try:
        response = await ask(crawler, request)
        etag, modified = header(response, "ETag"), header(response, "Last-Modified")
        answer = replace(answer, status=response.status, etag=etag, last_modified=modified)
        found = _links(source, outlet, response)
    except (NotHad, SourceUnreadable) as error:
        passes = isinstance(error, NotHad) and not isinstance(error, Refused) and may_pass(crawler, answer.status)
        return replace(answer, error=str(error)), Answer(), passes
    return replace(answer, links=len(found.links)), found, False


def may_pass(crawler: Crawler, status: int | None) -> bool:
    """Whether a later run may meet something else: no answer, or a status that Scrapy asks again after."""
    return status is None or status in map(int, crawler.settings.getlist("RETRY_HTTP_CODES"))


def _links(source: Source, outlet: Outlet, response: Response) -> Answer:
    if response.status == 304:
        return Answer()
    past_the_end = response.status == 400 and PAST_THE_LAST.encode() in response.body
    usable = response if past_the_end else whole(response)
    return links_from(source, outlet, usable.body, usable.url, headers_of(usable))
