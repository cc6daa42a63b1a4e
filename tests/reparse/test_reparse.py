"""Reading again: the same pages by other rules, and nothing of it looks like an edit by the outlet."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from browse_data import get
from commands import begun, ewbscraper
from filelock import FileLock
from hostile_paper import HostilePaper, text, whole
from lxml import html
from rereading import Archive, Paper
from small_paper import page
from sqlite_utils import Database

from ewbscraper.archive.articles.kept import articles_to_read, kept_articles
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.schema.migrations import migrations
from ewbscraper.browse.serve import reading_room
from ewbscraper.sample_site.server import SampleSite

WITHOUT_OPENING = ", leave_out='.opening'"
STAMPS = "SELECT id, first_seen, last_seen, text_since, gone_at FROM articles"


@pytest.fixture
def paper():
    paper = Paper(posts=6)
    yield paper
    paper.close()


@pytest.fixture
def archive(paper, tmp_path):
    return Archive(tmp_path, paper.home)


@pytest.mark.slow
def test_after_a_crawl_of_both_editions_reading_all_again_changes_nothing(tmp_path):
    assert ewbscraper("demo", "--no-serve", folder=tmp_path).returncode == 0
    archive = Archive(tmp_path, "")
    before = archive.everything()
    assert archive.reparse()["articles"] == 0
    account = archive.reparse("--again")
    assert (account["articles"], account["fields"], account["problems"]) == (43, {}, [])
    assert (account["run"]["unchanged"], account["run"]["changed"], account["run"]["outcome"]) == (43, 0, "finished")
    assert archive.everything() == before
    assert any(page for (page,) in archive.rows("SELECT page FROM captures")), "no article of several pages"


@pytest.mark.slow
def test_where_pictures_stood_is_found_again(tmp_path):
    assert ewbscraper("demo", "--no-serve", folder=tmp_path).returncode == 0
    archive = Archive(tmp_path, "")
    before = archive.everything()
    assert archive.rows("SELECT 1 FROM captions WHERE after > 0")
    with closing(create(archive.path)) as db, transaction(db):
        db.execute("UPDATE captions SET after = NULL")
    assert archive.reparse("--again")["fields"] == {}
    assert archive.everything() == before


@pytest.mark.slow
def test_after_a_crawl_of_moves_false_addresses_and_compressed_pages_nothing_changes(paper, archive):
    canonical = f'<link rel="canonical" href="{paper.address("post-1")}">'
    second = paper.address("post-2")
    parts = f'<p class="page-links"><a href="{second}2/">2</a></p>'
    bent = {
        "/2024/01/01/post-0/": page(
            "Headline of none", "It says that it is another, with its own text.", head=canonical
        ),
        "/2024/01/01/post-2/": page("Headline of parts", f"The first part of it, which goes on.{parts}"),
        "/2024/01/01/post-2/2/": page("Headline of parts", "The second part of it, with an end."),
    }
    paper.bend = lambda path: (200, {}, bent[path]) if path in bent else None
    archive.crawl()
    archive.crawl("--recheck")
    new, old = paper.address("renamed"), "/2024/01/01/post-3/"
    moved = paper.answer(old)
    paper.bend = lambda path: (
        (301, {"Location": new}, "")
        if path == old
        else moved
        if "renamed" in path
        else (200, {}, bent[path])
        if path in bent
        else None
    )
    archive.crawl("--recheck")
    assert archive.rows("SELECT count(*) FROM articles WHERE body LIKE '%first part%second part%'") == [(1,)]
    before = archive.everything()
    account = archive.reparse("--again")
    assert (account["articles"], account["fields"], account["problems"]) == (6, {}, [])
    assert archive.everything() == before


@pytest.mark.slow
def test_after_a_crawl_among_all_troubles_nothing_changes(tmp_path):
    site = HostilePaper()
    archive = Archive(tmp_path, site.home)
    for trouble in ("drip", "endless-body", "endless-head", "loop"):  # which take their time
        site.troubles[trouble] = lambda path: whole(text("calm"))
    try:
        ewbscraper("crawl", "small", folder=tmp_path)
    finally:
        site.close()
    before = archive.everything()
    account = archive.reparse("--again")
    assert account["articles"] >= 12
    assert (account["fields"], account["problems"]) == ({}, [])
    assert archive.everything() == before


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--again",), ("--again", "--dry-run")])
def test_a_definition_that_cannot_be_read_is_said_once(archive, options):
    archive.crawl()
    archive.define(", body=")
    done = ewbscraper("reparse", *options, folder=archive.folder)
    assert (done.returncode, done.stdout, done.stderr.count("small.py: SyntaxError")) == (2, "", 1)


@pytest.mark.slow
def test_a_change_of_ours_is_no_edit_anywhere(paper, archive):
    archive.crawl()
    del paper.posts["post-5"]
    assert archive.crawl()["gone"] == 1
    before = archive.rows(STAMPS)
    archive.define(WITHOUT_OPENING)
    account = archive.reparse()
    run = account["run"]
    assert (account["articles"], account["changed"], account["fields"]) == (
        6,
        6,
        {"body": 6, "body_html": 6, "words": 6},
    )
    assert (run["new"], run["changed"], run["reread"], run["unchanged"], run["requests"]) == (0, 0, 6, 0, 0)
    assert archive.rows(STAMPS) == before
    assert archive.rows("SELECT DISTINCT cause FROM revisions") == [("extraction",)]
    assert archive.rows("SELECT count(*) FROM revisions WHERE body LIKE '%Small reports%'") == [(6,)]
    assert archive.rows("SELECT count(*) FROM articles WHERE body LIKE '%Small reports%'") == [(0,)]
    assert archive.rows("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'reports'") == [(0,)]
    for query in ("headlines_changed", "most_edited"):
        assert json.loads(ewbscraper("query", query, folder=archive.folder).stdout) == []
    assert "it read" not in ewbscraper("show", "1", folder=archive.folder).stdout
    (shown,) = get(reading_room(archive.path), "/archive/articles/1")
    said = html.fromstring(shown.text).text_content()
    assert "read better by us" in said
    assert "Changed by the outlet" not in said
    assert "Changed once" not in said
    assert archive.reparse()["articles"] == 0
    assert archive.crawl("--recheck")["changed"] == 0


def test_a_crawl_by_new_rules_tells_an_edit_from_what_the_rules_changed(paper, archive):
    archive.crawl()
    archive.define(WITHOUT_OPENING)
    paper.posts["post-1"] = 7
    run = archive.crawl("--recheck")
    assert (run["changed"], run["reread"], run["unchanged"]) == (1, 6, 5)
    ours = archive.rows("SELECT article FROM revisions WHERE cause = 'extraction'")
    assert len(ours) == 6
    sql = (
        "SELECT cause, old.body LIKE '%reports%', old.body LIKE '%version 0%', articles.body LIKE '%version 7%'"
        " FROM revisions old JOIN articles ON articles.id = article WHERE url = ? ORDER BY seen_from, old.id"
    )
    assert archive.rows(sql, paper.address("post-1")) == [("extraction", 1, 1, 1), ("outlet", 0, 1, 1)]
    assert [row["article"] for row in json.loads(ewbscraper("query", "most_edited", folder=archive.folder).stdout)] == [
        number for (number,) in archive.rows("SELECT id FROM articles WHERE url = ?", paper.address("post-1"))
    ]
    assert archive.reparse()["articles"] == 0


def test_where_the_page_before_is_lost_a_crawl_by_new_rules_accuses_nobody(archive):
    archive.crawl()
    for warc in archive.folder.glob("warc/*/*/*"):
        warc.unlink()
    archive.define(WITHOUT_OPENING)
    run = archive.crawl("--recheck")
    assert (run["changed"], run["reread"]) == (0, 6)
    assert archive.rows("SELECT cause, count(*) FROM revisions GROUP BY 1") == [("extraction", 6)]


def test_a_dry_run_shows_what_would_change_and_changes_nothing(archive):
    archive.crawl()
    archive.define(WITHOUT_OPENING)
    before = archive.everything()
    done = ewbscraper("reparse", "small", "--dry-run", folder=archive.folder)
    assert done.returncode == 0, done.stderr
    assert "small: 6 read again, 6 would change\n  body               6\n" in done.stdout
    assert "was  The Small reports again today. Text of post" in done.stdout
    assert archive.everything() == before
    assert archive.rows("SELECT count(*) FROM runs") == [(1,)]


def test_damaged_and_missing_pages_are_named_and_the_others_done(archive):
    archive.crawl()
    (warc,) = archive.folder.glob("warc/*/*/*")
    ((offset, length),) = archive.rows("SELECT offset, length FROM captures WHERE article = 2")
    raw = bytearray(warc.read_bytes())
    raw[offset + length // 2] ^= 0xFF
    warc.write_bytes(raw)
    with closing(create(archive.path)) as db, transaction(db):
        db.execute("UPDATE captures SET warc = 'warc/small/2024/gone.warc.gz' WHERE article = 3")
        db.execute("UPDATE captures SET article = NULL WHERE article = 4")
        db.execute("UPDATE captures SET offset = 100000000 WHERE article = 5")
    archive.define(WITHOUT_OPENING)
    account = archive.reparse(code=3)
    assert [one["article"] for one in account["problems"]] == [2, 3, 4, 5]
    assert "gone.warc.gz" in account["problems"][1]["why"]
    assert (account["run"]["reread"], account["run"]["failed"]) == (2, 4)
    assert len(account["run"]["needs_a_look"].splitlines()) == 4
    assert archive.reparse(code=3)["articles"] == 4


def test_what_new_rules_take_for_no_article_stays_as_it_is(archive):
    archive.crawl()
    archive.define(", body='h1'")
    before = archive.everything()
    account = archive.reparse(code=3)
    assert {one["why"] for one in account["problems"]} == {"no article any more: no text"}
    assert account["run"]["not_articles"] == 6
    assert archive.everything() == before


def test_a_busy_outlet_is_left_alone(archive):
    archive.crawl()
    with FileLock(archive.folder / ".archive.db.small.lock"):
        done = ewbscraper("reparse", "small", "--again", folder=archive.folder)
    assert (done.returncode, "another run of small" in done.stderr) == (75, True)


def test_an_outlet_that_the_archive_has_not_is_named_with_those_that_it_has(archive):
    archive.crawl()
    done = ewbscraper("reparse", "smal", folder=archive.folder)
    assert (done.returncode, "it has small" in done.stderr) == (2, True)


@pytest.fixture(params=[1, 2])
def half_way(request, tmp_path):
    """A run of one process or two that has committed some of sixty articles and waits at the gate."""
    paper = Paper(posts=60)
    archive = Archive(tmp_path, paper.home)
    archive.crawl()
    archive.define(", body=at_the_gate, leave_out='.opening'")
    told = ["env", "--default-signal=INT"]  # a shell's background job has it ignored, and hands that on
    command = [*told, sys.executable, "-m", "ewbscraper", "reparse", "--jobs", str(request.param), "--json"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        begun = time.monotonic()
        while not archive.rows("SELECT reread FROM runs WHERE command = 'reparse small' AND reread >= 10"):
            assert process.poll() is None
            assert time.monotonic() - begun < 60
            time.sleep(0.01)
        yield archive, process
    finally:
        process.kill()
        process.wait(60)
        process.stdout.close()
        paper.close()


def open_the_gate(archive):
    (archive.folder / "outlets" / "gate").touch()


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_where_it_was(half_way):
    archive, process = half_way
    process.kill()
    process.wait(60)
    done = archive.rows("SELECT reread FROM runs ORDER BY id DESC LIMIT 1")[0][0]
    open_the_gate(archive)
    account = archive.reparse()
    assert (account["articles"], account["run"]["reread"]) == (60 - done, 60 - done)
    assert archive.rows("SELECT outcome FROM runs ORDER BY id") == [("finished",), ("killed",), ("finished",)]
    assert archive.rows("SELECT count(*), count(DISTINCT article) FROM revisions") == [(60, 60)]
    assert archive.rows("SELECT count(DISTINCT extraction), count(*) FROM readings") == [(1, 60)]


@pytest.mark.slow
def test_a_worker_that_dies_costs_what_it_had_before_it(tmp_path):
    with closing(Paper(posts=45)) as paper:
        archive = Archive(tmp_path, paper.home)
        archive.crawl()
    archive.define(", body=here, leave_out='.opening'")
    done = begun("reparse", "--jobs", "2", folder=tmp_path)
    assert (done.returncode, "a worker process died" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    kept = archive.rows("SELECT count(*) FROM revisions")[0][0]
    assert 0 < kept < 45
    account = archive.reparse("--jobs", "1", how=begun)
    assert (account["articles"], account["run"]["reread"]) == (45 - kept, 45 - kept)
    assert archive.rows("SELECT count(*), count(DISTINCT article) FROM revisions") == [(45, 45)]


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_ours_on_one_page_costs_that_page(tmp_path, jobs):
    with closing(Paper(posts=30)) as paper:
        archive = Archive(tmp_path, paper.home)
        archive.crawl()
    archive.define(", body=but_one, leave_out='.opening'")
    account = archive.reparse("--jobs", str(jobs), code=3)
    assert [one["why"].partition(": ")[2] for one in account["problems"]] == ["AssertionError: "]
    assert (account["run"]["reread"], account["run"]["failed"]) == (29, 1)


@pytest.mark.slow
def test_ctrl_c_ends_well(half_way):
    archive, process = half_way
    os.killpg(process.pid, signal.SIGINT)
    open_the_gate(archive)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    run = json.loads(printed)[0]["run"]
    assert (run["outcome"], run["reread"]) == ("shutdown", archive.rows("SELECT count(*) FROM revisions")[0][0])
    assert archive.reparse()["articles"] == 60 - run["reread"]


@pytest.mark.slow
def test_the_sample_newspaper_read_by_name(tmp_path):
    with SampleSite() as site:
        archive = Archive(tmp_path, site.url)
        archive.crawl()
    archive.define(", headline='title'")
    account = archive.reparse("small")
    assert account["fields"]["headline"] == account["run"]["reread"] == 40
    assert archive.rows("SELECT count(*) FROM found_by WHERE field = 'headline' AND strategy = 'outlet'") == [(40,)]


def test_the_pages_of_the_newest_look_are_known_in_an_archive_that_older_code_made(tmp_path):
    older = Database(sqlite3.connect(tmp_path / "archive.db"))
    migrations.apply(older, stop_before="m007_who_read_a_text")
    older["about"].insert({"key": "fold_version", "value": "0"})
    older["outlets"].insert({"slug": "small", "name": "Small", "home": "https://small.example/", "timezone": "UTC"})
    days = ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
    looks = [(1, ["a/"]), (2, ["b/", "b/2/", "b/3/"]), (3, ["c/"]), (3, ["d/"])]
    for number in (1, 2, 3):
        stamps = {"first_seen": days[0], "text_since": days[0], "last_seen": days[1]}
        text = {"url": f"https://small.example/{number}", "words": 1, "content_hash": "", "body": "", "body_html": ""}
        older["articles"].insert({"id": number, "outlet": "small", **text, **stamps})
    for run, day in enumerate(days, 1):
        older["runs"].insert({"outlet": "small", "command": "test", "software": "0", "started": day})
        page = {"run": run, "fetched_at": day, "status": 200, "sha256": "", "bytes": 1, "warc": "w", "length": 1}
        captures = [(number, f"https://small.example/{url}") for number, look in looks for url in look]
        for offset, (number, url) in enumerate(captures):
            older["captures"].insert({**page, "article": number, "url": url, "offset": 100 * run + offset})
    older.conn.close()
    with closing(create(tmp_path / "archive.db")) as db:
        newest = {kept.article: [page.offset for page in kept.pages] for kept in kept_articles(db, [1, 2, 3])}
        assert articles_to_read(db, "small", "any") == [1, 2, 3]
    assert newest == {1: [200], 2: [201, 202, 203], 3: [205]}
