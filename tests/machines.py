"""Archives of several machines, and one of them joined."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archives import OUTLET, article, new_archive

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.merge.archives import merge
from ewbscraper.archive.warc.reader import Capture, Exchange
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.article import RelatedPost
from ewbscraper.discovery.link import Link


def nothing(number):
    pass


def machine(folder: Path, looks=(), outlet=OUTLET, warc=True):
    """An archive that saw these (day, slug, text) in this order, with its WARC."""
    folder.mkdir(exist_ok=True, parents=True)
    db, run = new_archive(folder / "archive.db", outlet)
    writer, frontier = WarcWriter(folder, outlet.slug, run), Frontier(db, outlet.slug, run)
    for day, slug, text in looks:
        drawn = (RelatedPost(f"Under {text}", f"{outlet.home}toll/", "Ana Kos"),)
        one = article(slug, body=text, url=f"{outlet.home}{slug}/", tags=(f"tag of {text}",), related_posts=drawn)
        when = f"2024-03-{day:02}T08:00:00Z"
        if warc:
            capture = writer.write(Exchange(one.url, 200, (), [("Content-Type", "text/html")], text.encode()))
        else:
            capture = Capture(one.url, when, 200, "text/html", "ab" * 32, 3, None, "warc/x.warc.gz", day, 9)
        capture = Capture(**{**{name: getattr(capture, name) for name in capture.__slots__}, "fetched_at": when})
        writer.sync()
        with transaction(db):
            frontier.discover([Link(one.url)], "Feed", complete=False)
            number, _ = store.save_article(db, one, outlet=outlet.slug, run=run, captured=when)
            store.save_captures(db, run, [capture], article=number)
            frontier.archived(one.url, number, changed=True, etag=None, last_modified=None)
    writer.close()
    with transaction(db):
        runs.close_run(db, run, 1.0, "finished", [], None)
    db.close()
    return folder / "archive.db"


def join(into: Path, *others: Path):
    for other in others:
        done = merge(into, other, nothing, nothing, without_warcs=True)
    return done


def raw(path: Path):
    with closing(sqlite3.connect(path)) as db:
        return [line for line in db.iterdump() if '"_changes"' not in line]
