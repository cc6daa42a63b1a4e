"""A search as it is cited: what was asked, what answered, of which state of the archive."""

import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ewbscraper import __version__
from ewbscraper.archive.database import names_of_outlets
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.warc import seals

_FACTS = """
WITH hits AS MATERIALIZED (
  SELECT articles.id, articles.outlet, published_utc FROM {matching}
)
SELECT outlet, min(published_utc) AS first, max(published_utc) AS last, count(*) AS n FROM hits GROUP BY outlet
UNION ALL
SELECT NULL, min(fetched_at), max(fetched_at), 0
FROM hits CROSS JOIN captures INDEXED BY captures_article ON captures.article = hits.id
"""
"""A row for each outlet, and a last one of the captures: the hits are looked up once, and no article is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What a citation of a search says. Times are our time stamps, UTC."""

    asked: Question
    articles: int
    outlets: dict[str, tuple[str, int]]
    """By slug: name, and articles among the hits; the most first."""
    published: tuple[str | None, str | None]
    """First and last publication."""
    captured: tuple[str | None, str | None]
    """First and last capture of a page of theirs."""
    sealed: dict[str, tuple[int, str]]
    """By outlet of the archive: the last run that is sealed, and the SHA-256 of its line in seals.txt."""
    accessed: str
    software: str

    @property
    def digest(self) -> str | None:
        """The archive's digest, hex: SHA-256 of a line `OUTLET SHA256-OF-ITS-LAST-SEAL` each, sorted by outlet.

        A line of seals.txt names the WARC file of a run, that file's SHA-256, a Merkle root over the captures in it,
        and the line before. So this digest fixes every capture that was sealed when the search was asked: whoever has
        it can show, with seals.txt and the WARC files, that none was changed or taken away since. It does not fix what
        is made of captures (texts, this list of hits), nor a run that had not ended. None where nothing is sealed.
        """
        lines = "".join(f"{outlet} {line}\n" for outlet, (_, line) in sorted(self.sealed.items()))
        return sha256(lines.encode()).hexdigest() if lines else None

    def as_json(self) -> dict[str, Any]:
        """The same with plain names, for a program."""
        return {
            "query": self.asked.words,
            "searched_as_plain_words": self.asked.is_plain,
            "filters": self.asked.filters,
            "articles": self.articles,
            "outlets": [{"slug": slug, "name": name, "articles": n} for slug, (name, n) in self.outlets.items()],
            "first_published": self.published[0],
            "last_published": self.published[1],
            "first_capture": self.captured[0],
            "last_capture": self.captured[1],
            "archive_digest": self.digest,
            "seals": [
                {"outlet": slug, "run": run, "line_sha256": line} for slug, (run, line) in sorted(self.sealed.items())
            ],
            "accessed": self.accessed,
            "software": self.software,
        }


def cited(db: sqlite3.Connection, asked: Question) -> Cited:
    """Asks for it all; reads indexes and no article."""
    names = names_of_outlets(db)
    *rows, captures = map(tuple, db.execute(_FACTS.format(matching=asked.matching), asked.values))
    rows.sort(key=lambda row: (-row[3], row[0]))
    ends = [end for _, first, last, _ in rows for end in (first, last) if end]
    return Cited(
        asked=asked,
        articles=sum(n for *_, n in rows),
        outlets={slug: (names[slug], n) for slug, _, _, n in rows},
        published=(min(ends, default=None), max(ends, default=None)),
        captured=(captures[1], captures[2]),
        sealed=seals.sealed_until(db),
        accessed=utc_now(),
        software=f"ewbscraper {__version__}",
    )


def paragraph(of: Cited, title: str, address: str) -> str:
    """One paragraph for a footnote or a methods section, with the archive's title and the search's address."""
    found = f"{_number(of.articles)}{_from(of)}{_span('published', of.published)}{_span('captured', of.captured)}"
    sealed = f" Archive digest (SHA-256 over its seals): {of.digest}." if of.digest else ""
    return f"{title}: {_asked(of)}; {found}. Asked {of.accessed} with {of.software}, {address}.{sealed}"


def _asked(of: Cited) -> str:
    names = {"since": "from", "until": "to"}
    filters = ", ".join(f"{names.get(name, name)} {value}" for name, value in of.asked.filters.items())
    words = f"search for “{of.asked.words}”" if of.asked.words else "search"
    plain = " (as plain words)" if of.asked.is_plain else ""
    return f"{words}{plain}{f', {filters}' if filters else ''}"


def _number(articles: int) -> str:
    return f"{articles:,} article{'s' if articles != 1 else ''}"


def _from(of: Cited) -> str:
    outlets = [f"{name} ({n:,})" for name, n in of.outlets.values()]
    return f" of {', '.join(outlets)}" if outlets else ""


def _span(what: str, ends: tuple[str | None, str | None]) -> str:
    first, last = ((end or "")[:10] for end in ends)
    return f", {what} {first} to {last}" if first else ""
