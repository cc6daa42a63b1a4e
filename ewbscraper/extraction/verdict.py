"""Whether a page is an article at all: asked by a crawl, never by `extract`."""

import re

from ewbscraper.address import split
from ewbscraper.article import Article
from ewbscraper.extraction.structure.view import ARTICLE_TYPES
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page

LIST_TYPES = frozenset(("CollectionPage", "SearchResultsPage", "ProfilePage", "AboutPage", "ContactPage", "ItemList"))
SHORTEST_TEXT = 5
"""Words; a gallery or a video has a line or two."""

PROTECTED = "protected"
FRONT_PAGE = "the front page"
NO_HEADLINE, NO_TEXT = "no headline and no text", "no text"
THIN = frozenset((NO_HEADLINE, NO_TEXT))
"""Reasons that may be gone at the next look: half a page, a shell that waits for its scripts."""

_MEDIA = "//iframe[@src or @data-src] | //video | //figure | //article//img | //main//img"
_LISTS = re.compile(
    r"(?:^|/)(?:tag|tags|category|categories|author|authors|autor|search|page/\d+)(?:/|$)"
    r"|^/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$"
)
_NUMBERED = re.compile(r"/(?:19|20)\d\d[/-]\d{1,2}(?!\d)|\d{4,}")
_BODY_CLASSES = {
    "attachment": "a page for a file",
    "error404": "an error page",
    "archive": "a list of articles",
    "category": "a list of articles",
    "tag": "a list of articles",
    "author": "a list of articles",
    "search": "search results",
    "home": "the front page",
    "blog": "a list of articles",
    "page": "a static page",
}
"""Classes that WordPress gives the body of a page which is no single post."""


def why_not_an_article(page: Page, article: Article, outlet: Outlet | None = None) -> str | None:
    """The reason why a page is no article, `protected` for one behind a password; None where it is one."""
    if _asks_for_password(page):
        return PROTECTED
    path = split(page.canonical).path
    if path.strip("/") == "" and not split(page.canonical).query:
        return FRONT_PAGE
    if reason := _by_platform(page):
        return reason
    said = _says_article(page)
    if not said and _LISTS.search(path):
        return "a list of articles"
    if not said and _listed_types(page):
        return "a list of articles"
    thin = len(article.body.split(None, SHORTEST_TEXT)) < SHORTEST_TEXT
    if thin and article.headline is None:
        return NO_HEADLINE
    if thin and not (page.select(_MEDIA) and (said or article.published)):
        return NO_TEXT
    if said or article.published or _looks_like_an_article(page, outlet):
        return None
    return "a static page: no time, and nothing says that it is an article"


def _asks_for_password(page: Page) -> bool:
    """By the tags that may, a fifth of the time of an XPath for both."""
    asking = page.elements("form", "input")
    return any(
        "postpass" in (one.get("action") or "") if one.tag == "form" else one.get("name") == "post_password"
        for one in asking
    )


def _looks_like_an_article(page: Page, outlet: Outlet | None) -> bool:
    """By its address: the outlet's pattern, a date, a long number."""
    parts = split(page.canonical)
    if outlet and outlet.article_url and re.search(outlet.article_url, parts.path):
        return True
    return _NUMBERED.search(f"{parts.path}?{parts.query}") is not None


def _by_platform(page: Page) -> str | None:
    """What the classes of the body say, where it has none of a single post."""
    classes = set(" ".join(page.select("//body/@class")).lower().split())
    if classes & {"single", "single-post", "postid"} and "attachment" not in classes:
        return None
    return next((reason for name, reason in _BODY_CLASSES.items() if name in classes and _is_platform(classes)), None)


def _is_platform(classes: set[str]) -> bool:
    """Whether these are WordPress' own classes: they come with a number or a template beside them."""
    beside = r"(?:page-id|attachmentid|category|tag|author|term|post-type-archive|date|error404|search-|home|blog)"
    return any(re.match(beside, name) for name in classes)


def _says_article(page: Page) -> bool:
    types = {kind for node in page.linked_data for kind in _strings(node.get("@type"))}
    og = {value.lower() for value in page.meta.get("og:type", ())}
    return bool(
        types & ARTICLE_TYPES or og & {"article", "video.other", "video"} or "article:published_time" in page.meta
    )


def _listed_types(page: Page) -> bool:
    return any(kind in LIST_TYPES for node in page.linked_data[:10] for kind in _strings(node.get("@type")))


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
