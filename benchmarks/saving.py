"""What saving an article costs, beside plain `sqlite3` that writes the very same rows."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from invented_texts import OUTLETS, invented
from measuring import Spent, middle, spent, tell
from same_rows import compare, statements
from table import Options, Row

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.warc.reader import Capture
from ewbscraper.article import Article
from ewbscraper.discovery.link import Link

TITLE = "Saving"
SAID = """\
Invented articles (5,000 bytes of text, all that hangs on them) through the functions that a crawl calls, an article a
transaction, beside plain `sqlite3` statements, prepared beforehand, that write the same rows of all tables and the same
words into the same index, as many transactions, the same schema and settings; the files are compared row by row. In the
last rows the plain way, too, calls `fold` for the words of the index. Articles a second of the processor's time and by
the clock; medians of 3 rounds, the ways in turn."""
ARTICLES, ROUNDS = 2_000, 3
RULES = "0" * 64
"""A digest: of the rules of extraction, and of the page."""
ETAG = '"5f3c-1"'


def rows(options: Options) -> Iterator[Row]:
    """Ours beside the plain way, to which the words of the index are given, or which folds them, too."""
    number = min(ARTICLES, options.most)
    articles = [invented(one) for one in range(number)]
    costs: dict[str, list[Spent]] = {"ours": [], "`sqlite3`": [], "`sqlite3` that folds, too": []}
    for round_ in range(ROUNDS):
        tell(f"saving {number} articles in three ways, {round_ + 1} of {ROUNDS}")
        with TemporaryDirectory(prefix="saving-", dir=options.folder) as folder:
            for name, spent in zip(costs, saved(Path(folder), articles), strict=True):
                costs[name].append(spent)
    mine, *others = (middle(spent) for spent in costs.values())
    for name, other in zip([*costs][1:], others, strict=True):
        goal = 0.7 if other is others[0] else None
        for what, one, two in (("of CPU", mine.cpu, other.cpu), ("by the clock", mine.wall, other.wall)):
            fast, beside = number / one, number / two
            yield Row(f"articles a second {what}", f"{fast:.0f}", f"{beside:.0f}, {name}", fast / beside, at_least=goal)


def saved(folder: Path, articles: list[Article]) -> Iterator[Spent]:
    """What each way takes. Raises AssertionError where their files differ."""
    ours, *others = (folder / f"{name}.db" for name in ("ours", "plain", "folding"))
    found(ours, articles)
    for other in others:
        copyfile(ours, other)
    yield save(ours, articles)
    for other in others:
        yield save_plainly(other, ours, folded=other.stem == "plain")
        compare(ours, other)


def found(archive: Path, articles: list[Article]) -> None:
    """An archive in which runs have just found the articles' addresses: from here on it is measured."""
    with closing(create(archive)) as db, transaction(db):
        for outlet in OUTLETS:
            store.save_outlet(db, outlet)
            run = runs.open_run(db, outlet.slug, "benchmark")
            links = [Link(one.url, one.published) for one in articles if one.outlet == outlet.slug]
            Frontier(db, outlet.slug, run).discover(links, "Sitemap", complete=True)


def save(archive: Path, articles: list[Article]) -> Spent:
    """As a run does it, a transaction each."""
    with closing(create(archive)) as db:
        started = {slug: Started(db, slug, run) for run, slug in db.execute("SELECT id, outlet FROM runs").fetchall()}

        def all_of_them() -> None:
            for one in articles:
                with transaction(db):
                    started[one.outlet or ""].save(one)

        return spent(all_of_them)


class Started:
    """A run of one outlet."""

    def __init__(self, db: sqlite3.Connection, outlet: str, run: int) -> None:
        self._db, self._outlet, self._run = db, outlet, run
        self._frontier, self._counts = Frontier(db, outlet, run), Counter[str]()

    def save(self, one: Article) -> None:
        """What a crawl does once a page is read, and its record is in the WARC."""
        now, self._counts = utc_now(), self._counts + Counter(new=1, requests=1, bytes=15_000)
        warc = f"warc/{self._outlet}/2026/{self._outlet}-{self._run}.warc.gz"
        place = (warc, 15_000 * self._counts["new"], 15_000)
        capture = Capture(one.url, now, 200, "text/html", RULES, 15_000, None, *place)
        number, _ = store.save_article(
            self._db, one, outlet=self._outlet, run=self._run, captured=now, extraction=RULES
        )
        store.mark_seen(self._db, number)
        store.save_captures(self._db, self._run, [capture], article=number)
        self._frontier.archived(one.url, number, changed=True, etag=ETAG, last_modified=None)
        runs.save_counts(self._db, self._run, self._counts)


def save_plainly(archive: Path, like: Path, *, folded: bool) -> Spent:
    """The same rows by statements that need not ask what is there; as many transactions."""
    with closing(create(like)) as db:
        prepared = list(statements(db, folded=folded))
    with closing(create(archive)) as db:

        def all_of_them() -> None:
            for one in prepared:
                db.execute("BEGIN IMMEDIATE")
                for sql, several in one:
                    db.executemany(sql, several)
                db.execute("COMMIT")

        return spent(all_of_them)
