"""The language of an article: as its page says, unless its text says otherwise."""

import csv
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import chain

from ewbscraper.page import Page

SOUTH_SLAVIC = frozenset(("sr", "hr", "bs", "cnr", "sh", "sr-Latn"))
"""One language for counting words: what the page says of itself decides between them."""
FEWEST_WORDS = 20

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")


def page_language(page: Page, text: str, outlet_language: str | None = None) -> str | None:
    """BCP 47 tag: 1. as the page says, 2. as the outlet says, each unless the text contradicts; 3. by the text."""
    by_text = text_language(text)
    for said in (*page.select("/html/@lang"), *page.meta.get("og:locale", ()), outlet_language):
        tag = _tag(said, text) if said else None
        if tag and (by_text is None or _agree(tag, by_text)):
            return tag
    return by_text


def text_language(text: str) -> str | None:
    """By the commonest little words; None where the text is too short to tell."""
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST_WORDS:
        return None
    languages = _languages_of_words()
    scores = Counter(chain.from_iterable(filter(None, map(languages.get, words))))
    best = max(_little_words(), key=lambda language: scores.get(language, 0))
    return best if scores[best] >= 0.08 * len(words) else None


def _tag(said: str, text: str) -> str | None:
    """`sr_RS` is `sr-Cyrl` or `sr-Latn`, by the script of the text; other countries are left out."""
    parts = said.strip().replace("_", "-").split("-")
    language = parts[0].lower()
    if not 2 <= len(language) <= 3 or not language.isalpha():
        return None
    if language in ("sr", "sh"):
        return "sr-Cyrl" if _mostly_cyrillic(text) or (not text and "Cyrl" in said) else "sr-Latn"
    return {"me": "cnr", "nb": "no", "nn": "no"}.get(language, language)


def _agree(tag: str, by_text: str) -> bool:
    return tag == by_text or {tag, by_text} <= SOUTH_SLAVIC or tag not in _little_words()


def _mostly_cyrillic(text: str) -> bool:
    return len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text))


@cache
def _languages_of_words() -> dict[str, list[str]]:
    """The languages that have each little word."""
    found: dict[str, list[str]] = {}
    for language, little in _little_words().items():
        for word in little:
            found.setdefault(word, []).append(language)
    return found


@cache
def _little_words() -> dict[str, frozenset[str]]:
    with (files("ewbscraper.extraction") / "data" / "stopwords.csv").open(encoding="utf-8") as file:
        return {row["language"]: frozenset(row["words"].split()) for row in csv.DictReader(file)}
