"""Damage done with plain `sqlite3` and a hex editor is found, named by the address of the page, with its cure."""

import gzip
import json
import re
import shutil
from contextlib import closing

import pytest
from archives import article, new_archive, save
from click.testing import CliRunner
from kept import by_hand, damage, flip, keep, notes, rows, run_of
from warcio.archiveiterator import ArchiveIterator

from ewbscraper.archive.articles import texts
from ewbscraper.archive.database import create
from ewbscraper.archive.export.snapshot import snapshot
from ewbscraper.archive.verify import verification
from ewbscraper.archive.verify.records import Pointer, check_warc
from ewbscraper.archive.verify.verification import Verification
from ewbscraper.cli import main

TOLL = "https://courier.example/toll/"
BRIDGE = "https://courier.example/bridge/"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    keep(folder, editions=3)
    return folder


@pytest.fixture
def path(whole, tmp_path):
    folder = tmp_path / "archive"
    shutil.copytree(whole, folder)
    return folder / "archive.db"


def warc(path, run=1):
    (found,) = path.parent.glob(f"warc/*/*/*-{run}.warc.gz")
    return found


def record(path, run=1, url=TOLL):
    """Offset and length of a page in the WARC of a run."""
    return rows(path, f"SELECT offset, length FROM captures WHERE run = {run} AND url = '{url}'")[0]


def lines(path):
    return path.with_name("seals.txt").read_bytes().splitlines(keepends=True)


def write_lines(path, *changed):
    path.with_name("seals.txt").write_bytes(b"".join(changed))


def test_a_whole_archive_is_whole(path):
    assert (damage(path), notes(path)) == ([], [])
    reading = Verification(path)
    list(reading.findings())
    assert reading.counts == {"articles": 3, "revisions": 6, "captures": 9, "seals": 3, "warc_files": 3}


def flipped(where):
    def plant(path):
        offset, length = record(path)
        flip(
            warc(path), {"header": offset + 20, "payload": offset + length // 2, "trailer": offset + length - 6}[where]
        )

    return plant


def flipped_gzip_header(path):
    flip(warc(path), record(path)[0] + 5)


def flipped_request(path):
    flip(warc(path), sum(record(path)) + 30)


def truncated(path):
    file = warc(path)
    file.write_bytes(file.read_bytes()[: record(path)[0] + 50])


def missing(path):
    warc(path).unlink()


def edited(path):
    by_hand(path, f"UPDATE articles SET body = 'Nothing happened.' WHERE url = '{TOLL}'")


def credit_edited(path):
    by_hand(path, f"UPDATE captions SET credit = 'Us' WHERE article = (SELECT id FROM articles WHERE url = '{TOLL}')")


def revision_edited(path):
    by_hand(path, "UPDATE revisions SET body = 'Nothing.' WHERE id = 2")


def revision_removed(path):
    by_hand(path, "DELETE FROM revisions WHERE id = 2")


def last_revision_removed(path):
    by_hand(path, "DELETE FROM revisions WHERE id = 5")


def index_row_deleted(path):
    by_hand(path, "DELETE FROM articles_fts WHERE rowid = 2")


def index_row_lost(path):
    by_hand(path, "DELETE FROM articles_fts_docsize WHERE id = 2")


def index_row_too_many(path):
    by_hand(path, "INSERT INTO articles_fts (rowid, headline) VALUES (99, 'Of nothing')")


def index_of_another_text(path):
    by_hand(
        path,
        "INSERT INTO articles_fts (articles_fts, rowid, headline) VALUES ('delete', 2, 'nothing')",
        "INSERT INTO articles_fts (rowid, headline) VALUES (2, 'something')",
    )


def index_broken(path):
    by_hand(path, "DELETE FROM articles_fts_data WHERE id > 1000")


def stale_fold_version(path):
    by_hand(path, "UPDATE about SET value = '0' WHERE key = 'fold_version'")


def capture_deleted(path):
    by_hand(path, "UPDATE revisions SET capture = NULL", f"DELETE FROM captures WHERE run = 1 AND url = '{TOLL}'")


def all_captures_of_a_run_deleted(path):
    by_hand(path, "UPDATE revisions SET capture = NULL", "DELETE FROM captures WHERE run = 2")


def capture_edited(path):
    by_hand(path, f"UPDATE captures SET fetched_at = '2020-01-01T00:00:00Z' WHERE run = 1 AND url = '{TOLL}'")


def pointer_moved(path):
    by_hand(path, f"UPDATE captures SET offset = offset + 7 WHERE run = 1 AND url = '{TOLL}'")


def address_changed(path):
    by_hand(path, f"UPDATE captures SET url = 'https://other.example/' WHERE run = 1 AND url = '{TOLL}'")


def seal_changed(path):
    first, *others = lines(path)
    write_lines(path, first.replace(b'"captures":3', b'"captures":2'), *others)


def last_seal_changed(path):
    *others, last = lines(path)
    write_lines(path, *others, last.replace(b'"captures":3', b'"captures":2'))


def seal_removed(path):
    first, _, last = lines(path)
    write_lines(path, first, last)


def first_seal_removed(path):
    write_lines(path, *lines(path)[1:])


def last_seal_removed(path):
    write_lines(path, *lines(path)[:-1])


def seals_reordered(path):
    first, second, last = lines(path)
    write_lines(path, second, first, last)


def seals_garbled(path):
    first, _, last = lines(path)
    write_lines(path, first, b"\xff\xfe no seal\n", last)


def seals_missing(path):
    path.with_name("seals.txt").unlink()


def whole_file_replaced(path):
    """The owner writes another page and sets its row right."""
    file, other = warc(path), warc(path, 2)
    file.write_bytes(other.read_bytes())
    by_hand(
        path,
        "UPDATE captures SET (sha256, offset, length, bytes) = (SELECT sha256, offset, length, bytes"
        " FROM captures two WHERE two.url = captures.url AND two.run = 2) WHERE run = 1",
    )


def foreign_key_broken(path):
    by_hand(path, "UPDATE captures SET article = 77 WHERE id = 2")


def article_deleted(path):
    by_hand(path, "DELETE FROM articles WHERE id = 2")


def page_zeroed(path):
    """A page of the file, of a table that is read."""
    by_hand(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    (root,) = rows(path, "SELECT rootpage FROM sqlite_master WHERE name = 'captures'")[0]
    (size,) = rows(path, "PRAGMA page_size")[0]
    raw = bytearray(path.read_bytes())
    raw[(root - 1) * size : root * size] = bytes(size)
    path.write_bytes(raw)


SEALS = "seals.txt: "
FAULTS = {
    "a flipped byte in a record's header": (flipped("header"), f"{TOLL}: its page in warc/.* were changed"),
    "a flipped byte in a payload": (flipped("payload"), f"{TOLL}: its page in warc/.* were changed"),
    "a flipped byte in a gzip trailer": (flipped("trailer"), f"{TOLL}: its page in warc/.* were changed"),
    "a flipped byte in a gzip header": (flipped_gzip_header, "warc/.*: it is not the file that line 1"),
    "a flipped byte in a request": (flipped_request, f"{TOLL}: its page in warc/.*: a record that no row points at"),
    "a truncated WARC": (truncated, f"{TOLL}: its page in warc/.*: the file ends in the middle"),
    "a missing WARC": (missing, f"{TOLL}: its page of .* cannot be read: warc/.*No such file.* Bring that file"),
    "an article edited": (edited, f"{TOLL}: its text is not the one that was saved.*reparse courier --again"),
    "a caption's credit edited": (credit_edited, f"{TOLL}: its text is not the one that was saved"),
    "a revision edited": (revision_edited, f"{TOLL}: its text of 2024-03-01T08:00:00Z .revision 2. is not the one"),
    "a revision removed": (revision_removed, f"{TOLL}: its earlier texts are not those"),
    "the latest revision removed": (last_revision_removed, f"{TOLL}: its earlier texts are not those"),
    "an index row deleted": (index_row_deleted, f"{TOLL}: the search index lacks it. Run `ewbscraper reindex`"),
    "an index row lost": (index_row_lost, f"{TOLL}: the search index lacks it"),
    "an index row too many": (index_row_too_many, "article 99: the search index has it, the archive has not"),
    "an index of another text": (index_of_another_text, "the search index: it does not hold the words of the texts"),
    "an index that is broken": (index_broken, "the search index: it does not hold the words of the texts"),
    "a stale fold version": (stale_fold_version, "the search index: its letters were folded by version 0"),
    "a capture deleted": (capture_deleted, f"{TOLL}: the row of its page in warc/.* was removed"),
    "all captures of a run deleted": (all_captures_of_a_run_deleted, f"{TOLL}: the row of its page in .* was removed"),
    "a capture edited": (capture_edited, f"{TOLL}: .*its row says 2020-01-01T00:00:00Z"),
    "a pointer moved": (pointer_moved, f"{TOLL}: its page in warc/.*incorrect header check.*Bring the archive"),
    "a capture's address changed": (address_changed, f"https://other.example/: .*: the record there is of {TOLL}"),
    "a seal changed": (seal_changed, f"{SEALS}line 2 does not name what stands before it"),
    "the last seal changed": (last_seal_changed, f"{SEALS}the line that sealed run 3 of courier is not there"),
    "a seal removed": (seal_removed, f"{SEALS}line 2 does not name what stands before it"),
    "the first seal removed": (first_seal_removed, f"{SEALS}line 1 does not name what stands before it"),
    "the last seal removed": (last_seal_removed, f"{SEALS}the line that sealed run 3 of courier is not there"),
    "seals reordered": (seals_reordered, f"{SEALS}line 1 does not name what stands before it"),
    "seals garbled": (seals_garbled, f"{SEALS}line 2 is no seal"),
    "no seals any more": (seals_missing, f"{SEALS}the line that sealed run 3 of courier is not there"),
    "a WARC replaced, its rows set right": (whole_file_replaced, "warc/.*: line 1 of seals.txt seals 3 captures of"),
    "a foreign key broken": (foreign_key_broken, f"{TOLL}: row 2 of captures points at a row of articles"),
    "an article deleted": (article_deleted, f"{TOLL}: row 2 of captures points at a row of articles"),
    "a page of the database zeroed": (page_zeroed, "the archive: SQLite "),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(path, name):
    plant, expected = FAULTS[name]
    plant(path)
    assert any(re.match(expected, line) for line in damage(path)), damage(path)


@pytest.mark.parametrize("name", [name for name in FAULTS if " index " in name or "fold" in name])
def test_its_cure_makes_the_index_whole_again(path, name):
    FAULTS[name][0](path)
    assert CliRunner().invoke(main, ["reindex", "--archive", str(path)]).exit_code == 0
    assert damage(path) == []


def test_a_capture_that_shares_anothers_page_is_of_the_same_page(path):
    columns = [name for _, name, *_ in rows(path, "PRAGMA table_info(captures)")]
    if "same_as" not in columns:
        by_hand(path, "ALTER TABLE captures ADD COLUMN same_as INTEGER REFERENCES captures(id)")
    by_hand(path, "UPDATE captures SET same_as = 1 WHERE id = 5")
    assert any(f"{TOLL}: the capture that holds its page holds another one" in line for line in damage(path))


def test_a_file_of_another_tool_that_is_not_compressed_is_read_too(path):
    file = warc(path)
    plain = file.with_suffix("")
    plain.write_bytes(gzip.decompress(file.read_bytes()))
    with plain.open("rb") as stream:
        records = ArchiveIterator(stream)
        places = [(records.get_record_offset(), one.rec_type == "response") for one in records]
    offsets = [offset for offset, is_response in places if is_response]
    captures = rows(
        path, "SELECT url, length, sha256, bytes, fetched_at, status FROM captures WHERE run = 1 ORDER BY id"
    )
    pointers = [Pointer(url, offset, *rest) for offset, (url, *rest) in zip(offsets, captures, strict=True)]
    assert list(check_warc(plain, pointers)) == []
    assert [one.url for one in check_warc(plain, pointers[:2])] == ["https://courier.example/school/"]
    flip(plain, offsets[1] + 900)
    assert [(one.kind, one.url) for one in check_warc(plain, pointers)] == [("damage", TOLL)]


def test_a_text_that_was_cut_is_no_damage(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    save(db, run, article(body="long " * (texts.TEXT_LIMIT // 4)))
    save(db, run, article(body="longer " * (texts.TEXT_LIMIT // 4)), "2024-03-02T08:00:00Z")
    db.close()
    assert damage(tmp_path / "archive.db", quick=True) == []
    by_hand(tmp_path / "archive.db", f"UPDATE articles SET body = 'Short.{texts.CUT}'")
    assert len(damage(tmp_path / "archive.db", quick=True)) == 2


def test_what_a_killed_run_leaves_is_noted_and_is_no_damage(path):
    with closing(create(path)) as db:
        run_of(db, path, 4, sealed=False)
    file = warc(path, 4)
    file.write_bytes(file.read_bytes()[:-30])
    with path.with_name("seals.txt").open("ab") as seals:
        seals.write(b'{"sealed":')
    shutil.copy(file, file.with_name("courier-20240301T000000Z-9.warc.gz"))
    assert damage(path) == []
    said = "\n".join(notes(path))
    for part in (
        "ends with half a record",
        "3 captures of courier are not sealed yet",
        "line 4 is not whole",
        "run's: 1",
    ):
        assert part in said


def test_pages_that_no_row_knows_are_noted(path):
    by_hand(path, "DELETE FROM about WHERE key LIKE 'sealed%'", "UPDATE revisions SET capture = NULL")
    by_hand(path, f"DELETE FROM captures WHERE run = 3 AND url = '{TOLL}'")
    path.with_name("seals.txt").unlink()
    assert damage(path) == []
    assert any("1 pages in it have no row" in note for note in notes(path))


def test_a_run_that_begins_and_ends_while_it_reads_is_no_damage(path):
    def a_run(done, total):
        if done == 1:
            with closing(create(path)) as db:
                run_of(db, path, 4)

    reading = Verification(path, progress=a_run)
    assert [one for one in reading.findings() if one.cure] == []
    assert reading.counts["captures"] == 9
    assert rows(path, "SELECT count(*) FROM captures") == [(12,)]


@pytest.mark.parametrize("first", [True, False])
def test_a_run_that_ends_between_seals_and_rows_is_no_damage(path, monkeypatch, first):
    """Its line is not among those that were there, its row names it."""
    if first:
        by_hand(path, "DELETE FROM about WHERE key LIKE 'sealed%'")
        path.with_name("seals.txt").unlink()
    before = verification.chains

    def then_a_run(folder):
        lengths = before(folder)
        with closing(create(path)) as db:
            run_of(db, path, 4)
        return lengths

    monkeypatch.setattr(verification, "chains", then_a_run)
    assert damage(path) == []


def test_an_archive_with_nothing_in_it_is_whole_and_said_to_be_empty(tmp_path):
    create(tmp_path / "archive.db").close()
    run = CliRunner().invoke(main, ["verify", "--archive", str(tmp_path / "archive.db")])
    assert (run.exit_code, run.stdout) == (0, "Whole: nothing archived yet\n")


def test_the_command_says_whole_and_damaged(path):
    run = CliRunner().invoke(main, ["verify", "--archive", str(path)])
    assert (run.exit_code, run.stdout) == (0, "Whole: 3 articles, 6 revisions, 9 captures, 3 seals, 3 warc files\n")
    edited(path)
    run = CliRunner().invoke(main, ["verify", "--archive", str(path)])
    assert run.exit_code == 1
    assert run.stdout.splitlines()[0].startswith(f"{TOLL}: its text is not the one")
    assert run.stdout.splitlines()[-1].startswith("Damaged in 2 places: 3 articles")
    run = CliRunner().invoke(main, ["verify", "--json", "--archive", str(path)])
    said = json.loads(run.stdout)
    assert (run.exit_code, said["whole"], said["checked"]["captures"]) == (1, False, 9)
    assert {"where", "what", "cure"} == set(said["damage"][0])


def test_quick_does_not_read_the_warcs(path):
    missing(path)
    assert damage(path, quick=True) == []


def test_it_writes_nothing(path):
    before = path.read_bytes()
    damage(path)
    assert path.read_bytes() == before


def test_an_archive_of_an_older_version_is_read_as_it_is(path):
    by_hand(
        path,
        "ALTER TABLE articles DROP COLUMN history_hash",
        "DELETE FROM _sqlite_migrations WHERE name LIKE 'm006%'",
    )
    assert damage(path) == []
    assert any("an older version made it" in note for note in notes(path))


def test_texts_that_were_left_out_are_no_damage_and_others_are_checked(path):
    copy = path.with_name("copy.db")
    snapshot(path, copy, without_text=True)
    assert damage(copy) == []
    assert any("were left out on" in note for note in notes(copy))
    by_hand(copy, f"UPDATE articles SET standfirst = 'Never said' WHERE url = '{TOLL}'")
    said = damage(copy)[0]
    assert said.startswith(f"{TOLL}: its text is not the one")
