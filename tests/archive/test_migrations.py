"""An archive of any earlier version opens, is upgraded whole or not at all, and lies beside as it was."""

import asyncio
import copy
import resource
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta

import old_archives
import pytest
from click.testing import CliRunner
from kept import by_hand, damage, keep, rows
from old_archives import dump, restore

from ewbscraper.archive import runs
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.schema import changes, upgrade
from ewbscraper.archive.times import later, utc_now
from ewbscraper.browse.serve import reading_room
from ewbscraper.cli import main
from ewbscraper.errors import NotAnArchive, Unwritable
from ewbscraper.processes import fresh

NAMES = "SELECT name FROM _sqlite_migrations ORDER BY id"
SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"


@pytest.fixture(params=old_archives.kept(), ids=lambda file: file.stem)
def old(request, tmp_path):
    return restore(request.param.read_text(encoding="utf-8"), tmp_path / "archive.db")


@pytest.fixture
def oldest(tmp_path):
    return restore(old_archives.kept()[0].read_text(encoding="utf-8"), tmp_path / "archive.db")


def dumped(path):
    with closing(sqlite3.connect(path)) as db:
        return dump(db)


def aside(path):
    return sorted(path.parent.glob("archive.db.before-*"))


def test_the_newest_version_is_kept_too(tmp_path, request):
    """`pytest --update-pages` writes it: commit it with the migration."""
    path = keep(tmp_path, editions=2)
    names = rows(path, NAMES)
    file = old_archives.HERE / f"{names[-1][0].partition('_')[0]}.sql"
    if request.config.getoption("--update-pages") and not (file.exists() and versions(file, tmp_path) == names):
        by_hand(path, "DELETE FROM about WHERE key LIKE 'sealed%'")
        file.write_text(dumped(path), encoding="utf-8")
    assert versions(file, tmp_path) == names


def versions(file, folder):
    back = folder / "back.db"
    back.unlink(missing_ok=True)
    return rows(restore(file.read_text(encoding="utf-8"), back), NAMES)


def test_an_older_archive_is_upgraded_and_its_articles_are_found(old, tmp_path):
    earlier = rows(old, "SELECT count(*) FROM revisions")
    with closing(create(old)) as db:
        assert hits.count(db, Question("Ђукановић OR škola")) >= 2
        assert hits.find(db, Question("Đukanović OR skola"))[0]["snippet"]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert rows(old, "SELECT count(*) FROM revisions") == earlier != [(0,)]
    create(tmp_path / "new.db").close()
    assert rows(old, SCHEMA) == rows(tmp_path / "new.db", SCHEMA)
    assert damage(old, quick=True) == []


def test_where_pictures_stood_is_not_known_of_articles_of_before(oldest):
    before = rows(oldest, "SELECT * FROM captions ORDER BY article, position")
    create(oldest).close()
    assert before
    assert rows(oldest, "SELECT * FROM captions ORDER BY article, position") == [(*row, None) for row in before]


def test_links_are_due_as_they_were(old):
    tomorrow = later(utc_now(), timedelta(days=1))
    links = (("new", "waiting", "2024"), ("looked at", "archived", "2023"), ("quiet", "archived", tomorrow))
    insert = "INSERT INTO frontier (outlet, source, listed_in_run, url, state, discovered, next_look)"
    by_hand(old, "DELETE FROM frontier")
    for url, state, due in links:
        by_hand(old, f"{insert} VALUES ('courier', 'Feed', 1, '{url}', '{state}', '{due}', '{due}')")
    with closing(create(old)) as db, transaction(db):
        frontier = Frontier(db, "courier", runs.open_run(db, "courier", "test"))
        assert [due.url for due in frontier.due(9)] == ["new", "looked at"]


def test_it_lies_beside_as_it_was(oldest, capsys):
    before, version = dumped(oldest), rows(oldest, NAMES)
    create(oldest).close()
    (copied,) = aside(oldest)
    assert copied.name == "archive.db.before-m002"
    assert (dumped(copied), rows(copied, NAMES)) == (before, version)
    assert f"as it was, it lies in {copied}" in capsys.readouterr().err
    create(oldest).close()
    assert (aside(oldest), capsys.readouterr().err) == ([copied], "")


def test_a_new_archive_is_not_copied(tmp_path):
    create(tmp_path / "archive.db").close()
    assert aside(tmp_path / "archive.db") == []


def test_a_migration_that_fails_leaves_the_archive_as_it_was(oldest, monkeypatch):
    broken = copy.deepcopy(upgrade.migrations)

    @broken()
    def m999_breaks(db):
        db.execute("CREATE TABLE half (a)")
        db.execute("INSERT INTO nowhere VALUES (1)")

    before = dumped(oldest)
    monkeypatch.setattr(upgrade, "migrations", broken)
    with pytest.raises(NotAnArchive, match="could not be upgraded, and is as it was: no such table: nowhere"):
        create(oldest)
    assert dumped(oldest) == before


def test_a_table_that_a_later_migration_makes_can_have_stamps(oldest, tmp_path, monkeypatch):
    """An earlier migration begins the stamps of the tables of its time; it must not look for those of today."""
    later_on = copy.deepcopy(upgrade.migrations)

    @later_on()
    def m999_a_table_more(db):
        db.execute("CREATE TABLE more (id INTEGER PRIMARY KEY)")
        db.execute("INSERT INTO more VALUES (7)")
        changes.begin_table(db.conn, "more")

    monkeypatch.setattr(upgrade, "migrations", later_on)
    monkeypatch.setitem(changes.NUMBERED, "more", "id")
    for archive in (oldest, tmp_path / "new.db"):
        with closing(create(archive)) as db:
            assert list(changes.stamps(db, "more")) == [0]


def upgrade_with_little_room(path, size):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    with pytest.raises(Unwritable, match=r"no copy can be set aside as .* Make room for another"):
        create(path)


def test_without_room_for_the_copy_nothing_is_changed(oldest):
    before = dumped(oldest)
    child = fresh().Process(target=upgrade_with_little_room, args=(oldest, 100_000))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert (dumped(oldest), list(oldest.parent.glob("*.before*"))) == (before, [])


def open_at_once(path, barrier):
    barrier.wait()
    create(path).close()


def test_two_runs_that_start_at_once_upgrade_it_once(oldest):
    context = fresh()
    barrier = context.Barrier(3)
    writers = [context.Process(target=open_at_once, args=(oldest, barrier)) for _ in range(3)]
    for process in writers:
        process.start()
    for process in writers:
        process.join(60)
    assert [process.exitcode for process in writers] == [0, 0, 0]
    assert len(aside(oldest)) == 1


@pytest.mark.parametrize(
    "command",
    [
        ["search", "Đukanović OR škola"],
        ["show", "1"],
        ["show", "1", "--json"],
        ["show", "1", "--ris"],
        ["status"],
        ["query", "select headline from articles"],
        ["query", "headlines_changed"],
        ["verify", "--quick"],
    ],
    ids=" ".join,
)
def test_commands_that_only_read_take_it_as_it_is(old, command):
    before = rows(old, NAMES)
    done = CliRunner().invoke(main, [*command, "--archive", str(old)])
    assert done.exit_code == 0, done.output
    assert (rows(old, NAMES), aside(old)) == (before, [])


def test_the_reading_room_takes_it_as_it_is(old):
    room = reading_room(old)
    for address in ("/", "/archive/articles/1", "/archive/captures/1/page", "/search?q=Đukanović"):
        assert asyncio.run(room.client.get(address)).status_code == 200
