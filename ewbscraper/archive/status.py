"""How the archive is doing: per outlet its last run, what waits and why, and how often each field was found."""

import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ewbscraper.archive.articles.rights import counted
from ewbscraper.archive.database import read
from ewbscraper.archive.frontier.links import IS_RESERVED
from ewbscraper.archive.locks import is_running
from ewbscraper.archive.runs import FIELDS_WATCHED, Run
from ewbscraper.archive.times import utc_now

MOST_ERRORS = 20
"""Links with an error that are named, given up ones first; the rest is a number."""


def status(archive: Path) -> dict[str, Any]:
    """The state as plain data: `{"articles", "captures", "outlets": [...]}`. Raises NoArchive, NotAnArchive."""
    with closing(read(archive)) as db:
        state = _state(db)
    for outlet in state["outlets"]:
        last = outlet["last_run"]
        if last and last["outcome"] is None:
            last["outcome"] = "running" if is_running(archive, outlet["slug"]) else "killed"
    return state


def _state(db: sqlite3.Connection) -> dict[str, Any]:
    outlets = db.execute("SELECT slug, name FROM outlets ORDER BY slug").fetchall()
    return {
        "articles": _number(db, "SELECT count(*) FROM articles"),
        "captures": _number(db, "SELECT count(*) FROM captures"),
        "outlets": [_outlet(db, row["slug"], row["name"]) for row in outlets],
    }


def _outlet(db: sqlite3.Connection, slug: str, name: str) -> dict[str, Any]:
    last = db.execute("SELECT * FROM runs WHERE outlet = ? ORDER BY id DESC LIMIT 1", [slug]).fetchone()
    articles = _number(db, "SELECT count(*) FROM articles WHERE outlet = ?", slug)
    return {
        "slug": slug,
        "name": name,
        "articles": articles,
        "gone": _number(db, "SELECT count(*) FROM articles WHERE outlet = ? AND gone_at IS NOT NULL", slug),
        "newest": db.execute("SELECT max(published_utc) FROM articles WHERE outlet = ?", [slug]).fetchone()[0],
        "last_run": asdict(Run(**last)) if last else None,
        "sources": _sources(db, slug),
        "coverage": _coverage(db, slug, articles),
        "frontier": {
            row["state"]: row["n"]
            for row in db.execute(
                "SELECT state, count(*) AS n FROM frontier WHERE outlet = ? GROUP BY state ORDER BY state",
                [slug],
            )
        },
        "due": _number(db, "SELECT count(*) FROM frontier WHERE outlet = ? AND next_look <= ?", slug, utc_now()),
        "next_look": db.execute("SELECT min(next_look) FROM frontier WHERE outlet = ?", [slug]).fetchone()[0],
        "errors": _errors(db, slug),
        "rights": counted(db, slug),
        "reserved": _number(db, f"SELECT count(*) FROM frontier WHERE outlet = ? AND {IS_RESERVED}", slug),
    }


def _sources(db: sqlite3.Connection, slug: str) -> list[dict[str, Any]]:
    """What they answered in the last run that crawled."""
    rows = db.execute(
        "SELECT source, url, status, links, error FROM source_answers WHERE run ="
        " (SELECT max(id) FROM runs WHERE outlet = ? AND command NOT LIKE 'reparse%')",
        [slug],
    )
    return [dict(row) for row in rows]


def _coverage(db: sqlite3.Connection, slug: str, articles: int) -> dict[str, float]:
    rows = db.execute(
        "SELECT field, count(*) AS n FROM found_by JOIN articles ON articles.id = article"
        " WHERE outlet = ? GROUP BY field",
        [slug],
    )
    found = {row["field"]: row["n"] for row in rows}
    return {field: round(found.get(field, 0) / articles, 3) for field in FIELDS_WATCHED} if articles else {}


def _errors(db: sqlite3.Connection, slug: str) -> list[dict[str, Any]]:
    rows = db.execute(
        "SELECT url, state, attempts, last_error, next_look FROM frontier"
        " WHERE outlet = ? AND state IN ('failed', 'given up') ORDER BY state DESC, last_asked DESC LIMIT ?",
        [slug, MOST_ERRORS],
    )
    return [dict(row) for row in rows]


def _number(db: sqlite3.Connection, sql: str, *values: str) -> int:
    return int(db.execute(sql, values).fetchone()[0])
