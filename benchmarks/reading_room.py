"""What the reading room takes over HTTP: one reader, then ten at once; the memory of the server.

    python benchmarks/reading_room.py ARCHIVE [NAME]

The archive is one that benchmarks/size.py leaves in its folder (300000.db). `ewbscraper serve` answers in a process of
its own. Each kind of page is asked ROUNDS times after a few that warm up, each time for something else: words of all
frequencies, articles at random, every named query. Beside each stands the same question as plain SQL on the same file,
without a server and without our indexes (one round, since it is slow). Milliseconds of wall time.
"""

import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from big_archive import NAMED, spoken

from ewbscraper.archive.database import read
from ewbscraper.archive.queries import load_queries

ROUNDS, WARM, CLIENTS, PATIENCE = 50, 10, 10, 60
GOALS = {"home": 300, "home, shares": 300, "search": 500, "article": 50, "named query": 500}
"""Milliseconds at the 95th percentile, at 300,000 articles."""
HITS = "FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid WHERE articles_fts MATCH search('Vučić')"
PLAIN = {
    "home": (
        "SELECT substr(published, 1, 7), count(*) FROM articles GROUP BY 1",
        "SELECT headline, published FROM articles ORDER BY published DESC LIMIT 8",
    ),
    "search": (
        f"SELECT articles.id, snippet(articles_fts, 3, '[', ']', '…', 44) {HITS} ORDER BY published DESC LIMIT 20",
        f"SELECT substr(published, 1, 7), count(*) {HITS} GROUP BY 1",
    ),
    "article": ("SELECT * FROM articles WHERE id = 1000",),
}


def main() -> None:
    """Prints a table; with a NAME of a kind only that one."""
    archive, only = Path(sys.argv[1]), sys.argv[2:]
    kinds = {name: list(pages) for name, pages in addresses(archive).items() if not only or name in only}
    with server(archive) as (url, process), httpx.Client(base_url=url, timeout=PATIENCE) as client:
        print(f"{'':14}{'median':>8}{'95th':>8}{'worst':>8}{'goal':>8}{'plainly':>9}  slowest")
        for kind, pages in kinds.items():
            one_reader(client, archive, kind, pages)
        everything = [page for pages in kinds.values() for page in pages]
        random.Random(1).shuffle(everything)
        ten_readers(url, everything)
        print(f"memory of the server: {resident(process.pid):,.0f} MB")


def addresses(archive: Path) -> dict[str, Iterator[str]]:
    """For each kind of page the addresses that are asked, WARM + ROUNDS of them."""
    chance = random.Random(7)
    with closing(read(archive)) as db:
        number = db.execute("SELECT max(id) FROM articles").fetchone()[0]
    often = [word for word, _ in NAMED]
    seldom = [spoken(tag).words[2 ** (n % 15)] for n in range(WARM + ROUNDS) for tag in ("sr-Latn", "mk", "sq")]
    words = [*often, *chance.sample(seldom, WARM + ROUNDS - len(often))]
    chance.shuffle(words)
    queries = list(load_queries().values())
    return {
        "home": iter(["/"] * (WARM + ROUNDS)),
        "home, shares": iter(["/?by=share"] * (WARM + ROUNDS)),
        "search": (f"/search?q={quote(word)}" for word in words),
        "article": (f"/archive/articles/{chance.randint(1, number)}" for _ in range(WARM + ROUNDS)),
        "named query": (f"/archive/{queries[n % len(queries)].name}" for n in range(WARM + ROUNDS)),
    }


def one_reader(client: httpx.Client, archive: Path, kind: str, pages: list[str]) -> None:
    """A line of the table."""
    for page in pages[:WARM]:
        client.get(page)
    took = sorted((timed(client, page), page) for page in pages[WARM:])
    middle, high, (worst, slowest) = took[len(took) // 2][0], took[int(0.95 * len(took)) - 1][0], took[-1]
    beside = f"{plainly(archive, kind):9,.0f}" if kind in PLAIN else f"{'':9}"
    print(f"{kind:14}{middle:8,.0f}{high:8,.0f}{worst:8,.0f}{GOALS[kind]:8,}{beside}  {slowest}")


def ten_readers(url: str, pages: list[str]) -> None:
    """All pages by CLIENTS at once."""

    def ask(part: int) -> list[float]:
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            return [timed(client, page) for page in pages[part::CLIENTS]]

    with ThreadPoolExecutor(CLIENTS) as readers:
        took = sorted(one for part in readers.map(ask, range(CLIENTS)) for one in part)
    high, worst = took[int(0.95 * len(took)) - 1], took[-1]
    print(f"{CLIENTS} at once, {len(took)} requests, all answered: 95th {high:,.0f}, worst {worst:,.0f}")


def timed(client: httpx.Client, page: str) -> float:
    """Milliseconds until the whole answer is there; raises where it is an error."""
    before = time.perf_counter()
    client.get(page).raise_for_status()
    return 1000 * (time.perf_counter() - before)


def plainly(archive: Path, kind: str) -> float:
    """Milliseconds of the same question in plain SQL."""
    with closing(read(archive)) as db:
        before = time.perf_counter()
        for sql in PLAIN[kind]:
            db.execute(sql).fetchall()
        return 1000 * (time.perf_counter() - before)


@contextmanager
def server(archive: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A reading room on that archive: its address and its process."""
    command = [sys.executable, "-u", "-m", "ewbscraper", "serve", "--archive", str(archive), "--port", "8301"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the server ended without an address"
        yield found[0], process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def resident(pid: int) -> float:
    """Megabytes that a process holds at its highest."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
