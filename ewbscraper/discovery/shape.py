"""Which links of a page lead to articles, which one to its next page, which to sections: by their place and shape.

For pages of which nobody has said it: what no selector names is told apart as a reader would.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import takewhile
from urllib.parse import unquote

from lxml import etree

from ewbscraper.address import join, split
from ewbscraper.page import Element, Page, clean_url

MOST_SECTIONS = 12
"""Of one front page: enough for a newspaper, and few enough to be asked in one look."""

_NEXT = "//*[self::link or self::a][contains(concat(' ', @rel, ' '), ' next ')]/@href"

_ARTICLE = re.compile(
    r"/(?:19|20)\d\d[/-]\d{1,2}\b"  # a date
    r"|\d{4,}"  # a long number
    r"|/[^/]*(?:[-_][^/_-]+){3,}"  # a headline of four words
    r"|/[^/]+[-_][^/]+\.s?html?\?"
    r"|/\?p=\d+$"  # WordPress where its addresses are plain
)
_OWN_WORDS = re.compile(r"/[^/]*[-_\d][^/]*/?$")
_DATES = re.compile(r"^(?:/[a-z]{2})?/(?:19|20)\d\d(?:/\d{1,2})?/?$")
_NUMBERED = re.compile(r"(?:/[a-z]+/|[?&][a-z]+=)(\d{1,5})/?$", re.IGNORECASE)


_PARTS = ("around", "headline", "menu", "article")


@dataclass(slots=True)
class _Link:
    """A link, and what it stands in."""

    href: str
    around: bool
    """The parts of a page that are on every page: menus, the foot."""
    headline: bool
    """A heading, or it holds one."""
    menu: bool
    article: bool


def looks_like_an_article(url: str) -> bool:
    """By its address: a date, a long number, a headline."""
    parts = split(url)
    return not _DATES.search(parts.path) and _ARTICLE.search(unquote(f"{parts.path}?{parts.query}")) is not None


def article_links(page: Page) -> list[str]:
    """Addresses as written: links that stand where headlines stand, and those shaped like an article's."""
    links = [link for link in _links(page) if not link.around]
    headlines = {link.href for link in links if link.headline and _OWN_WORDS.search(split(link.href).path)}
    return [one.href for one in links if one.href in headlines or looks_like_an_article(join(page.url, one.href))]


def next_page(page: Page) -> list[str]:
    """The page's own word for it (`rel=next`), or the address that differs by a number that is one more."""
    if named := page.select(_NEXT):
        return list(named[:1])
    stem, number = _stem(clean_url(page.url))
    following = (href for href in page.select("//a/@href") if _stem(join(page.url, href)) == (stem, number + 1))
    return list(dict.fromkeys(following))[:1]


def date_archives(page: Page) -> list[str]:
    """Addresses of the months and years that the page links to, newest first."""
    found = (join(page.url, href) for href in page.select("//a/@href"))
    return sorted({url for url in found if _DATES.search(split(url).path)}, key=_newest_first, reverse=True)


def _newest_first(url: str) -> list[str]:
    return [part.zfill(4) for part in split(url).path.split("/")]


def sections(page: Page) -> list[str]:
    """Absolute addresses out of the menus: one or two plain words, none of which a static page has."""
    urls = dict.fromkeys(clean_url(join(page.url, href)) for href in _menu(page))
    return [url for url in urls if _is_section(unquote(split(url).path))][:MOST_SECTIONS]


def _menu(page: Page) -> Iterator[str]:
    return (link.href for link in _links(page) if link.menu and not link.article)


def _links(page: Page) -> list[_Link]:
    """All links with what they stand in, from one walk: to climb from each of them has no end where all is nested."""
    found, open_links, inside = list[_Link](), list[_Link](), Counter[str]()
    for event, element in etree.iterwalk(page.tree, events=("start", "end")):
        parts, href = _parts_of(element), element.get("href") if element.tag == "a" else None
        if event == "end":
            inside.subtract(parts)
            if href is not None:
                open_links.pop()
            continue
        inside.update(parts)
        if "headline" in parts:
            for link in takewhile(lambda one: not one.headline, reversed(open_links)):
                link.headline = True
        if href is not None:
            found.append(_Link(href, *(inside[part] > 0 for part in _PARTS)))
            open_links.append(found[-1])
    return found


def _parts_of(element: Element) -> list[str]:
    """What an element is for the links in it."""
    tag, navigates = element.tag, element.get("role") == "navigation"
    menu = tag in ("nav", "header") or navigates or "menu" in (element.get("class") or "")
    said = (tag in ("nav", "footer") or navigates, tag in ("h1", "h2", "h3", "h4"), menu, tag == "article")
    return [part for part, is_so in zip(_PARTS, said, strict=True) if is_so]


def _is_section(path: str) -> bool:
    words = [word for word in path.lower().split("/") if word]
    if not 1 <= len(words) <= 3 or looks_like_an_article(path):
        return False
    return not any(word.isdecimal() or _no_sections().search(word) for word in words)


def _stem(url: str) -> tuple[str, int]:
    """An address without its page number, and that number: 1 where it has none."""
    match = _NUMBERED.search(url)
    return (url[: match.start()].rstrip("/"), int(match[1])) if match else (url.rstrip("/"), 1)


@lru_cache(maxsize=1)
def _no_sections() -> re.Pattern[str]:
    """Words in addresses of static pages (`no_sections.txt`)."""
    return re.compile("|".join(_lines()), re.IGNORECASE)


def _lines() -> Iterator[str]:
    lines = files(__package__).joinpath("no_sections.txt").read_text("utf-8").splitlines()
    return (line for line in lines if line and not line.startswith("#"))
