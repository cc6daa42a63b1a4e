"""Words and marks: what news pages write, in many languages, and how they name the parts of a page.

`data/words.csv` has phrases by role and language, `data/marks.csv` the usual words of class and id attributes
by role (`related*` is a beginning, `ad` a whole word, `=footer` a whole class).
"""

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from ewbscraper.page import Element

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")
_EDGES = " \t\n\u00a0:,.…>»›→➡▶|-–—•*[]()"
LONGEST_PHRASE = 6
"""Words."""
LONGEST_WORD = 60
"""Characters of a text in which its first word ends."""
_SERBO_CROATIAN = frozenset(("bs", "cnr", "hr", "sr"))
"""Standards of one language: a Bosnian `Piše:`, a Croatian `Autor:` were taken for part of the name."""


@cache
def names(which: str) -> tuple[str, ...]:
    """One of the lists of `data/names.csv`, in its order: tags, meta tags, types of linked data, roles of marks."""
    return tuple(row["name"] for row in _rows("names.csv") if row["list"] == which)


@cache
def phrases(role: str, language: str | None = None) -> frozenset[str]:
    """The phrases of a role, caseless: of all languages, or of one and English."""
    one = language.split("-")[0] if language else ""
    wanted = {"en", one, *(_SERBO_CROATIAN if one in _SERBO_CROATIAN else ())} if one else None
    rows = (row for row in _rows("words.csv") if row["role"] == role)
    return frozenset(_caseless(row["phrase"]) for row in rows if wanted is None or row["language"] in wanted)


def after(role: str, text: str, language: str | None = None) -> str | None:
    """What follows a phrase of that role at the beginning of a text, None where it does not begin with one.

    A phrase that ends with a colon needs it; others may have one.
    """
    if role not in roles_begun(text):
        return None
    words = text.lstrip(_EDGES).split(None, LONGEST_PHRASE)
    known = phrases(role, language)
    for count in range(min(len(words), LONGEST_PHRASE), 0, -1):
        begun = _caseless(" ".join(words[:count]))
        if begun in known or begun.rstrip(_EDGES) in known:
            return " ".join(words[count:])
    return None


def roles_begun(text: str) -> frozenset[str]:
    """The roles of which a phrase begins as a text does: most texts begin as none."""
    words = text[:LONGEST_WORD].lstrip(_EDGES).split(None, 1)
    return _roles_of(words[0]) if words else frozenset()


@lru_cache(maxsize=2_000)
def _roles_of(word: str) -> frozenset[str]:
    return _roles_by_word().get(_caseless(word).rstrip(_EDGES), frozenset())


@cache
def _roles_by_word() -> dict[str, frozenset[str]]:
    """The roles that have phrases with this first word."""
    found: dict[str, frozenset[str]] = {}
    for row in _rows("words.csv"):
        word = _caseless(row["phrase"]).split()[0].rstrip(_EDGES)
        found[word] = found.get(word, frozenset()) | {row["role"]}
    return found


@cache
def joiners(language: str) -> re.Pattern[str]:
    """Matches the `and` (or comma) between two names, in that language and in English."""
    words = "|".join(map(re.escape, sorted(phrases("and", language))))
    return re.compile(rf"\s*(?:[,;|/]|\s(?:{words})\s)\s*")


def plain(text: str) -> str:
    """Caseless, without the punctuation around it."""
    return _caseless(text).strip(_EDGES)


def _caseless(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def mark_of(element: Element) -> str | None:
    """The role that class and id of an element say, None where they say nothing."""
    classes, name = element.get("class"), element.get("id")
    return _mark(f"{classes or ''} {name or ''}") if classes or name else None


def mark_of_class(element: Element) -> str | None:
    """The role that the class alone says."""
    return _mark(element.get("class", ""))


def uncamelled(said: str) -> str:
    """Class names in lower case, with hyphens where a capital began a word."""
    return _CAMEL.sub("-", said).lower()


_DOUBTED = frozenset(("notice", "furniture", "share", "newsletter", "ad", "related", "comment"))
"""Roles that an element has not which one of its classes calls the text: `article__content js-related-anchor`."""


@lru_cache(maxsize=50_000)
def _mark(said: str) -> str | None:
    if len(said) > 300:
        return None
    text = uncamelled(said)
    roles = _roles_by_letters()
    likely = {role for word in _WORD.findall(text) for role in roles.get(word[:3], ())}
    found = next((role for role in names("mark order") if role in likely and mark(role).search(text)), None)
    return None if found in _DOUBTED and any(map(mark("body").fullmatch, text.split())) else found


@cache
def _roles_by_letters() -> dict[str, set[str]]:
    """The roles that have marks which begin with these letters: most class names begin with none of them."""
    found: dict[str, set[str]] = {}
    for row in _rows("marks.csv"):
        sign = row["mark"].strip("=*")
        for part in (_WORD.findall(sign)[0], sign.replace("-", "")):
            found.setdefault(part[:3], set()).add(row["role"])
    return found


@cache
def mark(role: str) -> re.Pattern[str]:
    """Matches class names of that role in lower case."""
    marks = [row["mark"] for row in _rows("marks.csv") if row["role"] == role]
    alone = _either(m[1:] for m in marks if m.startswith("="))
    begun = _either(m[:-1] for m in marks if m.endswith("*"))
    whole = _either(m for m in marks if not m.startswith("=") and not m.endswith("*"))
    return re.compile(rf"(?<![a-z])(?:{whole}(?![a-z])|{begun})|(?<!\S){alone}(?!\S)")


def _either(marks: Iterable[str]) -> str:
    """A group that matches any of these, the hyphen in them as hyphens, underscores or nothing."""
    return f"(?:{'|'.join(re.escape(mark).replace(chr(92) + '-', '[-_]*') for mark in marks) or '(?!)'})"


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (files("ewbscraper.extraction") / "data" / name).open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))
