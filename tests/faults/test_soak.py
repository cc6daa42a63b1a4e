"""Long runs in one process: memory, descriptors and queues stay as they are after the first thousand."""

import json
import multiprocessing
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from urllib.parse import quote

import pytest
from browse_data import EDITED, HOSTILE, build
from long_paper import LongPaper, crawled, held
from serving import SERVE, running

from ewbscraper.crawl.spiders.spider import BATCH

ARTICLES = 10_000
EVERY = 500
GROWTH = 1.10
REQUESTS, FIRST = 3_000, 300


@pytest.mark.slow
@pytest.mark.fault(
    "Load",
    sent="one crawl of 10,000 articles of all sizes, in one process",
    must="memory grows by 10 % at most after the first thousand; descriptors and queues do not grow",
    within=(1_800, 300),
)
def test_a_long_crawl_holds_no_more_at_its_end(tmp_path, meter, monkeypatch):
    structures = tmp_path / "structures.jsonl"
    monkeypatch.setenv("STRUCTURES", str(structures))
    seen = {}
    paper = LongPaper(ARTICLES, EVERY, lambda given: seen.update({given: held(crawl.pid)}))
    crawl = multiprocessing.get_context("spawn").Process(target=crawled, args=(tmp_path / "archive.db", paper.outlet))
    try:
        crawl.start()
        crawl.join(1_800)
        assert crawl.exitcode == 0
    finally:
        crawl.kill()
        paper.close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (ARTICLES,)
    assert sorted(seen) == list(range(EVERY, ARTICLES + 1, EVERY))
    memory, descriptors = {n: one[0] for n, one in seen.items()}, {one[1] for n, one in seen.items() if n > EVERY}
    assert max(memory[n] for n in memory if n > 1_000) <= GROWTH * memory[1_000], memory
    assert len(descriptors) == 1, descriptors
    first, *rest = map(json.loads, structures.read_text().splitlines())
    for one in rest:
        assert one["scheduled"] + one["waiting"] + one["scraped"] <= BATCH
        assert one["objects"] <= GROWTH * first["objects"]
        assert one["longest"] <= GROWTH * first["longest"]
    meter.tried(ARTICLES, megabytes=max(memory.values()))


def addresses(base):
    """One of each kind of page, and questions that nobody asked before."""
    yield from (base + path for path in ("", "archive", "archive/articles", "ewb/runs", "ewb/coverage", "nowhere"))
    for number in range(REQUESTS):
        yield (
            base
            + (
                f"search?q={quote(f'Vučić{number}')}",
                f"search?q=council&since=20{number % 100:02}",
                f"archive/articles/{(EDITED, HOSTILE)[number % 2]}",
                f"archive/articles.json?_size=5&_next={number}",
                f"archive/articles/{number}.json",
                f"archive.json?sql={quote(f'SELECT {number} AS a FROM articles')}",
            )[number % 6]
        )


@pytest.mark.slow
@pytest.mark.fault(
    "Load",
    sent="3,000 mixed requests to `serve`, most of them never asked before",
    must="memory grows by 10 % at most after the first 300; descriptors do not grow but for SQLite's three threads",
)
def test_a_long_evening_in_the_reading_room(tmp_path, meter):
    archive = build(tmp_path / "kept.db")
    seen, statuses = {}, set()
    with running("-c", SERVE, str(archive), cwd=tmp_path) as (base, process):
        for number, address in zip(range(1, REQUESTS + 1), addresses(base.rstrip("/") + "/"), strict=False):
            try:
                with urllib.request.urlopen(address, timeout=20) as answer:
                    statuses.add(answer.status)
                    answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    statuses.add(error.code)
            if number % FIRST == 0:
                seen[number] = held(process.pid)
    memory = {number: one[0] for number, one in seen.items()}
    assert statuses <= {200, 400, 404}
    assert 200 in statuses
    assert max(memory.values()) <= GROWTH * memory[FIRST], memory
    assert max(one[1] for one in seen.values()) <= seen[FIRST][1] + 6, (
        seen
    )  # a connection for each thread that has not read yet
    meter.tried(REQUESTS, megabytes=max(memory.values()))
