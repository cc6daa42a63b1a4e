"""An archive is opened only where it is one, and invented and real articles never meet in it."""

import sqlite3
from contextlib import closing

import pytest
from archives import OUTLET, new_archive
from sqlite_utils import Database

from ewbscraper.archive import search
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create, read
from ewbscraper.archive.frontier.found import found_outlets, refuse_to_mix
from ewbscraper.archive.frontier.looks import tried
from ewbscraper.archive.locks import is_running, lock
from ewbscraper.archive.schema.migrations import migrations
from ewbscraper.archive.status import status
from ewbscraper.errors import ArchiveBusy, ArchiveMixed, NoArchive, NotAnArchive, Unwritable
from ewbscraper.sample_site.outlet import sample_outlet


def test_reading_where_there_is_none_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(NoArchive, match="ewbscraper demo"):
        read(tmp_path / "archive.db")
    assert not (tmp_path / "archive.db").exists()


def test_a_text_file_is_no_archive_and_is_left_as_it_is(tmp_path):
    path = tmp_path / "archive.db"
    path.write_text("my notes, much longer than the head of an SQLite file\n" * 100)
    before = path.read_bytes()
    for opening in (create, read):
        with pytest.raises(NotAnArchive):
            opening(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_no_archive(tmp_path):
    path = tmp_path / "archive.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    with pytest.raises(NotAnArchive, match="no archive of ours"):
        create(path)


def test_an_archive_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "archive.db"
    db, _ = new_archive(path)
    db.execute(
        "INSERT INTO _sqlite_migrations SELECT NULL, migration_set, 'm999_from_the_future', applied_at"
        " FROM _sqlite_migrations LIMIT 1"
    )
    db.close()
    for opening in (create, read):
        with pytest.raises(NotAnArchive, match="newer version"):
            opening(path)


def test_opening_again_changes_nothing(tmp_path):
    path = tmp_path / "archive.db"
    new_archive(path)[0].close()
    create(path).close()
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM outlets").fetchone()[0] == 1
    db.close()


def test_a_reader_cannot_write(tmp_path):
    path = tmp_path / "archive.db"
    new_archive(path)[0].close()
    db = read(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM outlets")
    db.close()


def test_a_failed_transaction_leaves_nothing(tmp_path):
    db, _ = new_archive(tmp_path / "archive.db")
    with pytest.raises(sqlite3.IntegrityError), transaction(db):
        db.executemany("INSERT INTO tags (name) VALUES (?)", [["whole"], [None]])
    assert db.execute("SELECT count(*) FROM tags").fetchone()[0] == 0
    db.close()


def test_invented_and_real_articles_never_mix(tmp_path):
    path = tmp_path / "archive.db"
    db, _ = new_archive(path)
    with pytest.raises(ArchiveMixed, match="--archive"):
        refuse_to_mix(db, path, "sample")
    db.execute("DELETE FROM runs")
    db.execute("DELETE FROM outlets")
    store.save_outlet(db, sample_outlet("http://127.0.0.1:1/"))
    with pytest.raises(ArchiveMixed, match="demo --clear"):
        refuse_to_mix(db, path, OUTLET.slug)
    refuse_to_mix(db, path, "sample")
    db.close()


def older_archive(path):
    """As the first version made it: before any migration but the first."""
    db = Database(sqlite3.connect(path))
    migrations.apply(db, stop_before="m002_until_when_a_site_is_left_alone")
    db.execute("INSERT INTO about VALUES ('fold_version', ?)", [search.FOLD_VERSION])
    db["outlets"].insert({"slug": "courier", "name": "The Courier", "home": OUTLET.home, "timezone": OUTLET.timezone})
    db["runs"].insert({"outlet": "courier", "command": "test", "software": "0", "started": "2024-03-01T08:00:00Z"})
    db.conn.close()


def test_an_older_archive_is_read_as_it_is_and_upgraded_by_the_first_that_writes(tmp_path):
    path = tmp_path / "archive.db"
    older_archive(path)
    assert status(path)["outlets"][0]["last_run"]["wait_until"] is None
    assert (found_outlets(path), tried(path)) == ({}, {})
    with closing(read(path)) as db:
        assert db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] == 1
    create(path).close()
    with closing(read(path)) as db:
        assert db.execute("SELECT wait_until, sources FROM runs, outlets").fetchone()[0] is None
    assert tried(path) == {}


def test_an_archive_that_cannot_be_made_is_named_with_the_cure(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path, tmp_path / "file" / "archive.db"):
        with pytest.raises(Unwritable, match=str(path)):
            create(path)


def test_a_run_goes_on_while_its_outlet_is_locked_and_no_other_one(tmp_path):
    path = tmp_path / "archive.db"
    assert not is_running(path, "courier")
    held = lock(path, "courier")
    lock(path, "herald").release()
    assert (is_running(path, "courier"), is_running(path, "herald")) == (True, False)
    with pytest.raises(ArchiveBusy, match="another run of courier"):
        lock(path, "courier")
    held.release()
    assert not is_running(path, "courier")
