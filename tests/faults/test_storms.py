"""Storms of SIGTERM, Ctrl-C and hang-ups: a command ends in time, says nothing odd, and leaves all whole."""

import os
import random
import re
import shutil
import signal
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
import steps
import whole
from kept import keep, run_of
from small_paper import SmallPaper

import ewbscraper
from ewbscraper.archive.database import create
from ewbscraper.crawl.running.side_by_side import GRACE

SEED = 20261127
KINDS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
SANE = {0, 1, 3, *(-kind for kind in KINDS)}
"""Done; given up (`Aborted!`); needs a look; ended by the signal itself, as every program that has no use for it."""

OURS = f'File "{Path(ewbscraper.__file__).parent}/'
PYTHONS_OWN = re.compile(
    r"Exception ignored in: <function .*"
    r"|Traceback.*?Signal \d+ ignored due to race condition"
    r"|Traceback[^\n]*\n[^\n]*<string>.*?spawn_main.*?EOFError: Ran out of input",
    re.DOTALL,
)
"""Notes that Python makes of a signal inside a function that SQLite calls, or while its handler is changed, and of a
worker that is just being started when its parent ends."""


class Storm:
    """Signals at random moments from the beginning of a command to its end, again and again."""

    def __init__(self, seed):
        self.random, self.sent = random.Random(seed), 0

    def over(self, words, folder, *, wanted, within):
        """At least `wanted` signals, over as many starts of the command as that takes; `within` seconds each."""
        until = self.sent + wanted
        while self.sent < until:
            process = steps.start(words, folder)
            process.join(self.random.uniform(0, within))
            began, kinds = time.monotonic(), self.random.sample(KINDS[:2], 2) if self.random.random() < 0.8 else KINDS
            while process.exitcode is None and time.monotonic() - began < GRACE:
                self._send(process, self.random.choice(kinds))
                process.join(self.random.uniform(0, 0.03))
            ended = steps.end(process, folder, GRACE + 10)
            assert ended.code in SANE, ended
            # before a command of ours has begun, and after it has ended, Python tells of a Ctrl-C in its own way
            traces = PYTHONS_OWN.sub("", ended.said).split("Traceback (most recent call last)")[1:]
            assert not [trace for trace in traces if OURS in trace], ended
            if (folder / "archive.db").exists():
                whole.assert_whole(folder / "archive.db")

    def _send(self, process, kind):
        with suppress(ProcessLookupError):  # it has ended just now
            os.kill(process.pid, kind)
            self.sent += 1


@pytest.fixture
def storm(meter):
    storm = Storm(SEED)
    yield storm
    meter.tried(storm.sent)


@pytest.fixture
def paper():
    paper = SmallPaper(posts=40)
    yield paper
    paper.close()


MUST = "it ends in its five seconds, without a traceback; all is whole, the next one ends well"


def fault(command, found=""):
    sent = f"SIGTERM, Ctrl-C and SIGHUP, many, at any moment of {command}"
    return pytest.mark.fault("Faults", sent=sent, must=MUST, found=found)


@pytest.mark.slow
@fault("a crawl")
def test_a_crawl_in_a_storm(storm, paper, tmp_path):
    whole.define(tmp_path, paper.home)
    storm.over(["crawl", "small"], tmp_path, wanted=70, within=0.8)
    assert steps.command(["crawl", "small", "--recheck"], tmp_path).code == 0
    assert len(whole.texts(tmp_path / "archive.db")["articles"]) == 40


@pytest.mark.slow
@fault("a reparse", found="a second signal hit the run while it closed")
def test_a_reparse_in_a_storm(storm, paper, tmp_path):
    whole.define(tmp_path, paper.home)
    assert steps.command(["crawl", "small"], tmp_path).code == 0
    storm.over(["reparse", "--again", "--jobs", "1"], tmp_path, wanted=30, within=1.5)
    assert steps.command(["reparse", "--jobs", "1"], tmp_path).code == 0


@pytest.mark.slow
@fault("a merge")
def test_a_merge_in_a_storm(storm, tmp_path):
    folder = tmp_path / "ours"
    folder.mkdir()
    keep(folder, editions=1)
    theirs = shutil.copytree(folder, tmp_path / "theirs")
    with closing(create(theirs / "archive.db")) as db:
        for number in (2, 3):
            run_of(db, theirs / "archive.db", number)
    words = ["merge", theirs / "archive.db"]
    storm.over(words, folder, wanted=40, within=0.2)
    assert steps.command(words, folder).code == 0
    assert len(whole.texts(folder / "archive.db")["revisions"]) == 6


@pytest.mark.slow
@fault("an export")
def test_an_export_in_a_storm(storm, tmp_path):
    keep(tmp_path)
    for shape in ("ndjson", "parquet", "text", "wacz"):
        words = ["export", "--format", shape, shape]
        storm.over(words, tmp_path, wanted=10, within=0.1)
        assert steps.command(words, tmp_path).code == 0
    assert not [name for name in whole.files(tmp_path) if name.endswith(".part") or ".before" in name]


@pytest.mark.slow
@fault("`serve`", found="a second Ctrl-C showed a traceback")
def test_a_reading_room_in_a_storm(storm, tmp_path):
    keep(tmp_path)
    storm.over(["serve", "--port", "0"], tmp_path, wanted=15, within=1.0)


@pytest.mark.slow
@fault("the demo")
def test_a_demo_in_a_storm(storm, tmp_path):
    storm.over(["demo", "--no-serve"], tmp_path, wanted=8, within=2)
    done = steps.command(["demo", "--no-serve"], tmp_path)
    assert done.code == 0, done
