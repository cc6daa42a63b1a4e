"""Small archives for tests: real SQLite files, articles of ours."""

import sqlite3
from pathlib import Path
from typing import Any

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.warc.reader import Capture
from ewbscraper.article import Article, Caption, Dateline, Place
from ewbscraper.outlet import Outlet

OUTLET = Outlet(slug="courier", name="The Courier", home="https://courier.example/", sources=())
WHEN = "2024-03-01T08:00:00Z"


def new_archive(path: Path, outlet: Outlet = OUTLET) -> tuple[sqlite3.Connection, int]:
    """An archive with one outlet and one open run."""
    db = create(path)
    with transaction(db):
        store.save_outlet(db, outlet)
        run = runs.open_run(db, outlet.slug, "test")
    return db, run


def article(slug: str = "bridge", **changes: Any) -> Article:
    """An article with everything that hangs on one."""
    values: dict[str, Any] = {
        "url": f"https://courier.example/{slug}/",
        "outlet": "courier",
        "headline": "The bridge opens",
        "dateline": Dateline("PRISHTINË –", (Place("Pristina", "PRISHTINË", "XK"),)),
        "byline": "By Ana Kos",
        "authors": ("Ana Kos",),
        "published": "2024-03-01T09:00:00+01:00",
        "sections": ("News",),
        "tags": ("bridges",),
        "language": "en",
        "body": "PRISHTINË – Đukanović crossed it first.\n\nNobody followed.",
        "body_html": '<p>PRISHTINË – Đukanović crossed <a href="https://other.example/it">it</a> first.</p>',
        "captions": (Caption("The bridge", "NATO", "https://courier.example/b.jpg"),),
        "found_by": {"headline": "linked_data", "body": "shape"},
    }
    return Article(**{**values, **changes})


def save(db: sqlite3.Connection, run: int, one: Article, captured: str = WHEN, **options: Any) -> tuple[int, str]:
    """Saves an article as a crawl does, its capture included."""
    capture = Capture(one.url, captured, 200, "text/html", "ab" * 32, 3, None, "warc/courier/2024/a.warc.gz", 0, 9)
    with transaction(db):
        number, change = store.save_article(db, one, outlet="courier", run=run, captured=captured, **options)
        store.save_captures(db, run, [capture], article=number)
    return number, change
