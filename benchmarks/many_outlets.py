"""Whether each of many outlets keeps its pace where one process on one core crawls all of them."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from _server import Paper
from extraction import read
from measuring import tell
from table import Options, Row

TITLE = "Many outlets at once"
SAID = """\
`ewbscraper crawl` of so many outlets in one process that has one core, each at a loopback address of its own and taken
for a public one: a page a second, as the settings have it. The server, which answers with bytes that it compressed
before, has the other core. Of each outlet its articles a second as the server saw them, from its first to its last;
below 1 where pages of others are read just then. CPU of all of the process as a share of its one core, its start too;
memory is the peak (VmHWM)."""
OUTLETS = (1, 10, 25, 50, 75)
KEPT = 0.95
"""Of a page a second that 50 outlets should keep."""
PAGES = 40


def rows(options: Options) -> Iterator[Row]:
    """The rate of each number of outlets."""
    pages = read(options.corpus)
    for outlets in OUTLETS:
        tell(f"{outlets} outlets")
        yield from _of(outlets, pages)


def _of(outlets: int, pages: list[bytes]) -> Iterator[Row]:
    with Paper(pages, outlets) as paper, tempfile.TemporaryDirectory() as folder:
        mine = os.sched_getaffinity(0)
        words = [sys.executable, __file__, folder, *paper.homes]
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
        rates = [(len(times) - 1) / (times[-1] - times[0]) for times in paper.times()]
    assert len(mine) > 1, "one core for the crawl, another one for the server"
    assert len(rates) == outlets
    told = json.loads(done.stdout)
    beside = f"slowest {min(rates):.3f}, of 1 asked; {told['cpu']:.0%} of a core, {told['memory']:.0f} MB"
    what, rate = f"{outlets} outlet{'s' * (outlets > 1)}: pages a second each, median", median(rates)
    yield Row(what, f"{rate:.3f}", beside, rate, at_least=KEPT if outlets <= 50 else None)


def crawl(folder: Path, homes: list[str]) -> dict[str, Any]:
    """In a process of its own, on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from ewbscraper.crawl.running import runner, side_by_side
    from ewbscraper.outlet import Outlet, Sitemap

    class Public(Outlet):
        """At whose pace a crawl asks."""

        on_this_machine = False  # type: ignore[assignment]

    side_by_side.ROOM = len(homes)
    lists = (Sitemap(f"/sitemap-{PAGES}.xml"),)
    outlets = [
        Public(slug=f"paper-{number}", name="Paper", home=home, sources=lists) for number, home in enumerate(homes)
    ]
    began = time.monotonic()
    before = time.process_time()
    options = runner.CrawlOptions(quiet=True, contact="https://archive.example/")
    runs = runner.crawl(folder / "archive.db", outlets, options)
    cpu = (time.process_time() - before) / (time.monotonic() - began)
    assert {run.outcome for run in runs} == {"finished"}
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert peak
    return {"cpu": cpu, "memory": int(peak[1]) / 1000}


if __name__ == "__main__":
    print(json.dumps(crawl(Path(sys.argv[1]), sys.argv[2:])))
