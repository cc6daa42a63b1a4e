"""What the reading room takes over HTTP, one reader, then ten; what it asks of the archive, beside plain SQL."""

import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from math import inf, isfinite
from pathlib import Path
from statistics import median
from urllib.parse import quote

import httpx
from big_archive import made
from invented_texts import NAMED, spoken
from measuring import sizes, tell
from questions import HITS, PLAIN, milliseconds, questions
from table import Options, Row

from ewbscraper.archive.database import read
from ewbscraper.archive.finding.queries import load_queries

TITLE = "Reading room"
SAID = """\
`ewbscraper serve` in a process of its own, one reader, then ten at once. Each kind of page is asked 50 times after ten
that warm up, each time for something else: words of all frequencies, articles at random, every named query;
milliseconds by the clock, until the whole answer is there, the 95th percentile beside its goal. Beside the median the
same question as plain SQL on the same file, without a server and without our indexes (of the named queries: their own
SQL). Below: what the pages ask, without HTTP, in milliseconds of CPU, warm, medians of 5."""
SIZES = (300_000,)
ROUNDS, WARM, CLIENTS, PATIENCE = 50, 10, 10, 60
GOALS = {"front page": 300, "front page, with shares": 300, "search": 500, "article": 50, "named query": 500}
"""Milliseconds at the 95th percentile, at 300,000 articles."""
HELD = 200
"""MB that the server may hold."""
FOUND = HITS.format("Vučić")
OTHERWISE = {
    "front page": (
        "SELECT substr(published, 1, 7), count(*) FROM articles GROUP BY 1",
        "SELECT headline, published FROM articles ORDER BY published DESC LIMIT 8",
    ),
    "search": (
        f"SELECT articles.id, snippet(articles_fts, 3, '[', ']', '…', 44) {FOUND} ORDER BY published DESC LIMIT 20",
        f"SELECT substr(published, 1, 7), count(*) {FOUND} GROUP BY 1",
    ),
    "article": ("SELECT * FROM articles WHERE id = 1000",),
}


def rows(options: Options) -> Iterator[Row]:
    """Over HTTP, then without."""
    (size,) = sizes(SIZES, options)
    archive, rounds = made(options.folder, size), min(ROUNDS, options.most)
    kinds = {name: list(pages)[: WARM + rounds] for name, pages in addresses(archive).items()}
    with server(archive) as (url, process), httpx.Client(base_url=url, timeout=PATIENCE) as client:
        for kind, pages in kinds.items():
            tell(f"asking for {rounds} pages: {kind}")
            yield from one_reader(client, archive, kind, pages)
        everything = [page for pages in kinds.values() for page in pages]
        random.Random(1).shuffle(everything)
        yield ten_readers(url, everything)
        held = resident(process.pid)
        yield Row("memory of the server", f"{held:,.0f} MB", f"{HELD} MB allowed", held / HELD, at_most=1)
    yield from without_http(archive)


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
        "front page": iter(["/"] * (WARM + ROUNDS)),
        "front page, with shares": iter(["/?by=share"] * (WARM + ROUNDS)),
        "search": (f"/search?q={quote(word)}" for word in words),
        "article": (f"/archive/articles/{chance.randint(1, number)}" for _ in range(WARM + ROUNDS)),
        "named query": (f"/archive/{queries[n % len(queries)].name}" for n in range(WARM + ROUNDS)),
    }


def one_reader(client: httpx.Client, archive: Path, kind: str, pages: list[str]) -> Iterator[Row]:
    """One kind of page."""
    for page in pages[:WARM]:
        client.get(page)
    took = sorted(timed(client, page) for page in pages[WARM:])
    middle, high, goal = median(took), took[int(0.95 * len(took)) - 1], GOALS[kind]
    yield Row(f"{kind}: 95 in 100", f"{high:,.0f} ms", f"goal {goal} ms", high / goal, at_most=1)
    if plain := plainly(archive, kind, pages[WARM:]):
        yield Row(f"{kind}: median", f"{middle:,.0f} ms", f"{plain:,.1f} ms, plain SQL", middle / plain)
    else:
        yield Row(f"{kind}: median", f"{middle:,.0f} ms")


def ten_readers(url: str, pages: list[str]) -> Row:
    """All pages by CLIENTS at once."""

    def ask(part: int) -> list[float]:
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            return [timed(client, page) for page in pages[part::CLIENTS]]

    with ThreadPoolExecutor(CLIENTS) as readers:
        took = sorted(one for part in readers.map(ask, range(CLIENTS)) for one in part)
    answered = sum(map(isfinite, took))
    high, worst = took[int(0.95 * len(took)) - 1], took[-1]
    what = f"{CLIENTS} readers, {answered} of {len(took)} pages answered: 95 in 100"
    return Row(what, f"{high:,.0f} ms", f"worst {worst:,.0f} ms")


def without_http(archive: Path) -> Iterator[Row]:
    """Each question, beside the plain one where there is any."""
    tell("asking without HTTP")
    with closing(read(archive)) as db:
        for name, ask in questions():
            ours = milliseconds(ask, db)
            if name not in PLAIN:
                yield Row(name, f"{ours:,.2f} ms")
                continue
            plain = milliseconds(lambda db, sql=PLAIN[name]: db.execute(sql).fetchall(), db, rounds=1)
            yield Row(name, f"{ours:,.2f} ms", f"{plain:,.1f} ms, plain SQL", ours / plain, at_most=1)


def timed(client: httpx.Client, page: str) -> float:
    """Milliseconds until the whole answer is there; endless where it is refused, as a query is after two seconds."""
    before = time.perf_counter()
    answer = client.get(page)
    return 1000 * (time.perf_counter() - before) if answer.is_success else inf


def plainly(archive: Path, kind: str, pages: list[str]) -> float | None:
    """Milliseconds of the same question in plain SQL, by the clock; None where there is none."""
    with closing(read(archive)) as db:
        if kind == "named query":
            named = load_queries()
            asked = [named[page.rpartition("/")[2]] for page in pages]
            return median(_once(lambda one=one: db.execute(one.sql, one.bind({})).fetchmany(1000)) for one in asked)
        if kind not in OTHERWISE:
            return None
        return sum(_once(lambda sql=sql: db.execute(sql).fetchall()) for sql in OTHERWISE[kind])


def _once(ask: Callable[[], object]) -> float:
    before = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - before)


@contextmanager
def server(archive: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A reading room on that archive: its address and its process."""
    command = [sys.executable, "-u", "-m", "ewbscraper", "serve", "--archive", str(archive), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
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
