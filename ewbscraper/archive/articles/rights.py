"""What an outlet said of keeping and mining each capture: written with it, and read again."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ewbscraper.archive.warc.reader import Capture
from ewbscraper.rights.robots import ALLOWED, FORBIDDEN, NONE, UNKNOWN
from ewbscraper.rights.signals import Signal


@dataclass(frozen=True, slots=True)
class Rights:
    """Of one capture."""

    robots: str
    """What robots.txt said of it to us: `allowed`, `forbidden`, `none`, `unknown`."""
    signals: tuple[Signal, ...] = ()
    said_in: Mapping[str, int | Capture | None] | None = None
    """By source (`robots.txt`, `tdmrep.json`) the capture of that file."""


def save_rights(db: sqlite3.Connection, capture: int | Capture, rights: Rights) -> None:
    """Beside a capture whose row is there, in the caller's open transaction."""
    number = _number(db, capture)
    said_in = {source: _number(db, one) for source, one in (rights.said_in or {}).items()}
    db.execute(
        "UPDATE captures SET robots = ?, robots_in = ? WHERE id = ?", [rights.robots, said_in.get("robots.txt"), number]
    )
    db.executemany(
        "INSERT OR IGNORE INTO rights (capture, source, signal, value, said_in) VALUES (?, ?, ?, ?, ?)",
        [(number, one.source, one.signal, one.value, said_in.get(one.source)) for one in rights.signals],
    )


def _number(db: sqlite3.Connection, capture: int | Capture | None) -> int | None:
    if not isinstance(capture, Capture):
        return capture
    row = db.execute(
        "SELECT id FROM captures WHERE url = ? AND fetched_at = ? AND warc = ? AND offset = ?",
        [capture.url, capture.fetched_at, capture.warc, capture.offset],
    ).fetchone()
    return row["id"] if row else None


def has_rights(db: sqlite3.Connection) -> bool:
    """Whether an archive has such a table: one is shown before a crawl has upgraded it."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'rights' AND type = 'table'").fetchone() is not None


def said_of(db: sqlite3.Connection, captures: Iterable[int]) -> dict[int, list[Signal]]:
    """The signals of each of these captures."""
    numbers = list(captures) if has_rights(db) else []
    rows = (
        db.execute(
            "SELECT capture, source, signal, value FROM rights"
            f" WHERE capture IN ({', '.join('?' * len(numbers))}) ORDER BY capture, source, signal, value",
            numbers,
        )
        if numbers
        else ()
    )
    said: dict[int, list[Signal]] = {}
    for row in rows:
        said.setdefault(row["capture"], []).append(Signal(row["source"], row["signal"], row["value"]))
    return said


def in_words(db: sqlite3.Connection, captures: Iterable[int]) -> dict[int, list[str] | None]:
    """The same for people, what robots.txt said first; None where nobody looked."""
    numbers = list(captures)
    looked = _looked(db, numbers)
    said = said_of(db, looked)
    of_robots = {number: _ROBOTS.get(robots, robots) for number, robots in looked.items()}
    return {
        number: [of_robots[number], *map(str, said.get(number, ()))] if number in looked else None for number in numbers
    }


def _looked(db: sqlite3.Connection, numbers: list[int]) -> dict[int, str]:
    if not numbers or not has_rights(db):
        return {}
    marks = ", ".join("?" * len(numbers))
    sql = f"SELECT id, robots FROM captures WHERE robots IS NOT NULL AND id IN ({marks})"
    return {row["id"]: row["robots"] for row in db.execute(sql, numbers)}


_ROBOTS = {
    ALLOWED: "allowed (robots.txt)",
    FORBIDDEN: "forbidden (robots.txt)",
    NONE: "no robots.txt",
    UNKNOWN: "robots.txt not kept",
}

_RUNS = "SELECT id FROM runs WHERE outlet = :outlet"
_TELLING = (
    "(signal IN ('noarchive', 'noai', 'noimageai', 'content-signal', 'content-usage')"
    " OR (signal = 'tdm-reservation' AND value = '1'))"
)
"""What a person should know of when an outlet begins to say it; `noindex` of a page is about search engines."""

_OF_A_RUN = f"""
SELECT source, signal, value, count(DISTINCT capture) AS pages FROM rights JOIN captures ON captures.id = capture
WHERE run = :run AND {_TELLING} GROUP BY source, signal, value ORDER BY source, signal, value
"""
_SAID_BEFORE = f"""
SELECT 1 FROM rights JOIN captures ON captures.id = capture WHERE source = :source AND signal = :signal
AND value = :value AND run < :run AND run IN ({_RUNS}) LIMIT 1
"""
_LOOKED_BEFORE = f"""
SELECT 1 FROM captures WHERE run IN ({_RUNS} AND id < :run ORDER BY id DESC LIMIT 100) AND robots <> '{UNKNOWN}' LIMIT 1
"""


def news(db: sqlite3.Connection, outlet: str, run: int) -> list[str]:
    """What an outlet says in this run and never said before, in sentences; nothing in the first run that looks."""
    values = {"outlet": outlet, "run": run}
    if not db.execute(_LOOKED_BEFORE, values).fetchone():
        return []
    return [
        f"the outlet says for the first time: {Signal(row['source'], row['signal'], row['value'])}, of {row['pages']}"
        " of the pages captured now: docs/rights.md says what that means"
        for row in db.execute(_OF_A_RUN, values).fetchall()
        if not db.execute(_SAID_BEFORE, {**values, **dict(row)}).fetchone()
    ]


def counted(db: sqlite3.Connection, outlet: str) -> list[dict[str, str | int]]:
    """Each signal of an outlet, on how many captures, and when it was last said."""
    if not has_rights(db):
        return []
    rows = db.execute(
        "SELECT source, signal, value, count(*) AS captures, max(fetched_at) AS last FROM rights"
        f" JOIN captures ON captures.id = capture WHERE run IN ({_RUNS})"
        " GROUP BY source, signal, value ORDER BY source, signal, value",
        {"outlet": outlet},
    )
    return [dict(row) for row in rows]
