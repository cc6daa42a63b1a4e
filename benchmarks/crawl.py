"""What a whole crawl costs a page, beside Scrapy that does nothing with it, and with other extractors behind it."""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from _server import Paper
from extraction import read
from table import Options, Row

TITLE = "A crawl, from frontier to run log"
SAID = """\
The pages of a corpus, each at addresses of its own (with a number in its longest paragraphs, as an archive takes
no third article of one text), are served from loopback by another process, which answers with bytes that it compressed
before, and crawled by one process after the other. Ours does what `ewbscraper crawl` does: frontier, robots.txt, a
sitemap, conditional headers, fetch, WARC, every field, SQLite with the search index, the log of runs. Stock Scrapy has
no setting changed but for the log at INFO, and a callback that does nothing; the tuned one has CONCURRENT_ITEMS 1, no
cookies, referers, telnet and remote control. Other extractors are called in the callback of stock Scrapy and keep
nothing; Fundus' own crawler, in an environment of its own (it needs an older lxml and curl_cffi), has a parser that
takes each `<p>` for a paragraph. CPU is of the process and its children, user and system: of a whole crawl, less that
of a crawl of one page, by page; so starting is in none of them. Ways take turns; medians of the rounds, ratios by
round, least and most in brackets; slow extractors get fewer pages, and ours the same beside them. Memory is the peak
(VmHWM) of the process. At most 2.5 times stock Scrapy, or 2 where extraction takes 2.8 times one lxml parse."""

HERE = Path(__file__).parent
FUNDUS = HERE.parent / ".peers-fundus" / "bin" / "python"
HELD = 200
"""MB that a crawl may hold."""


@dataclass(frozen=True)
class Against:
    """One comparison: ways that take turns with ours on the same pages."""

    ways: dict[str, tuple[str, float | None]]
    """How each is called, and the most that our CPU may be as a ratio to its."""
    pages: int
    rounds: int


STOCK = Against({"stock": ("stock Scrapy", 2.5), "tuned": ("tuned Scrapy", None)}, 400, 5)
PEERS = (
    Against({"trafilatura": ("Scrapy + trafilatura", 0.25), "fundus": ("Fundus", None)}, 200, 3),
    Against({"news-please": ("Scrapy + news-please", 0.05)}, 25, 3),
)


@dataclass(frozen=True)
class Cost:
    """Of one crawl."""

    milliseconds: float
    megabytes: float
    articles: int


def rows(options: Options) -> Iterator[Row]:
    """CPU and memory beside each way; how many pages became articles; what the server took."""
    pages = read(options.corpus)
    random.Random(0).shuffle(pages)
    with Paper(pages) as paper:
        for against in (STOCK, *(PEERS if options.peers else ())):
            told = [_round(against, paper.home) for _ in range(against.rounds)]
            for way, (name, at_most) in against.ways.items():
                yield from _beside(name, [(one["ours"], one[way]) for one in told if way in one], against, at_most)
            if against is STOCK:
                held, articles = max(one["ours"].megabytes for one in told), min(one["ours"].articles for one in told)
                yield Row("peak memory", f"{held:.0f} MB", f"{HELD} MB allowed", held / HELD, at_most=1)
                yield Row("pages that became articles", f"{articles} of {against.pages}")
                given, seconds = paper.cost()
                yield Row("the server's CPU a page, in none of these", "", f"{1000 * seconds / given:.2f} ms")


def _round(against: Against, home: str) -> dict[str, Cost]:
    ways = ["ours", *(way for way in against.ways if way != "fundus" or FUNDUS.exists())]
    return {way: cost(way, home, against.pages) for way in ways}


def _beside(name: str, pairs: list[tuple[Cost, Cost]], against: Against, at_most: float | None) -> Iterator[Row]:
    if not pairs:
        yield Row(f"CPU a page, beside {name}", "", "not here: `make bench-peers` makes its environment")
        return
    ours, theirs = zip(*pairs, strict=True)
    ratios = [mine.milliseconds / its.milliseconds for mine, its in pairs]
    what = f"CPU a page, {against.pages} pages, beside {name} ({min(ratios):.2g}–{max(ratios):.2g})"
    held = max(one.megabytes for one in theirs)
    beside = f"{_typical(theirs)}, {held:.0f} MB, {theirs[0].articles} read"
    yield Row(what, _typical(ours), beside, median(ratios), at_most=at_most)


def _typical(costs: tuple[Cost, ...]) -> str:
    return f"{median(one.milliseconds for one in costs):.1f} ms"


def cost(way: str, home: str, pages: int) -> Cost:
    """Of a page more: starting and ending a crawl of one page costs ours and Scrapy 0.4 s."""
    one, whole = run(way, home, 1)[-1], run(way, home, pages)[-1]
    return Cost(1000 * (whole["seconds"] - one["seconds"]) / (pages - 1), whole["megabytes"], whole["articles"])


def run(way: str, home: str, pages: int) -> list[dict[str, Any]]:
    """What a way of `_crawls.py` says of itself, the whole crawl last."""
    program = FUNDUS if way == "fundus" else sys.executable
    paths = os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory() as folder:
        words = [program, "-W", "ignore", HERE / "_crawls.py", way, home, str(pages), folder]
        done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths})
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"pages"')]


def long_crawl(pages: int, corpus: Path | None = None) -> list[tuple[int, float, float]]:
    """Pages done, CPU seconds and peak MB of one crawl of ours, after every 1,000 pages."""
    with Paper(read(corpus)) as paper:
        told = run("ours", paper.home, pages)
    return [(one["pages"], one["seconds"], one["megabytes"]) for one in told if one["articles"] is None]
