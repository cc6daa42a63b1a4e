"""What an archive must hold after a fault, whatever it was: nothing lost, nothing doubled, nothing damaged."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from kept import damage

from ewbscraper.archive.database import read

OF_THE_RUNS = {"runs", "source_answers", "readings", "_changes", "_sqlite_migrations", "sqlite_sequence", "about"}
"""Tables that say when something was done, or how often."""
OUTLET = """
from ewbscraper.outlet import Outlet, WordPress
OUTLET = Outlet(slug={slug!r}, name={slug!r}, home={home!r}, sources=(WordPress(),){more})
"""
ONCE = {
    "an article": "SELECT url, outlet FROM articles",
    "a capture": "SELECT url, fetched_at, warc, offset FROM captures",
    "a text": "SELECT article, seen_from, content_hash, cause FROM revisions",
}


def define(folder: Path, home: str, *, slug: str = "small", more: str = "") -> Path:
    """A folder with the definition of one newspaper; returns where its archive will be."""
    (folder / "outlets").mkdir(parents=True, exist_ok=True)
    (folder / "outlets" / f"{slug}.py").write_text(OUTLET.format(slug=slug, home=home, more=more))
    return folder / "archive.db"


def assert_whole(archive: Path, *, quick: bool = False) -> None:
    """`verify` finds no damage, and nothing is there twice; `quick`: an archive whose WARCs are elsewhere."""
    damaged = damage(archive, quick=quick)
    assert not damaged, damaged
    with closing(read(archive)) as db:
        for what, sql in ONCE.items():
            most = Counter(rows(db, sql)).most_common(1)
            assert not most or most[0][1] == 1, f"{what} is there twice: {most}"
        found = db.execute("SELECT count(*) FROM articles_fts").fetchone()[0]
        assert found == db.execute("SELECT count(*) FROM articles").fetchone()[0]


def texts(archive: Path) -> dict[str, Any]:
    """What readers have of it: articles with their earlier texts, pages by address and digest, what waits."""
    with closing(read(archive)) as db:
        return {
            "articles": rows(db, "SELECT url, content_hash, gone_at IS NULL FROM articles ORDER BY url"),
            "revisions": rows(
                db,
                "SELECT url, cause, revisions.content_hash FROM revisions JOIN articles ON articles.id = article"
                " ORDER BY url, revisions.id",
            ),
            "pages": rows(
                db,
                "SELECT DISTINCT captures.url, sha256, status FROM captures"
                " WHERE article IS NOT NULL OR media_of IS NOT NULL ORDER BY 1, 2",
            ),
            "frontier": rows(db, "SELECT url, state FROM frontier ORDER BY url"),
            "media": rows(db, "SELECT url, state FROM media ORDER BY url"),
        }


def tables(archive: Path) -> dict[str, Any]:
    """Every row of every table but those OF_THE_RUNS, without the number of the run that wrote it."""
    with closing(read(archive)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        wanted = [name for name in names if name not in OF_THE_RUNS and not name.startswith("articles_fts_")]
        return {name: rows(db, f"SELECT {_columns(db, name)} FROM {name}") for name in wanted}


def _columns(db: sqlite3.Connection, table: str) -> str:
    names = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
    return ", ".join(name for name in names if not name.endswith("run"))


def rows(db: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    """As tuples."""
    return [tuple(row) for row in db.execute(sql)]


def files(folder: Path) -> set[str]:
    """What lies in a folder: no half-written file of a command may stay."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
