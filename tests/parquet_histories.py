"""An archive, whatever may happen to it, and the folder of Parquet that it is exported to again and again."""

import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from archives import OUTLET, article, new_archive
from exports import export
from kept import by_hand
from machines import join, machine

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.rights import Rights, save_rights
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.export.archive import export_archive
from ewbscraper.archive.export.tables import Selection
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.takedown.restore import restore
from ewbscraper.archive.takedown.withhold import withhold
from ewbscraper.archive.tombstones import refuse_withheld
from ewbscraper.archive.warc.reader import Exchange
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.article import RelatedPost
from ewbscraper.discovery.link import Link
from ewbscraper.outlet import as_code
from ewbscraper.reparse.run import reparse
from ewbscraper.rights.signals import Signal

pyarrow = pytest.importorskip("pyarrow.parquet")
SLUGS = ("bridge", "toll", "school", "ferry", "villa")
ASKED = {"reason": "Request of 3 May", "requested_by": "Ana Kos"}


def files(folder):
    """Every file of an export with its rows."""
    found = folder.rglob("*.parquet")
    return {path.relative_to(folder).as_posix(): pyarrow.ParquetFile(path).read().to_pylist() for path in found}


def url(slug):
    return f"{OUTLET.home}{slug}/"


@dataclass
class World:
    """An archive, what may happen to it, and the folder it is exported to."""

    folder: Path

    def __post_init__(self):
        self.path, self.out, self.fresh = self.folder / "archive.db", self.folder / "out", self.folder / "fresh"
        new_archive(self.path)[0].close()
        (self.folder / "outlets").mkdir()
        (self.folder / "outlets" / "courier.py").write_text(as_code(OUTLET))
        self.number = count(1)

    def crawl(self, slug, month, text):
        """A run that finds an article, new or changed or the same, in this month or another one."""
        links = f'<a href="{url("toll")}">toll</a>'
        body = f"{text} " * 60
        page = (
            f"<html><body><article><h1>{text} of {slug}</h1><p>{body}</p><p>{body}{links}</p></article></body></html>"
        )
        drawn = (RelatedPost(f"Under {text}", url("villa"), "Ana Kos"),)
        one = article(slug, headline=f"{text} of {slug}", body=body, published=month, tags=(text,), related_posts=drawn)
        with closing(create(self.path)) as db:
            refuse_withheld(db, one.url)
            with transaction(db):
                run = runs.open_run(db, OUTLET.slug, "test")
            frontier, writer = Frontier(db, OUTLET.slug, run), WarcWriter(self.folder, OUTLET.slug, run)
            capture = writer.write(Exchange(one.url, 200, (), [("Content-Type", "text/html")], page.encode()))
            writer.sync()
            with transaction(db):
                frontier.discover([Link(one.url)], "Feed", complete=False)
                number, change = store.save_article(db, one, outlet=OUTLET.slug, run=run, captured=capture.fetched_at)
                store.save_captures(db, run, [capture], article=number)
                save_rights(db, capture, Rights("allowed", (Signal("page", "robots", "noai"),)))
                frontier.archived(one.url, number, changed=change != "unchanged", etag=None, last_modified=None)
                runs.close_run(db, run, 1.0, "finished", [], None)
            writer.close()

    def look(self, slug, month, text):
        """304, or a removal."""
        with closing(create(self.path)) as db, transaction(db):
            number = store.article_at(db, url(slug))
            if number:
                (store.mark_gone if text == "A" else store.mark_seen)(db, number)

    def moved(self, slug, month, text):
        """Two rows become one."""
        with closing(create(self.path)) as db, transaction(db):
            one, other = store.article_at(db, url(slug)), store.article_at(db, url(SLUGS[SLUGS.index(slug) - 1]))
            if one and other:
                store.join(db, one, other)

    def takedown(self, slug, month, text):
        withhold(self.path, url(slug), **ASKED, erase=text == "A")

    def back(self, slug, month, text):
        restore(self.path, url(slug), **ASKED)

    def read_again(self, slug, month, text):
        reparse(self.path, OUTLET.slug, again=True, jobs=1)

    def merge(self, slug, month, text):
        other = self.folder / f"other{next(self.number)}"
        join(self.path, machine(other, [(1, slug, f"{text} elsewhere"), (2, "quay", text)]))

    def hand(self, slug, month, text):
        """Plain SQLite, foreign keys off, nothing of ours; what SQLite replaces, fires nothing."""
        of, words = f"(SELECT id FROM articles WHERE url = '{url(slug)}')", f"'{text}'"
        replaced = "1, '', '', '', '', '', ''" + f" FROM articles WHERE id = {of}"
        other = "outlet, url, published, words, content_hash, first_seen, last_seen, text_since, body, body_html"
        revised = "run, capture, cause, seen_from, seen_until, content_hash, headline, captions, standfirst, body"
        done = {
            "A": [
                f"UPDATE articles SET published = '{month}' WHERE id = {of}",
                f"UPDATE OR IGNORE captions SET caption = {words}, article = article + 2 WHERE article = {of}",
                f"DELETE FROM links WHERE article = {of}",
                f"UPDATE frontier SET last_error = {words} WHERE url = '{url(slug)}'",
            ],
            "B": [f"INSERT OR REPLACE INTO articles (id, {other}) SELECT id, outlet, url, '2024-07-01', {replaced}"],
            "C": [
                f"INSERT OR REPLACE INTO revisions SELECT id, {of}, {revised} FROM revisions WHERE {of} IS NOT NULL",
                f"UPDATE captures SET bytes = bytes + 1 WHERE article = {of}",
            ],
        }
        by_hand(self.path, *done[text])
        with closing(sqlite3.connect(self.path)) as db:
            db.execute("VACUUM")

    def killed(self, slug, month, text):
        """An export that does not come to its end."""

        def kill(done, total):
            if done == total * (1 + SLUGS.index(slug)) // 6:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            export_archive(self.path, self.out, "parquet", Selection(), kill)

    def damaged(self, slug, month, text):
        """A file of the export is cut off, missing, or another one."""
        there = sorted(self.out.rglob("*.parquet"))
        if there:
            file = there[SLUGS.index(slug) * len(there) // len(SLUGS)]
            file.unlink() if text == "A" else file.write_bytes(b"" if text == "B" else there[-1].read_bytes() + b"x")

    def check(self):
        """Row by row, file by file."""
        export(self.path, self.out, "parquet")
        export(self.path, self.fresh, "parquet")
        assert files(self.out) == files(self.fresh)
        shutil.rmtree(self.fresh)
