"""Dates that no tag says: in a line of plain text beside the headline, in the address, in the data of scripts.

A line (also one between two `br`) counts where it is little more than a date. Best first: 1. one that is marked as
a date, or says `Published`; 2. one in a line about the article (`meta`, `info`); 3. a bare one close to the headline
or just behind the text; 4. one marked as a date in a margin close behind the headline.
A line that says `Updated` is of the second kind. Bare ones that are not close and name several days count as none.
Comments, related posts, menus and the foot of the page never count, nor does a copyright line.
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import NamedTuple

from ewbscraper.address import split
from ewbscraper.extraction.fields.dates import month_of, parse_date, read_day
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import after, mark_of, names, uncamelled
from ewbscraper.page import Element

LONGEST = 90
"""Characters of a line with a date."""
NEAR = 60
"""Elements between the headline and a line that says nothing of itself."""
CLOSE = 20
"""Elements between the headline and a line that is believed though others say another day."""
HIGHEST = 60
"""Elements above a line whose marks are read."""

_FURTHEST = {1: 90, 2: NEAR, 3: NEAR, 4: NEAR}
"""Elements between the headline and a line of each rank."""
_BEFORE = 3
"""A line before the headline is as far as one that many times further behind it."""
FIRST = 6
"""Blocks of the text of which one may begin with the day."""
_NEXT = 3
"""Elements whose mark may say that a line is a date."""
_ABOVE = 4
"""Elements whose mark may say that a line is about the article."""

_ELSEWHERE = frozenset(("related", "comment", "newsletter", "ad", "notice"))
_DATED = re.compile(rf"(?<![a-z])(?:{'|'.join(names('date marks'))})(?![a-z])")
_CHANGED = re.compile(r"(?<![a-z])(?:updated?|modified|modification)(?![a-z])")
_NEVER = frozenset(("nav", "form", "table", "title"))
_ABOUT = frozenset(("meta", "byline", "time"))
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_DAY_IN_PATH = re.compile(r"[/-](0[1-9]|[12]\d|3[01])-(0[1-9]|1[0-2])-((?:19|20)\d\d)(?!\d)")
_IN_SCRIPT = re.compile(
    rf'"(?:{"|".join(names("published keys"))})\\?"\s{{0,4}}:\s{{0,4}}\\?"((?:19|20)\d\d-\d\d-\d\d[^"\\]{{0,20}})'
)
_LEADS = re.compile(r"\s?(?:[-–—|:]\s|[„“”«»(\"])")
_CLOSES = re.compile(r"\)\s")
_MONTH_IN_PATH = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/(\d{1,2})(?!\d)")
_LIKELY = re.compile(r"\d(?:(?<=1)9\d\d|(?<=2)0\d\d|[./-]\s*\d)")
"""A year, or two figures; as both begin with a digit, it is found five times as fast as by `(?:19|20)`."""
_FORBIDDEN = re.compile(r"©|\(c\)|copyright|all rights", re.IGNORECASE)
_UNSEEN = frozenset(("script", "style", "noscript", "option", "textarea"))


class Line(NamedTuple):
    """A line with a date: the surer it is, the smaller."""

    rank: int
    distance: int
    text: str
    day: str


def visible(view: View) -> Iterator[str]:
    """Lines with a date in them, the surest first."""
    lines = sorted(_lines(view))
    bare = [line for line in lines if line.rank == 3]
    doubtful = len({line.day for line in bare}) > 1 and bare[0].distance > CLOSE
    yield from (line.text for line in lines if line.rank != 3 or not doubtful)


def in_address(view: View) -> Iterator[str]:
    """The day in the path: `/2024/03/12/`, `-20240312`, `/12-03-2024-`, `/2024/mar/12/`."""
    path = split(view.page.url).path
    for match in _IN_PATH.finditer(path):
        yield f"{match[1]}-{match[3]}-{match[4]}"
    for match in _DAY_IN_PATH.finditer(path):
        yield f"{match[3]}-{match[2]}-{match[1]}"
    for match in _MONTH_IN_PATH.finditer(path):
        if month := month_of(match[2]):
            yield f"{match[1]}-{month:02}-{match[3]:0>2}"


def begun(view: View) -> Iterator[str]:
    """A day with its year that one of the first paragraphs begins with.

    `12.3.2024 – The bridge`, `(12.3.2024) The bridge`, `Published 12.3.2024 | The bridge`.
    """
    for block in view.blocks[:FIRST]:
        text = after("published", block.text) or block.text
        start = int(text.startswith("("))
        day = read_day(text, start) if text[start : start + 1].isdigit() else None
        if day and day.iso and (_CLOSES if start else _LEADS).match(text, day.end):
            yield day.iso


def in_scripts(view: View) -> Iterator[str]:
    """The time of publishing in the data of a page's scripts, where all such times in them are of one day."""
    texts = (script.text or "" for script in view.page.tree.iter("script"))
    found = [match[1] for text in texts for match in _IN_SCRIPT.finditer(text)]
    if len({moment[:10] for moment in found}) == 1:
        yield found[0]


def _lines(view: View) -> Iterator[Line]:
    elements = list(view.page.tree.iter())
    title = view.headline_element if view.headline_element is not None else view.containers[0]
    here, end = elements.index(title), elements.index(_last(view.containers[-1]))
    around = {one for start in (title, view.containers[0]) for one in (start, *start.iterancestors())}
    for position in _nearby(here, end, len(elements)):
        element = elements[position]
        if element.tag in _UNSEEN or not _LIKELY.search(" ".join(_own_lines(element))):
            continue
        behind = position - here
        distance = min(behind if behind >= 0 else -_BEFORE * behind, abs(position - end) + NEAR // 2)
        rank = _rank(element, around)
        if rank is None or distance > _FURTHEST[rank] or (rank == 4 and behind < 0):
            continue
        if found := _date_line(element, view.timezone):
            yield Line(rank, distance, *found)


def _last(element: Element) -> Element:
    """The last element in an element: itself where it has none."""
    while len(element):
        element = element[-1]
    return element


def _nearby(here: int, end: int, most: int) -> list[int]:
    """The positions of elements that are near enough to the headline or to the end of the text, in their order."""
    widest = max(_FURTHEST.values())
    behind = widest - NEAR // 2
    spans = range(here - widest // _BEFORE, here + widest + 1), range(end - behind, end + behind + 1)
    return sorted({position for span in spans for position in span if 0 <= position < most})


def _rank(element: Element, around: set[Element]) -> int | None:
    """How sure a line is by the marks on it and on what holds it, up to what holds the headline as well (`around`).

    None where it is no part of the article.
    """
    above = list(takewhile(lambda one: one not in around, (element, *islice(element.iterancestors(), HIGHEST))))
    dated = [one for one in above[:_NEXT] if _is_dated(one)]
    marks = {mark_of(one) for one in above if one not in dated and not _is_unlinked(one)}
    if marks & _ELSEWHERE or any(one.tag in _NEVER or _is_teaser(one) for one in above) or _in_foot(above):
        return None
    if "furniture" in marks:
        return 4 if dated else None
    if _published(element) is None and (after("updated", _begin(element)) is not None or any(map(_is_change, dated))):
        return 2
    if dated or _published(element) is not None or after("published", _begin(element)) is not None:
        return 1
    return 2 if any(mark_of(one) in _ABOUT for one in above[:_ABOVE]) else 3


def _is_teaser(element: Element) -> bool:
    """A link with a heading in it leads to another article."""
    return element.tag == "a" and next(element.iter("h2", "h3", "h4", "h5"), None) is not None


def _is_unlinked(element: Element) -> bool:
    """Whether what is marked as `related` leads nowhere: the article's own teaser."""
    if mark_of(element) != "related" or next(element.iter("a"), None) is not None:
        return False
    return all(one.tag != "a" for one in islice(element.iterancestors(), _ABOVE))


def _own(element: Element) -> str:
    """The text of an element without that of the elements in it."""
    return " ".join(" ".join(_own_lines(element)).split())


def _own_lines(element: Element) -> list[str]:
    return [element.text or "", *[child.tail or "" for child in element]] if len(element) else [element.text or ""]


def _published(element: Element) -> str | None:
    """The line among an element's own that says `Published`."""
    return next((line for line in _own_lines(element) if after("published", line) is not None), None)


def _begin(element: Element) -> str:
    """The text of an element, cut a little beyond the longest that counts."""
    text = ""
    for part in element.itertext():
        text += part if len(part) <= LONGEST else part[: LONGEST * 4]
        if len(text) > LONGEST * 4:
            break
    return " ".join(text.split())


def _around(element: Element) -> str:
    """The text of what holds an element; a page of hardly any tags may have its date in the outermost."""
    holder = element.getparent()
    return "" if holder is None else _begin(holder)


def _in_foot(above: list[Element]) -> bool:
    """Whether these elements are in the foot of the page: an article has one of its own."""
    foot = next((one for one in reversed(above) if one.tag == "footer"), None)
    return foot is not None and all(one.tag not in ("article", "main") for one in islice(foot.iterancestors(), HIGHEST))


def _is_dated(element: Element) -> bool:
    said = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag == "time" or (len(said) < LONGEST and _DATED.search(uncamelled(said)) is not None)


def _is_change(element: Element) -> bool:
    """Whether a date is marked as that of a change, and not as that of publishing as well."""
    said = element.get("class") or ""
    return _CHANGED.search(said) is not None and "publish" not in said


def _date_line(element: Element, timezone: str) -> tuple[str, str] | None:
    """The element's own text, or all text in it or in the one around it, where a date can be read from it; the day.

    Of a long one (`Press release of 12 March 2024 | Berlin – The bridge ...`) up to the first bar.
    """
    tried = {""}  # often all say the same, and to find no date in it takes 20 µs each time
    for way in (_published, _own, _begin, _around):
        said = way(element) or ""
        text = said if len(said) <= LONGEST else said.partition(" | ")[0]
        if text in tried:
            continue
        tried.add(text)
        if len(text) <= LONGEST and not _FORBIDDEN.search(text) and (when := parse_date(text, timezone=timezone)):
            return text, when[:10]
    return None
