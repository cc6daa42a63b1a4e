"""Clocks that jump and time zones that change: no edit is invented, no article asked for ever, or never again."""

import functools
import os
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import steps
import whole
from small_paper import SmallPaper

from ewbscraper.archive.database import read

POSTS = 4
YEARS = 365 * 86_400


def run(folder, *jumps, words=("crawl", "small"), zone="UTC"):
    """A crawl whose clock is so many seconds off, the next jump after each article that it asks for."""
    return steps.command(functools.partial(off, jumps or (0,), words, zone), folder)


def off(jumps, words, zone, folder):
    """In the child."""
    os.environ["TZ"] = zone
    time.tzset()
    left = iter(jumps)
    shift, real, moment = [next(left)], time.time, datetime

    class Shifted(moment):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(real() + shift[0], tz)

        @classmethod
        def utcnow(cls):
            return cls.now(UTC).replace(tzinfo=None)

        @classmethod
        def today(cls):
            return cls.now()

    from ewbscraper.cli import main
    from ewbscraper.crawl.session import CrawlSession

    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("ewbscraper") and getattr(module, "datetime", None) is moment:
            module.datetime = Shifted
    time.time = lambda: real() + shift[0]
    article = CrawlSession.article

    def then_jump(self, *args):
        shift[0] = next(left, shift[0])
        return article(self, *args)

    CrawlSession.article = then_jump
    main(list(words))


@pytest.fixture
def paper():
    paper = SmallPaper(posts=POSTS)
    yield paper
    paper.close()


def asked(paper):
    """Articles that were asked for since it was last asked here."""
    found = sorted(path for path in paper.asked if path.startswith("/2024"))
    paper.asked.clear()
    return found


def stamps(archive):
    with closing(read(archive)) as db:
        wrong = "SELECT count(*) FROM revisions WHERE seen_from > seen_until"
        assert whole.rows(db, wrong) == [(0,)]
        return whole.rows(db, "SELECT DISTINCT strftime('%Y', fetched_at) FROM captures ORDER BY 1")


JUMPS = {
    "back and forth within the run": (0, 3 * YEARS, -20 * YEARS, 40 * YEARS, 0),
    "ten years ahead": (10 * YEARS,),
    "before 1980": (-50 * YEARS,),
    "after 2038": (20 * YEARS,),
}


@pytest.mark.slow
@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
@pytest.mark.fault(
    "Faults",
    sent="a clock that jumps by years, within a run and between runs, and is right again",
    must="no revision, nothing doubled; an edit is seen, each article is looked at again once and not for ever",
)
def test_a_clock_that_jumps(jumps, paper, tmp_path, meter):
    archive = whole.define(tmp_path, paper.home)
    assert run(tmp_path).code == 0
    asked(paper)
    ended = run(tmp_path, *jumps, words=("crawl", "small", "--recheck"))
    assert (ended.code in (0, 3), "Traceback" in ended.said) == (True, False), ended
    assert len(asked(paper)) == POSTS
    assert whole.texts(archive)["revisions"] == []
    for _ in range(2):
        assert run(tmp_path).code == 0
    assert len(asked(paper)) <= POSTS
    assert run(tmp_path).code == 0
    assert asked(paper) == []
    paper.posts["post-2"] = 1
    assert run(tmp_path).code == 0
    assert asked(paper) == ["/2024/01/01/post-2/"]
    assert len(whole.texts(archive)["revisions"]) == 1
    stamps(archive)
    whole.assert_whole(archive)
    meter.tried(len(jumps))


ZONES = ("Pacific/Kiritimati", "America/St_Johns", "", "Europe/Belgrade", "Nowhere/Atall", "UTC")


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`TZ` another one in each run: Kiritimati, St Johns, none, Belgrade, one that is none",
    must="the same articles, no revision, no article asked for again; stamps are UTC",
)
def test_time_zones_that_change_between_runs(paper, tmp_path, meter):
    archive = whole.define(tmp_path, paper.home)
    assert run(tmp_path, zone=ZONES[0]).code == 0
    before = whole.tables(archive)["articles"]
    asked(paper)
    for zone in ZONES[1:]:
        began = datetime.now(UTC) - timedelta(seconds=2)
        assert run(tmp_path, zone=zone).code == 0
        with closing(read(archive)) as db:
            started = datetime.fromisoformat(db.execute("SELECT max(started) FROM runs").fetchone()[0])
        assert began <= started <= datetime.now(UTC)
        meter.tried()
    assert asked(paper) == []
    assert run(tmp_path, words=("crawl", "small", "--recheck"), zone=ZONES[1]).code == 0
    now = whole.tables(archive)["articles"]
    assert [row[:14] for row in now] == [row[:14] for row in before]
    assert whole.texts(archive)["revisions"] == []
    whole.assert_whole(archive)


NIGHTS = {
    "the leap day": datetime(2028, 2, 29, 23, 59, 58, tzinfo=UTC),
    "the night when clocks go forward": datetime(2026, 3, 29, 0, 59, 58, tzinfo=UTC),
    "the night when clocks go back": datetime(2026, 10, 25, 0, 59, 58, tzinfo=UTC),
    "the new year": datetime(2027, 12, 31, 22, 59, 58, tzinfo=UTC),
}


@pytest.mark.slow
@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS)
@pytest.mark.fault(
    "Faults",
    sent="a run over the end of the leap day, over both changes of summer time and New Year, in Belgrade",
    must="stamps are UTC and in order; the next run asks for nothing",
)
def test_nights_that_are_longer(night, paper, tmp_path):
    archive = whole.define(tmp_path, paper.home)
    away = night.timestamp() - time.time()
    assert run(tmp_path, away - 28, away + 32, away + 3600, zone="Europe/Belgrade").code == 0
    asked(paper)
    assert run(tmp_path, away + 7200, zone="Europe/Belgrade").code == 0
    with closing(read(archive)) as db:
        (first, last) = whole.rows(db, "SELECT min(fetched_at), max(fetched_at) FROM captures")[0]
    assert first.startswith(f"{night:%Y-%m-%dT}")
    assert timedelta() < datetime.fromisoformat(last) - night < timedelta(hours=3)
    assert asked(paper) == []
    whole.assert_whole(archive)
