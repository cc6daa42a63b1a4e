"""Parquet into one folder, export after export: whatever happened in between, it is what a first export would be."""

import re
import shutil
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import old_archives
import pytest
import sqlite_utils
from archives import new_archive
from browse_data import build
from exports import export
from filelock import FileLock
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from kept import by_hand
from parquet_histories import SLUGS, World, files

from ewbscraper.archive.database import create
from ewbscraper.archive.export.parquet import left, partitions, parts
from ewbscraper.archive.export.snapshot import snapshot
from ewbscraper.archive.schema import changes
from ewbscraper.errors import ArchiveBusy, EwbScraperError

HAPPENS = [name for name in vars(World) if not name.startswith("_") and name not in ("check", "folder")]
happened = st.tuples(
    st.sampled_from(["crawl", "crawl", *HAPPENS]),
    st.sampled_from(SLUGS),
    st.sampled_from(["2024-01-05", "2024-02-05T08:00:00+01:00", None]),
    st.sampled_from("ABC"),
)


@pytest.fixture
def small_blocks(monkeypatch):
    """Two numbers in a file instead of 4,096, so that few articles fill several."""
    monkeypatch.setattr(changes, "BLOCK", 1)
    monkeypatch.setattr(parts, "BLOCK", 1)


@pytest.mark.parametrize("examples", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_after_any_history_it_is_what_a_first_export_would_be(small_blocks, examples):
    suppressed = list(HealthCheck)

    @settings(max_examples=examples, deadline=None, suppress_health_check=suppressed, phases=[Phase.generate])
    @seed(7)
    @given(st.lists(happened, min_size=4, max_size=14), st.sets(st.integers(0, 13), max_size=6))
    def holds(history, exported):
        with TemporaryDirectory() as name:
            world = World(Path(name))
            for number, (what, *how) in enumerate(history):
                with suppress(EwbScraperError):  # withheld already, not there to restore
                    getattr(world, what)(*how)
                if number in exported:
                    world.check()
            world.check()

    holds()


@pytest.fixture
def exported(tmp_path):
    """An archive and an export of it."""
    pair = build(tmp_path / "archive.db"), tmp_path / "out"
    export(*pair, "parquet")
    return pair


def as_new(archive, out):
    """Exports once more: what it says, once the files are those of a first export."""
    said = export(archive, out, "parquet")
    fresh = out.with_name("fresh")
    export(archive, fresh, "parquet")
    assert files(out) == files(fresh)
    shutil.rmtree(fresh)
    return said


def test_what_has_not_changed_is_not_read(exported, monkeypatch):
    archive, out = exported
    read, blocks_of = list[str](), partitions.blocks_of
    monkeypatch.setattr(
        partitions, "blocks_of", lambda db, *of: db.set_trace_callback(read.append) or blocks_of(db, *of)
    )
    assert export(archive, out, "parquet").startswith("0 files written")
    tables = {name for sql in read for name in re.findall(r"FROM (\w+)", sql)}
    small = {"about", "outlets", "listings", "looks", "authors", "sections", "tags", "places"}
    withheld = {"withheld", "withheld_addresses", "withheld_files", "withheld_records"}
    assert tables == {*small, *withheld, "sqlite_master", "_changes"}


def test_what_an_article_changes_is_written_and_no_more(exported):
    archive, out = exported
    for what in ("captions SET caption = 'Another' WHERE article = 9", "articles SET words = 8 WHERE id = 9"):
        by_hand(archive, f"UPDATE {what}")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    assert as_new(archive, out).startswith("2 files written")
    written = {path.relative_to(out).as_posix() for path, when in before.items() if path.stat().st_mtime_ns != when}
    assert written == {"articles/outlet=courier/month=2024-01/part-0.parquet", "captions/part-0.parquet"}


@pytest.mark.parametrize("how", ["missing", "cut off", "another's"])
def test_a_file_that_is_not_as_it_was_left_is_named_and_mended(exported, how):
    archive, out = exported
    name = "captions/part-0.parquet"
    whole = (out / name).read_bytes()
    (out / name).unlink()
    if how != "missing":
        (out / name).write_bytes(whole[:-9] if how == "cut off" else (out / "about/part-0.parquet").read_bytes())
    said = as_new(archive, out)
    assert said.startswith("1 files written")
    assert said.endswith(f"; mended, as they were missing or changed: {name}")


def test_a_folder_of_another_archive_or_version_is_written_anew_and_that_is_said(exported, tmp_path):
    _, out = exported
    other = tmp_path / "other.db"
    new_archive(other)[0].close()
    assert re.search(r"written, 0 unchanged, \d removed; all anew: the folder was of another", as_new(other, out))
    (out / left.NAME).unlink()
    assert "0 unchanged, 0 removed; all anew" in as_new(other, out)
    (out / left.NAME).write_text("{half a li")
    assert "all anew" in as_new(other, out)


def test_what_others_have_in_the_folder_stays(exported, tmp_path):
    archive, out = exported
    spark = out / "derived" / "part-00000-6e1f.snappy.parquet"
    spark.parent.mkdir()
    shutil.copy(out / "about" / "part-0.parquet", spark)
    export(archive, out / "north", "parquet")
    for half_written in ("captions/.part-7.parquet.part", "articles/outlet=x/month=2024-01/.part-0.parquet.part"):
        (out / half_written).parent.mkdir(parents=True, exist_ok=True)
        (out / half_written).touch()
    assert export(archive, out, "parquet").endswith(", 2 removed")
    assert spark.exists()
    assert files(out / "north")
    assert export(archive, out / "north", "parquet").startswith("0 files written")


def test_a_backup_that_was_put_back_is_not_taken_for_what_came_after_it(exported, tmp_path):
    archive, out = exported
    snapshot(archive, tmp_path / "backup.db")
    by_hand(archive, "UPDATE captions SET caption = 'Before the fire' WHERE article = 9")
    as_new(archive, out)
    by_hand(tmp_path / "backup.db", "UPDATE captions SET caption = 'After it' WHERE article = 9")
    assert as_new(tmp_path / "backup.db", out).startswith("1 files written")
    assert "After it" in {row["caption"] for row in files(out)["captions/part-0.parquet"]}


def test_two_exports_do_not_write_into_one_folder(exported):
    archive, out = exported
    by_hand(archive, "UPDATE captions SET caption = 'Another' WHERE article = 9")
    with FileLock(out / partitions.UNFINISHED), pytest.raises(ArchiveBusy, match="another export into"):
        export(archive, out, "parquet")
    assert as_new(archive, out).startswith("1 files written")
    assert not (out / partitions.UNFINISHED).exists()


def test_a_column_more_is_seen(exported):
    archive, out = exported
    by_hand(archive, "ALTER TABLE captions ADD COLUMN more TEXT")
    assert as_new(archive, out).startswith("1 files written")


def test_without_its_triggers_a_table_is_read(exported):
    archive, out = exported
    with closing(create(archive)) as db:
        sqlite_utils.Database(db)["captions"].transform(rename={"alt": "alternative"})
        assert (changes.stamps(db, "captions"), changes.stamps(db, "links") is None) == (None, False)
    as_new(archive, out)
    by_hand(archive, "UPDATE captions SET caption = 'Another' WHERE article = 9")
    assert as_new(archive, out).startswith("1 files written")
    assert as_new(archive, out).startswith("0 files written")


def test_an_archive_of_an_earlier_version_is_read(tmp_path):
    before = next(file for file in old_archives.kept() if file.stem == "m014")
    archive = old_archives.restore(before.read_text("utf-8"), tmp_path / "archive.db")
    export(archive, tmp_path / "out", "parquet")
    assert as_new(archive, tmp_path / "out").startswith("0 files written")
    create(archive).close()
    assert "0 unchanged" in as_new(archive, tmp_path / "out")
    assert as_new(archive, tmp_path / "out").startswith("0 files written")


def test_a_selection_is_read_and_changes_with_what_is_selected(exported):
    archive, out = exported
    for since in ("2024-02-01", "2024-03-01"):
        export(archive, out, "parquet", since=since)
        assert export(archive, out, "parquet", since=since).startswith("0 files written")
    by_hand(archive, "UPDATE articles SET published = '2024-03-09' WHERE id = 9")
    export(archive, out, "parquet", since="2024-03-01")
    assert 9 in {row["article"] for row in files(out)["captions/part-0.parquet"]}
    as_new(archive, out)
