"""The log of runs: what ran when, what it found, what needs a look."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from ewbscraper import __version__
from ewbscraper.archive.database import read
from ewbscraper.archive.times import FORMAT, later, parse, utc_now

COUNTS = (
    "found",
    "new",
    "changed",
    "unchanged",
    "restored",
    "gone",
    "failed",
    "not_articles",
    "requests",
    "bytes",
    "media",
    "reread",
)
FIELDS_WATCHED = (
    "headline",
    "standfirst",
    "dateline",
    "authors",
    "published",
    "body",
    "captions",
    "related_posts",
)
NO_SOURCE = "no source answered usefully"
"""Needs a look: such a run knows of no article whether it is unchanged."""
LONGEST_REST = timedelta(days=1)
"""A site that asks to be left alone for longer is asked again after a day; so it is where our clock was wrong."""

ENOUGH = 10
"""Newly extracted articles from which on a field's share says something; runs with some from which on a habit does."""
FAR_LONGER = 10
"""Times the longest usual gap between such runs after which an outlet has gone silent."""


def open_run(db: sqlite3.Connection, outlet: str, command: str) -> int:
    """A new row of `runs`; returns its id."""
    cursor = db.execute(
        "INSERT INTO runs (outlet, command, software, started) VALUES (?, ?, ?, ?)",
        [outlet, command, f"ewbscraper/{__version__}", utc_now()],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def count_unfinished(db: sqlite3.Connection, outlet: str) -> None:
    """Runs without an end were killed: the lock says that none of them still runs."""
    db.execute("UPDATE runs SET outcome = 'killed' WHERE outlet = ? AND finished IS NULL", [outlet])


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `runs`."""

    id: int
    outlet: str
    command: str
    software: str
    started: str
    finished: str | None
    seconds: float | None
    outcome: str | None
    """`finished`, `shutdown` (asked to stop), `out of time`, `left alone` (the site suffers, or closed its door),
    `cannot write`, `killed`; None while it runs."""
    found: int
    """Links unknown until then."""
    new: int
    changed: int
    unchanged: int
    """Articles still there with the same text, asked for or not."""
    restored: int
    gone: int
    failed: int
    not_articles: int
    requests: int
    bytes: int
    """On the wire, bodies only."""
    needs_a_look: str | None
    """Sentences, a line each; None where all is well."""
    wait_until: str | None = None
    """The site asked not to be asked before; None where it did not, and in an archive that older code made."""
    media: int = 0
    """Pictures and styles kept."""
    reread: int = 0
    """Texts that differ because our extraction does: no change by the outlet."""


def get_run(archive: Path, run: int) -> Run:
    """One run of an archive. Raises NoArchive, NotAnArchive."""
    with closing(read(archive)) as db:
        return Run(*db.execute("SELECT * FROM runs WHERE id = ?", [run]).fetchone())


def last_begun(archive: Path) -> dict[str, str]:
    """By outlet when its last run began; none where there is no archive yet. Raises NotAnArchive."""
    if not archive.is_file():
        return {}
    with closing(read(archive)) as db:
        return dict(db.execute("SELECT outlet, max(started) FROM runs GROUP BY outlet").fetchall())


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What a source answered: a row of `source_answers`."""

    url: str
    source: str
    """Kind of source: `WordPress`, `Sitemap`, `Feed`, `Listing`."""
    status: int | None = None
    """HTTP status, None where there was no answer."""
    links: int = 0
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None


def save_source_answer(db: sqlite3.Connection, run: int, answer: SourceAnswer) -> None:
    """Keeps what a source answered in this run."""
    db.execute("INSERT OR REPLACE INTO source_answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [run, *astuple(answer)])


def validators(db: sqlite3.Connection, outlet: str, url: str) -> tuple[str | None, str | None]:
    """ETag and Last-Modified that this address sent this outlet with its last whole answer.

    By the very address: WordPress sends one ETag with all its feeds and their pages. By outlet: what one has read,
    another on the same host has not.
    """
    row = db.execute(
        "SELECT etag, last_modified FROM source_answers JOIN runs ON runs.id = run"
        " WHERE url = ? AND outlet = ? AND error IS NULL AND status = 200 ORDER BY run DESC LIMIT 1",
        [url, outlet],
    ).fetchone()
    return tuple(row) if row else (None, None)


def save_counts(db: sqlite3.Connection, run: int, counts: Counter[str]) -> None:
    """The counts so far, so that a killed run's row is right but for its last moments."""
    names = ", ".join(f"{name} = ?" for name in COUNTS)
    db.execute(f"UPDATE runs SET {names} WHERE id = ?", [*(counts[name] for name in COUNTS), run])


def close_run(
    db: sqlite3.Connection, run: int, seconds: float, outcome: str, needs_a_look: list[str], wait_until: str | None
) -> None:
    """The row's end; `needs_a_look` is empty where all is well."""
    db.execute(
        "UPDATE runs SET finished = ?, seconds = ?, outcome = ?, needs_a_look = ?, wait_until = ? WHERE id = ?",
        [utc_now(), round(seconds, 2), outcome, "\n".join(needs_a_look) or None, wait_until, run],
    )


def wait_until(db: sqlite3.Connection, outlet: str) -> str | None:
    """Until when the site asked its last run to leave it alone; None where that is over.

    Times beyond LONGEST_REST are of a clock that was wrong: they hide no other.
    """
    latest = "SELECT max(wait_until) AS until FROM runs WHERE outlet = ? AND wait_until <= ?"
    until: str | None = db.execute(latest, [outlet, later(utc_now(), LONGEST_REST)]).fetchone()["until"]
    return until if until and utc_now() < until else None


def what_needs_a_look(db: sqlite3.Connection, outlet: str, run: int) -> list[str]:
    """Why a person should look at this outlet, in sentences; empty where all is well."""
    silent = silence(db, outlet)
    return [*([str(silent)] if silent else []), *_fields_that_fell(db, outlet, run)]


@dataclass(frozen=True, slots=True)
class Silence:
    """An outlet that has not had a new article for far longer than its habit."""

    since: str
    """Start of the last run that found one."""
    days: int
    usual: timedelta
    """Longest usual gap between such runs until then."""

    def __str__(self) -> str:
        return f"no new article for {self.days} days; until then never longer than {_say(self.usual)} or so"


def silence(db: sqlite3.Connection, outlet: str) -> Silence | None:
    """No run with a new article for far longer than its habit: the first one, a backfill, is no habit."""
    had = "FROM runs WHERE outlet = :outlet AND new > 0 AND command NOT LIKE 'import %'"
    first = f"SELECT finished {had} AND finished IS NOT NULL ORDER BY started LIMIT 1"
    runs = f"SELECT started {had} AND started > ({first}) ORDER BY started DESC LIMIT 50"
    times = [parse(row["started"]) for row in db.execute(runs, {"outlet": outlet})]
    if len(times) < ENOUGH:
        return None
    usual = sorted(after - before for after, before in pairwise(times))[-2]
    silent = parse(utc_now()) - times[0]
    if silent < max(FAR_LONGER * usual, timedelta(days=2)):
        return None
    return Silence(times[0].strftime(FORMAT), silent.days, usual)


def _say(gap: timedelta) -> str:
    return f"{gap.days} days" if gap.days > 1 else f"{gap.total_seconds() / 3600:.0f} hours"


def _fields_that_fell(db: sqlite3.Connection, outlet: str, run: int) -> list[str]:
    now, before = (_shares(db, chosen, outlet, run) for chosen in (_NEWLY_EXTRACTED, _EXTRACTED_BEFORE))
    return [
        f"{field} found on {now[field]:.0%} of the new articles, on {before[field]:.0%} before: "
        f"has the page's layout changed? (`ewbscraper outlets check {outlet}`)"
        for field in FIELDS_WATCHED
        if now and before and now[field] <= before[field] / 2 and before[field] > 0
    ]


_CAPTURED_NOW = "id IN (SELECT article FROM captures WHERE run = :run)"
_KNOWN_BEFORE = "first_seen < (SELECT started FROM runs WHERE id = :run)"
_NEWLY_EXTRACTED = f"""
SELECT id FROM articles WHERE outlet = :outlet AND {_CAPTURED_NOW} AND ({_KNOWN_BEFORE} OR published_utc >
  (SELECT max(published_utc) FROM articles WHERE outlet = :outlet AND {_KNOWN_BEFORE}))
"""
"""Newer than all we had, or had before and extracted again. An older one is a backfill: years differ."""
_EXTRACTED_BEFORE = f"""
SELECT id FROM articles WHERE outlet = :outlet AND NOT {_CAPTURED_NOW} AND {_KNOWN_BEFORE}
ORDER BY published_utc DESC LIMIT 500
"""


def _shares(db: sqlite3.Connection, chosen: str, outlet: str, run: int) -> dict[str, float]:
    """Share of the chosen articles with each field; empty where they are fewer than ENOUGH."""
    values = {"outlet": outlet, "run": run}
    total = db.execute(f"SELECT count(*) FROM ({chosen})", values).fetchone()[0]
    if total < ENOUGH:
        return {}
    rows = db.execute(
        f"SELECT field, count(*) AS n FROM found_by WHERE article IN (SELECT id FROM ({chosen})) GROUP BY field",
        values,
    )
    found = {row["field"]: row["n"] for row in rows}
    return {field: found.get(field, 0) / total for field in FIELDS_WATCHED}
