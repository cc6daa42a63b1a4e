"""Related posts: what the outlet draws under an article, by the heading above it or the name of its box."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from ewbscraper.address import split
from ewbscraper.article import RelatedPost
from ewbscraper.extraction.fields.people import names_in
from ewbscraper.extraction.structure.blocks import text_of
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import phrases, plain
from ewbscraper.page import Element, compiled

MOST = 30
MOST_BOXES = 100
HIGHEST = 30
"""Elements above a link of which one is its entry."""
SHORTEST_TITLE = 12
LONGEST_TITLE = 300

_HEADING_TAGS = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "legend")
_BOX_TAGS = ("div", "section", "ul", "aside")
_TITLE_TAGS = ("div", "span", "p")
_NAMED_TAGS = tuple({*_BOX_TAGS, *_TITLE_TAGS})
_TITLE = re.compile("title|head")
_LABELS = frozenset(("author", "tag", "category", "fn"))
_LABEL_PATH = re.compile("/(?:author|tag|category|autor)/")
_authors = compiled(
    ".//*[@rel='author' or contains(@class, 'author') or contains(@class, 'byline') or contains(@class, 'Author')]"
)


def related_posts(view: View) -> tuple[tuple[RelatedPost, ...], str]:
    """1. The outlet's function or entries. 2. Below a heading that says so. 3. In a box that is named so."""
    form = view.outlet.related_posts if view.outlet else None
    if form:
        found = view.page.select(form)
        given = [item for item in found if isinstance(item, RelatedPost)]
        given = given or [post for e in found if not isinstance(e, str) for post in _entries(view, e)]
        if given:
            return _unique(given), "outlet"
    single: tuple[tuple[RelatedPost, ...], str] = ((), "")
    for how, boxes in _boxes(view):
        for box in islice(boxes, MOST_BOXES):
            posts = _unique(list(_entries(view, box)))
            if len(posts) > 1:
                return posts, how
            single = single if single[0] or not posts else (posts, how)
    return single


def _boxes(view: View) -> Iterator[tuple[str, Iterable[Element]]]:
    """The places to look at, each way only when the one before found nothing."""
    yield "heading", _below(view, view.page.tree.iter(*_HEADING_TAGS))
    named = _named(view.page.tree)
    yield "named box", [e for e in named if e.tag in _BOX_TAGS and "related" in _name(e)]
    yield "heading", _below(view, (e for e in named if e.tag in _TITLE_TAGS and _TITLE.search(_name(e))))


def _named(tree: Element) -> list[Element]:
    """Those that any attribute calls related or a title: to read all at once takes 0.09 of the time of the parse, class
    and id one by one 0.15."""
    return [
        element
        for element in tree.iter(*_NAMED_TAGS)
        if "related" in (said := "\n".join(element.values())) or "title" in said or "head" in said
    ]


def _name(element: Element) -> str:
    """Class and id."""
    return f"{element.get('class', '')} {element.get('id', '')}"


def _below(view: View, headings: Iterable[Element]) -> Iterator[Element]:
    """The smallest element around each such heading that has links to two articles; where none has two, to one."""
    wanted = phrases("related_heading")
    said = (heading for heading in headings if 3 < len(text := text_of(heading)) < 50 and plain(text) in wanted)
    for heading in islice(said, MOST):
        single: list[Element] = []
        for around in takewhile(lambda e: not _is_too_large(view, e), islice(heading.iterancestors(), 4)):
            leads = _leads_to(view, around)
            single = single or [around] * leads
            if leads > 1:
                single = [around]
                break
        yield from single[:1]


def _leads_to(view: View, box: Element) -> int:
    """To how many articles a box has links: 0, 1, or 2 for several."""
    urls = (url for url, _ in _links(view, box))
    first = next(urls, None)
    return 0 if first is None else 1 + any(url != first for url in urls)


def _is_too_large(view: View, element: Element) -> bool:
    """Whether an element is too large to be a box: the whole page, or what holds the text."""
    return element.tag in ("body", "html", "main") or element in view.containers


def _entries(view: View, box: Element) -> Iterator[RelatedPost]:
    """One post for each address: the longest text of its links is the title."""
    links: dict[str, list[Element]] = {}
    for url, link in _links(view, box):
        links.setdefault(url, []).append(link)
    for url, elements in islice(links.items(), MOST):
        title = max((text_of(element) for element in elements), key=len)
        if SHORTEST_TITLE <= len(title) <= LONGEST_TITLE:
            yield RelatedPost(title, url, _author(view, box, elements, set(links) - {url}))


def _links(view: View, box: Element) -> Iterator[tuple[str, Element]]:
    """Links from a box to articles of the same site."""
    for link in islice(box.iter("a"), 10 * MOST):
        url = view.article_address(link.get("href") or "")
        if url and not _is_label(link):
            yield url, link


def _is_label(link: Element) -> bool:
    """Whether a link leads to an author, a tag or a section."""
    names, href = f"{link.get('rel', '')} {link.get('class', '')}", link.get("href", "")
    in_path = _LABEL_PATH.search(href) and _LABEL_PATH.search(split(href).path)
    return in_path is not None or not _LABELS.isdisjoint(names.split())


def _author(view: View, box: Element, elements: list[Element], others: set[str]) -> str | None:
    """The author's name in the largest element around the link that holds no other post."""
    entry = elements[0]
    for around in islice(elements[0].iterancestors(), HIGHEST):
        if (around is box and others) or any(url in others for url, _ in _links(view, around)):
            break
        entry = around
        if around is box:
            break
    for named in _authors(entry):
        names = names_in(text_of(named), view.language)
        if names and len(text_of(named)) <= 80:
            return text_of(named) if len(names) > 1 else names[0]
    return None


def _unique(posts: list[RelatedPost]) -> tuple[RelatedPost, ...]:
    return tuple({post.url: post for post in reversed(posts)}.values())[::-1]
