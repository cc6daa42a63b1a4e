"""What reading archived pages again costs, beside reading and extracting alone; one process and two."""

import gzip
import multiprocessing
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from _nodes import nodes, taken
from measuring import Spent, middle, spent, tell
from table import Options, Row

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.kept import articles_to_read, kept_articles
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.warc.reader import Exchange
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.errors import NotAnArticle, NotHad, PageUnreadable
from ewbscraper.intake import CapturedPage, take_in
from ewbscraper.outlet import Outlet, as_code
from ewbscraper.page import Page
from ewbscraper.reparse import processes as local
from ewbscraper.reparse.order import order_for
from ewbscraper.reparse.run import reparse
from ewbscraper.reparse.work import work

TITLE = "Reparse"
SAID = """\
`reparse` of pages in a WARC file, with all that it writes, beside the same functions that read a record and extract
its article, in one process, nothing written. Pages a second of the processor's time, the second process and its start
included; medians of 3 rounds, the ways in turn. Two cores: by the clock. Dask: a scheduler and workers of one thread on
the same two cores; they are started before, and their first page finds nothing imported. What a page takes outside of
the workers, in the scheduler and in the process that writes, bounds how many workers are of use."""
GOLDEN = Path(__file__).parents[1] / "tests" / "pages"
OUTLET = Outlet(slug="bench", name="Bench", home="https://bench.example/")
PAGES, ROUNDS = 1_500, 3
"""Of fewer pages, the start of the second process is a tenth of all."""

local.fresh = lambda: multiprocessing.get_context("spawn")
"""What multiprocessing's server forks is no child of this process, and would cost it nothing."""


def rows(options: Options) -> Iterator[Row]:
    """One process that also writes beside one that does not, then two beside one."""
    with tempfile.TemporaryDirectory(prefix="reparse-", dir=options.folder) as folder:
        archive = Path(folder) / "archive.db"
        number = filled(archive, pages(options, min(PAGES, options.most)))
        costs = measured(archive, number)
    alone, one, two, worker, workers = (middle(costs[name]) for name in ways(archive))
    for name, took in (("one process", one), ("two processes", two)):
        ours, other = number / took.cpu, number / alone.cpu
        goal = 0.9 if took is one else None
        yield Row(f"{name}: pages a second of CPU", f"{ours:.0f}", f"{other:.0f} alone", ours / other, at_least=goal)
    quick, slow = number / two.wall, number / one.wall
    yield Row("two processes: pages a second", f"{quick:.0f}", f"{slow:.0f}, one process", quick / slow, at_least=1.5)
    far, near = number / workers.wall, number / worker.wall
    yield Row("two Dask workers: pages a second", f"{far:.0f}", f"{near:.0f}, one worker", far / near, at_least=1.5)
    yield Row("two Dask workers: pages a second", f"{far:.0f}", f"{quick:.0f}, two processes", far / quick)
    outside, inside = (middle(costs[name]).cpu * 1_000 / number for name in (OUTSIDE, INSIDE))
    yield Row("two Dask workers: CPU of a page outside of them", f"{outside:.2g} ms", f"{inside:.2g} ms in them")


OUTSIDE, INSIDE = "outside", "inside"


def ways(archive: Path) -> dict[str, Callable[[], Iterable[tuple[str, Spent]]]]:
    """By name, and what each gives: its own costs, and of Dask also those outside of the workers and inside."""

    def here(name: str, way: Callable[[], object]) -> Callable[[], Iterable[tuple[str, Spent]]]:
        return lambda: [(name, spent(way))]

    return {
        "none": here("none", lambda: read_alone(archive)),
        "one": here("one", lambda: reparse(archive, OUTLET.slug, again=True, jobs=1)),
        "two": here("two", lambda: reparse(archive, OUTLET.slug, again=True, jobs=2)),
        "worker": lambda: [("worker", by_dask(archive, 1)[0])],
        "workers": lambda: zip(("workers", OUTSIDE, INSIDE), by_dask(archive, 2), strict=True),
    }


def measured(archive: Path, number: int) -> dict[str, list[Spent]]:
    """What each way took in each round."""
    costs = defaultdict[str, list[Spent]](list)
    for round_ in range(ROUNDS):
        tell(f"reading {number} pages in {len(ways(archive))} ways, {round_ + 1} of {ROUNDS}")
        for way in ways(archive).values():
            for name, took in way():
                costs[name].append(took)
    return costs


def by_dask(archive: Path, workers: int) -> tuple[Spent, Spent, Spent]:
    """All that it takes; of that what this process and the scheduler take, and what the workers take."""
    with nodes(workers) as (address, processes):
        before = taken(processes)
        here = spent(lambda: reparse(archive, OUTLET.slug, again=True, dask=address))
        scheduler, *inside = (now - then for now, then in zip(taken(processes), before, strict=True))
    outside = here.cpu + scheduler
    return tuple(Spent(cpu, here.wall) for cpu in (outside + sum(inside), outside, sum(inside)))


def pages(options: Options, most: int) -> Iterator[bytes]:
    """Of the corpus, else the golden ones; from the second time on with a number in each paragraph."""
    folder = options.corpus or GOLDEN
    files = [path for path in sorted(folder.rglob("*.html*")) if path.suffix != ".json"]
    for number in range(most):
        again, file = divmod(number, len(files))
        raw = files[file].read_bytes()
        page = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        yield page.replace(b"</p>", b" %d</p>" % again) if again else page


def filled(archive: Path, given: Iterable[bytes]) -> int:
    """An archive of the pages that are articles; returns how many."""
    (archive.parent / "outlets").mkdir()
    (archive.parent / "outlets" / f"{OUTLET.slug}.py").write_text(as_code(OUTLET))
    number = 0
    with closing(create(archive)) as db:
        with transaction(db):
            store.save_outlet(db, OUTLET)
            run = runs.open_run(db, OUTLET.slug, "benchmark")
        warc = WarcWriter(archive.parent, OUTLET.slug, run)
        for position, raw in enumerate(given):
            url, headers = f"{OUTLET.home}{position}/", (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
            capture = warc.write(Exchange(url, 200, (), headers, gzip.compress(raw)))
            try:
                with transaction(db):
                    taken = take_in(db, OUTLET, run, [CapturedPage(Page(raw, url, "text/html"), capture)])
                    number += taken.change == "new"
            except (NotAnArticle, NotHad, PageUnreadable):
                continue
        warc.close()
    return number


def read_alone(archive: Path) -> None:
    """In this process, nothing written."""
    with closing(create(archive)) as db:
        kept = kept_articles(db, articles_to_read(db, OUTLET.slug, None))
    work(order_for(archive.parent, OUTLET), kept)
