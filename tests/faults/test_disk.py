"""Disks, files, programs and clocks that do not behave: nothing archived is lost, and the next run goes on."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256

import pytest
from disks import disk
from small_paper import SmallPaper
from warcio.warcwriter import WARCWriter

from ewbscraper.archive.connection import CURE, CURE_FOR_BUSY
from ewbscraper.archive.database import ANOTHER, create, read
from ewbscraper.archive.warc.reader import read_exchange

pytestmark = pytest.mark.slow

POSTS = 30
IMPATIENT = """
import sys
from ewbscraper.archive import database
from ewbscraper.cli import main

database.BUSY_TIMEOUT, database.WAL_LIMIT = 0.2, 100_000
main(sys.argv[1:])
"""


@pytest.fixture
def paper(tmp_path):
    paper = SmallPaper(posts=POSTS)
    paper.folder = tmp_path / "archive"
    paper.folder.mkdir()
    yield paper
    paper.close()


def crawl(paper, *words, script=None):
    """One run of the command, by an outlet file beside the archive."""
    outlets = paper.folder / "outlets"
    if not outlets.exists():
        outlets.mkdir()
        (outlets / "small.py").write_text(
            "from ewbscraper.outlet import Outlet, WordPress\n"
            f"OUTLET = Outlet(slug='small', name='Small', home='{paper.home}', sources=(WordPress(),))\n"
        )
    program = ["-c", script] if script else ["-m", "ewbscraper"]
    command = [sys.executable, *program, "crawl", "small", "--archive", str(paper.folder / "archive.db"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rows(paper, sql):
    with closing(read(paper.folder / "archive.db")) as db:
        return [tuple(row) for row in db.execute(sql)]


def make_pages_large(paper):
    """40 KB a page that do not compress."""
    filler = os.urandom(20_000).hex()
    paper.bend = lambda path: (
        (*paper.answer(path)[:2], f"{paper.answer(path)[2]}<!--{filler}-->") if "post-" in path else None
    )


def assert_told(done, cure):
    """One line, which names the cure; no run that looks as if it had gone well."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    said = done.stderr.strip()
    assert said.startswith("ewbscraper: ")
    assert said.endswith(cure)


def assert_whole(paper):
    """The next run has everything, every capture is as its digest says, and so is the index."""
    done = crawl(paper, "--json")
    assert (done.returncode, json.loads(done.stdout)[0]["outcome"]) == (0, "finished"), done.stderr
    assert rows(paper, "SELECT count(*) FROM articles") == [(POSTS,)]
    assert rows(paper, "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'version'") == [(POSTS,)]
    assert rows(paper, "PRAGMA integrity_check") == [("ok",)]
    assert rows(paper, "PRAGMA foreign_key_check") == []
    with closing(read(paper.folder / "archive.db")) as db:
        for number, digest in db.execute("SELECT id, sha256 FROM captures").fetchall():
            assert sha256(read_exchange(db, paper.folder, number).body).hexdigest() == digest


@pytest.mark.fault(
    "Faults",
    sent="a crawl into a folder that can only be read",
    must="one line with the cure, exit code 1, not a byte changed; the next run goes on",
)
def test_a_folder_that_can_only_be_read(paper):
    with disk(paper.folder, "20m") as mount_again:
        crawl(paper, "--limit", "3")
        mount_again("ro")
        before = (paper.folder / "archive.db").read_bytes()
        assert_told(crawl(paper, "--quiet"), CURE)
        assert (paper.folder / "archive.db").read_bytes() == before
        mount_again("rw")
        assert_whole(paper)


@pytest.mark.fault(
    "Faults",
    sent="a first crawl into a folder that can only be read",
    must="one line with the cure, exit code 1; with room, all is had",
)
def test_a_new_archive_in_a_folder_that_can_only_be_read(paper):
    with disk(paper.folder, "20m") as mount_again:
        crawl(paper, "--dry-run")
        mount_again("ro")
        assert_told(crawl(paper, "--quiet"), CURE)
        mount_again("rw")
        assert_whole(paper)


@pytest.mark.fault(
    "Faults",
    sent="a disk that is full in the middle of a crawl",
    must="one line with the cure, exit code 1; with room, all is had once",
)
@pytest.mark.parametrize("size", ["400k", "700k", "1100k"])
def test_a_disk_that_is_full_in_the_middle_of_a_run(paper, size):
    """What is written when there is no more room differs with the size: archive, its log, or the WARC."""
    with disk(paper.folder, size) as mount_again:
        make_pages_large(paper)
        assert_told(crawl(paper, "--quiet"), CURE)
        mount_again("size=20m")
        assert_whole(paper)


@pytest.mark.fault(
    "Faults",
    sent="a text file, another program's database in the archive's place",
    must="it is left as it is",
)
@pytest.mark.parametrize("kind", ["text", "database"])
def test_a_file_that_is_no_archive_of_ours_is_left_as_it_is(paper, kind):
    path = paper.folder / "archive.db"
    if kind == "text":
        path.write_text("notes\n" * 2000)
    else:
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    assert_told(crawl(paper), ANOTHER)
    assert path.read_bytes() == before
    path.unlink()
    assert_whole(paper)


@pytest.mark.fault(
    "Faults",
    sent="WARC files of other tools in our folder",
    must="they are left as they are",
)
def test_warcs_of_other_tools_in_our_folder_are_left_as_they_are(paper):
    crawl(paper, "--limit", "3")
    (ours,) = (paper.folder / "warc").rglob("*.warc.gz")
    theirs = [ours.with_name("other.warc"), ours.with_name(f"x-{ours.name}"), paper.folder / "warc" / "rec.warc.gz"]
    for path in theirs:
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=path.suffix == ".gz")
            writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another"}))
    before = [path.read_bytes() for path in [ours, *theirs]]
    assert_whole(paper)
    assert [path.read_bytes() for path in [ours, *theirs]] == before


@pytest.mark.fault(
    "Faults",
    sent="another program that writes to the archive and does not end",
    must="one line with the cure, exit code 1; the next run goes on",
)
def test_a_program_that_writes_and_does_not_end(paper):
    crawl(paper, "--limit", "3")
    with closing(create(paper.folder / "archive.db")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert_told(crawl(paper, "--quiet", script=IMPATIENT), CURE_FOR_BUSY)
        writer.execute("ROLLBACK")
    assert_whole(paper)


def begin(writer):
    writer.execute("BEGIN IMMEDIATE")


@pytest.mark.fault(
    "Faults",
    sent="another program that begins to write in the middle of a crawl",
    must="what was saved until then is whole; the next run goes on",
)
def test_a_program_that_begins_to_write_in_the_middle_of_a_run(paper):
    crawl(paper, "--limit", "3")
    with closing(sqlite3.connect(paper.folder / "archive.db", isolation_level=None, check_same_thread=False)) as writer:
        paper.bend = lambda path: begin(writer) if "post-20" in path and not writer.in_transaction else None
        assert_told(crawl(paper, "--quiet", script=IMPATIENT), CURE_FOR_BUSY)
        paper.bend = lambda path: None
        writer.execute("ROLLBACK")
    assert 3 < rows(paper, "SELECT count(*) FROM articles")[0][0] < POSTS
    assert_whole(paper)


@pytest.mark.fault(
    "Faults",
    sent="a reader that never ends",
    must="the crawl ends well, and names it: exit code 3",
)
def test_a_reader_that_never_ends_is_named_and_stops_nothing(paper):
    crawl(paper, "--limit", "3")
    with closing(read(paper.folder / "archive.db")) as reader:
        reader.execute("BEGIN")
        seen = reader.execute("SELECT count(*) FROM articles").fetchone()[0]
        done = crawl(paper, "--json", script=IMPATIENT)
        assert "a program reads archive.db and does not end: archive.db-wal holds" in done.stdout
        assert (done.returncode, seen) == (3, 3)
        assert reader.execute("SELECT count(*) FROM articles").fetchone()[0] == 3
        assert rows(paper, "SELECT count(*) FROM articles") == [(POSTS,)]
    assert_whole(paper)
    assert not [path for path in paper.folder.glob("*-wal") if path.stat().st_size]


STAMPS = (
    ("articles", "first_seen", "last_seen", "text_since"),
    ("captures", "fetched_at"),
    ("frontier", "discovered", "changed", "next_look", "last_asked"),
    ("runs", "started", "finished", "wait_until"),
)


def set_stamps_on(paper, years):
    """As if all had been crawled by a clock that was so much ahead: now it jumps back."""
    with closing(sqlite3.connect(paper.folder / "archive.db")) as db, db:
        db.execute("UPDATE runs SET wait_until = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 hours')")
        for table, *columns in STAMPS:
            moved = (f"{name} = strftime('%Y-%m-%dT%H:%M:%SZ', {name}, '+{years} years')" for name in columns)
            db.execute(f"UPDATE {table} SET {', '.join(moved)}")


@pytest.mark.fault(
    "Faults",
    sent="a clock that was three years ahead and jumps back, with two edits",
    must="each earlier text is kept, in its order",
)
def test_a_clock_that_jumps_back(paper):
    crawl(paper)
    set_stamps_on(paper, 3)
    for version in (1, 2):
        paper.posts["post-3"] = version
        crawl(paper, "--recheck")
    texts = "SELECT body FROM revisions JOIN captures ON captures.id = capture ORDER BY seen_from, revisions.id"
    assert [f"version {n}" in body for n, (body,) in enumerate(rows(paper, texts))] == [True, True]
    assert rows(paper, "SELECT count(*) FROM articles WHERE body LIKE '%version 2%' AND last_seen >= text_since") == [
        (1,)
    ]
    assert rows(paper, "SELECT count(*) FROM revisions WHERE seen_from > seen_until") == [(0,)]
    assert_whole(paper)


@pytest.mark.fault(
    "Faults",
    sent="links that a wrong clock put off for three years",
    must="each is looked at in the next run",
)
def test_links_that_a_wrong_clock_put_off_for_years_are_looked_at(paper):
    crawl(paper)
    set_stamps_on(paper, 3)
    paper.asked.clear()
    assert json.loads(crawl(paper, "--json").stdout)[0]["outcome"] == "finished"
    assert len([path for path in paper.asked if path.startswith("/2024")]) == POSTS
