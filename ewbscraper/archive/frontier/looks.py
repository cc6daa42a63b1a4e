"""What earlier looks at live sites saw: which outlets have been tried, and what has changed since."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ewbscraper.archive.database import read
from ewbscraper.archive.times import utc_now

Key = tuple[str, str]
"""Kind and path of a source."""


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """One earlier look."""

    looked: str
    sources: tuple[Key, ...]
    """Those that answered."""
    articles: int
    """Recent ones that were taken apart."""
    coverage: Mapping[str, int]
    """On how many of them each field was found."""


def save_look(
    db: sqlite3.Connection, outlet: str, sources: Sequence[Key], articles: int, coverage: Mapping[str, int]
) -> None:
    """Keeps what a look saw, in the caller's transaction."""
    db.execute(
        "INSERT INTO looks (outlet, looked, answered, sources, articles, coverage) VALUES (?, ?, ?, ?, ?, ?)",
        [outlet, utc_now(), bool(sources), json.dumps(sources), articles, json.dumps(coverage)],
    )


def last_look(db: sqlite3.Connection, outlet: str) -> SeenBefore | None:
    """The latest look at which a source answered and articles were taken apart."""
    row = db.execute(
        "SELECT looked, sources, articles, coverage FROM looks WHERE outlet = ? AND answered AND articles > 0"
        " ORDER BY id DESC LIMIT 1",
        [outlet],
    ).fetchone()
    if row is None:
        return None
    sources = tuple((kind, path) for kind, path in json.loads(row["sources"]))
    return SeenBefore(row["looked"], sources, row["articles"], json.loads(row["coverage"]))


def tried(archive: Path) -> dict[str, str]:
    """Day of the last look that saw articles, or of the first crawl that had some, by outlet; none without archive."""
    if not archive.is_file():
        return {}
    with closing(read(archive)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'looks'").fetchone():
            return {}
        return dict(
            tuple(row)
            for row in db.execute(
                "SELECT outlet, substr(max(at), 1, 10) FROM"
                " (SELECT outlet, looked AS at FROM looks WHERE answered AND articles > 0"
                " UNION ALL SELECT outlet, max(started) FROM runs"
                " WHERE new > 0 AND command NOT LIKE 'import %' GROUP BY outlet) GROUP BY outlet"
            )
        )
