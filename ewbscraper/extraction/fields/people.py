"""Who wrote it: the byline as printed, and the names in it."""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from ewbscraper.address import split
from ewbscraper.extraction.fields.dates import read_day
from ewbscraper.extraction.fields.headline import letters
from ewbscraper.extraction.lists import folded_words
from ewbscraper.extraction.structure.blocks import Block, text_of
from ewbscraper.extraction.structure.once import once
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import after, joiners, names, phrases, plain
from ewbscraper.page import Element
from ewbscraper.places import find_place, fold

LONGEST_BYLINE = 150
MOST_WORDS_OF_A_NAME = 6
MOST_NAMES = 100
"""Authors that are looked at: no article has more."""
LONGEST_LINE = 60
"""Characters of names without anything that says so."""

_PARTS = "|".join(names("parts of an author box"))
_NO_NAME = re.compile(rf"(?<![a-z])(?:{_PARTS})s?(?![a-z])", re.IGNORECASE)
_NAME_CLASS = re.compile(r"(?:author|autor)[-_]*(?:name|title|link)", re.IGNORECASE)
_KINDS: tuple[Callable[[Element], bool], ...] = (
    lambda e: "author" in (e.get("rel") or "").split(),
    lambda e: e.get("itemprop") == "author",
    lambda e: bool({"author", "byline"} & set((e.get("class") or "").split())),
    lambda e: bool(_NAME_CLASS.search(e.get("class") or "")),
    lambda e: "yline" in (e.get("class") or ""),
    lambda e: any(part in (e.get("href") or "") for part in ("/author", "/autor", "/auteur")),
    lambda e: bool(e.get("class")) and not _NO_NAME.search(e.get("class") or ""),
)
"""Marks of an author's name, the surest first."""
_TEXTLESS = frozenset(("html", "body", "meta", "link", "img", "source", "input", "br", "path", "use"))
"""Half of the elements of a page, and those with the longest attributes."""
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:com|org|net|rs|mk|al|me|ba)\b", re.IGNORECASE)
_STAMPED = phrases("published") | phrases("updated")
_NEVER_NAMES = phrases("by") | phrases("share") | _STAMPED | phrases("no_name")
_LINK = re.compile(r"https?://|www\.|@", re.IGNORECASE)
_TIME = re.compile(r"\d:\d\d|^\d{1,2}\s\w+\s\d{4}")
_NAME = re.compile(r"[^\W\d_]")
_INITIAL = re.compile(r"\s[^\W\d_]\.$")
_BEFORE_DATE = re.compile(r"(?:[\s,;:|·•–—/(-](?:[a-zà-žа-я]{1,4}(?=[\s,]|$))?)+$")


def byline(view: View) -> tuple[str | None, str]:
    """1. A first line of the text that is a byline. 2. The outlet's selector. 3. The shape of the page."""
    for how, texts in (("text", _in_text(view)), ("outlet", _by_outlet(view)), ("shape", _by_shape(view))):
        for text in texts:
            return text, how
    return None, ""


def authors(view: View) -> tuple[tuple[str, ...], str]:
    """1. A byline in the text. 2. The outlet's selector. 3. Linked data. 4. Meta tags. 5. The shape of the page.
    6. A line of names and nothing else at one end of the text.

    The site's own name counts only where no way gives another.
    """
    selector = view.outlet.authors if view.outlet else None
    ways = (
        ("text", _in_text(view)),
        ("outlet", (_words(found) for found in view.page.select(selector)) if selector else _by_outlet(view)),
        ("linked_data", _in_linked_data(view)),
        ("meta", _in_meta(view)),
        ("shape", _by_shape(view)),
        ("line", _by_line(view)),
    )
    spare: tuple[tuple[str, ...], str] = ((), "")
    for how, texts in ways:
        found = _unique(
            name
            for text in islice(texts, MOST_NAMES)
            for name in names_in(text, view.language, given=how == "linked_data")
        )
        people = tuple(name for name in found if not _is_site(view, name) and not _is_account(name))
        if found and how in ("text", "outlet"):
            return found, how
        if people:
            return people, how
        spare = spare if spare[0] or not found else (found, how)
    return spare


def names_in(text: str, language: str | None, *, given: bool = False) -> list[str]:
    """The names of a byline: `By Ana Kos and Ben Rot` gives two; an institution with an `and` in it stays one.

    A name that is `given` as one may be in small letters (`dpa`) or the site's address.
    """
    text = _before_date(" ".join(text.split()))
    text = _without_other_work(_bare(after("by", text, language or "en") or text))
    if after("author_link", text) is not None:
        return []
    if phrases("organisation") & set(plain(text).replace(",", " ").split()):
        return [text] if _is_name(text) else []
    parts = [_bare(part) for part in joiners(language or "en").split(text)[:MOST_NAMES]]
    if len(parts) > 1 and not all(len(part.split()) >= 2 for part in parts if part):
        parts = [text] if "," not in text else [part for part in parts if len(part.split()) >= 2] or [text]
    parts = [part for part in parts if plain(part).rpartition(" ")[2] not in phrases("job")] or parts
    return [part for part in parts if _is_name(part) or (given and part and not _LINK.search(part))]


def _without_other_work(text: str) -> str:
    """A byline without those who did something else (`Ana Kos; Editing by Ben Rot`)."""
    found = _other_work().search(text)
    return _bare(text[: found.start()]) if found and found.start() else text


@cache
def _other_work() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(phrases("other_work"))))
    return re.compile(rf"(?<![\s;,.])[\s;,.]++(?:{words})(?!\w)", re.IGNORECASE)


def _bare(name: str) -> str:
    """Without the punctuation around it; an initial at the end keeps its full stop."""
    name = name.strip(" :,-–—|+*~»«")
    return name if _INITIAL.search(name) else name.strip(" :,.-–—|")


def _before_date(text: str) -> str:
    """A byline without the day behind it (`Ana Kos on November 7, 2023`)."""
    digit = re.search(r"\d", text)
    for token in re.finditer(r"[^\W_]+", text) if digit and len(text) <= LONGEST_BYLINE else ():
        if token.start() > 0 and read_day(text, token.start()):
            words = _BEFORE_DATE.sub("", text[: token.start()]).split()
            while words and (plain(words[-1]) in _STAMPED or fold(words[-1]) in folded_words("weekdays")):
                words.pop()
            return " ".join(words)
    return text


def is_byline(text: str, language: str | None) -> bool:
    """Whether a line is nothing but `By` and names."""
    rest = (after("by", text, language or "en") or "").strip(" :") if len(text) <= LONGEST_BYLINE else ""
    words = [word for word in rest.split() if not word.islower()]
    return bool(words) and len(rest.split()) <= 12 and len(rest.split()) - len(words) <= 2 and rest[-1] not in ".?!“”"


def _in_text(view: View) -> Iterator[str]:
    """A line `By` and names after the headline or among the first of the text."""
    lines = [block for block in view.blocks if block.text and block.kind == "paragraph"][:3]
    for block in [*lines, *(block for block in view.head if block.kind == "paragraph")]:
        if is_byline(block.text, view.language) and names_in(block.text, view.language) and _two_words(block):
            yield block.text
            return


def _by_line(view: View) -> Iterator[str]:
    """A line of full names, bold or in brackets, first or last in the text: `(Ana Kos)`, `ANA KOS / BEN ROT`."""
    lines = [block for block in view.blocks if block.text and block.kind == "paragraph" and block.role != "caption"]
    for block in [*lines[:3], *lines[-2:]]:
        text = block.text.strip(" ()[]+*")
        set_off = text != block.text or any(text_of(e) == text for e in block.element.iter("strong", "b", "em", "i"))
        found = names_in(text, view.language) if set_off and len(text) <= LONGEST_LINE else []
        if found and all(map(_is_full_name, found)):
            yield text
            return


def _is_full_name(name: str) -> bool:
    words = name.split()
    return (
        2 <= len(words) <= 4
        and not find_place(name)
        and all(word[0].isupper() and word.replace("-", "").isalpha() for word in words)
    )


def _two_words(block: Block) -> bool:
    return len(block.text.split()) >= 3


def _by_outlet(view: View) -> Iterator[str]:
    if view.outlet and view.outlet.byline:
        yield from (text for text in map(_words, view.page.select(view.outlet.byline)) if text)


def _in_linked_data(view: View) -> Iterator[str]:
    yield from _named(view, view.node.get("author") or view.node.get("creator"))


def _named(view: View, value: Any) -> Iterator[str]:
    """The names of persons and organisations; one that is only referred to is another node of the page."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and "name" not in item and "@id" in item:
            item = next((n for n in view.page.linked_data if n.get("@id") == item["@id"] and "name" in n), item)
        name = item.get("name") if isinstance(item, dict) else item
        for text in name if isinstance(name, list) else [name]:
            if isinstance(text, str) and not _LINK.search(text):
                yield html.unescape(text)


def _in_meta(view: View) -> Iterator[str]:
    for key in ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author", "cxenseparse:author"):
        found = [text for text in view.page.meta.get(key, ()) if not _ADDRESS.search(text)]
        if found:
            yield from found
            return


@once
def _by_shape(view: View) -> tuple[str, ...]:
    """What is marked as author around headline and text, else elsewhere: of the surest kind, once per name."""
    near = view.surroundings
    for elements in (near.iter("*"), _all_but(near, view.page.tree)):
        found = [e for e in _signed(elements) if not view.is_elsewhere(e)]
        for position, kind in enumerate(_KINDS):
            texts = _unique(text for text in map(_name_text, filter(kind, found)) if 2 < len(text) <= LONGEST_BYLINE)
            named = [text for text in texts[:MOST_NAMES] if names_in(text, view.language)]
            if named:
                return tuple(named if position < 2 else named[:1])
    return ()


def _all_but(part: Element, tree: Element) -> Iterator[Element]:
    """The elements of a tree, those of a part of it left out."""
    walk = tree.iter("*")
    yield from iter(walk.__next__, part)
    yield from islice(walk, sum(1 for _ in part.iterdescendants("*")), None)


def _signed(elements: Iterable[Element]) -> list[Element]:
    """Elements with text and an attribute that may speak of an author: no pattern and no call, as it reads all there
    are, for a third of the time of the parse."""
    return [
        element
        for element in elements
        if element.tag not in _TEXTLESS
        and (
            ("ut" in (said := "\n".join(element.values())) and ("uthor" in said or "utor" in said or "/auteur" in said))
            or "yline" in said
            or "signature" in said
        )
    ]


def _name_text(element: Element) -> str:
    text = text_of(element)
    if after("by", text) is not None or len(text.split()) <= MOST_WORDS_OF_A_NAME:
        return text
    found = [text_of(link) for link in element.iter("a") if text_of(link)]
    return ", ".join(found) or text


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 2 * MOST_WORDS_OF_A_NAME
        and bool(_NAME.search(text))
        and not _ADDRESS.search(text)
        and not _TIME.search(text)
        and any(word[:1].isupper() or not word[:1].islower() for word in words)
        and plain(text) not in _NEVER_NAMES
        and after("comment", text) is None
    )


def _is_site(view: View, name: str) -> bool:
    """The site, by its name or its host's (`mdr.de`, `MDR Thüringen`), or an account of its software."""
    host = (split(view.page.url).hostname or "").removeprefix("www.")
    labels = {letters(label) for label in host.split(".")[:-1] if len(label) > 2}
    known = {letters(site) for site in view.page.meta.get("og:site_name", ())} | labels | {letters(host)}
    first = letters(name.split()[0]) if name.split() else ""
    begun = {letters(site.split()[0]) for site in view.page.meta.get("og:site_name", ()) if site.split()}
    begins = first in labels or (first in begun and len(first) > 3)
    return letters(name) in known | set(names("site accounts")) or (begins and len(name.split()) <= 3)


def _is_account(name: str) -> bool:
    """`ana.kos`, `dpa`: a name of one word in small letters, the last resort."""
    return name.islower() and len(name.split()) == 1


def _words(found: Element | str) -> str:
    return " ".join(found.split()) if isinstance(found, str) else text_of(found)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in reversed(list(names))}.values())[::-1]
