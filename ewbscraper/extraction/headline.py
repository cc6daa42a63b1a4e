"""The headline: linked data, og:title, h1 and title say it, each in its own way; what a reader sees goes first."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from ewbscraper.extraction.blocks import text_of
from ewbscraper.extraction.view import View
from ewbscraper.extraction.words import mark_of
from ewbscraper.page import Element, compiled

SHORTEST = 10
"""Letters of a headline that may be found again inside a longer title."""
FURTHEST = 0.34
"""Share of its words that an h1 must have in common with what the page says of itself."""

_SEPARATOR = re.compile(r"(\s+(?:[|•·»«›:–—-]|::|--|\|\|)\s+|\s*\|\s*|--|(?<=[\u3000-\u9fff])[-_])")
_LETTERS = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w{2,}")
_JOINED = re.compile(r"\s+([,.;:!?…])(?=\s|$)")
_texts = compiled(".//text()[not(ancestor::style or ancestor::script or ancestor::template)]")
_headings = compiled("//h1 | //h2 | //h3")


def by_outlet(view: View) -> str | None:
    """1. The outlet's selector."""
    return first_text(view, view.outlet.headline) if view.outlet and view.outlet.headline else None


def by_agreement(view: View) -> str | None:
    """2. The wording that h1 and another place share, or linked data and og:title where there is no h1."""
    said = _said(view)
    for one, other in (("h1", "linked_data"), ("h1", "meta"), ("h1", "title"), ("linked_data", "meta")):
        if one in said and other in said and letters(said[one]) == letters(said[other]):
            return said[one]
        if one == "h1" and other == "title" and one in said:
            break
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


def letters(text: str) -> str:
    """Letters and digits only, caseless: quotes, dashes and spaces differ between the places."""
    return _LETTERS.sub("", text).casefold()


def first_text(view: View, selector: object) -> str | None:
    """The first text that a selector finds, white space collapsed."""
    for found in view.page.select(selector):  # type: ignore[arg-type]
        text = " ".join(found.split()) if isinstance(found, str) else text_of(found)
        if text:
            return text
    return None


@lru_cache(maxsize=1)
def _said(view: View) -> dict[str, str]:
    """What each place says, without the site's name and the kicker."""
    titles = dict(_titles(view))
    heading = _heading(view, list(titles.values()))
    said = {**({"h1": heading} if heading else {}), **titles}
    return {place: _without_rest(view, text, [t for t in said.values() if t != text]) for place, text in said.items()}


def _titles(view: View) -> Iterator[tuple[str, str]]:
    node = view.node
    name = node.get("headline") or (node.get("name") if node.get("@type") != "WebPage" else None)
    meta = next((t for key in ("og:title", "twitter:title") for t in view.page.meta.get(key, ())), "")
    for place, title in (("linked_data", name), ("meta", meta), ("title", view.page.title)):
        if isinstance(title, str) and title.strip():
            yield place, _tidy(html.unescape(html.unescape(title)))


def _heading(view: View, titles: list[str]) -> str | None:
    """The h1 of the article; of several the one that has most in common with the titles.

    One without a word in common is the site's or a section's: then a heading that a part of a title repeats.
    """
    known = {word for title in titles for word in _words(title)}
    headings = [e for e in _headings(view.page.tree) if not _is_furniture(e)]
    texts = [(_heading_text(e, titles), e.tag) for e in headings]
    first = sorted((text for text, tag in texts if text and tag == "h1"), key=lambda t: -_share(t, known))
    if first and (not known or _share(first[0], known) >= FURTHEST):
        return first[0]
    parts = {letters(part) for title in titles for part in _SEPARATOR.split(title) if len(letters(part)) >= SHORTEST}
    return next((text for text, _ in texts if letters(text) in parts), None)


def _heading_text(heading: Element, titles: list[str]) -> str:
    """The text of a heading without the kicker in it, where that is marked or a title leaves it out.

    A kicker that ends with a colon is part of the sentence.
    """
    parts = [" ".join(part.split()) for part in _texts(heading)]
    whole = _tidy(" ".join(filter(None, parts)))
    kicker = next((child for child in heading.iter() if child is not heading and text_of(child)), None)
    begun = text_of(kicker) if kicker is not None else ""
    rest = whole[len(begun) :].lstrip(" |/–—-•·") if whole.startswith(begun) else ""
    if not begun or not letters(rest) or rest.startswith(":") or begun.endswith(":"):
        return whole
    marked = mark_of(kicker) == "kicker" or kicker.tag == "small"  # type: ignore[arg-type, union-attr]
    left_out = any(letters(title).startswith(letters(rest)) for title in titles)
    return rest if marked or left_out else whole


def _without_rest(view: View, title: str, others: list[str]) -> str:
    """A title without the site's name around it, or without whatever it has behind what another place says."""
    parts = _SEPARATOR.split(title)
    while len(parts) > 2 and _is_site(view, parts[-1]):
        parts = parts[:-2]
    while len(parts) > 2 and _is_site(view, parts[0]) and len(letters("".join(parts[2:]))) >= SHORTEST:
        parts = parts[2:]
    ends = [len("".join(parts[:count])) for count in range(1, len(parts), 2)]
    whole, known = "".join(parts), {letters(other) for other in others}
    cut = next((end for end in ends if len(letters(whole[:end])) >= SHORTEST and letters(whole[:end]) in known), None)
    return whole[:cut].strip()


def _is_site(view: View, part: str) -> bool:
    """The site's name as it gives it, or its host's."""
    name = letters(part)
    names = [*view.page.meta.get("og:site_name", ()), *view.page.meta.get("application-name", ())]
    names += [view.outlet.name] if view.outlet else []
    host = (urlsplit(view.page.url).hostname or "").removeprefix("www.")
    labels = {letters(host), *(letters(label) for label in host.split(".")[:-1] if len(label) > 2)}
    return name in labels | {letters(known) for known in names}


def _is_furniture(heading: Element) -> bool:
    return any(above.tag in ("nav", "aside", "dialog", "footer") for above in heading.iterancestors())


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.replace("\u00ad", "").casefold()))


def _share(text: str, known: set[str]) -> float:
    """Share of the words that are known; a longer text goes before a shorter one of the same share."""
    words = _words(text)
    return len(words & known) / len(words) + len(words) / 10_000 if words else 0.0


def _tidy(text: str) -> str:
    return _JOINED.sub(r"\1", " ".join(text.replace("\u00ad", "").split()))
