"""What a reader asks of the archive: words, and what else must be true of an article."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

from ewbscraper.archive.search import is_expression, match_expression

_LINKED = {"place": "places", "section": "sections", "author": "authors", "tag": "tags"}
"""Filters by a name that hangs on an article, and the tables of these names."""

_LONGEST = 1000
"""Characters of a filter that are read."""


@dataclass(frozen=True, slots=True)
class Question:
    """A search: each empty field means any."""

    words: str = ""
    """As `search.match_expression` takes them; an address's `q`."""
    since: str = ""
    """First day of publication, UTC: `2024-01-31`."""
    until: str = ""
    """Last day."""
    outlet: str = ""
    """Slug."""
    place: str = ""
    """English name of a place in the dateline; so are section, author and tag names as they stand in their tables."""
    section: str = ""
    author: str = ""
    tag: str = ""
    language: str = ""
    """BCP 47 tag."""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Question":
        """Out of the parameters of an address. A day may be a month or a year; what is no day is left out."""
        names = {field.name: "q" if field.name == "words" else field.name for field in fields(cls)}
        said = {name: (given.get(asked) or "").encode("utf-8", "replace").decode() for name, asked in names.items()}
        values = {name: " ".join(text.split())[:_LONGEST] for name, text in said.items()}
        values |= {"since": _day(values["since"], last=False), "until": _day(values["until"], last=True)}
        return cls(**values)

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return bool(self.given)

    @property
    def given(self) -> dict[str, str]:
        """What is asked, as parameters of an address."""
        return {"q" if name == "words" else name: value for name, value in asdict(self).items() if value}

    @property
    def filters(self) -> dict[str, str]:
        """What is asked beside the words."""
        return {name: value for name, value in self.given.items() if name != "q"}

    @property
    def is_plain(self) -> bool:
        """The words do not parse as an expression and are searched as plain words."""
        return bool(self.words) and not is_expression(self.words)

    def but(self, **changes: str) -> "Question":
        """The same question, changed."""
        return replace(self, **changes)

    @property
    def matching(self) -> str:
        """What stands behind FROM, and its condition: `articles ... WHERE ...`; reads indexes and narrow rows only.

        More conditions may follow it with AND. The values of its parameters are `values`.
        """
        return f"{self._source} WHERE {' AND '.join(self._conditions()) or 'true'}"

    @property
    def _source(self) -> str:
        """Through the index that has all that the condition asks of a row."""
        if self.outlet:
            return "articles INDEXED BY articles_outlet"
        if self.language:  # by outlet, so that dates are ranges of the index with the language
            return "outlets CROSS JOIN articles INDEXED BY articles_outlet ON articles.outlet = outlets.slug"
        return "articles INDEXED BY articles_published"

    @property
    def values(self) -> dict[str, str]:
        """What the parameters of `matching` stand for."""
        values = {**asdict(self), "expression": match_expression(self.words) if self.words else ""}
        if self.until:
            values["before"] = f"{self.until}~"  # after all of that day; the last of the year 9999 has no next one
        return values

    def _conditions(self) -> list[str]:
        found = []
        if self.words:
            found.append("articles.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :expression)")
        if self.since:
            found.append("published_utc >= :since")
        if self.until:
            found.append("published_utc < :before")
        if self.outlet:
            found.append("articles.outlet = :outlet")
        if self.language:
            found.append("articles.language = :language")
        for one, table in _LINKED.items():
            if getattr(self, one):
                ids = f"SELECT id FROM {table} WHERE name = :{one}"
                found.append(f"articles.id IN (SELECT article FROM article_{table} WHERE {one} IN ({ids}))")
        return found


def _day(said: str, *, last: bool) -> str:
    """A day, or the first or last one of a month or year; `""` where it is none."""
    try:
        if re.fullmatch("[0-9]{4}", said):
            return date(int(said), 12 if last else 1, 31 if last else 1).isoformat()
        if re.fullmatch("[0-9]{4}-[0-9]{2}", said):
            first = date.fromisoformat(f"{said}-01")
            following = (first + timedelta(days=31)).replace(day=1)
            return (following - timedelta(days=1) if last else first).isoformat()
        return date.fromisoformat(said).isoformat()
    except (ValueError, OverflowError):
        return ""
