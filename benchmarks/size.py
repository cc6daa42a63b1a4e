"""What an archive of 3,000, 30,000 and 300,000 articles costs: to save one more, to read it, on the disk.

    python benchmarks/size.py FOLDER [NUMBER ...]

The archives are made in the folder where they are not there yet (big_archive.py; 300,000 take 6 GB, some ten minutes);
then each is read by one process, warm: the median of five, in milliseconds of CPU, since it waits for nothing else. A
plain alternative stands beside each question: what one would write without our indexes, on the same file.
"""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from big_archive import COPIED, SEED, Grower, invented

from ewbscraper.archive.database import create, read
from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.facets import COUNTED, facets
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.archive.queries import load_queries
from ewbscraper.browse.pages.home import read_home
from ewbscraper.browse.pages.search import read_results

SIZES = (3_000, 30_000, 300_000)
SAVED = 500
"""Articles saved one by one, as a crawl does, of which the second half is measured: the first one warms up."""
ROUNDS = 5
OFTEN, SELDOM = "Vučić", "nadstrešnica"
"""Words of 42 and of 3 in 100 articles."""
PLAIN = {
    "newest 20": "SELECT headline, published FROM articles ORDER BY published DESC LIMIT 20",
    "one facet": "SELECT language, count(*) FROM articles WHERE words > 0 GROUP BY language",
    "search": (
        "SELECT articles.id, snippet(articles_fts, 3, '[', ']', '…', 44) FROM articles_fts"
        " JOIN articles ON articles.id = articles_fts.rowid WHERE articles_fts MATCH search('Vučić')"
        " ORDER BY published DESC LIMIT 20"
    ),
    "count": "SELECT count(*) FROM articles WHERE body LIKE '%Vučić%'",
}

NEWEST = "SELECT id, headline, published FROM articles ORDER BY published_utc DESC LIMIT 20"
FACET = "SELECT outlet AS value, count(*) AS count FROM articles WHERE value IS NOT NULL GROUP BY outlet"
"""As Datasette asks for the table of articles."""
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

Asked = tuple[str, Callable[[sqlite3.Connection], Any]]


def main() -> None:
    """Prints a table."""
    folder, sizes = Path(sys.argv[1]), [int(size) for size in sys.argv[2:]] or list(SIZES)
    table: dict[str, list[float]] = {}
    for size in sizes:
        archive = made(folder, size)
        for name, value in (*saving(archive), *reading(archive), *on_disk(archive)):
            table.setdefault(name, []).append(value)
    print(f"{'':44}" + "".join(f"{size:>12,}" for size in sizes) + "       last / first")
    for name, values in table.items():
        print(f"{name:44}" + "".join(f"{value:12,.2f}" for value in values) + f"{values[-1] / values[0]:13.2f}")


def made(folder: Path, size: int) -> Path:
    """The archive of this size."""
    archive = folder / f"{size}.db"
    with Grower(archive) as grower:
        grower.grow(size)
        grower.db.execute("PRAGMA optimize")
    return archive


def saving(archive: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds of CPU for one more article, each in its transaction."""
    spent = []
    with Grower(archive) as grower:
        articles = [invented(number, SEED) for number in range(grower.size, grower.size + SAVED)]
        for one in articles:
            before = time.process_time()
            grower.save([one], together=1)
            spent.append(1000 * (time.process_time() - before))
    yield "save one article, mean", sum(spent[SAVED // 2 :]) / (SAVED - SAVED // 2)


def reading(archive: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds of CPU for each question, as the product asks it and as one would write it."""
    with closing(read(archive)) as db:
        for name, ask in questions():
            yield name, milliseconds(ask, db)
        for name, sql in PLAIN.items():
            yield f"  plainly: {name}", milliseconds(lambda db, sql=sql: db.execute(sql).fetchall(), db, rounds=1)


def questions() -> Iterator[Asked]:
    """The pages of the reading room, what `search` asks, facets, and the named queries, 1,000 rows each."""
    yield "newest 20 by date", lambda db: db.execute(NEWEST).fetchall()
    yield "one facet of all: outlet", lambda db: db.execute(FACET).fetchall()
    for word in (OFTEN, SELDOM):
        asked = Question(words=word)
        yield f"count: {word}", lambda db, asked=asked: hits.count(db, asked)
        yield f"newest 20: {word}", lambda db, asked=asked: hits.find(db, asked)
        yield (
            f"facets, seven kinds: {word}",
            lambda db, asked=asked: facets(db, hits.newest(db, asked, COUNTED), COUNTED),
        )
        yield f"timeline: {word}", lambda db, asked=asked: timeline(db, asked)
        yield f"search page, all of it: {word}", lambda db, asked=asked: read_results(db, asked)
    yield f"search page, its 100th: {OFTEN}", lambda db: read_results(db, Question(words=OFTEN), 100)
    yield "front page", read_home
    for query in load_queries().values():
        given = {name: OFTEN for name in query.parameters if name == "words"}
        yield (
            f"named query: {query.name}",
            lambda db, query=query, given=given: db.execute(query.sql, query.bind(given)).fetchmany(1000),
        )


def on_disk(archive: Path) -> Iterator[tuple[str, float]]:
    """Bytes an article: the file, the texts in it, and an index that folds nothing."""
    with closing(create(archive)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        number = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        texts = [_bytes(db, table, columns) for table, columns in TEXTS.items()]
        db.execute("BEGIN")
        for statement in PLAIN_INDEX:
            db.execute(statement)
        plain = (
            number
            / min(number, COPIED)
            * db.execute("SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'plain_*'").fetchone()[0]
        )
        db.execute("ROLLBACK")
    size = archive.stat().st_size
    yield "bytes an article: file", size / number
    yield "  texts (body and its HTML, revisions, ...)", sum(texts) / number
    yield "  a plain index of them", plain / number
    yield "file / (texts + plain index)", size / (sum(texts) + plain)


def milliseconds(ask: Callable[[sqlite3.Connection], Any], db: sqlite3.Connection, rounds: int = ROUNDS) -> float:
    """CPU of the median round, after a first one that warms up."""
    ask(db)
    spent = []
    for _ in range(rounds):
        before = time.process_time()
        ask(db)
        spent.append(1000 * (time.process_time() - before))
    return median(spent)


def _bytes(db: sqlite3.Connection, table: str, columns: str) -> int:
    lengths = " + ".join(f"ifnull(length(CAST({column} AS BLOB)), 0)" for column in columns.split())
    return int(db.execute(f"SELECT sum({lengths}) FROM {table}").fetchone()[0])


if __name__ == "__main__":
    main()
