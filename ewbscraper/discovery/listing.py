"""A page that lists articles: a category, a date archive, the front page."""

from collections.abc import Mapping
from typing import Any

from ewbscraper.discovery.link import Answer, Link, articles_among, further, header
from ewbscraper.discovery.shape import article_links, date_archives, next_page
from ewbscraper.errors import PageUnreadable, SourceUnreadable
from ewbscraper.outlet import Listing, Outlet, Selector
from ewbscraper.page import Page


def read(source: Listing, outlet: Outlet, body: bytes, url: str, headers: Mapping[str, str]) -> Answer:
    """The links of one page of the list, and its next page; of a first page that has none, the date archives."""
    try:
        page = Page(body, url, header(headers, "Content-Type") or None)
        hrefs = _hrefs(page, source.links) if source.links else article_links(page)
        following = _hrefs(page, source.next) if source.next else next_page(page)
        if source.next is None and not following and url == outlet.address(source.path):
            following = date_archives(page)
    except PageUnreadable as error:
        raise SourceUnreadable(f"not a page that lists articles: {error}") from error
    if not hrefs:
        wanted = f"matches {source.links!r}" if source.links else "looks like an article's"
        raise SourceUnreadable(f"no link on the page {wanted}: was it redesigned?")
    return Answer(articles_among(map(Link, hrefs), outlet, url), further(following, outlet, url))


def _hrefs(page: Page, selector: Selector) -> list[str]:
    return [href for found in page.select(selector) if (href := _href(found))]


def _href(found: Any) -> str:
    """Of an element its `href`; a selector may also name the attribute itself."""
    return found if isinstance(found, str) else found.get("href") or ""
