"""What we keep of an article. Empty means: the page has none, never: we did not look."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal

Role = Literal["lead", "inline", "gallery"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a dateline names."""

    name: str
    """English name from the gazetteer (`Pristina`); as written, in title case, where the gazetteer lacks it."""
    as_written: str
    """The spelling on the page (`PRISHTINË`), misprints included."""
    country: str | None = None
    """ISO 3166-1 alpha-2 (`XK` for Kosovo, user-assigned), or None where the gazetteer lacks the place."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where, when and through which agency a report was filed: `SKOPJE, 12 March (MIA) –`."""

    text: str
    """As it stands at the head of the first paragraph, its dash included."""
    places: tuple[Place, ...] = ()
    """In the order written; several in `BELGRADE/BRUSSELS –`."""
    date: str | None = None
    """ISO 8601 day, only where the dateline names day, month and year."""
    agency: str | None = None
    """As written, without parentheses or slashes."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The line under a picture, taken apart."""

    caption: str
    """What the picture shows; `""` where the line is only a credit."""
    credit: str | None = None
    """Who made it, without its label: `Tanjug / A. B.` of `Photo: Tanjug / A. B.`. Not repeated in `caption`."""
    image_url: str | None = None
    """Absolute; the largest size that the page names."""
    alt: str | None = None
    """Alternative text of the picture: for those who cannot see it, never part of the body."""
    role: Role = "inline"
    after: int | None = field(default=None, compare=False)
    """Paragraphs of the body before the picture; None where the page does not tell, and for a lead picture above the
    text. Where a picture stands is no part of what is said: neither of JSON nor of a comparison."""


@dataclass(frozen=True, slots=True)
class RelatedPost:
    """One post that the outlet draws under the article, often at random: kept, never a change of the article."""

    title: str
    url: str
    """Absolute."""
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as its page shows it."""

    url: str
    """Canonical, without tracking parts and fragment."""
    outlet: str | None = None
    """Slug of the outlet, None where none was named."""
    headline: str | None = None
    """Without kicker and site name."""
    standfirst: str | None = None
    """The summary a reader sees between headline and text; also the first paragraph of `body`."""
    dateline: Dateline | None = None
    byline: str | None = None
    """As the page prints it (`Ana Kos and Ben Rot`); the word `By` only where it is part of the same element."""
    authors: tuple[str, ...] = ()
    """The names of the byline, in its order."""
    published: str | None = None
    """ISO 8601 as the page gives it, with its offset, or a bare day. The outlet's zone where the page has none."""
    modified: str | None = None
    """Like `published`; None where the page was never changed."""
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47: `en`, `sr-Cyrl`, `sr-Latn`, `hr`, `bs`, `cnr`, `sq`, `mk`, `sl`."""
    body: str = ""
    """The text as a reader sees it, dateline included; paragraphs, sub-headings, list items and quotes separated
    by blank lines. A table is one paragraph, a line per row, cells joined by ` | `."""
    body_html: str = ""
    """The same as a clean subset of HTML: p h2 h3 h4 blockquote ul ol li a em strong table."""
    captions: tuple[Caption, ...] = ()
    related_posts: tuple[RelatedPost, ...] = ()
    found_by: dict[str, str] = field(default_factory=dict)
    """Which strategy gave which field: `{"headline": "linked_data"}`."""

    @property
    def words(self) -> int:
        """Runs of text between white space in `body`."""
        return len(self.body.split())

    @property
    def content_hash(self) -> str:
        """SHA-256 over what a reader reads: headline, standfirst, body, captions with credits."""
        captions = tuple((c.caption, c.credit) for c in self.captions)
        return _once(self.headline, self.standfirst, self.body, captions)

    def to_dict(self) -> dict[str, Any]:
        """The article as JSON: keys always there, `None` or `[]` where the page has none."""
        said = _as_json(self)
        last = {name: said.pop(name) for name in ("captions", "related_posts", "found_by")}
        return {**said, "words": self.words, **last}


def content_hash(
    headline: str | None,
    standfirst: str | None,
    body: str,
    captions: Iterable[tuple[str, str | None]],
) -> str:
    """SHA-256, hex, of `[headline, standfirst, body, [[caption, credit], ...]]` as UTF-8 compact JSON.

    Strings are in NFC, white space collapsed inside paragraphs, so that a change of markup is no change.
    """
    parts = [_plain(headline), _plain(standfirst), _plain(body), [[_plain(c), _plain(by)] for c, by in captions]]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


_once = lru_cache(2)(content_hash)
"""Of an article that is being saved: it is asked for two or three times, each time 0.15 ms."""


def _plain(text: str | None) -> str | None:
    if text is None:
        return None
    paragraphs = unicodedata.normalize("NFC", text).split("\n\n")
    return "\n\n".join(p if _is_plain(p) else " ".join(p.split()) for p in paragraphs)


def _is_plain(paragraph: str) -> bool:
    """Whether its only white space are single spaces between words, as nearly always: no other one can be printed."""
    return paragraph.isprintable() and "  " not in paragraph and paragraph == paragraph.strip()


def _as_json(value: Any) -> Any:
    """Dicts and lists of what we keep. `asdict` copies each text deeply: 0.11 ms an article, this 0.06."""
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    if isinstance(value, dict):
        return dict(value)
    if not is_dataclass(value):
        return value
    return {one.name: _as_json(getattr(value, one.name)) for one in fields(value) if one.compare}
