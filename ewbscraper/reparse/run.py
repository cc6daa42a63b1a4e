"""A run that reads an outlet's archived articles again: several processes read, this one writes, a batch a transaction.

What is done is known by its fingerprint, so a run that was killed goes on where it was.
"""

import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import click

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.differences import differences
from ewbscraper.archive.articles.kept import KeptArticle, articles_to_read, kept_articles, save_readings
from ewbscraper.archive.articles.parts import place_pictures
from ewbscraper.archive.connection import is_of_the_disk, transaction, unwritable
from ewbscraper.archive.database import create, read
from ewbscraper.archive.locks import lock
from ewbscraper.archive.runs import Run, get_run
from ewbscraper.article import Article
from ewbscraper.crawl.named import outlet_named
from ewbscraper.errors import NoSuchOutlet
from ewbscraper.extraction.fingerprint import fingerprint
from ewbscraper.intake import take_again
from ewbscraper.outlet import Outlet
from ewbscraper.outlets import DEMO
from ewbscraper.reparse.cluster import Cluster
from ewbscraper.reparse.order import order_for
from ewbscraper.reparse.processes import Processes, cores
from ewbscraper.reparse.readers import read_all
from ewbscraper.reparse.rights import FilesOfRuns
from ewbscraper.reparse.work import Reading
from ewbscraper.sample_site.outlet import sample_outlet

EXAMPLES = 3
"""Articles that are shown for each field that changes."""
STOPPED = "shutdown"
MOST_NAMED = 20
"""Problems that stand in the run's row; `--json` has all of them."""


@dataclass(slots=True)
class Account:
    """What reading again changed, or would change."""

    outlet: str
    articles: int = 0
    """How many were read again."""
    changed: int = 0
    """Of how many any field changed."""
    fields: dict[str, int] = field(default_factory=dict)
    """Of how many articles each field changed."""
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """`{"headline": [{"article", "url", "before", "after"}, ...]}`."""
    problems: list[dict[str, Any]] = field(default_factory=list)
    """`{"article", "url", "why"}` of what could not be read, or is no article any more: it stays as it is."""
    run: Run | None = None
    """Its row; None where nothing was written."""

    def add(self, reading: Reading, changes: dict[str, tuple[Any, Any]]) -> None:
        """One more article that was read again."""
        self.articles += 1
        self.changed += bool(changes)
        if reading.read is None:
            why = f"no article any more: {reading.problem}" if reading.no_article else reading.problem
            self.problems.append({"article": reading.article, "url": reading.url, "why": why})
        for name, (before, after) in changes.items():
            self.fields[name] = self.fields.get(name, 0) + 1
            shown = self.examples.setdefault(name, [])
            if len(shown) < EXAMPLES:
                shown.append({"article": reading.article, "url": reading.url, "before": before, "after": after})

    @property
    def stopped(self) -> bool:
        """By Ctrl-C: the outlets after it are not begun."""
        return self.run is not None and self.run.outcome == STOPPED

    @property
    def needs_a_look(self) -> list[str]:
        """The problems as sentences."""
        named = [f"{one['url']}: {one['why']}" for one in self.problems[:MOST_NAMED]]
        more = len(self.problems) - len(named)
        return [*named, *([f"and {more} more: ewbscraper reparse {self.outlet} --json"] if more else [])]


def reparse(
    archive: Path, slug: str, *, again: bool = False, jobs: int | None = None, dask: str | None = None
) -> Account:
    """Reads articles of an outlet again: those whose text other rules made, or all (`again`).

    `jobs` processes of this machine read, one a core, or the workers of the scheduler at the address `dask`.
    A text that differs becomes a revision whose cause is the extraction. Ctrl-C ends the run well.
    Raises ArchiveBusy, NoSuchOutlet, BadOutlet, Unwritable, NoCluster, NotInstalled.
    """
    outlet = definition(archive, slug)
    held = lock(archive, slug)
    try:
        with closing(create(archive)) as db:
            return _run(db, archive, outlet, again, _readers(archive, outlet, jobs, dask))
    except (OSError, sqlite3.DatabaseError) as error:
        if is_of_the_disk(error):
            raise unwritable(archive, error) from error
        raise
    finally:
        held.release()


def rehearse(
    archive: Path, slug: str, *, again: bool = False, jobs: int | None = None, dask: str | None = None
) -> Account:
    """What `reparse` would change. An archive that older code made is upgraded, else nothing is written."""
    outlet = definition(archive, slug)
    create(archive).close()
    account, readers = Account(slug), _readers(archive, outlet, jobs, dask)
    with closing(read(archive)) as db, _readings(db, outlet, again, readers) as batches:
        for batch in batches:
            for reading in batch:
                account.add(reading, _changes(db, reading)[1])
    return account


def definition(archive: Path, slug: str) -> Outlet:
    """An outlet of an archive as it is defined today. Raises NoSuchOutlet, BadOutlet."""
    with closing(read(archive)) as db:
        homes = dict(db.execute("SELECT slug, home FROM outlets").fetchall())
    if slug not in homes:
        raise NoSuchOutlet(f"{archive} has nothing of {slug!r}; it has {', '.join(sorted(homes)) or 'no outlet'}")
    return sample_outlet(homes[slug]) if slug == DEMO else outlet_named(slug, archive)


def _readers(archive: Path, outlet: Outlet, jobs: int | None, dask: str | None) -> Processes | Cluster:
    order = order_for(archive.parent, outlet)
    return Cluster(order, dask) if dask is not None else Processes(order, jobs or cores())


def _run(db: sqlite3.Connection, archive: Path, outlet: Outlet, again: bool, readers: Processes | Cluster) -> Account:
    account = Account(outlet.slug)
    with transaction(db):
        runs.count_unfinished(db, outlet.slug)
        run = runs.open_run(db, outlet.slug, f"reparse {outlet.slug}")
    began, outcome = monotonic(), "finished"
    try:
        with _readings(db, outlet, again, readers) as batches:
            _keep_all(db, run, account, FilesOfRuns(db, archive.parent), batches)
    except KeyboardInterrupt:
        outcome = STOPPED
    with transaction(db):
        runs.close_run(db, run, monotonic() - began, outcome, account.needs_a_look, None)
    account.run = get_run(archive, run)
    return account


def _keep_all(
    db: sqlite3.Connection, run: int, account: Account, files: FilesOfRuns, batches: Iterator[list[Reading]]
) -> None:
    counts = Counter[str]()
    for batch in batches:
        with transaction(db):
            for reading in batch:
                files.save(reading.said)
            counts.update(_keep(db, run, account, reading) for reading in batch)
            runs.save_counts(db, run, counts)


def _keep(db: sqlite3.Connection, run: int, account: Account, reading: Reading) -> str:
    """Under which count of the run an article goes."""
    article, changes = _changes(db, reading)
    account.add(reading, changes)
    if article is None:
        return "not_articles" if reading.no_article else "failed"
    if not changes:
        place_pictures(db, reading.article, article)
        save_readings(db, [reading.article], reading.extraction)
        return "unchanged"
    change = take_again(db, run, reading.article, article, reading.extraction)
    return "reread" if change == "changed" else change


def _changes(db: sqlite3.Connection, reading: Reading) -> tuple[Article | None, dict[str, tuple[Any, Any]]]:
    """The article as it is to be kept, and what changes with it; an address that another one has is left to that."""
    if reading.read is None:
        return None, {}
    free = store.article_at(db, reading.read.url) in (None, reading.article)
    article = reading.read if free else replace(reading.read, url=reading.url)
    return article, differences(db, reading.article, article)


@contextmanager
def _readings(
    db: sqlite3.Connection, outlet: Outlet, again: bool, readers: Processes | Cluster
) -> Iterator[Iterator[list[Reading]]]:
    """The readings, batch by batch; how far they are is shown where a person looks on."""
    numbers = articles_to_read(db, outlet.slug, None if again else fingerprint(outlet))
    with readers, closing(read_all(readers, _batches(db, numbers, readers.batch))) as batches:
        yield _shown(batches, outlet.slug, len(numbers)) if sys.stderr.isatty() else batches


def _shown(batches: Iterator[list[Reading]], slug: str, articles: int) -> Iterator[list[Reading]]:
    with click.progressbar(length=articles, label=slug, file=sys.stderr) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch))


def _batches(db: sqlite3.Connection, numbers: list[int], size: int) -> Iterator[list[KeptArticle]]:
    for begin in range(0, len(numbers), size):
        yield kept_articles(db, numbers[begin : begin + size])
