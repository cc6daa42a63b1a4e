"""Two of everything at once, on one archive: each ends well, or says that another one goes on; all is whole."""

import threading
from contextlib import closing

import pytest
import steps
import whole
from kept import keep
from other_tools import DEFINITION, Warc, page
from small_paper import SmallPaper

from ewbscraper.outlet import Outlet

OTHER = Outlet(slug="daily", name="The Daily", home="https://daily.example/", sources=())
BUSY = 75


@pytest.fixture
def paper():
    paper = SmallPaper(posts=6)
    yield paper
    paper.close()


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="a second crawl, reparse, merge and import of an outlet that is being crawled",
    must="exit code 75 at once, with a sentence; the crawl ends well",
)
def test_a_second_run_of_the_same_outlet(paper, tmp_path, meter):
    archive = whole.define(tmp_path, paper.home)
    theirs = tmp_path / "theirs"
    whole.define(theirs, paper.home)
    assert steps.command(["crawl", "small", "--limit", "2"], tmp_path).code == 0
    assert steps.command(["crawl", "small", "--limit", "4"], theirs).code == 0
    (warc,) = theirs.rglob("*.warc.gz")
    hangs, let_go = threading.Event(), threading.Event()
    paper.bend = lambda path: (hangs.set(), let_go.wait(60), None)[2] if "wp-json" in path else None
    first = steps.start(["crawl", "small"], tmp_path)
    assert hangs.wait(30)
    second = tmp_path / "second"
    second.mkdir()
    for words in (["crawl", "small"], ["reparse"], ["merge", theirs / "archive.db"], ["import", warc]):
        ended = steps.command([*words, "--archive", archive], second if words[0] != "crawl" else tmp_path / "outlets")
        assert (ended.code, "Traceback" in ended.said) == (BUSY, False), (words, ended)
        assert "another run of small is writing" in ended.said
        meter.tried()
    let_go.set()
    assert steps.end(first, tmp_path).code == 0
    assert len(whole.texts(archive)["articles"]) == 6
    whole.assert_whole(archive)


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="on one archive at once: two crawls of each of two outlets, reparse, merge, import, reindex, two exports, "
    "snapshot, verify, search, status, serve",
    must="each ends well, or with 75 and a sentence; all articles of all of them are there, nothing is damaged",
)
def test_everything_at_once(paper, tmp_path, meter):
    with closing(SmallPaper(posts=5)) as second:
        archive = whole.define(tmp_path, paper.home)
        whole.define(tmp_path, second.home, slug="second")
        (tmp_path / "outlets" / "courier.py").write_text(DEFINITION)
        assert steps.command(["crawl", "small", "--limit", "2"], tmp_path).code == 0
        whole.define(tmp_path, paper.home, more=", leave_out='.other-rules'")
        theirs, old = keep_another(tmp_path / "theirs"), Warc()
        for name in "abc":
            old.add(f"/{name}/", page(f"Headline {name}"))
        commands = [
            *[["crawl", "small"]] * 2,
            *[["crawl", "second"]] * 2,
            ["crawl", "small", "second"],
            ["reparse", "--jobs", "1"],
            ["merge", theirs],
            ["import", old.save(tmp_path / "old.warc.gz")],
            ["reindex"],
            ["export", "--format", "ndjson", "one"],
            ["export", "--format", "parquet", "two"],
            ["export", "--format", "wacz", "three"],
            ["snapshot", "copy.db"],
            ["verify"],
            ["search", "text"],
            ["status"],
        ]
        started = []
        for number, words in enumerate([*commands, ["serve", "--port", "0"]]):
            desk = tmp_path / f"desk{number}"
            desk.mkdir()
            started.append((words, desk, steps.start([*words, "--archive", archive], desk)))
        room = started.pop()
        for words, desk, process in started:
            ended = steps.end(process, desk)
            assert (ended.code in (0, BUSY), "Traceback" in ended.said) == (True, False), (words, ended)
            assert ended.code == 0 or "another run of" in ended.said
            meter.tried()
        room[2].terminate()
        assert "Traceback" not in steps.end(room[2], room[1]).said
        for words in (["crawl", "small", "second"], ["import", "old.warc.gz"], ["merge", theirs]):
            assert steps.command(words, tmp_path).code == 0
        texts = whole.texts(archive)
        assert (len(texts["articles"]), len(texts["revisions"])) == (6 + 5 + 3 + 3, 3)
        whole.assert_whole(archive)


def keep_another(folder):
    folder.mkdir()
    return keep(folder, editions=2, outlet=OTHER)
