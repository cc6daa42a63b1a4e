"""Who wrote it: the byline as printed, and the names in it."""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ewbscraper.extraction.blocks import Block, text_of
from ewbscraper.extraction.headline import letters
from ewbscraper.extraction.view import View
from ewbscraper.extraction.words import after, joiners, phrases, plain
from ewbscraper.page import Element

LONGEST_BYLINE = 150
MOST_WORDS_OF_A_NAME = 6

_NAME_CLASS = re.compile(r"author[-_]*(?:name|title)", re.IGNORECASE)
_KINDS: tuple[Callable[[Element], bool], ...] = (
    lambda e: "author" in (e.get("rel") or "").split(),
    lambda e: e.get("itemprop") == "author",
    lambda e: bool({"author", "byline"} & set((e.get("class") or "").split())),
    lambda e: bool(_NAME_CLASS.search(e.get("class") or "")),
    lambda e: "yline" in (e.get("class") or ""),
    lambda e: any(part in (e.get("href") or "") for part in ("/author/", "/autor/", "/authors/")),
)
"""Marks of an author's name, the surest first."""
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:com|org|net|rs|mk|al|me|ba)\b", re.IGNORECASE)
_TRAILING = re.compile(r"\s*(?:[|•·/–—]|\s-\s|\d{1,2}[.:]|\().*$")
_NAME = re.compile(r"[^\W\d_]")


def byline(view: View) -> tuple[str | None, str]:
    """1. A first line of the text that is a byline. 2. The outlet's selector. 3. The shape of the page."""
    for how, texts in (("text", _in_text(view)), ("outlet", _by_outlet(view)), ("shape", _by_shape(view))):
        for text in texts:
            return text, how
    return None, ""


def authors(view: View) -> tuple[tuple[str, ...], str]:
    """1. A byline in the text. 2. The outlet's selector. 3. Linked data. 4. Meta tags. 5. The shape of the page.

    The site's own name counts only where no way gives another.
    """
    selector = view.outlet.authors if view.outlet else None
    ways = (
        ("text", _in_text(view)),
        ("outlet", (_words(found) for found in view.page.select(selector)) if selector else _by_outlet(view)),
        ("linked_data", _in_linked_data(view)),
        ("meta", _in_meta(view)),
        ("shape", _by_shape(view)),
    )
    spare: tuple[tuple[str, ...], str] = ((), "")
    for how, texts in ways:
        names = _unique(name for text in texts for name in names_in(text, view.language))
        if names and (how in ("text", "outlet") or not all(_is_site(view, name) for name in names)):
            return names, how
        spare = spare if spare[0] or not names else (names, how)
    return spare


def names_in(text: str, language: str | None) -> list[str]:
    """The names of a byline: `By Ana Kos and Ben Rot` gives two; an institution with an `and` in it stays one."""
    text = " ".join(text.split())
    text = (after("by", text, language or "en") or text).strip(" :,.-–—|")
    if after("author_link", text) is not None:
        return []
    if phrases("organisation") & set(plain(text).replace(",", " ").split()):
        return [text] if _is_name(text) else []
    parts = [part.strip(" :,.-–—|") for part in joiners(language or "en").split(text)]
    if len(parts) > 1 and not all(len(part.split()) >= 2 for part in parts if part):
        parts = [text] if "," not in text else [part for part in parts if len(part.split()) >= 2] or [text]
    return [part for part in parts if _is_name(part)]


def is_byline(text: str, language: str | None) -> bool:
    """Whether a line is nothing but `By` and names."""
    rest = (after("by", text, language or "en") or "").strip(" :") if len(text) <= LONGEST_BYLINE else ""
    words = [word for word in rest.split() if not word.islower()]
    return bool(words) and len(rest.split()) <= 12 and len(rest.split()) - len(words) <= 2 and rest[-1] not in ".?!“”"


def _in_text(view: View) -> Iterator[str]:
    for block in [block for block in view.blocks if block.text and block.kind == "paragraph"][:3]:
        if is_byline(block.text, view.language) and len(names_in(block.text, view.language)) >= 1 and _two_words(block):
            yield block.text
            return


def _two_words(block: Block) -> bool:
    return len(block.text.split()) >= 3


def _by_outlet(view: View) -> Iterator[str]:
    if view.outlet and view.outlet.byline:
        yield from (text for text in map(_words, view.page.select(view.outlet.byline)) if text)


def _in_linked_data(view: View) -> Iterator[str]:
    yield from _named(view.node.get("author") or view.node.get("creator"))


def _named(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, list):
            yield from (html.unescape(n) for n in name if isinstance(n, str))
        elif isinstance(name, str) and not _ADDRESS.search(name):
            yield html.unescape(name)


def _in_meta(view: View) -> Iterator[str]:
    for key in ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author", "cxenseparse:author"):
        found = [text for text in view.page.meta.get(key, ()) if not _ADDRESS.search(text)]
        if found:
            yield from found
            return


def _by_shape(view: View) -> Iterator[str]:
    """What is marked as author around headline and text: of the surest kind, once per name."""
    everything = view.surroundings.iter("*")
    marked = {e: v for e in everything for v in e.values() if "uthor" in v or "yline" in v or "/autor" in v}
    found = [e for e in marked if e.tag != "meta" and not view.is_elsewhere(e)]
    for position, kind in enumerate(_KINDS):
        texts = _unique(text for text in map(_name_text, filter(kind, found)) if 2 < len(text) <= LONGEST_BYLINE)
        named = [text for text in texts if names_in(text, view.language)]
        if named:
            yield from named if position < 2 else named[:1]
            return


def _name_text(element: Element) -> str:
    text = text_of(element)
    if after("by", text) is not None or len(text.split()) <= MOST_WORDS_OF_A_NAME:
        return text
    names = [text_of(link) for link in element.iter("a") if text_of(link)]
    return ", ".join(names) or text


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 2 * MOST_WORDS_OF_A_NAME
        and bool(_NAME.search(text))
        and not _ADDRESS.search(text)
        and any(word[:1].isupper() or not word[:1].islower() for word in words)
        and plain(text) not in phrases("by") | phrases("share") | phrases("published")
    )


def _is_site(view: View, name: str) -> bool:
    known = {letters(site) for site in view.page.meta.get("og:site_name", ())}
    return letters(name) in known | {"admin", "administrator", "editor", "redakcija", "webmaster"}


def _words(found: Element | str) -> str:
    return " ".join(found.split()) if isinstance(found, str) else text_of(found)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in reversed(list(names))}.values())[::-1]
