"""What an archive must hold after a fault, whatever it was: nothing lost, nothing doubled, nothing damaged."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from kept import damage

from ewbscraper.archive.database import read

OF_THE_RUNS = {"runs", "source_answers", "readings", "_sqlite_migrations", "sqlite_sequence", "about"}
"""Tables that say when something was done, or how often."""
OUTLET = """
from ewbscraper.outlet import Outlet, WordPress
OUTLET = Outlet(slug={slug!r}, name={slug!r}, home={home!r}, sources=(WordPress(),){more})
"""
ONCE = {
    "an article": "SELECT url, outlet FROM articles",
    "a capture": "SELECT warc, offset FROM captures",
    "a text": "SELECT article, seen_from, content_hash, cause FROM revisions",
    "a run": "SELECT outlet, command, started, finished, requests, new FROM runs WHERE finished IS NOT NULL",
}


def define(folder: Path, home: str, *, slug: str = "small", more: str = "") -> Path:
    """A folder with the definition of one newspaper; returns where its archive will be."""
    (folder / "outlets").mkdir(parents=True, exist_ok=True)
    (folder / "outlets" / f"{slug}.py").write_text(OUTLET.format(slug=slug, home=home, more=more))
    return folder / "archive.db"


def assert_whole(archive: Path, *, quick: bool = False) -> None:
    """`verify` finds no damage, and nothing is there twice; `quick`: an archive whose WARCs are elsewhere."""
    assert damage(archive, quick=quick) == []
    with closing(read(archive)) as db:
        for what, sql in ONCE.items():
            rows = [tuple(row) for row in db.execute(sql)]
            assert len(rows) == len(set(rows)), f"{what} is there twice: {Counter(rows).most_common(1)}"
        found = db.execute("SELECT count(*) FROM articles_fts").fetchone()[0]
        assert found == db.execute("SELECT count(*) FROM articles").fetchone()[0]
    seals = archive.with_name("seals.txt")
    ended = seals.read_text().rpartition("\n")[0] if seals.exists() else ""  # behind it: half a line
    lines = [json.loads(line) for line in ended.splitlines()]
    sealed = Counter((line["outlet"], line["run"], line["warc"]) for line in lines)
    assert not sealed or max(sealed.values()) == 1, f"sealed twice: {sealed.most_common(1)}"


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
    """Every row of every table but those OF_THE_RUNS."""
    with closing(read(archive)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        wanted = [name for name in names if name not in OF_THE_RUNS and not name.startswith("articles_fts_")]
        return {name: rows(db, f"SELECT * FROM {name}") for name in wanted}


def rows(db: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    """As tuples."""
    return [tuple(row) for row in db.execute(sql)]


def files(folder: Path) -> set[str]:
    """What lies in a folder: no half-written file of a command may stay."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
