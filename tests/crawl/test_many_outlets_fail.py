"""Many outlets in one process: what goes wrong at the end of one, or where it is said, ends no other."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ewbscraper
from many_papers import ONE_BY_ONE, define, rows, several

pytestmark = pytest.mark.slow


@pytest.fixture
def papers():
    with several() as make:
        yield make


def test_a_fault_at_the_end_of_one_is_said_and_leaves_the_others(papers, tmp_path):
    define(tmp_path, papers(3))
    breaks = """
from ewbscraper.crawl.spiders.spider import OutletSpider
end = OutletSpider.close_session
def close_session(self, reason):
    if self.name == "paper-0":
        raise LookupError("at its end")
    end(self, reason)
OutletSpider.close_session = close_session
"""
    command = [sys.executable, "-c", breaks + ONE_BY_ONE, "crawl", "--all"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "ewbscraper: our fault" in done.stderr
    assert done.returncode == 1
    assert rows(tmp_path / "archive.db", "SELECT outlet, outcome, new FROM runs WHERE outlet != 'paper-0'") == [
        ("paper-1", "finished", 3),
        ("paper-2", "finished", 3),
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full, as Linux has it")
def test_where_nothing_can_be_printed_all_are_crawled_and_the_exit_code_says_it(papers, tmp_path):
    define(tmp_path, papers(3))
    command = [sys.executable, "-c", ONE_BY_ONE, "crawl", "--all"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows(tmp_path / "archive.db", "SELECT outcome, new FROM runs") == [("finished", 3)] * 3


def test_a_definition_that_ends_python_ends_nothing(papers, tmp_path):
    define(tmp_path, papers(3))
    definition = tmp_path / "outlets" / "paper_1.py"
    ends = "def headline(page):\n    raise SystemExit(7)\n"
    definition.write_text(ends + definition.read_text().replace("sources=", "headline=headline, sources="))
    done = ewbscraper("crawl", "--all", folder=tmp_path)
    assert "our fault" in done.stdout
    assert done.returncode == 3
    assert rows(tmp_path / "archive.db", "SELECT outlet, outcome, new FROM runs ORDER BY 1") == [
        ("paper-0", "finished", 3),
        ("paper-1", "finished", 0),
        ("paper-2", "finished", 3),
    ]


def test_a_terminal_that_is_closed_ends_no_run(papers, tmp_path):
    define(tmp_path, papers(3))
    here, there = pty.openpty()
    command = [sys.executable, "-c", ONE_BY_ONE, "crawl", "--all"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=there) as crawling:
        os.close(there)
        while b"requests" not in os.read(here, 10_000):
            pass
        os.close(here)
    assert crawling.returncode == 0
    assert rows(tmp_path / "archive.db", "SELECT outcome, new FROM runs") == [("finished", 3)] * 3
