"""Dates that stand on a page as plain text: the line with the day beside the headline, and the day in the address.

A line counts where it is little more than a date. Best first: 1. one that is marked as a date, or says `Published`;
2. one in a line about the article (`meta`, `info`); 3. a bare one close to the headline or just behind the text; 4. one
marked as a date in a margin close behind the headline.
Comments, related posts, menus and the foot of the page never count, nor does a copyright line.
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import NamedTuple
from urllib.parse import urlsplit

from ewbscraper.extraction.dates import parse_date
from ewbscraper.extraction.view import View
from ewbscraper.extraction.words import after, mark_of, names
from ewbscraper.page import Element

LONGEST = 90
"""Characters of a line with a date."""
NEAR = 60
"""Elements between the headline and a line that says nothing of itself."""
MOST = 3_000
"""Elements with a digit that are looked at."""
HIGHEST = 60
"""Elements above a line whose marks are read."""

_FURTHEST = {1: 1_000_000, 2: 4 * NEAR, 3: NEAR, 4: NEAR}
"""Elements between the headline and a line of each rank."""
_BEFORE = 3
"""A line before the headline is as far as one that many times further behind it."""
_ABOVE = 4
"""Elements whose mark may say that a line is about the article."""

_ELSEWHERE = frozenset(("related", "comment", "newsletter", "ad", "notice"))
_DATED = re.compile(rf"(?<![a-z])(?:{'|'.join(names('date marks'))})(?![a-z])|(?<=[a-z])(?:Date|Time|Stamp)(?![a-z])")
_NEVER = frozenset(("nav", "footer", "form", "table", "title"))
_ABOUT = frozenset(("meta", "byline", "time"))
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_LIKELY = re.compile(r"(?:19|20)\d\d|\d[./-]\s?\d")
_FORBIDDEN = re.compile(r"©|\(c\)|copyright|all rights", re.IGNORECASE)
_DIGIT = re.compile("[0-9]")
_UNSEEN = frozenset(("script", "style", "noscript", "option", "textarea"))


class Line(NamedTuple):
    """A line with a date: the surer it is, the smaller."""

    rank: int
    distance: int
    text: str


def visible(view: View) -> Iterator[str]:
    """Lines with a date in them, the surest first."""
    yield from (line.text for line in sorted(_lines(view)))


def in_address(view: View) -> Iterator[str]:
    """The day in the path: `/2024/03/12/`, `-20240312`."""
    for match in _IN_PATH.finditer(urlsplit(view.page.url).path):
        yield f"{match[1]}-{match[3]}-{match[4]}"


def _lines(view: View) -> Iterator[Line]:
    found = [element for element, text in islice(_with_digits(view.page.tree), MOST) if _LIKELY.search(text)]
    if not found:
        return
    order = {element: position for position, element in enumerate(view.page.tree.iter())}
    title = view.headline_element if view.headline_element is not None else view.containers[0]
    *_, last = view.containers[-1].iter()
    around = {title, *title.iterancestors()}
    for element in found:
        behind = order[element] - order[title]
        distance = min(behind if behind >= 0 else -_BEFORE * behind, abs(order[element] - order[last]) + NEAR // 2)
        rank = _rank(element, around)
        if rank is None or distance > _FURTHEST[rank] or (rank == 4 and behind < 0):
            continue
        if text := _date_line(element, view.timezone):
            yield Line(rank, distance, text)


def _with_digits(tree: Element) -> Iterator[tuple[Element, str]]:
    """Elements with a digit in their own text, and that text."""
    for element in tree.iterdescendants("*"):
        if element.tag not in _UNSEEN and _DIGIT.search(text := _own(element)):
            yield element, text


def _rank(element: Element, around: set[Element]) -> int | None:
    """How sure a line is by the marks on it and on what holds it, up to what holds the headline as well (`around`).

    None where it is no part of the article.
    """
    above = list(takewhile(lambda one: one not in around, (element, *islice(element.iterancestors(), HIGHEST))))
    marks = {mark_of(one) for one in above}
    if marks & _ELSEWHERE or any(one.tag in _NEVER for one in above):
        return None
    if "furniture" in marks:
        return 4 if any(map(_is_dated, above[:3])) else None
    if any(map(_is_dated, above[:3])) or after("published", _begin(element)) is not None:
        return 1
    return 2 if any(mark_of(one) in _ABOUT for one in above[:_ABOVE]) else 3


def _own(element: Element) -> str:
    """The text of an element without that of the elements in it."""
    return " ".join(" ".join([element.text or "", *(child.tail or "" for child in element)]).split())


def _begin(element: Element) -> str:
    """The text of an element, cut a little beyond the longest that counts."""
    text = ""
    for part in element.itertext():
        text += part if len(part) <= LONGEST else part[: LONGEST * 4]
        if len(text) > LONGEST * 4:
            break
    return " ".join(text.split())


def _is_dated(element: Element) -> bool:
    said = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag == "time" or (len(said) < LONGEST and _DATED.search(said) is not None)


def _date_line(element: Element, timezone: str) -> str | None:
    """The element's own text, or all text in it or in the one around it, where a date can be read from it."""
    for text in (_own(element), _begin(element), _begin(element.getparent())):
        if 0 < len(text) <= LONGEST and not _FORBIDDEN.search(text) and parse_date(text, timezone=timezone):
            return text
    return None
