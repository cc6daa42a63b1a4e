"""A snapshot is the archive of one moment, and with its WARCs the archive again; archives that can only be read."""

import json
import os
import sqlite3
import threading
from contextlib import closing, contextmanager

import pytest
from archives import article, save
from browse_data import build
from click.testing import CliRunner
from commands import ewbscraper

from ewbscraper.archive.database import create, read
from ewbscraper.archive.export.snapshot import snapshot
from ewbscraper.archive.warc.reader import read_capture
from ewbscraper.cli import main
from ewbscraper.errors import InTheWay
from ewbscraper.sample_site.server import SampleSite


def run(*words, code=0):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == code, done.output
    return done


def crawl(*words, folder):
    """In a process of its own: Scrapy runs once in one."""
    done = ewbscraper("crawl", *words, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tables(path):
    with closing(read(path)) as db:
        assert [tuple(row) for row in db.execute("PRAGMA integrity_check")] == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'")]
        wanted = [name for name in names if not name.startswith("articles_fts")]
        return {name: [tuple(row) for row in db.execute(f"SELECT * FROM {name}")] for name in wanted}


def test_a_snapshot_is_the_archive_row_by_row(tmp_path):
    archive = build(tmp_path / "archive.db")
    run("snapshot", str(tmp_path / "copy.db"), "--archive", str(archive))
    assert tables(tmp_path / "copy.db") == tables(archive)
    beside = {"archive.db-wal", "archive.db-shm", ".archive.db.upgrade.lock"}
    assert {path.name for path in tmp_path.iterdir()} - beside == {"archive.db", "copy.db"}


def test_a_snapshot_is_of_one_moment_while_a_crawl_writes(tmp_path):
    archive, stop, started = build(tmp_path / "archive.db"), threading.Event(), threading.Event()

    def crawl():
        with closing(create(archive)) as db:
            number = 0
            while not stop.is_set():
                number += 1
                save(db, 1, article(f"more-{number}", headline=f"More {number}"))
                started.set()

    writer = threading.Thread(target=crawl)
    writer.start()
    try:
        assert started.wait(20)
        for number in range(3):
            snapshot(archive, tmp_path / f"copy{number}.db")
    finally:
        stop.set()
        writer.join()
    counts = []
    for number in range(3):
        kept = tables(tmp_path / f"copy{number}.db")
        assert {row[0] for row in kept["articles"]} == {row[0] for row in kept["found_by"]}
        with closing(read(tmp_path / f"copy{number}.db")) as db:
            found = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'bridge OR crossed'")
            assert found.fetchone()[0] > 20
        counts.append(len(kept["articles"]))
    assert counts == sorted(counts)


def test_a_snapshot_and_its_warcs_are_the_archive_again(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    new.mkdir()
    with SampleSite() as site:
        for folder in (old, new):
            (folder / "outlets").mkdir(parents=True)
            (folder / "outlets" / "daily.py").write_text(
                "from ewbscraper.outlet import Outlet, WordPress\n"
                f"OUTLET = Outlet(slug='daily', name='The Daily', home='{site.url}', sources=(WordPress(),))\n"
            )
        crawl("daily", "--limit", "12", folder=old)
        run("snapshot", str(new / "archive.db"), "--archive", str(old / "archive.db"))
        (old / "warc").rename(new / "warc")
        (old / "archive.db").unlink()

        archive = ["--archive", str(new / "archive.db")]
        hit = json.loads(run("search", "the", "--json", *archive).stdout)[0]
        shown = json.loads(run("show", str(hit["id"]), "--json", *archive).stdout)
        capture = shown["provenance"]["captures"][0]
        assert read_capture(new, capture["warc"], capture["offset"]).url == capture["url"]
        (goes_on,) = json.loads(crawl("daily", "--json", folder=new))
        assert (goes_on["new"], goes_on["changed"], goes_on["outcome"]) == (28, 0, "finished")


def test_without_text_no_text_is_in_the_file_and_the_hashes_are(tmp_path):
    archive, copy = build(tmp_path / "archive.db"), tmp_path / "copy.db"
    snapshot(archive, tmp_path / "whole.db")
    run("snapshot", str(copy), "--without-text", "--archive", str(archive))
    texts = (b"neither side had seen", "прешао".encode(), b"The council had said nothing")
    assert all(text in (tmp_path / "whole.db").read_bytes() for text in texts)
    assert not any(text in copy.read_bytes() for text in texts)
    before, after = tables(archive), tables(copy)
    with closing(read(copy)) as db:
        assert "left out" in db.execute("SELECT value FROM about WHERE key = 'without_text'").fetchone()[0]
        hashes = "SELECT id, content_hash FROM articles UNION ALL SELECT -id, content_hash FROM revisions"
        kept = {tuple(row) for row in db.execute(hashes)}
        assert not db.execute(
            "SELECT 1 FROM articles WHERE body || body_html || ifnull(standfirst, '') <> ''"
        ).fetchone()
    with closing(read(archive)) as db:
        assert kept == {tuple(row) for row in db.execute(hashes)}
    assert {name for name in before if before[name] != after[name]} == {"_changes", "about", "articles", "revisions"}
    assert len(json.loads(run("search", "confirms", "--json", "--archive", str(copy)).stdout)) == 1
    with closing(create(copy)) as db:
        save(db, 1, article("talks", headline="Another headline"))  # the index is whole: it can be written to
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")


def test_a_snapshot_replaces_nothing(tmp_path):
    archive = build(tmp_path / "archive.db")
    before = archive.read_bytes()
    with pytest.raises(InTheWay, match="replaces nothing"):
        snapshot(archive, archive)
    assert archive.read_bytes() == before
    said = run("snapshot", str(tmp_path / "no/such/copy.db"), "--archive", str(archive), code=1).stderr
    assert "make its folder first" in said


# Archives that can only be read

READERS = (["search", "bridge"], ["show", "1"], ["query", "select count(*) from articles"], ["status"])


@contextmanager
def only_readable(folder):
    """A folder in which this process cannot write, also where the tests run as root."""
    user = os.geteuid()
    ours = [path for path in folder.parents if "pytest-of" in str(path)]
    for path in (*ours, folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o555)
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


@pytest.fixture
def shelf(tmp_path):
    """A closed archive in a folder of its own; what reading it imports is imported while that is allowed."""
    archive = build(tmp_path / "shelf" / "archive.db")
    for words in READERS:
        run(*words, "--archive", str(archive))
    return archive


@pytest.mark.parametrize("beside", [[], ["archive.db-wal"], ["archive.db-wal", "archive.db-shm"]], ids=str)
def test_an_archive_in_a_folder_that_cannot_be_written_is_read(shelf, beside):
    """Whatever the last reader left there."""
    assert shelf.with_name("archive.db-wal").stat().st_size == 0
    for name in {"archive.db-wal", "archive.db-shm"}.difference(beside):
        shelf.with_name(name).unlink()
    with only_readable(shelf.parent):
        with pytest.raises(PermissionError):
            (shelf.parent / "x").touch()
        for words in READERS:
            assert run(*words, "--archive", str(shelf)).stdout


def test_where_its_newest_part_waits_in_the_wal_the_cure_is_named(shelf):
    with closing(sqlite3.connect(shelf)) as writer:
        writer.execute("UPDATE articles SET words = 7")
        writer.commit()
        newest = shelf.with_name("archive.db-wal").read_bytes()
    shelf.with_name("archive.db-wal").write_bytes(newest)
    with only_readable(shelf.parent):
        for words in READERS:
            assert "snapshot FILE" in run(*words, "--archive", str(shelf), code=1).stderr
    assert json.loads(run("query", "select distinct words from articles", "--archive", str(shelf)).stdout) == [
        {"words": 7}
    ]
