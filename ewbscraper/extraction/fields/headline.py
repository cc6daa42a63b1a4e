"""The headline: linked data, og:title, h1 and title say it, each in its own way; what a reader sees goes first."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree

from ewbscraper.address import join, split
from ewbscraper.extraction.structure.blocks import text_of
from ewbscraper.extraction.structure.once import once
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import mark_of
from ewbscraper.page import Element

MOST = 100
"""Headings that are looked at."""
MOST_TEXTS = 500
"""Texts of one heading: of two thousand in each other each has those of all below it."""
SHORTEST = 10
"""Letters of a headline that may be found again inside a longer title."""
BEGIN = 20
"""Characters by which most texts differ."""
BELIEVED = 0.34
"""Share of its words that an h1 must have in common with what the page says of itself."""

_SEPARATOR = re.compile(r"(\s+(?:[|•·»«›–—-]|::|--|\|\|)\s+|\s*\|\s*|--|(?<=[\u3000-\u9fff\uff00-\uffef])[-_])")
_LETTERS = re.compile(r"\w+")
_WORD = re.compile(r"\w{2,}")
_EDGES = " |/–—-•·»«›"
_UNSEEN = ("style", "script", "template")


def by_outlet(view: View) -> str | None:
    """1. The outlet's selector."""
    return first_text(view, view.outlet.headline) if view.outlet and view.outlet.headline else None


def by_agreement(view: View) -> str | None:
    """2. What the h1 and another place say, or linked data and og:title where there is no h1.

    In linked data it is as the newsroom typed it; an h1 may have its quotes and spaces set anew by the theme.
    """
    said = _said(view)
    first = "h1" if "h1" in said else "linked_data"
    for other in ("linked_data", "meta", "title") if first == "h1" else ("meta",):
        if first in said and other in said and letters(said[first]) == letters(said[other]):
            return said["linked_data"] if other == "linked_data" else said[first]
    return None


def by_heading(view: View) -> str | None:
    """3. The h1 alone, or what is marked as the headline."""
    marked = map(text_of, view.itemprops.get("headline", ()))
    return _said(view).get("h1") or next(filter(None, marked), None)


def by_linked_data(view: View) -> str | None:
    """4. Linked data alone."""
    return _said(view).get("linked_data")


def by_meta(view: View) -> str | None:
    """5. og:title or the title of the page, without the name of the site."""
    said = _said(view)
    return said.get("meta") or said.get("title")


@lru_cache(maxsize=500)
def letters(text: str) -> str:
    """Letters and digits only, caseless: quotes, dashes and spaces differ between the places."""
    return "".join(_LETTERS.findall(text)).replace("_", "").casefold()


def says(text: str, said: str) -> bool:
    """Whether a text has the letters of another one and no more. One that begins otherwise, as a paragraph does beside
    a headline, is not read to its end."""
    wanted = letters(said)
    return wanted.startswith(letters(text[:BEGIN])) and letters(text) == wanted


@lru_cache(maxsize=500)
def _parts(title: str) -> tuple[str, ...]:
    """A title cut at its separators, each of which stands between two parts."""
    return tuple(_SEPARATOR.split(title))


def first_text(view: View, selector: object) -> str | None:
    """The first text that a selector finds, white space collapsed."""
    for found in view.page.select(selector):  # type: ignore[arg-type]
        text = " ".join(found.split()) if isinstance(found, str) else text_of(found)
        if text:
            return text
    return None


@once
def _said(view: View) -> dict[str, str]:
    """What each place says, without the site's name and the kicker."""
    titles = {place: _without_site(view, title) for place, title in _titles(view) if not _is_site(view, title)}
    heading = _heading(view, titles)
    said = {**({"h1": heading} if heading else {}), **titles}
    return {place: _without_rest(text, [t for t in said.values() if t != text]) for place, text in said.items()}


def _titles(view: View) -> Iterator[tuple[str, str]]:
    node = view.node
    name = node.get("headline") or (node.get("name") if node.get("@type") != "WebPage" else None)
    meta = next((t for key in ("og:title", "twitter:title") for t in view.page.meta.get(key, ())), "")
    for place, title in (("linked_data", name), ("meta", meta), ("title", view.page.title)):
        if isinstance(title, str) and title.strip():
            yield place, _tidy(html.unescape(html.unescape(title)))


def _heading(view: View, titles: dict[str, str]) -> str | None:
    """The h1 of the article: one that a title repeats, else the one with most words in common with the titles.

    One with too few is the site's or a section's: then a heading counts that a part of a title repeats.
    """
    said = list(titles.values())
    texts = [_heading_text(e, said) for e in islice(view.page.tree.iter("h1"), MOST) if not _is_furniture(view, e)]
    firsts = [text for text in texts if text and not _ends_a_title(text, said)]
    known = [letters(title) for title in said]
    words = {word for title in said for word in _words(title)}
    best = max(firsts, key=lambda text: (known.count(letters(text)), _share(text, words), len(text)), default=None)
    if best and (not words or _share(best, words) >= BELIEVED):
        return best
    parts = {letters(part) for title in said for part in _parts(title) if len(letters(part)) >= SHORTEST}
    headings = (
        (e for e in islice(view.page.tree.iter("h1", "h2", "h3"), MOST) if not _is_furniture(view, e)) if parts else ()
    )
    return next((text for e in headings if letters(text := _heading_text(e, said)) in parts), None)


def _ends_a_title(heading: str, titles: list[str]) -> bool:
    """`A longer headline | Heading`: the heading is the name of the site or of a section."""
    rests = (title.removesuffix(heading) for title in titles if title.endswith(heading) and title != heading)
    return any(rest[-1] == " " and len(rest) > len(heading) + 3 for rest in rests)


def _heading_text(heading: Element, titles: list[str]) -> str:
    """The text of a heading without the kicker in it, where that is marked or a title leaves it out.

    A kicker that ends with a colon is part of the sentence.
    """
    whole = _joined(heading)
    kicker = next((child for child in heading.iter() if child is not heading and text_of(child)), None)
    begun = text_of(kicker) if kicker is not None else ""
    rest = whole[len(begun) :].lstrip(_EDGES) if whole.startswith(begun) else ""
    if kicker is None or not letters(rest) or rest.startswith(":") or begun.endswith(":"):
        return whole
    left_out = any(letters(title).startswith(letters(rest)) for title in titles)
    return rest if left_out or kicker.tag == "small" or mark_of(kicker) == "kicker" else whole


def _joined(heading: Element) -> str:
    """The text of a heading, its lines and parts kept apart (`<span>Kicker</span><span>Headline</span>`)."""
    text = ""
    for part in islice(_texts(heading), MOST_TEXTS):
        apart = text[-1:] and not text[-1].isspace() and part[0].isalnum() and text[-1] not in "(«„“‘"
        text += f" {part}" if apart else part
    return _tidy(text)


def _texts(heading: Element) -> Iterator[str]:
    """Its texts in their order, without those that a reader does not see."""
    walk = etree.iterwalk(heading, events=("start", "end"))
    for event, element in walk:
        unseen = event == "start" and element.tag in _UNSEEN
        if unseen:
            walk.skip_subtree()
        text = element.text if event == "start" else element.tail
        if text and not unseen and not (event == "end" and element is heading):
            yield text


def _without_site(view: View, title: str) -> str:
    """A title without the site's name behind it or before it."""
    for name in _site_names(view):
        if title.endswith(name) and title[: -len(name)].rstrip()[-1:] in tuple(_EDGES[1:]):
            title = title.removesuffix(name).rstrip(_EDGES)
    parts = _parts(title)
    while len(parts) > 2 and _is_site(view, parts[-1]):
        parts = parts[:-2]
    while len(parts) > 2 and _is_site(view, parts[0]) and len(letters("".join(parts[2:]))) >= SHORTEST:
        parts = parts[2:]
    return "".join(parts)


def _without_rest(title: str, others: list[str]) -> str:
    """A title without whatever it has behind the words that another place says."""
    parts = _parts(title)
    known = {letters(other) for other in others if len(letters(other)) >= SHORTEST}
    begun = ("".join(parts[:count]) for count in range(1, len(parts), 2))
    return next((text for text in begun if letters(text) in known), title)


def _site_names(view: View) -> list[str]:
    names = [*view.page.meta.get("og:site_name", ()), *view.page.meta.get("application-name", ())]
    return [*names, view.outlet.name] if view.outlet else names


def _is_site(view: View, part: str) -> bool:
    """The site's name as it gives it, or its host's."""
    said = letters(part)
    return said in site_labels(view.page.url) or said in map(letters, _site_names(view))


@lru_cache(maxsize=100)
def site_labels(url: str) -> frozenset[str]:
    """Letters of the host and of its parts: `paperexample` and `paper` of `www.paper.example`."""
    host = (split(url).hostname or "").removeprefix("www.")
    return frozenset((letters(host), *(letters(label) for label in host.split(".")[:-1] if len(label) > 2)))


def _is_furniture(view: View, heading: Element) -> bool:
    """In a menu or a margin, or a link to the front page or to a part of the site."""
    if next(heading.iterancestors("nav", "aside", "dialog", "footer"), None) is not None:
        return True
    here = split(view.page.url)
    targets = [split(join(view.page.url, link.get("href") or "")) for link in heading.iter("a")]
    return any(
        target.netloc == here.netloc and here.path != target.path and here.path.startswith(target.path)
        for target in targets
    )


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _share(text: str, known: set[str]) -> float:
    """Share of the longer words that are known."""
    words = {word for word in _words(text) if len(word) > 3} or _words(text)
    return len(words & known) / len(words) if words else 0.0


def _tidy(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())
