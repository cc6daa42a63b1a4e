"""Archives of other machines into one: twice is once, the order does not matter, what contradicts is named."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from archives import OUTLET, article
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kept import damage, keep
from machines import join, machine, raw
from warcio.archiveiterator import ArchiveIterator

from ewbscraper.archive import runs, search
from ewbscraper.archive.articles import parts, store
from ewbscraper.archive.articles.lookup import get_article
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create, read
from ewbscraper.archive.export.snapshot import snapshot
from ewbscraper.archive.locks import lock
from ewbscraper.cli import main
from ewbscraper.outlet import Outlet


def everything(path: Path):
    """What an archive says, without its numbers: what two of them are compared by."""
    with closing(read(path)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        index = {
            row["rowid"]
            for row in db.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'fold* OR text*'")
        }
        assert index == {row["id"] for row in db.execute("SELECT id FROM articles")}
        articles = {}
        for row in db.execute("SELECT id, url FROM articles").fetchall():
            found = get_article(db, str(row["id"]))
            found["provenance"].pop("id")
            for capture in found["provenance"]["captures"]:
                capture.pop("warc")
            found["media"] = sorted(
                one["url"] for one in db.execute("SELECT url FROM media WHERE article = ?", [row["id"]])
            )
            articles[row["url"]] = json.dumps(found, sort_keys=True)
        names = ("runs", "outlets", "frontier", "captures", "revisions", "listings", "looks", "media")
        tables = {name: sorted(map(_without_numbers, db.execute(f"SELECT * FROM {name}"))) for name in names}
    return articles, tables


def _without_numbers(row):
    numbers = {"id", "run", "article", "capture", "listed_in_run", "asked_in_run", "warc", "same_as", "media_of"}
    return json.dumps({name: value for name, value in dict(row).items() if name not in numbers})


def test_articles_of_two_machines_are_in_one_with_their_pages(tmp_path):
    one = machine(tmp_path / "one", [(1, "bridge", "text one")])
    two = machine(tmp_path / "two", [(2, "bridge", "text two"), (2, "toll", "text of the toll")])
    done = join(tmp_path / "all" / "archive.db", one, two)
    assert done["outlets"]["courier"] == {"new": 1, "changed": 1, "unchanged": 0, "captures": 2, "files": 1}
    with closing(read(tmp_path / "all" / "archive.db")) as db:
        found = get_article(db, "https://courier.example/bridge/")
        assert (found["body"], found["tags"]) == ("text two", ["tag of text two"])
        assert [(one["title"], one["author"]) for one in found["related_posts"]] == [("Under text two", "Ana Kos")]
        (old,) = found["provenance"]["revisions"]
        assert (old["body"], old["seen_from"], old["seen_until"]) == (
            "text one",
            "2024-03-01T08:00:00Z",
            "2024-03-01T08:00:00Z",
        )
        captures = db.execute("SELECT * FROM captures ORDER BY fetched_at, id").fetchall()
        assert len({row["warc"] for row in captures}) == 2
        for row in captures:
            with (tmp_path / "all" / row["warc"]).open("rb") as file:
                file.seek(row["offset"])
                assert next(iter(ArchiveIterator(file))).rec_headers.get_header("WARC-Target-URI") == row["url"]
    everything(tmp_path / "all" / "archive.db")


def test_merging_twice_changes_nothing(tmp_path):
    one = machine(tmp_path / "one", [(1, "bridge", "text one"), (3, "bridge", "text three")])
    two = machine(tmp_path / "two", [(2, "bridge", "text two")])
    for archive in (two, one):
        join(one, archive) if archive != one else None
    before, files = raw(one), sorted(one.parent.rglob("*"))
    done = join(one, two)
    assert (raw(one), sorted(one.parent.rglob("*"))) == (before, files)
    assert done["outlets"]["courier"]["unchanged"] == 1


looks = st.lists(
    st.tuples(st.integers(1, 28), st.sampled_from(["bridge", "toll"]), st.sampled_from(["text A", "text B", "text C"])),
    max_size=8,
    unique_by=lambda look: look[:2],
).map(sorted)


SMALL = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


@pytest.mark.slow
@settings(SMALL, derandomize=True)
@given(looks, looks)
def test_a_into_b_is_b_into_a_and_twice_is_once(first, second):
    with TemporaryDirectory() as name:
        folder = Path(name)
        one, two = machine(folder / "one", first, warc=False), machine(folder / "two", second, warc=False)
        with closing(sqlite3.connect(two)) as db, db:
            db.execute("UPDATE runs SET command = 'other machine'")
        join(folder / "a.db", one, two)
        join(folder / "b.db", two, one)
        assert everything(folder / "a.db") == everything(folder / "b.db")
        before = raw(folder / "a.db")
        join(folder / "a.db", two, one)
        assert raw(folder / "a.db") == before


def test_every_table_of_the_schema_is_merged_or_known_not_to_be(tmp_path):
    """A table that a later migration adds must get its place in merge."""
    house = Path(search.__file__).parent
    code = "".join(path.read_text("utf-8") for path in [*house.glob("merge/*.py"), house / "articles/timeline.py"])
    with closing(create(tmp_path / "archive.db")) as db:
        tables = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables = {table for table in tables if not table.startswith(("articles_fts", "sqlite_", "_"))}
    missing = {table for table in tables - set(parts.PARTS) if not re.search(rf"\b{table}\b", code)}
    assert missing == {"about"}


def test_the_same_name_with_another_content_gets_another_name(tmp_path):
    one, two = (machine(tmp_path / name, [(1, name, f"text {name}")]) for name in ("one", "two"))
    for archive in (one, two):
        (warc,) = (archive.parent / "warc").rglob("*.warc.gz")
        warc.rename(archive.parent / "warc" / "same.warc.gz")
        with closing(sqlite3.connect(archive)) as db, db:
            db.execute("UPDATE captures SET warc = 'warc/same.warc.gz'")
    join(one, two)
    with closing(read(one)) as db:
        for row in db.execute("SELECT url, warc, offset FROM captures").fetchall():
            with (one.parent / row["warc"]).open("rb") as file:
                file.seek(row["offset"])
                assert next(iter(ArchiveIterator(file))).rec_headers.get_header("WARC-Target-URI") == row["url"]
    before = raw(one)
    join(one, two)
    assert raw(one) == before


def test_a_file_that_its_run_went_on_to_write_is_brought_up_to_date(tmp_path):
    two = machine(tmp_path / "two", [(1, "bridge", "text")])
    into = tmp_path / "all" / "archive.db"
    join(into, two)
    (warc,) = (two.parent / "warc").rglob("*.warc.gz")
    with warc.open("ab") as file:
        file.write(b"more")
    join(into, two)
    assert [path.read_bytes() for path in into.parent.rglob("*.warc.gz")] == [warc.read_bytes()]


def test_missing_warcs_are_refused_or_said_and_come_later(tmp_path):
    two, into = machine(tmp_path / "two", [(1, "bridge", "text")]), tmp_path / "all" / "archive.db"
    hidden = shutil.move(two.parent / "warc", tmp_path / "hidden")
    ran = CliRunner().invoke(main, ["merge", str(two), "--archive", str(into)])
    assert ran.exit_code == 1
    assert "1 WARC files" in ran.stderr
    assert "--without-warcs" in ran.stderr
    assert not into.exists()
    ran = CliRunner().invoke(main, ["merge", str(two), "--archive", str(into), "--without-warcs"])
    assert (ran.exit_code, "1 WARC files are missing" in ran.stdout) == (3, True)
    shutil.move(hidden, two.parent / "warc")
    before = raw(into)
    ran = CliRunner().invoke(main, ["merge", str(two), "--archive", str(into)])
    assert (ran.exit_code, raw(into)) == (0, before)
    assert list(into.parent.rglob("*.warc.gz"))


def test_another_text_in_the_same_second_is_a_conflict_and_both_are_kept(tmp_path):
    one, two = (machine(tmp_path / name, [(1, "bridge", f"text {name}")]) for name in ("one", "two"))
    ran = CliRunner().invoke(main, ["merge", str(two), "--archive", str(one)])
    assert ran.exit_code == 3
    assert "https://courier.example/bridge/ was read in two ways at 2024-03-01T08:00:00Z" in ran.stdout
    with closing(read(one)) as db:
        found = get_article(db, "1")
    assert {found["body"], *(old["body"] for old in found["provenance"]["revisions"])} == {"text one", "text two"}
    assert CliRunner().invoke(main, ["merge", str(two), "--archive", str(one)]).exit_code == 0


def test_another_newspaper_of_the_same_slug_is_left_out_and_named(tmp_path):
    one = machine(tmp_path / "one", [(1, "bridge", "text")])
    other = Outlet(slug="courier", name="Kurir", home="https://kurir.example/")
    two = machine(tmp_path / "two", [(1, "bridge", "text")], other)
    before = raw(one)
    done = join(one, two)
    assert "https://courier.example/ here and https://kurir.example/ there" in done["conflicts"][0]
    assert raw(one) == before


def test_the_demo_and_real_articles_do_not_mix(tmp_path):
    one = machine(tmp_path / "one", [(1, "bridge", "text")])
    two = machine(tmp_path / "two", [(1, "a", "text")], Outlet(slug="sample", name="S", home="http://127.0.0.1/"))
    ran = CliRunner().invoke(main, ["merge", str(two), "--archive", str(one)])
    assert ran.exit_code == 1
    assert "invented" in ran.stderr


def test_an_older_archive_is_upgraded_in_a_copy_and_left_as_it_was(tmp_path, capsys):
    two = machine(tmp_path / "two", [(1, "bridge", "text")])
    with closing(sqlite3.connect(two)) as db, db:
        db.execute("ALTER TABLE captures DROP COLUMN origin")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm008%'")
    before = two.read_bytes()
    join(tmp_path / "all" / "archive.db", two)
    assert two.read_bytes() == before
    assert capsys.readouterr().err == ""  # nobody needs to know of the copy
    assert len(everything(tmp_path / "all" / "archive.db")[0]) == 1


def test_seals_of_the_other_archive_are_a_chain_of_their_own(tmp_path):
    one, two = (machine(tmp_path / name, [(1, "bridge", "text")]) for name in ("one", "two"))
    (one.parent / "seals.txt").write_text("ours\n")
    (two.parent / "seals.txt").write_text("theirs\n")
    (name,) = join(one, two)["seals"]
    with (two.parent / "seals.txt").open("a") as file:
        file.write("one more\n")
    assert join(one, two)["seals"] == [name]
    assert (one.parent / name).read_text() == "theirs\none more\n"
    assert (one.parent / "seals.txt").read_text().startswith("ours\n")
    assert join(one, two)["seals"] == []


@pytest.mark.slow
def test_a_merge_that_was_killed_anywhere_is_completed_by_the_next(tmp_path, monkeypatch):
    class Killed(BaseException):
        pass

    days = [(day, slug, f"text {day}") for day in range(1, 4) for slug in ("bridge", "toll")]
    one, two = machine(tmp_path / "one", [(2, "bridge", "text two")]), machine(tmp_path / "two", days)
    whole = tmp_path / "whole" / "archive.db"
    begun = 0
    kill_at = 1_000

    def counted(db):
        nonlocal begun
        begun += 1
        if begun == kill_at:
            raise Killed
        return transaction(db)

    monkeypatch.setattr("ewbscraper.archive.merge.archives.transaction", counted)
    join(whole, one)
    begun = 0
    join(whole, two)
    for kill_at in range(1, begun + 1):
        into = tmp_path / f"killed-{kill_at}" / "archive.db"
        begun = -1_000
        join(into, one)
        begun = 0
        with pytest.raises(Killed):
            join(into, two)
        join(into, two)
        assert everything(into) == everything(whole)


def test_a_busy_outlet_is_not_merged(tmp_path):
    one, two = (machine(tmp_path / name, [(1, "bridge", "text")]) for name in ("one", "two"))
    with lock(one, "courier"):
        assert CliRunner().invoke(main, ["merge", str(two), "--archive", str(one)]).exit_code == 75


def test_an_archive_is_not_merged_into_itself(tmp_path):
    one = machine(tmp_path / "one", [(1, "bridge", "text")])
    assert CliRunner().invoke(main, ["merge", str(one), "--archive", str(one)]).exit_code == 1


def test_an_archive_whose_texts_were_left_out_is_merged_in_neither_direction(tmp_path):
    full = machine(tmp_path / "full", [(1, "bridge", "text one")])
    without = tmp_path / "without.db"
    snapshot(full, without, without_text=True)
    for into, other in ((full, without), (without, machine(tmp_path / "two", [(2, "bridge", "text two")]))):
        before = raw(into)
        ran = CliRunner().invoke(main, ["merge", str(other), "--archive", str(into), "--without-warcs"])
        assert ran.exit_code == 1, ran.output
        assert f"{without} has no texts" in ran.stderr
        assert raw(into) == before


def test_a_text_that_one_machine_has_read_again_is_no_conflict_in_either_order(tmp_path):
    one, two = (machine(tmp_path / name, [(1, "bridge", "text one")]) for name in ("one", "two"))
    for path, text, how in (
        (one, "text two", {"captured": "2024-03-02T08:00:00Z"}),
        (two, "text one, read better", {"captured": None, "cause": "extraction"}),
    ):
        with closing(create(path)) as db, transaction(db):
            run, newer = runs.open_run(db, "courier", text), article("bridge", body=text)
            store.save_article(db, newer, outlet="courier", run=run, known=1, **how)
    both, turned = tmp_path / "both" / "archive.db", tmp_path / "turned" / "archive.db"
    join(both, one)
    join(turned, two)
    assert join(both, two)["conflicts"] == join(turned, one)["conflicts"] == []
    sql = (
        "SELECT cause, revisions.body, command, history_hash FROM revisions LEFT JOIN runs ON runs.id = run"
        " JOIN articles ON articles.id = article ORDER BY 1, 2"
    )
    with closing(read(both)) as db, closing(read(turned)) as other:
        assert [tuple(row) for row in db.execute(sql)] == [tuple(row) for row in other.execute(sql)]


def test_files_that_come_after_their_texts_are_no_damage(tmp_path):
    one, two = tmp_path / "one" / "archive.db", keep(tmp_path, editions=1)
    (two.parent / "warc").rename(tmp_path / "elsewhere")
    join(one, two)
    assert damage(one)
    (tmp_path / "elsewhere").rename(two.parent / "warc")
    join(one, two)
    assert damage(one) == []


def test_what_articles_of_two_machines_need_is_the_same_in_either_order(tmp_path):
    one, two = (machine(tmp_path / name, [(1, name, "text one")]) for name in ("bridge", "toll"))
    for path in (one, two):
        with closing(create(path)) as db, transaction(db):
            db.execute(
                "INSERT INTO media VALUES ('courier', 'https://courier.example/l.svg', 1, 0, 'kept', 0, 1, NULL)"
            )
    both, turned = tmp_path / "both" / "archive.db", tmp_path / "turned" / "archive.db"
    join(both, one, two)
    join(turned, two, one)
    assert everything(both) == everything(turned)


def test_the_end_of_a_chain_that_came_along_is_missed(tmp_path):
    gazette = replace(OUTLET, slug="gazette", home="https://gazette.example/")
    one, two = keep(tmp_path / "one"), keep(tmp_path / "two", editions=3, outlet=gazette)
    (name,) = join(one, two)["seals"]
    assert damage(one) == []
    chain = one.with_name(name)
    chain.write_bytes(b"".join(chain.read_bytes().splitlines(keepends=True)[:-1]))
    assert [found.partition(":")[0] for found in damage(one)] == [name]
    chain.unlink()
    assert [found.partition(":")[0] for found in damage(one)] == [name]
