"""Many outlets in one process: each begins, ends and fails for itself, and nobody is asked faster for it."""

import os
import pty
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from dataclasses import replace
from time import monotonic

import pytest
from commands import ewbscraper
from many_papers import ONE_BY_ONE, define, outlets_of, paper_at, rows, several
from small_paper import page

from ewbscraper.archive.database import read
from ewbscraper.archive.locks import lock
from ewbscraper.crawl.running import side_by_side
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.errors import ArchiveBusy

BREAKS = """
def headline(page):
    raise LookupError("a selector of ours")
"""


@pytest.fixture
def papers():
    with several() as make:
        yield make


def narrow(archive, outlets, options, room):
    """A crawl with room for so many at once."""
    side_by_side.ROOM = room
    return crawl(archive, outlets, options)


class Together:
    """Answers no article page until all of these newspapers wait for one: side by side, or not at all."""

    def __init__(self, papers):
        self._barrier = threading.Barrier(len(papers))
        for paper in papers:
            paper.bend = self._bend
        self._met = threading.local()
        self.met = False

    def _bend(self, path):
        if path.startswith("/2024/") and not self.met:
            with suppress(threading.BrokenBarrierError):
                self._barrier.wait(60)
                self.met = True


@pytest.mark.slow
def test_fifty_outlets_at_fifty_addresses_are_crawled_at_once_and_each_is_archived_whole(papers, tmp_path):
    fifty = papers(50)
    together = Together(fifty)
    runs = in_child(crawl, tmp_path / "archive.db", outlets_of(fifty), CrawlOptions())
    assert together.met
    assert [(run.outlet, run.new, run.outcome) for run in runs] == [
        (f"paper-{number}", 3, "finished") for number in range(50)
    ]
    assert rows(tmp_path / "archive.db", "SELECT count(*), count(DISTINCT url) FROM articles") == [(150, 150)]
    for paper in fifty:
        articles = [path for path in paper.asked if path.startswith("/2024/")]
        assert len(articles) == len(set(articles)) == 3


def test_no_more_begin_than_there_is_room_for_and_those_that_wait_are_crawled_after(papers, tmp_path):
    four, under_way, most = papers(4), set(), []

    def bend(number):
        def asked(path):
            under_way.add(number)
            most.append(len(under_way))
            if path.endswith("/post-0/"):  # its last
                under_way.discard(number)

        return asked

    for number, paper in enumerate(four):
        paper.bend = bend(number)
    runs = in_child(narrow, tmp_path / "archive.db", outlets_of(four), CrawlOptions(), 2)
    assert [run.new for run in runs] == [3, 3, 3, 3]
    assert max(most) == 2


@pytest.mark.slow
def test_one_that_hangs_holds_up_no_other(papers, tmp_path):
    hanging, *others = papers(4)
    let_go, rest = threading.Event(), threading.Semaphore(0)
    hanging.bend = lambda path: (let_go.wait(60), None)[1]
    for paper in others:
        paper.bend = lambda path: rest.release() if path.endswith("/post-0/") else None
    define(tmp_path, [hanging, *others])
    command = [sys.executable, "-m", "ewbscraper", "crawl", "--all"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as crawling:
        assert crawling.stdout
        ended = {crawling.stdout.readline().split(":")[0] for _ in others}
        assert ended == {"paper-1", "paper-2", "paper-3"}
        let_go.set()
        assert crawling.stdout.readline().startswith("paper-0: 3 new")
    assert crawling.returncode == 0


def test_one_that_dies_takes_no_other_with_it(papers, tmp_path):
    good, gone, broken, busy = papers(4)
    gone.close()
    define(tmp_path, [good, gone, broken, busy])
    definition = tmp_path / "outlets" / "paper_2.py"
    definition.write_text(BREAKS + definition.read_text().replace("sources=", "headline=headline, sources="))
    with closing(read_after_a_run(tmp_path)):
        held = lock(tmp_path / "archive.db", "paper-3")
        done = ewbscraper("crawl", "--all", folder=tmp_path)
        held.release()
    assert "paper-0: 3 new" in done.stdout
    assert "no source answered usefully" in done.stdout
    assert "our fault: LookupError" in done.stdout
    assert "another run of paper-3 is writing" in done.stderr
    assert done.returncode == 3  # not 75: what needs a look must not hide behind a run that goes on
    assert rows(tmp_path / "archive.db", "SELECT outlet, outcome FROM runs WHERE outlet != 'first' ORDER BY 1") == [
        ("paper-0", "finished"),
        ("paper-1", "left alone"),
        ("paper-2", "finished"),
    ]


def read_after_a_run(folder):
    """An archive to hold a lock of."""
    with closing(paper_at(99, posts=1)) as first:
        in_child(crawl, folder / "archive.db", [replace(first.outlet, slug="first")], CrawlOptions())
    return read(folder / "archive.db")


def test_a_fault_before_the_first_page_of_one_leaves_the_others(papers, tmp_path):
    outlets = outlets_of(papers(3))
    held = lock(tmp_path / "archive.db", "paper-1")
    first, busy, last = in_child(crawl, tmp_path / "archive.db", outlets, CrawlOptions())
    held.release()
    assert isinstance(busy, ArchiveBusy)
    assert (first.new, last.new) == (3, 3)


@pytest.mark.slow
def test_ctrl_c_ends_those_under_way_and_does_not_begin_those_that_wait(papers, tmp_path):
    three = papers(3)
    came, let_go = threading.Event(), threading.Event()
    three[0].bend = lambda path: (came.set(), let_go.wait(60), None)[2] if path.startswith("/2024/") else None
    define(tmp_path, three)
    command = [sys.executable, "-c", ONE_BY_ONE, "crawl", "--all"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as crawling:
        assert came.wait(30)
        crawling.send_signal(signal.SIGINT)
        let_go.set()
        _, said = crawling.communicate(timeout=30)
    assert crawling.returncode == 0
    assert "2 outlets were not begun" in said
    assert rows(tmp_path / "archive.db", "SELECT outlet, outcome FROM runs") == [("paper-0", "shutdown")]
    done = ewbscraper("crawl", "--all", folder=tmp_path)
    assert done.returncode == 0
    begun = rows(tmp_path / "archive.db", "SELECT outlet FROM runs ORDER BY id")
    assert begun[1:3] == [("paper-1",), ("paper-2",)]  # they have waited longest
    assert rows(tmp_path / "archive.db", "SELECT count(*) FROM articles") == [(9,)]


def test_a_definition_that_cannot_be_used_is_named_and_the_others_are_crawled(papers, tmp_path):
    define(tmp_path, papers(2))
    (tmp_path / "outlets" / "paper_0.py").write_text("OUTLET = Outlet(")
    done = ewbscraper("crawl", "--all", "--quiet", folder=tmp_path)
    assert done.returncode == 2
    assert "paper_0.py" in done.stderr
    assert rows(tmp_path / "archive.db", "SELECT outlet, new FROM runs") == [("paper-1", 3)]
    assert ewbscraper("crawl", "--all", "--dry-run", folder=tmp_path).returncode == 2


@pytest.mark.slow
def test_time_is_that_of_all_of_them(papers, tmp_path):
    slow, *others = papers(3)
    slow.bend = lambda path: (threading.Event().wait(0.5), None)[1]
    began = monotonic()
    runs = in_child(narrow, tmp_path / "archive.db", outlets_of([slow, *others]), CrawlOptions(max_minutes=0.02), 1)
    assert monotonic() - began < 30
    assert [(run.outlet, run.outcome) for run in runs] == [("paper-0", "out of time")]


@pytest.mark.slow
def test_a_person_who_looks_on_sees_how_far_each_is(papers, tmp_path):
    define(tmp_path, papers(3))
    here, there = pty.openpty()
    command = [sys.executable, "-c", ONE_BY_ONE, "crawl", "--all"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=there) as crawling:
        os.close(there)
        shown = b""
        with suppress(OSError):  # Linux says so that the other end is closed
            while some := os.read(here, 10_000):
                shown += some
    os.close(here)
    assert crawling.returncode == 0
    for number in range(3):
        assert f"{number} of 3 outlets done, paper-{number}: 6 requests, 2 new".encode() in shown


@pytest.mark.slow
def test_a_dry_run_of_several_asks_each(papers, tmp_path):
    define(tmp_path, papers(2))
    done = ewbscraper("crawl", "--all", "--dry-run", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("3 listed, 0 archived") == 2
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.slow
def test_a_very_large_page_of_one_is_tried_while_others_go_on(papers, tmp_path):
    large, other = papers(2)
    words = "Words of a very long article that nobody reads to its end. " * 40_000
    came = threading.Event()
    large.bend = lambda path: (200, {}, page("Large", words)) if path.endswith("/post-2/") else None
    other.bend = lambda path: came.set() if path.endswith("/post-0/") else None
    first, second = in_child(crawl, tmp_path / "archive.db", outlets_of([large, other]), CrawlOptions())
    assert (first.new, second.new) == (3, 3)
    assert rows(tmp_path / "archive.db", "SELECT max(length(body)) > 2000000 FROM articles") == [(1,)]
