"""What an archive of 300,000 articles costs beside a small one: to save one more, to read it, on the disk."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from big_archive import COPIED, Grower, made
from invented_texts import SEED, invented
from measuring import sizes, tell
from questions import milliseconds, questions
from table import Options, Row

from ewbscraper.archive.database import create, read

TITLE = "Size"
SAID = """\
Archives of invented articles (5,000 bytes of text, three languages, two scripts, revisions), the largest beside the
smallest. Milliseconds of CPU, warm, in one process: medians of 5; an article more: the mean of 250, each in its
transaction, after 250 others. Bytes an article on the disk, beside the texts and a plain index of them."""
SIZES = (3_000, 30_000, 300_000)
SAVED = 500
"""Articles saved one by one, as a crawl does, of which the second half is measured: the first one warms up."""
TEXTS = {
    "articles": "headline standfirst dateline byline body body_html",
    "revisions": "headline standfirst captions body",
    "captions": "caption credit alt",
    "related_posts": "title author",
    "links": "text",
}
"""All that readers of the newspapers read, as it is stored."""
PLAIN_INDEX = (
    "CREATE VIRTUAL TABLE plain USING fts5(headline, standfirst, byline, body, content='articles', content_rowid='id')",
    "INSERT INTO plain (rowid, headline, standfirst, byline, body)"
    f" SELECT id, headline, standfirst, byline, body FROM articles WHERE id <= {COPIED}",
)


def rows(options: Options) -> Iterator[Row]:
    """Each question at the largest size, beside all smaller ones; the ratio is to the smallest."""
    took: dict[str, dict[int, float]] = {}
    for size in sizes(SIZES, options):
        archive = made(options.folder, size)
        tell(f"asking {size:,} articles")
        for name, value in (*saving(archive, min(SAVED, options.most)), *reading(archive)):
            took.setdefault(name, {})[size] = value
        stored, texts = on_disk(archive)
        yield Row(f"bytes an article, {size:,}", f"{stored:,.0f}", f"{texts:,.0f}, texts", stored / texts)
    for name, values in took.items():
        *smaller, (largest, value) = values.items()
        beside = ", ".join(f"{other:,.2f} ms of {size:,}" for size, other in smaller)
        ratio = value / smaller[0][1] if smaller else None
        yield Row(f"{name}, of {largest:,}", f"{value:,.2f} ms", beside, ratio)


def saving(archive: Path, number: int) -> Iterator[tuple[str, float]]:
    """Milliseconds of CPU for one more article."""
    spent = []
    with Grower(archive) as grower:
        for one in [invented(n, SEED) for n in range(grower.size, grower.size + number)]:
            before = time.process_time()
            grower.save([one], together=1)
            spent.append(1000 * (time.process_time() - before))
    yield "save one article", sum(spent[number // 2 :]) / (number - number // 2)


def reading(archive: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds of CPU for each question."""
    with closing(read(archive)) as db:
        for name, ask in questions():
            yield name, milliseconds(ask, db)


def on_disk(archive: Path) -> tuple[float, float]:
    """Bytes an article: of the file; of the texts in it and an index that folds nothing."""
    with closing(create(archive)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        number = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        texts = sum(_bytes(db, table, columns) for table, columns in TEXTS.items())
        db.execute("BEGIN")
        for statement in PLAIN_INDEX:
            db.execute(statement)
        pages = db.execute("SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'plain_*'").fetchone()[0]
        db.execute("ROLLBACK")
    return archive.stat().st_size / number, texts / number + pages / min(number, COPIED)


def _bytes(db: sqlite3.Connection, table: str, columns: str) -> int:
    lengths = " + ".join(f"ifnull(length(CAST({column} AS BLOB)), 0)" for column in columns.split())
    return int(db.execute(f"SELECT sum({lengths}) FROM {table}").fetchone()[0] or 0)
