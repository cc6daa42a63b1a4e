"""Where the text of an article is: the element that holds it, found by where the paragraphs are."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice

from ewbscraper.extraction.structure.blocks import text_of
from ewbscraper.extraction.words import mark, mark_of
from ewbscraper.page import Element

MOST_PARAGRAPHS = 5_000
DEEPEST = 250

_TEXT_TAGS = ("p", "div", "section", "article", "span", "td", "font")
LEAST = 250
"""Characters of text of an article that is one."""
MOST_HEADINGS = 50
"""Headings of the first order that are looked at."""
LONG = 60
"""Characters of text that stands in an element which is no paragraph."""
_NOT_TEXT_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "noscript", "template", "figcaption", "select"))
_NOT_TEXT_MARKS = frozenset(
    ("notice", "furniture", "comment", "related", "newsletter", "ad", "share", "bio", "caption")
)
BELIEVED = frozenset(("notice", "comment", "related"))
"""Marks that hold also on much text."""
_NEVER_MARKED = frozenset(("html", "body", "main", "article"))


class Mass:
    """How much running text each element holds: `raw` all of it, `of` without the parts that are no article."""

    def __init__(self, tree: Element) -> None:
        found = [(p, _weight(p)) for p in islice(_paragraphs(tree), MOST_PARAGRAPHS)]
        found = [(paragraph, weight) for paragraph, weight in found if weight > 0]
        self._outside: dict[Element, bool] = {}
        self.raw = _summed(found)
        self.total = max(self.raw.values(), default=0)
        inside = [(p, weight) for p, weight in found if not self.is_outside(p)]
        self.of = _summed(inside) if 0 < len(inside) < len(found) else self.raw
        self.marks_lie = bool(found) and not inside
        """Whether marks say of all text that it is none."""

    def is_outside(self, element: Element) -> bool:
        """Whether an element is in a part of the page that is no article: a menu, comments, a footer."""
        chain: list[Element] = []
        verdict = False
        for above in _upwards(element):
            if above in self._outside:
                verdict = self._outside[above]
                break
            chain.append(above)
            if self._marked_outside(above):
                verdict = True
                break
        self._outside.update(dict.fromkeys(chain, verdict))
        return verdict

    def _marked_outside(self, element: Element) -> bool:
        """A mark on what holds much of the text is not believed, but for comments, notices, other articles."""
        if element.tag in _NOT_TEXT_TAGS:
            return self.raw.get(element, 0) < (0.5 if element.tag == "form" else 0.8) * self.total
        role = mark_of(element) if element.tag not in _NEVER_MARKED else None
        if role in BELIEVED:
            return self.raw.get(element, 0) < 0.8 * self.total
        return role in _NOT_TEXT_MARKS and self.raw.get(element, 0) < 0.3 * self.total


def _summed(found: list[tuple[Element, float]]) -> dict[Element, float]:
    """The weight of the paragraphs below each element."""
    own: dict[Element, float] = defaultdict(float)
    for paragraph, weight in found:
        own[paragraph if paragraph.tag not in ("p", "span", "font") else paragraph.getparent()] += weight
    mass: dict[Element, float] = defaultdict(float)
    for holder, weight in own.items():
        for element in _upwards(holder):
            mass[element] += weight
    return dict(mass)


def find_container(tree: Element) -> tuple[Element, Mass]:
    """The element that holds the text of an article; the body of the page where there is no text.

    Looked for in the page, or in the one of its articles that has the page's title. 1. The usual names (`articleBody`,
    `entry-content`), where one holds most of the text. 2. From the top down as long as one child holds most of it.
    """
    mass = Mass(tree)
    body = tree.find("body")
    article = _titled_article(tree, mass)
    found = _descend(article if article is not None else body if body is not None else tree, mass)
    named = [element for element in mass.of if _named_body(element) and (article is None or _is_in(element, article))]
    heaviest = max((mass.of[element] for element in named), default=0)
    if named and heaviest >= 0.6 * mass.of.get(found, 0):
        first = next(element for element in named if mass.of[element] >= 0.6 * heaviest)
        outermost = [element for element in _upwards(first) if element in named][-1]
        found = _innermost(outermost, named, mass)
    return found, mass


def _titled_article(tree: Element, mass: Mass) -> Element | None:
    """The article whose h1 is in the page's title, where another h1 follows it: other articles are loaded below."""
    headings = [*islice(tree.iter("h1"), MOST_HEADINGS)]
    if len(headings) < 2:
        return None
    title = " ".join(tree.findtext(".//title", "").split())
    for index, heading in enumerate(headings):
        article, said = next(heading.iterancestors("article"), None), text_of(heading)
        if article is not None and said and said in title and mass.of.get(article, 0) >= LEAST:
            below = (other for other in headings[index + 1 :] if text_of(other) and not _is_in(other, article))
            return article if next(below, None) is not None else None
    return None


def _named_body(element: Element) -> bool:
    if element.get("itemprop") == "articleBody":
        return True
    if element.tag in ("body", "html"):
        return False
    return _names_body(f"{element.get('class', '')} {element.get('id', '')}")


@lru_cache(maxsize=10_000)
def _names_body(names: str) -> bool:
    return mark("body").search(names.lower()) is not None


def _innermost(found: Element, named: list[Element], mass: Mass) -> Element:
    """The smallest of the named ones inside it which holds almost all of its text."""
    for element in named:
        if mass.of[element] >= 0.9 * mass.of[found] and _is_in(element, found):
            found = element
    return found


def _descend(here: Element, mass: Mass) -> Element:
    while True:
        heaviest = max(here, key=lambda child: mass.of.get(child, 0), default=None)
        if heaviest is None or mass.of.get(heaviest, 0) < 0.7 * mass.of.get(here, 1):
            return here
        here = heaviest


def _paragraphs(tree: Element) -> Iterator[Element]:
    """Paragraphs, and what holds as much text as one of its own.

    One plain loop: it is of every element of a page, and a function for each took a tenth of the time of parsing it.
    """
    for element in tree.iter(*_TEXT_TAGS):
        if element.tag == "p" or ((text := element.text) and len(text) > LONG):
            yield element
            continue
        for child in element if len(element) else ():
            if (text := child.tail) and len(text) > LONG:
                yield element
                break


def _weight(paragraph: Element) -> float:
    """Characters of running text: links count against it, very short lines nothing, very long ones no more."""
    if paragraph.tag == "p":
        text = text_of(paragraph)
        length = len(text)
    else:
        texts = (paragraph.text, *(child.tail for child in paragraph))
        length = sum(len(text.strip()) for text in texts if text)
    if length < 30:
        return 0
    linked = paragraph.tag == "p" and len(paragraph)
    links = sum(len(text_of(link)) for link in paragraph.iter("a")) if linked else 0
    return min(length, 1500) - 2 * links


def _is_in(element: Element, outer: Element) -> bool:
    return outer in _upwards(element)


def _upwards(element: Element) -> Iterator[Element]:
    """An element and those above it: no generator, as it is climbed from every paragraph more than once."""
    return chain((element,), islice(element.iterancestors(), DEEPEST - 1))
