"""How a run ends before it is through: told so, out of time, left alone, out of disk. Nothing is lost."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from urllib.parse import urlsplit

import pytest
from commands import ewbscraper
from small_paper import SmallPaper

from ewbscraper.archive.connection import CURE
from ewbscraper.archive.database import read

TEXT = {"Content-Type": "text/plain"}


@pytest.fixture
def paper(tmp_path):
    paper = SmallPaper(posts=30)
    paper.folder = tmp_path
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "small.py").write_text(
        "from ewbscraper.outlet import Outlet, WordPress\n"
        f"OUTLET = Outlet(slug='small', name='Small', home='{paper.home}', sources=(WordPress(),))\n"
    )
    yield paper
    paper.close()


def command(paper, *words):
    return [sys.executable, "-m", "ewbscraper", "crawl", "small", "--archive", str(paper.folder / "archive.db"), *words]


def crawl(paper, *words):
    paper.asked.clear()
    return ewbscraper(*command(paper, *words)[3:], folder=paper.folder)


def as_json(paper, *words):
    done = crawl(paper, "--json", *words)
    return done.returncode, json.loads(done.stdout)[0]


def rows(paper, sql):
    with closing(read(paper.folder / "archive.db")) as db:
        return [tuple(row) for row in db.execute(sql)]


def articles_asked(paper):
    return [path for path in paper.asked if path.startswith("/2024")]


def behave(paper):
    paper.bend = lambda path: None


@pytest.mark.parametrize(
    ("where", "told"),
    [
        pytest.param("/robots.txt", signal.SIGTERM, id="robots.txt", marks=pytest.mark.slow),
        pytest.param("/wp-json", signal.SIGINT, id="list", marks=pytest.mark.slow),
        pytest.param("post-3", signal.SIGTERM, id="article", marks=pytest.mark.slow),
    ],
)
def test_a_run_that_is_told_to_stop_ends_although_the_server_hangs(paper, told, where):
    hangs, let_go = threading.Event(), threading.Event()

    def hang(path):
        if where in path:
            hangs.set()
            let_go.wait(60)

    paper.bend = hang
    with subprocess.Popen(command(paper, "--quiet"), stderr=subprocess.PIPE, stdout=subprocess.PIPE) as crawling:
        assert hangs.wait(60)
        crawling.send_signal(told)
        out, err = crawling.communicate(timeout=30)
    let_go.set()
    assert (crawling.returncode, out, err) == (0, b"", b"")
    assert rows(paper, "SELECT outcome FROM runs") == [("shutdown",)]
    behave(paper)
    assert as_json(paper)[1]["outcome"] == "finished"
    assert rows(paper, "SELECT count(*) FROM articles") == [(30,)]


CTRL_C_WHILE_IT_OPENS = """
import os, signal, sys
from ewbscraper.cli import main
from ewbscraper.crawl.session import CrawlSession

class Interrupted(CrawlSession):
    def _open(self, command):
        super()._open(command)
        os.kill(os.getpid(), signal.SIGINT)

import ewbscraper.crawl.spiders.spider
ewbscraper.crawl.spiders.spider.CrawlSession = Interrupted
main(sys.argv[1:])
"""


@pytest.mark.slow
def test_a_run_that_is_told_to_stop_before_its_first_request_is_closed_once(paper):
    words = ["crawl", "small", "--quiet", "--archive", str(paper.folder / "archive.db")]
    stopped = [sys.executable, "-c", CTRL_C_WHILE_IT_OPENS, *words]
    done = subprocess.run(stopped, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert rows(paper, "SELECT outcome, needs_a_look FROM runs") == [("shutdown", None)]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["/robots.txt", "post-3"], ids=["robots.txt", "article"])
def test_whoever_is_impatient_gets_a_saved_archive_as_well(paper, where):
    """Ctrl-C again and again, until the process is gone."""
    hangs, let_go = threading.Event(), threading.Event()
    paper.bend = lambda path: (hangs.set(), let_go.wait(60), None)[2] if where in path else None
    with subprocess.Popen(command(paper, "--quiet")) as crawling:
        assert hangs.wait(60)
        while crawling.poll() is None:
            crawling.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                crawling.wait(0.02)
    let_go.set()
    assert crawling.returncode == 0
    assert rows(paper, "SELECT outcome FROM runs") == [("shutdown",)]
    behave(paper)
    crawl(paper)
    assert rows(paper, "SELECT count(*) FROM articles") == [(30,)]


@pytest.mark.slow
def test_a_run_that_waits_as_it_was_asked_ends_when_it_is_told(paper):
    asked = threading.Event()
    paper.bend = lambda path: (asked.set(), (429, {"Retry-After": "100"}, ""))[1] if "post-3/" in path else None
    with subprocess.Popen(command(paper, "--quiet")) as crawling:
        assert asked.wait(60)
        crawling.send_signal(signal.SIGTERM)
        assert crawling.wait(timeout=30) == 0
    behave(paper)
    crawl(paper)
    assert rows(paper, "SELECT count(*) FROM articles") == [(30,)]


@pytest.mark.slow
def test_a_run_out_of_time_ends_well_and_the_next_goes_on(paper):
    enough = threading.Event()
    paper.bend = lambda path: enough.wait(0.6) if "post-" in path and len(articles_asked(paper)) > 3 else None
    code, run = as_json(paper, "--max-minutes", "0.1")
    assert (code, run["outcome"], run["failed"], run["needs_a_look"]) == (0, "out of time", 0, None)
    assert 0 < run["new"] < 30
    enough.set()
    behave(paper)
    code, rest = as_json(paper, "--max-minutes", "10")
    assert (code, rest["outcome"], run["new"] + rest["new"]) == (0, "finished", 30)


@pytest.mark.slow
def test_lists_take_half_of_the_time_at_most(paper):
    """A list that has always a further page."""
    endless = {"Content-Type": "application/json", "X-WP-Total": "999999", "X-WP-TotalPages": "9999"}
    pages = iter(range(10**6))

    def bend(path):
        if not path.startswith("/wp-json"):
            return None
        link = f"{paper.home}2024/01/01/post-{next(pages)}/"
        return 200, endless, json.dumps([{"link": link, "modified": "2024-01-01T00:00:00"}])

    paper.bend = bend
    code, run = as_json(paper, "--max-minutes", "0.1")
    assert (code, run["new"] > 0, run["needs_a_look"]) == (0, True, None)


def test_robots_txt_that_answers_503_closes_the_site_for_this_run(paper):
    crawl(paper)
    paper.bend = lambda path: (503, {}, "") if path == "/robots.txt" else None
    code, run = as_json(paper, "--recheck")
    assert (code, run["outcome"]) == (3, "left alone")
    closed = "robots.txt cannot be had (the server answered 503): closed for this run"
    assert run["needs_a_look"].splitlines() == ["no source answered usefully", closed]
    said = ewbscraper("status", folder=paper.folder).stdout
    assert said.count("left alone") == 1
    assert set(paper.asked) == {"/robots.txt"}
    assert rows(paper, "SELECT sum(attempts) FROM frontier") == [(0,)]
    behave(paper)
    assert as_json(paper)[0] == 0


@pytest.mark.parametrize("status", [404, pytest.param(403, marks=pytest.mark.slow)])
def test_no_robots_txt_is_an_open_door(paper, status):
    paper.bend = lambda path: (status, {}, "") if path == "/robots.txt" else None
    assert as_json(paper)[1]["new"] == 30


def test_robots_txt_on_another_host_is_not_asked_and_closes_the_site(paper):
    with closing(SmallPaper(posts=1)) as elsewhere:
        away = {"Location": f"{elsewhere.home}robots.txt"}
        paper.bend = lambda path: (302, away, "") if path == "/robots.txt" else None
        code, run = as_json(paper)
        assert elsewhere.asked == []
    assert (code, paper.asked) == (3, ["/robots.txt"])
    assert f"it leads to another host: {urlsplit(elsewhere.home).netloc}" in run["needs_a_look"]


def test_no_request_leaves_the_host_also_not_one_that_was_retried(paper):
    """Scrapy lets a request that it has retried be redirected anywhere."""
    with closing(SmallPaper(posts=1)) as elsewhere:
        answers = iter([(503, {}, ""), (302, {"Location": elsewhere.home}, "")])
        paper.bend = lambda path: next(answers) if "post-3/" in path else None
        run = as_json(paper)[1]
        assert elsewhere.asked == []
    assert (run["new"], run["failed"]) == (29, 1)


@pytest.mark.slow
def test_a_site_that_asks_for_an_hour_is_not_asked_in_that_hour(paper):
    paper.bend = lambda path: (503, {"Retry-After": "3600"}, "") if "post-3/" in path else None
    code, run = as_json(paper)
    assert (code, run["outcome"], run["failed"]) == (0, "left alone", 0)
    assert paper.asked.count("/2024/01/01/post-3/") == 1
    behave(paper)
    quiet = crawl(paper, "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr, paper.asked) == (0, "", "", [])
    assert "the site asks not to be asked before" in crawl(paper).stdout
    until = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 second')"
    with closing(sqlite3.connect(paper.folder / "archive.db")) as db, db:
        db.execute(f"UPDATE runs SET wait_until = {until}")
    run = as_json(paper)[1]
    assert (run["outcome"], run["failed"]) == ("finished", 0)
    assert rows(paper, "SELECT count(*) FROM articles") == [(30,)]


@pytest.mark.slow
def test_a_wait_of_a_thousand_years_is_a_day(paper):
    paper.bend = lambda path: (429, {"Retry-After": "9" * 400}, "") if "post-3/" in path else None
    crawl(paper)
    later = "SELECT count(*) FROM runs WHERE julianday(wait_until) - julianday('now') BETWEEN 0.9 AND 1.1"
    assert rows(paper, later) == [(1,)]


@pytest.mark.slow
def test_a_server_that_suffers_is_left_alone_before_every_page_was_tried(paper):
    paper.bend = lambda path: (503, {}, "") if path.startswith("/2024") else None
    code, run = as_json(paper)
    assert run["outcome"] == "left alone"
    assert len(articles_asked(paper)) == 10
    assert rows(paper, "SELECT count(*) FROM frontier WHERE state = 'waiting'")[0][0] >= 26
    behave(paper)
    code, run = as_json(paper)
    assert (code, run["new"]) == (0, 30)


def test_a_quiet_run_does_not_speak_of_one_page_that_failed(paper):
    paper.bend = lambda path: (500, {}, "") if "post-3/" in path else None
    done = crawl(paper, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
def test_a_quiet_run_does_not_speak_of_another_one_that_goes_on(paper):
    hangs, let_go = threading.Event(), threading.Event()
    paper.bend = lambda path: (hangs.set(), let_go.wait(60), None)[2]
    with subprocess.Popen(command(paper, "--quiet")) as first:
        assert hangs.wait(60)
        done = subprocess.run(command(paper, "--quiet"), capture_output=True, text=True, check=False)
        let_go.set()
        assert first.wait(60) == 0
    assert (done.returncode, done.stdout, done.stderr) == (75, "", "")


def limited(size):
    """What a full disk is like: no file grows beyond so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [20_000, pytest.param(400_000, marks=pytest.mark.slow)])
def test_a_full_disk_is_told_with_the_cure_and_costs_nothing(paper, size):
    """First the WARC does not fit, or the archive itself; then, with room, all is had."""
    crawl(paper, "--limit", "3")
    filler = os.urandom(40_000).hex()
    paper.bend = lambda path: (
        (*paper.answer(path)[:2], paper.answer(path)[2] + f"<!--{filler}-->") if "post-" in path else None
    )
    little = command(paper, "--quiet")
    full = subprocess.run(little, capture_output=True, text=True, check=False, preexec_fn=limited(size))
    assert (full.returncode, full.stdout) == (1, "")
    (said,) = full.stderr.splitlines()
    assert said.startswith("ewbscraper: cannot write to")
    assert said.endswith(CURE)
    code, run = as_json(paper)
    assert (code, run["outcome"]) == (0, "finished")
    assert rows(paper, "SELECT count(*) FROM articles") == [(30,)]
    assert rows(paper, "PRAGMA integrity_check") == [("ok",)]


def test_a_warc_folder_that_cannot_be_made_is_told_with_the_cure(paper):
    (paper.folder / "warc").write_text("in the way")
    done = crawl(paper, "--quiet")
    assert done.returncode == 1
    assert "cannot write to" in done.stderr
    assert "Traceback" not in done.stderr
    (paper.folder / "warc").unlink()
    assert as_json(paper)[1]["new"] == 30
