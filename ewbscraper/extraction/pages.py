"""Articles of several pages: where the further pages are, and the pages joined to one article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qs

from ewbscraper.address import join, split
from ewbscraper.article import Article, Caption
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page, clean_url

MOST_PAGES = 50

_NAMES = ("page-links", "page-numbers", "pagination", "pager")
"""What the classes of the places that name further pages have in them."""
_IN_THERE = (
    f"//@class[contains(., 'pag')]/parent::*[{' or '.join(f'contains(@class, {name!r})' for name in _NAMES)}]"
    "/descendant-or-self::a/@href"
)
"""By the axis of attributes, a quarter of what asking each element takes."""
_PAGE_KEYS = ("page", "p", "pg", "seite", "strana", "str")


def next_pages(page: Page, outlet: Outlet | None = None, first: Page | None = None) -> list[str]:
    """Addresses of the further pages of an article, in order: `<article>/2/`, `<article>?page=2`.

    Links to other articles, attachments and comments are none; at most `MOST_PAGES`. `first` is the article's first
    page, where `page` is a later one.
    """
    following = [one for one in page.elements("link", "a") if one.get("rel") == "next" and "href" in one.attrib]
    hrefs = [link.get("href") for link in following if link.tag == "link"]
    hrefs += page.select(_IN_THERE)
    hrefs += [link.get("href") for link in following if link.tag == "a"]
    if outlet and outlet.next_pages:
        found = page.select(outlet.next_pages)
        hrefs += [link if isinstance(link, str) else link.get("href") or "" for link in found]
    numbered = {number: url for href in hrefs for number, url in _numbered(page, href, first or page)}
    return [numbered[number] for number in sorted(numbered)][:MOST_PAGES]


def join_pages(articles: Sequence[Article]) -> Article:
    """One article of its pages in order: the first one's fields, all texts and captions, each caption once."""
    first = articles[0]
    bodies = [first.body, *(_without_standfirst(article.body, first.standfirst) for article in articles[1:])]
    captions = dict[tuple[str, str | None, str | None], Caption]()
    before = 0
    for article, body in zip(articles, bodies, strict=True):
        left_out = _paragraphs(article.body) - _paragraphs(body)
        for caption in article.captions:
            key = (caption.caption, caption.credit, caption.image_url)
            captions.setdefault(key, _moved(caption, before, left_out))
        before += _paragraphs(body)
    return replace(
        first,
        body="\n\n".join(body for body in bodies if body),
        body_html="\n".join(article.body_html for article in articles if article.body_html),
        captions=tuple(captions.values()),
    )


def _moved(caption: Caption, before: int, left_out: int) -> Caption:
    """On a page that follows so many paragraphs, and lost some at its head."""
    return caption if caption.after is None else replace(caption, after=before + max(0, caption.after - left_out))


def _paragraphs(body: str) -> int:
    return body.count("\n\n") + 1 if body else 0


def _numbered(page: Page, href: str, first: Page) -> Iterator[tuple[int, str]]:
    """The number of a page and its address, where it is a page of this very article."""
    url = clean_url(join(page.url, href))
    own, other = split(first.canonical), split(url)
    if other.hostname != own.hostname:
        return
    base = own.path.rstrip("/")
    rest = other.path.rstrip("/").removeprefix(base)
    if other.path.startswith(base) and (match := re.fullmatch(r"[/-](?:page/|seite-)?(\d{1,3})(?:\.html?)?", rest)):
        number = int(match[1])
    elif rest == "" and (values := [v for key, v in parse_qs(other.query).items() if key in _PAGE_KEYS]):
        number = int(values[0][0]) if re.fullmatch("[0-9]{1,3}", values[0][0]) else 0
    else:
        return
    if 2 <= number <= MOST_PAGES + 1:
        yield number, url


def _without_standfirst(body: str, standfirst: str | None) -> str:
    first, _, rest = body.partition("\n\n")
    return rest if standfirst and first == standfirst else body
