"""An archive of any size, out of invented articles: the same number and seed give the same rows.

    python benchmarks/big_archive.py FILE NUMBER [SEED]

One article in fifteen was edited once, one in a hundred removed. All of it goes through the functions that a crawl
calls, `store.save_article` first; what differs is that a transaction holds 500 articles, and that no WARC is written:
captures point at a file that is not there. Beyond 30,000 their rows are copied, index included: the same texts at other
addresses, 521 days later. That takes a tenth of the time.
"""

import random
import sqlite3
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from invented_texts import OUTLETS, SEED, invented, stamp
from measuring import tell

from ewbscraper.archive import runs, search
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.warc.reader import Capture
from ewbscraper.article import Article
from ewbscraper.discovery.link import Link

TOGETHER = 500
"""Articles in one transaction."""
COPIED, LATER = 30_000, 521
"""Articles of which all others are copies, and how many days these 30,000 fill."""
COPIES = (
    "articles",
    "article_authors",
    "article_places",
    "article_sections",
    "article_tags",
    "captions",
    "captures",
    "found_by",
    "frontier",
    "links",
    "related_posts",
    "revisions",
)
TIMES = ("published", "first_seen", "last_seen", "text_since", "gone_at", "fetched_at", "seen_from", "seen_until")


def main() -> None:
    """Makes the file."""
    path, number = Path(sys.argv[1]), int(sys.argv[2])
    with Grower(path, *map(int, sys.argv[3:4])) as grower:
        grower.grow(number)


def made(folder: Path, size: int) -> Path:
    """The archive of this size in a folder, made where it is not there yet."""
    archive = folder / f"{size}.db"
    if not archive.exists():
        tell(f"making an archive of {size:,} articles: {archive}")
    with Grower(archive) as grower:
        grower.grow(size)
        grower.db.execute("PRAGMA optimize")
    return archive


class Grower:
    """Makes an archive larger, or the first part of it."""

    def __init__(self, path: Path, seed: int = SEED) -> None:
        self.db, self.seed = create(path), seed
        self.size = self.db.execute("SELECT count(*) FROM articles").fetchone()[0]
        with transaction(self.db):
            for outlet in OUTLETS:
                store.save_outlet(self.db, outlet)

    def __enter__(self) -> "Grower":
        return self

    def __exit__(self, *error: object) -> None:
        self.db.close()

    def grow(self, to: int, together: int = TOGETHER) -> None:
        """Saves articles until there are so many, `together` in a transaction; each of these is an outlet's run."""
        while self.size < min(to, COPIED):
            numbers = range(self.size, min(self.size + together, to))
            self.save([invented(number, self.seed) for number in numbers])

        if self.size < to:
            multiply(self.db, to)
            self.size = to

    def save(self, articles: list[Article], together: int = TOGETHER) -> None:
        """A run of each outlet that has some of these articles; a transaction holds `together` of them."""
        by_outlet: dict[str, list[Article]] = {}
        for one in articles:
            by_outlet.setdefault(one.outlet or "", []).append(one)
        for slug, ours in by_outlet.items():
            with transaction(self.db):
                run = runs.open_run(self.db, slug, "benchmark")
                frontier = Frontier(self.db, slug, run)
                frontier.discover([Link(one.url) for one in ours], "Sitemap", complete=False)
            for first in range(0, len(ours), together):
                with transaction(self.db):
                    for one in ours[first : first + together]:
                        save(self.db, frontier, run, one)
            with transaction(self.db):
                runs.close_run(self.db, run, 1.0, "finished", [], None)
        self.size += len(articles)


def multiply(db: sqlite3.Connection, to: int) -> None:
    """Copies the first COPIED articles, and all that hangs on them, until there are `to` of them."""
    db.execute("PRAGMA foreign_keys = 0")
    db.execute("PRAGMA journal_mode = OFF")  # the file is made anew where this breaks off
    db.execute("PRAGMA cache_size = -500000")
    names = ", ".join(search.COLUMNS)
    folded = ", ".join(f"fold({name}) AS {name}" for name in search.COLUMNS)
    db.execute(f"CREATE TEMP TABLE folded AS SELECT id, {folded} FROM articles WHERE id <= {COPIED}")
    captures = db.execute("SELECT max(id) FROM captures").fetchone()[0]
    for first in range(COPIED, to, COPIED):
        copy, last = first // COPIED, min(COPIED, to - first)
        for table in COPIES:
            chosen = f"{'id' if table == 'articles' else 'article'} <= {last}"
            columns = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
            if table == "revisions":
                columns.remove("id")
            values = ", ".join(_copied(table, column, copy, captures) for column in columns)
            db.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {chosen}")
        db.execute(
            f"INSERT INTO articles_fts (rowid, {names}) SELECT id + {first}, {names} FROM folded WHERE id <= {last}"
        )
    db.execute("DROP TABLE folded")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA foreign_keys = 1")


def _copied(table: str, column: str, copy: int, captures: int) -> str:
    """A column of a copied row, as SQL."""
    if column in ("article", "related_article", "target_article") or (table, column) == ("articles", "id"):
        return f"{column} + {copy * COPIED}"
    if column == "capture" or (table, column) == ("captures", "id"):
        return f"{column} + {copy * captures}"
    if column in TIMES:
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '+{copy * LATER} days')"
    return f"{column} || '?copy={copy}'" if column == "url" else column


def save(db: sqlite3.Connection, frontier: Frontier, run: int, one: Article) -> None:
    """One article as a crawl saves it; some of them were edited since, or removed."""
    chance = random.Random(one.url)
    captured = one.published or ""
    number = _captured(db, frontier, run, one, captured)
    if chance.random() < 1 / 15:
        later = stamp(datetime.fromisoformat(captured) + timedelta(hours=5))
        edited = replace(one, headline=f"{one.headline} (2)", body=one.body.replace(". ", "! ", 2))
        _captured(db, frontier, run, edited, later)
    if chance.random() < 1 / 100:
        store.mark_gone(db, number)
        frontier.gone(one.url, "the server answered 404")


def _captured(db: sqlite3.Connection, frontier: Frontier, run: int, one: Article, when: str) -> int:
    digest = sha256(one.body.encode()).hexdigest()
    warc = f"warc/{one.outlet}/{when[:4]}/{one.outlet}-{run}.warc.gz"
    capture = Capture(one.url, when, 200, "text/html; charset=UTF-8", digest, 15_000, None, warc, run * 15_000, 15_400)
    number, change = store.save_article(db, one, outlet=one.outlet or "", run=run, captured=when)
    frontier.archived(one.url, number, changed=change != "unchanged", etag='"5f3c-1"', last_modified=None)
    store.save_captures(db, run, [capture], article=number)
    runs.save_counts(db, run, Counter(new=number))
    return number


if __name__ == "__main__":
    main()
