"""Which links of a page lead to articles, which one to its next page, which to sections: by their place and shape.

For pages of which nobody has said it: what no selector names is told apart as a reader would.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from ewbscraper.page import Page, absolute, clean_url

MOST_SECTIONS = 12
"""Of one front page: enough for a newspaper, and few enough to be asked in one look."""

_AROUND = "ancestor::nav or ancestor::footer or ancestor::*[@role='navigation']"
_LINKS = f"//a[@href][not({_AROUND})]/@href"
_HEADLINES = (
    f"//a[@href][not({_AROUND})][ancestor::h1 or ancestor::h2 or ancestor::h3 or ancestor::h4"
    " or .//h1 or .//h2 or .//h3 or .//h4]/@href"
)
_MENU = (
    "//*[self::nav or self::header or @role='navigation' or contains(@class, 'menu')]//a[@href][not(ancestor::article)]"
    "/@href"
)
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


def looks_like_an_article(url: str) -> bool:
    """By its address: a date, a long number, a headline."""
    parts = urlsplit(url)
    return not _DATES.search(parts.path) and _ARTICLE.search(unquote(f"{parts.path}?{parts.query}")) is not None


def article_links(page: Page) -> list[str]:
    """Addresses as written: links that stand where headlines stand, and those shaped like an article's."""
    headlines = {href for href in page.select(_HEADLINES) if _OWN_WORDS.search(urlsplit(absolute("", href)).path)}
    links = page.select(_LINKS)
    return [href for href in links if href in headlines or looks_like_an_article(absolute(page.url, href))]


def next_page(page: Page) -> list[str]:
    """The page's own word for it (`rel=next`), or the address that differs by a number that is one more."""
    if named := page.select(_NEXT):
        return list(named[:1])
    stem, number = _stem(clean_url(page.url))
    following = (href for href in page.select("//a/@href") if _stem(absolute(page.url, href)) == (stem, number + 1))
    return list(dict.fromkeys(following))[:1]


def date_archives(page: Page) -> list[str]:
    """Addresses of the months and years that the page links to, newest first."""
    found = (absolute(page.url, href) for href in page.select("//a/@href"))
    return sorted({url for url in found if _DATES.search(urlsplit(url).path)}, key=_newest_first, reverse=True)


def _newest_first(url: str) -> list[str]:
    return [part.zfill(4) for part in urlsplit(url).path.split("/")]


def sections(page: Page) -> list[str]:
    """Absolute addresses out of the menus: one or two plain words, none of which a static page has."""
    urls = dict.fromkeys(clean_url(absolute(page.url, href)) for href in page.select(_MENU))
    return [url for url in urls if _is_section(unquote(urlsplit(url).path))][:MOST_SECTIONS]


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
