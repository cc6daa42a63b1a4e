"""Copies of archives that are cut, torn, older than their files, or of another version: refused or named."""

import shutil

import old_archives
import pytest
from kept import ENDED, by_hand, copied, damage, keep, merge, notes, rows, run_on
from machines import raw


def half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def torn_in_the_middle(archive):
    """As `cp` leaves it while a crawl writes: some pages are of another moment."""
    raw_bytes = bytearray(archive.read_bytes())
    (page,) = rows(archive, "SELECT rootpage FROM sqlite_master WHERE name = 'captures'")[0]
    raw_bytes[(page - 1) * 4096 : page * 4096] = bytes(4096)
    archive.write_bytes(raw_bytes)


HALF = {
    "archive.db cut": (half, "two/archive.db is"),
    "archive.db torn": (torn_in_the_middle, "two/archive.db is damaged, or was copied while it was written to"),
    "archive.db empty": (lambda path: path.write_bytes(b""), "no archive of ours"),
    "a WARC cut": (lambda path: half(min(path.parent.rglob("*.warc.gz"))), "1 WARC files of"),
    "a WARC missing": (lambda path: min(path.parent.rglob("*.warc.gz")).unlink(), "1 WARC files of"),
}


@pytest.mark.parametrize("what", HALF)
def test_half_a_copy_is_refused_and_ours_is_as_it_was(tmp_path, what):
    one, two = keep(tmp_path / "one"), keep(tmp_path / "two", editions=3)
    harm, said = HALF[what]
    harm(two)
    before, files = raw(one), sorted(one.parent.rglob("*"))
    assert said in merge(one, two, code=1)
    assert (raw(one), sorted(one.parent.rglob("*"))) == (before, files)


def test_a_copy_without_its_newest_part_brings_the_rest_the_next_time(tmp_path):
    """Without archive.db-wal it is as it was some time before, with files that are newer."""
    node, into, copy = keep(tmp_path / "node", editions=1), tmp_path / "all" / "archive.db", tmp_path / "copy"
    copied(node, copy)
    run_on(node, 2, ended=True)
    shutil.copy(node.with_name("seals.txt"), copy)
    shutil.copytree(node.parent / "warc", copy / "warc", dirs_exist_ok=True)
    merge(into, copy / "archive.db")
    assert damage(into) == []
    merge(into, copied(node, copy))
    assert (damage(into), notes(into)) == ([], [])
    assert rows(into, "SELECT count(*) FROM captures") == [(6,)]


SEALS = {
    "no file": lambda lines: [],
    "the last line missing": lambda lines: lines[:-1],
    "the last line cut": lambda lines: [*lines[:-1], lines[-1][:99]],
    "the first line missing": lambda lines: lines[1:],
    "a line in the middle missing": lambda lines: [lines[0], lines[2]],
}


@pytest.mark.parametrize("what", SEALS)
def test_seals_that_do_not_fit_are_named(tmp_path, what):
    one, two = keep(tmp_path / "one", editions=1), keep(tmp_path / "two", editions=3)
    file = two.with_name("seals.txt")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(SEALS[what](lines)))
    said = merge(one, two, code=3)
    assert "copy archive.db, then seals.txt, then warc/ again, and merge again" in said
    assert rows(one, "SELECT count(*) FROM captures") == [(12,)]
    if "last" in what or what == "no file":
        file.write_bytes(b"".join(lines))
        merge(one, two)
        assert damage(one) == []


def test_rows_that_were_removed_before_are_named(tmp_path):
    one, two = keep(tmp_path / "one", editions=1), keep(tmp_path / "two")
    by_hand(two, ENDED, "DELETE FROM captures WHERE id = 6")
    assert "seals 3 captures of run 2 of courier, and archive.db has 2" in merge(one, two, code=3)


def test_an_archive_of_a_newer_version_is_refused_in_either_direction(tmp_path):
    one, two = keep(tmp_path / "one"), keep(tmp_path / "two", editions=3)
    by_hand(two, "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('ewbscraper', 'm099_of_tomorrow')")
    before, files = raw(one), sorted(one.parent.rglob("*"))
    said = merge(one, two, code=1)
    assert "two/archive.db was made by a newer version of ewbscraper (it has m099): upgrade this machine's" in said
    said = merge(two, one, code=1)
    assert "two/archive.db was made by a newer version" in said
    assert (raw(one), sorted(one.parent.rglob("*"))) == (before, files)


@pytest.mark.parametrize("dump", old_archives.kept(), ids=lambda file: file.stem)
def test_an_archive_of_an_older_version_is_merged_and_stays_as_it_is(tmp_path, dump):
    (tmp_path / "two").mkdir()
    one, two = keep(tmp_path / "one"), old_archives.restore(dump.read_text("utf-8"), tmp_path / "two" / "archive.db")
    before, (theirs,) = raw(two), rows(two, "SELECT count(*) FROM captures")[0]
    for _ in range(2):
        merge(one, two, "--without-warcs", code=3)
        assert raw(two) == before
        assert rows(one, "SELECT count(*) FROM captures") == [(6 + theirs,)]
    addresses = {row[0] for path in (one, two) for row in rows(path, "SELECT url FROM articles")}
    assert len(rows(one, "SELECT url FROM articles")) == len(addresses)
