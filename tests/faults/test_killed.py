"""kill -9 at twenty moments of one crawl: before a request is answered, while the answer is parsed or committed."""

import multiprocessing
import os
import random
import signal
import threading
from contextlib import closing
from hashlib import sha256

import pytest
from kept import damage
from small_paper import SmallPaper

from ewbscraper.archive.database import read
from ewbscraper.archive.warc.reader import read_exchange, whole_records
from ewbscraper.crawl import settings
from ewbscraper.crawl.running.runner import CrawlOptions, crawl

POSTS, KILLS, SEED = 300, 20, 20261123
LISTS = 1 + 3
"""Requests before the first article: robots.txt and the three pages of the list."""
LONGEST = 0.03
"""Seconds after an answer: by then its article is committed and the next one asked for."""


class Killer:
    """Kills a crawl at its n-th request, at once or some moments after the answer."""

    def __init__(self, paper, seed):
        self._random, self._paper, self._lock = random.Random(seed), paper, threading.Lock()
        self._left, self._delay, self._pid, self._dead = 0, None, threading.Event(), threading.Event()
        paper.bend = self

    def aim(self):
        """The next moment: one in five among the lists, half of all before the answer."""
        among_lists = self._random.random() < 0.2
        self._left = self._random.randint(1, LISTS) if among_lists else LISTS + self._random.randint(1, 16)
        self._delay = self._random.choice([None, self._random.uniform(0, LONGEST)])
        self._pid.clear()
        self._dead.clear()

    def kills(self, process):
        """Lets it run, and returns when it is dead."""
        self._victim = process.pid
        self._pid.set()
        process.join(60)
        self._dead.set()
        return process.exitcode == -signal.SIGKILL

    def __call__(self, path):
        with self._lock:
            self._left -= 1
            shoots = self._left == 0
        if shoots:
            assert self._pid.wait(60)
            threading.Timer(self._delay or 0, os.kill, [self._victim, signal.SIGKILL]).start()
            if self._delay is None:
                self._dead.wait(60)


@pytest.fixture
def paper():
    paper = SmallPaper(posts=POSTS)
    yield paper
    paper.close()


def articles_asked(paper):
    asked = [path for path in paper.asked if path.startswith("/2024")]
    paper.asked.clear()
    return asked


@pytest.mark.slow
@pytest.mark.fault(
    "Faults", sent="`kill -9` at 20 moments of a crawl", must="nothing is lost; each costs one fetch at most"
)
def test_twenty_kills_lose_nothing_and_cost_one_fetch_each(paper, tmp_path, meter):
    processes = multiprocessing.get_context("forkserver")
    archive, killer, seen, twice = tmp_path / "archive.db", Killer(paper, SEED), set(), []

    def start():
        process = processes.Process(target=crawl, args=(archive, [paper.outlet], CrawlOptions()))
        process.start()
        return process

    for _ in range(KILLS):
        killer.aim()
        assert killer.kills(start())
        asked = articles_asked(paper)
        twice.append(sum(path in seen for path in asked))
        seen.update(asked)
    paper.bend = lambda path: None
    process = start()
    process.join(120)
    assert process.exitcode == 0
    asked = articles_asked(paper)
    twice.append(sum(path in seen for path in asked))

    assert max(twice) <= settings.CONCURRENT_REQUESTS
    with closing(read(archive)) as db:
        assert {row["url"] for row in db.execute("SELECT url FROM articles")} == {paper.address(s) for s in paper.posts}
        assert db.execute("SELECT count(*) FROM revisions").fetchone()[0] == 0
        assert [tuple(row) for row in db.execute("SELECT state, count(*) FROM frontier GROUP BY 1")] == [
            ("archived", POSTS)
        ]
        assert [row[0] for row in db.execute("PRAGMA integrity_check")] == ["ok"]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        captures = db.execute("SELECT * FROM captures").fetchall()
        assert {row["article"] for row in captures} >= set(range(1, POSTS + 1))
        for row in captures:
            exchange = read_exchange(db, tmp_path, row["id"])
            assert (exchange.url, sha256(exchange.body).hexdigest()) == (row["url"], row["sha256"])
    for warc in tmp_path.rglob("*.warc.gz"):
        with warc.open("rb") as file:
            assert {record.rec_type for _, _, record in whole_records(file)} <= {
                "warcinfo",
                "response",
                "request",
                "revisit",
            }
    assert damage(archive) == []
    meter.tried(KILLS)
