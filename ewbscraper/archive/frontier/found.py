"""What crawls found of outlets that nobody has defined: sources, kept so that the next run starts at once."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ewbscraper.archive.database import outlets_in, read
from ewbscraper.archive.times import utc_now
from ewbscraper.errors import ArchiveMixed
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, Source, WordPress
from ewbscraper.outlets import DEMO

_KINDS = {kind.__name__: kind for kind in (WordPress, Sitemap, Feed, Listing)}
_COLUMNS = ("slug", "name", "home", "language", "country", "timezone", "found_at", "look_again")


def found_outlets(archive: Path) -> dict[str, Outlet]:
    """The outlets whose sources a crawl has found, by slug; none where there is no archive. Raises NotAnArchive."""
    if not archive.is_file():
        return {}
    with closing(read(archive)) as db:
        if not _knows_found(db):
            return {}
        rows = db.execute("SELECT * FROM outlets WHERE sources IS NOT NULL").fetchall()
    return {row["slug"]: _outlet(dict(row)) for row in rows}


def remember(db: sqlite3.Connection, outlet: Outlet) -> None:
    """Keeps the sources of an outlet whose row is there, in the caller's transaction."""
    sources = json.dumps([{"kind": type(one).__name__, **asdict(one)} for one in outlet.sources])
    db.execute(
        "UPDATE outlets SET sources = ?, found_at = ?, look_again = ? WHERE slug = ?",
        [sources, outlet.found_at, outlet.look_again, outlet.slug],
    )


def forget_if_empty(db: sqlite3.Connection, slug: str) -> None:
    """Removes an outlet that never answered, with its runs, in the caller's transaction; its captures stay.

    Not where anything was found of it, nor while it has asked to be left alone.
    """
    values = {"slug": slug, "now": utc_now()}
    if db.execute(_KNOWN, values).fetchone():
        return
    for sql in _FORGET:
        db.execute(sql, values)


_KNOWN = """
SELECT 1 FROM outlets WHERE slug = :slug AND sources IS NOT NULL
UNION ALL SELECT 1 FROM articles WHERE outlet = :slug
UNION ALL SELECT 1 FROM frontier WHERE outlet = :slug
UNION ALL SELECT 1 FROM withheld WHERE outlet = :slug
UNION ALL SELECT 1 FROM runs WHERE outlet = :slug AND wait_until > :now
"""
_FORGET = (
    "UPDATE captures SET run = NULL WHERE run IN (SELECT id FROM runs WHERE outlet = :slug)",
    "DELETE FROM source_answers WHERE run IN (SELECT id FROM runs WHERE outlet = :slug)",
    "DELETE FROM listings WHERE outlet = :slug",
    "DELETE FROM runs WHERE outlet = :slug",
    "DELETE FROM outlets WHERE slug = :slug",
)


def refuse_a_second_name(db: sqlite3.Connection, archive: Path, outlet: Outlet) -> None:
    """Raises ArchiveMixed where articles of this front page are archived under another slug: they would stay there."""
    sql = "SELECT slug, name, home FROM outlets WHERE slug != ? AND EXISTS (SELECT 1 FROM articles WHERE outlet = slug)"
    for row in db.execute(sql, [outlet.slug]):
        if _front_page(Outlet(**row)) == _front_page(outlet):
            raise ArchiveMixed(
                f"{archive} has {outlet.home} as {row['slug']} already: give its definition that slug, "
                f"or crawl into another archive: --archive PATH"
            )


def refuse_to_mix(connection: sqlite3.Connection, path: Path, slug: str) -> None:
    """Raises ArchiveMixed where invented and real articles would meet in one archive."""
    others = outlets_in(connection) - {slug}
    if slug == DEMO and others:
        raise ArchiveMixed(
            f"{path.absolute()} holds real articles ({', '.join(sorted(others))}); the demo's are invented. "
            f"Give the demo an archive of its own: ewbscraper demo --archive demo.db"
        )
    if slug != DEMO and DEMO in others:
        raise ArchiveMixed(
            f"{path.absolute()} holds the demo newspaper, whose articles are invented. "
            f"Remove it with `ewbscraper demo --clear --archive {path}`, or crawl into another: --archive PATH"
        )


def _front_page(outlet: Outlet) -> tuple[str, str]:
    return outlet.place, urlsplit(outlet.home).path.rstrip("/")


def _knows_found(db: sqlite3.Connection) -> bool:
    """Reading does not upgrade: an archive of an older version has no such column yet (nor `look_again`)."""
    return "sources" in {column["name"] for column in db.execute("PRAGMA table_info(outlets)")}


def _outlet(row: dict[str, Any]) -> Outlet:
    sources = tuple(_source(one) for one in json.loads(row["sources"]))
    return Outlet(**{name: row[name] for name in _COLUMNS if name in row}, sources=sources)


def _source(said: dict[str, Any]) -> Source:
    kind: Callable[..., Source] = _KINDS[said.pop("kind")]
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in said.items()})
