"""Too little of everything: disk, file size, descriptors, memory. One line says so, and what was saved is whole."""

import functools
import os
import resource
import shutil
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import old_archives
import pytest
import steps
import whole
from disks import disk
from kept import keep, run_of
from other_tools import DEFINITION, Warc, page
from small_paper import SmallPaper

from ewbscraper.archive.database import create, read

CURES = ("Make room", "make room", "ulimit -f", "ulimit -n", "run it again")
ROOM = 30_000_000
KINDS = ("merge", "import", "reparse", "reindex", "upgrade", "ndjson", "parquet", "text", "wacz", "snapshot")


def prepare(folder, kind):
    """A folder for a command, and its words."""
    if kind == "upgrade":
        old_archives.restore(old_archives.kept()[0].read_text(encoding="utf-8"), folder / "archive.db")
        return ["reindex"]
    if kind != "reparse":
        keep(folder)
    if kind == "merge":
        theirs = folder / "theirs"
        theirs.mkdir()
        shutil.copy(folder / "archive.db", theirs)
        shutil.copytree(folder / "warc", theirs / "warc")
        with closing(create(theirs / "archive.db")) as db:
            run_of(db, theirs / "archive.db", 3)
        return ["merge", theirs / "archive.db"]
    if kind in ("import", "reparse"):
        (folder / "outlets").mkdir()
        (folder / "outlets" / "courier.py").write_text(DEFINITION)
        warc = Warc()
        for number in range(20):
            warc.add(f"/{number}/", page(f"Headline {number}", os.urandom(3000).hex()))
        words = ["import", warc.save(folder / "old.warc.gz")]
        if kind == "import":
            return words
        assert run(folder, words, folder / "archive.db").code == 0
        return ["reparse", "--again"]
    if kind in ("reindex", "snapshot"):
        return [kind, folder / "copy.db"][: 1 + (kind == "snapshot")]
    return ["export", "--format", kind, folder / "out"]


def run(desk, words, archive, **limits):
    """In a process that has these limits: bytes of a file, descriptors, bytes of memory."""
    return steps.command(functools.partial(limited, [*words, "--archive", archive], limits), desk)


def limited(words, limits, folder):
    from ewbscraper.cli import main

    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    main([str(word) for word in words])


def assert_told(ended):
    """One line of ours, exit code 1."""
    assert ended.code == 1, ended
    last = ended.said.strip().splitlines()[-1]
    assert last.startswith("ewbscraper: "), ended
    assert any(cure in last for cure in CURES), ended
    assert "Traceback" not in ended.said, ended


@pytest.fixture
def desk(tmp_path):
    desk = tmp_path / "desk"
    desk.mkdir()
    return desk


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.fault(
    "Faults",
    sent="a full disk (none, 8, 60, 300 KB left) in merge, import, reparse, reindex, upgrade, each export, snapshot",
    must="it fits, or one line and exit code 1; no damage; with room, the same command again does it",
)
def test_a_full_disk(kind, tmp_path, desk, meter):
    folder = tmp_path / "disk"
    folder.mkdir()
    archive, told = folder / "archive.db", 0
    with disk(folder, ROOM) as mount_again:
        words = prepare(folder, kind)
        for left in (0, 8, 60, 300):
            mount_again(f"size={(shutil.disk_usage(folder).used // 1024) + left}k")
            ended = run(desk, words, archive)
            if ended.code != 0:
                assert_told(ended)
                told += 1
            with closing(read(archive)) as db:
                assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            mount_again(f"size={ROOM}")
            (folder / "copy.db").unlink(missing_ok=True)
            meter.tried()
        assert told
        assert run(desk, words, archive).code == 0
        if kind != "upgrade":
            whole.assert_whole(archive)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.fault(
    "Faults",
    sent="files of 1, 30, 200 KB at most (`ulimit -f`) in the same commands",
    must="it fits, or one line and exit code 1; no damage; without the limit, the same command again does it",
    found="exports and snapshots named no cure",
)
def test_a_limit_of_the_size_of_files(kind, tmp_path, desk, meter):
    folder = tmp_path / "archive"
    folder.mkdir()
    archive, words, told = folder / "archive.db", prepare(folder, kind), 0
    for most in (1_000, 30_000, 200_000):
        ended = run(desk, words, archive, FSIZE=most)
        if ended.code != 0:
            assert_told(ended)
            told += 1
        with closing(read(archive)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        (folder / "copy.db").unlink(missing_ok=True)
        meter.tried()
    assert told
    assert run(desk, words, archive).code == 0
    if kind != "upgrade":
        whole.assert_whole(archive)


WRITES = (["crawl", "small"], ["reparse", "--again"], ["reindex"], ["merge", "theirs"], ["import", "warc"])
READS = (
    ["search", "text"], ["show", "1"], ["query", "select count(*) from articles"], ["status"], ["verify"],
    ["export", "--format", "ndjson", "out1"], ["export", "--format", "parquet", "out2"],
    ["export", "--format", "wacz", "out3"], ["snapshot", "copy.db"], ["outlets", "list"],
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="an archive on a disk that can only be read: every command, and the reading room",
    must="those that read do as ever; those that write say so in one line, exit code 1",
    found="`serve --port 0` said to open port 0",
)
def test_a_disk_that_can_only_be_read(tmp_path, desk, meter):
    folder, theirs = tmp_path / "disk", tmp_path / "theirs"
    folder.mkdir()
    with closing(SmallPaper(posts=2)) as paper, disk(folder, ROOM) as mount_again:
        archive = crawled(folder, paper)
        crawled(theirs, paper)
        (warc,) = theirs.rglob("*.warc.gz")
        found = {"theirs": theirs / "archive.db", "warc": warc}
        mount_again("ro")
        for words in READS:
            ended = run(desk, words, archive)
            assert ended.code == 0, (words, ended)
            meter.tried()
        for words in WRITES:
            assert_told(run(desk, [found.get(word, word) for word in words], archive))
            meter.tried()
        room = steps.start(["serve", "--port", "0", "--archive", archive], desk)
        while room.is_alive() and "Open http" not in (desk / "said").read_text():
            room.join(0.05)
        address = (desk / "said").read_text().split("Open ")[1].split()[0]
        with urlopen(f"{address}archive/articles/1") as answer:
            assert b"Headline of post-" in answer.read()
        room.terminate()
        assert "Traceback" not in steps.end(room, desk).said
        meter.tried()


def crawled(folder, paper, *words):
    archive = whole.define(folder, paper.home)
    assert steps.command(["crawl", "small", *words], folder).code == 0
    return archive


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["crawl", "reparse", "merge", "wacz", "verify"])
@pytest.mark.fault(
    "Faults",
    sent="8, 12, 16, 24, 40 file descriptors at most (`ulimit -n`)",
    must="it makes do with them, or one line and exit code 1; nothing is damaged",
    found="the cure that was told was to make room on the disk",
)
def test_few_file_descriptors(kind, tmp_path, desk, meter):
    with closing(SmallPaper(posts=4)) as paper:
        archive = crawled(tmp_path, paper)
        assert steps.command(["crawl", "small", "--recheck"], tmp_path).code == 0  # another WARC file
        words = {
            "crawl": ["crawl", "small", "--recheck"],
            "reparse": ["reparse", "--again", "--jobs", "1"],
            "merge": ["merge", archive],
            "wacz": ["export", "--format", "wacz", desk / "out"],
            "verify": ["verify"],
        }[kind]
        into = desk / "archive.db" if kind == "merge" else archive
        for number in (8, 12, 16, 24, 40):
            ended = run(tmp_path / "outlets" if kind == "crawl" else desk, words, into, NOFILE=number)
            if ended.code != 0:
                assert_told(ended)
            whole.assert_whole(archive)
            meter.tried()
        assert run(desk, words, into).code == 0
        whole.assert_whole(archive)


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="a page of 10 MB, 200,000 elements, with 100 to 400 MB of memory beyond the program's own (`ulimit -v`): "
    "crawl and reparse",
    must="the page is had, or it waits and the others are had, or exit code 1; never half a row",
)
@pytest.mark.parametrize("more", [100, 200, 400])
def test_little_memory_and_a_big_page(more, tmp_path, meter):
    big = "<p>word " * 200_000 + "x" * 8_000_000
    with closing(SmallPaper(posts=4)) as paper:
        paper.bend = lambda path: (200, {}, paper.answer(path)[2] + big) if "post-1/" in path else None
        archive = whole.define(tmp_path, paper.home)
        for words in (["crawl", "small"], ["reparse", "--again", "--jobs", "1"]):
            ended = steps.command(functools.partial(in_little_memory, words, more), tmp_path)
            assert ended.code in (0, 1, 3), ended
            whole.assert_whole(archive)
            meter.tried()
        paper.bend = lambda path: None
        assert steps.command(["crawl", "small", "--recheck"], tmp_path).code == 0
        assert len(whole.texts(archive)["articles"]) == 4


def in_little_memory(words, more, folder):
    from ewbscraper.cli import main

    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + more * 1_000_000,) * 2)
    main(words)
