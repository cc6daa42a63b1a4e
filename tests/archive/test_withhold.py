"""`withhold` and `restore`: what goes, what stays, what is said; bytes and rows come back as they were."""

import asyncio
import json
import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from archives import OUTLET, article
from click.testing import CliRunner
from kept import damage, exchange, keep, notes, rows, run_of
from old_archives import kept as kept_dumps
from old_archives import restore as restore_dump
from warcio.archiveiterator import ArchiveIterator

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.locks import lock
from ewbscraper.archive.takedown.filler import Stood, filler
from ewbscraper.archive.tombstones import address_hash
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.article import Caption
from ewbscraper.browse.serve import reading_room
from ewbscraper.cli import main
from ewbscraper.discovery.link import Link
from ewbscraper.errors import RecordUnreadable

TOLL = "https://courier.example/toll/"
ASKED = ("--reason", "Request of 3 May", "--requested-by", "Ana Kos")
STOOD = Stood("2024-05-03T10:00:00Z", "ab" * 32, "cd" * 32, 0)


@pytest.fixture
def path(tmp_path):
    return keep(tmp_path, editions=3)


def run(path, *words, code=0):
    done = CliRunner().invoke(main, [*words, "--archive", str(path)])
    assert done.exit_code == code, done.output
    return done.output


def content(path):
    """Every row, but for the trail that stays: the end of the log."""
    with closing(sqlite3.connect(path)) as db:
        lines = [line for line in db.iterdump() if "'withheld log'" not in line and '"_changes"' not in line]
    return sorted(line for line in lines if "articles_fts" not in line)


def warcs(path):
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in path.parent.rglob("*.warc*")}


def in_closed_folder(path):
    return sorted(one.name for one in path.with_name("withheld").iterdir() if one.suffix != ".lock")


# The filler


@pytest.mark.parametrize("length", [*range(440, 470), 65_553, *range(65_953, 65_962), 131_098, 200_000, 10_000_000])
def test_a_filler_has_exactly_the_length_of_what_stood_there(length):
    piece = filler(replace(STOOD, length=length), compressed=True)
    assert len(piece) == length
    unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS)
    unpacked.decompress(piece)
    assert (unpacked.eof, unpacked.unused_data) == (True, b"")
    record = next(ArchiveIterator(BytesIO(piece), check_digests=True))
    assert (record.rec_type, record.rec_headers["WARC-Date"]) == ("metadata", STOOD.withheld_at)
    assert json.loads(record.raw_stream.read()) == {
        "withheld": STOOD.withheld_at,
        "url_sha256": STOOD.url_sha256,
        "sha256": STOOD.sha256,
    }


def test_in_few_bytes_it_says_less_and_in_too_few_nothing():
    record = next(ArchiveIterator(BytesIO(filler(replace(STOOD, length=230), compressed=True))))
    assert record.raw_stream.read().strip() == b""
    with pytest.raises(RecordUnreadable, match="too short"):
        filler(replace(STOOD, length=150), compressed=True)


def test_in_a_file_that_is_not_compressed_it_is_a_plain_record():
    piece = filler(replace(STOOD, length=600), compressed=False)
    record = next(ArchiveIterator(BytesIO(piece + b"\r\n\r\n")))
    assert (len(piece), json.loads(record.raw_stream.read())["sha256"]) == (600, STOOD.sha256)


@pytest.mark.parametrize(
    "url",
    [
        "http://paper.example/a",
        "https://www.paper.example/a/",
        "https://paper.example:443/a/#top",
        "https://paper.example/a/?utm_source=mail",
        "paper.example/a",
    ],
)
def test_every_spelling_of_an_address_has_one_hash(url):
    assert address_hash(url) == sha256(b"paper.example/a").hexdigest()


# The command


def test_it_says_what_went_and_is_asked_by_number_or_any_spelling(path):
    said = run(path, "withhold", "http://www.courier.example/toll", *ASKED)
    assert said.splitlines()[:2] == [
        f"{TOLL} (article 2): withheld",
        "  archive.db   1 article, 2 earlier texts, 3 captures, 1 caption",
    ]
    assert "3 records in 3 files" in said
    assert rows(path, "SELECT id FROM articles ORDER BY 1") == [(1,), (3,)]
    assert rows(path, "SELECT id FROM captures WHERE article = 2") == []
    assert (damage(path), notes(path)) == ([], [])
    assert "Request of 3 May" in run(path, "show", "2", code=1)
    assert "Request of 3 May" in run(path, "show", TOLL, code=1)
    assert "toll" not in run(path, "search", "edition")


@pytest.mark.parametrize(
    "key", ["https://WWW.Courier.example/toll/?utm_source=mail#top", "courier.example/toll?fbclid=a", "2"]
)
def test_an_address_as_a_letter_has_it(path, key):
    assert run(path, "withhold", key, "--dry-run").startswith(f"{TOLL} (article 2): would be withheld")


def test_what_was_withheld_and_restored_is_told_as_json(path):
    said = json.loads(run(path, "withhold", "2", *ASKED, "--json"))
    assert (said["address"], said["article"], said["erased"], said["records"]) == (TOLL, 2, False, 3)
    assert json.loads(run(path, "restore", "2", *ASKED, "--json"))["article"] == 2


def test_a_rehearsal_changes_nothing(path):
    before = content(path), warcs(path)
    said = run(path, "withhold", TOLL, "--dry-run")
    assert said.startswith(f"{TOLL} (article 2): would be withheld")
    assert "would be erased" in run(path, "withhold", TOLL, *ASKED, "--dry-run", "--erase")
    assert ((content(path), warcs(path)), path.with_name("withheld").exists()) == (before, False)


@pytest.mark.parametrize("words", [["withhold", TOLL], ["withhold", TOLL, "--reason", "R"], ["restore", TOLL]])
def test_nothing_is_taken_down_without_a_reason_and_a_name(path, words):
    assert "Missing option" in run(path, *words, code=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["withhold", "https://courier.example/tool/"], f"near it: {TOLL}"),
        (["withhold", "77"], "the archive has no article 77"),
        (["withhold", "http://[toll"], "the archive has no address http://[toll"),
        (["withhold", "9" * 30], f"the archive has no address {'9' * 30}"),
        (["withhold", "٢"], "the archive has no address ٢"),
        (["show", "9" * 30], "no article"),
        (["restore", TOLL], "is not withheld"),
        (["restore", "9" * 30], "is not withheld"),
        (["restore", "http://["], "is not withheld"),
    ],
)
def test_what_is_not_there_is_told_with_a_way_on(path, words, said):
    assert said in run(path, *words, *(ASKED if words[0] != "show" else ()), code=1)


def test_twice_is_told_and_what_was_erased_does_not_come_back(path):
    run(path, "withhold", TOLL, *ASKED)
    assert "`ewbscraper restore` puts it back" in run(path, "withhold", "2", *ASKED, code=1)
    assert "article 2: erased" in run(path, "withhold", "2", *ASKED, "--erase")
    assert in_closed_folder(path) == ["log.txt"]
    assert "is destroyed already" in run(path, "withhold", "2", *ASKED, "--erase", code=1)
    assert "only a backup of before that day has it" in run(path, "restore", "2", *ASKED, code=1)
    assert damage(path) == []


def test_a_run_of_the_outlet_is_not_disturbed(path):
    with lock(path, OUTLET.slug):
        assert "another run of courier" in run(path, "withhold", TOLL, *ASKED, code=75)
    assert damage(path) == []


def test_who_asked_stands_in_the_closed_folder_only(path):
    run(path, "withhold", TOLL, *ASKED)
    folder = path.with_name("withheld")
    assert [one.stat().st_mode & 0o777 for one in (folder, *folder.rglob("records"))] == [0o700, 0o700]
    lines = [json.loads(line) for line in (folder / "log.txt").read_text().splitlines()]
    assert [(one["action"], one.get("requested_by")) for one in lines] == [("withhold", "Ana Kos"), ("withheld", None)]
    assert lines[1]["previous"] == sha256((folder / "log.txt").read_bytes().splitlines(keepends=True)[0]).hexdigest()
    assert not [line for line in content(path) if "requested" in line]


def test_restored_it_is_as_it_was(path):
    before = content(path), warcs(path)
    run(path, "withhold", TOLL, *ASKED)
    run(path, "withhold", "1", *ASKED)
    run(path, "restore", TOLL, *ASKED)
    assert damage(path) == []
    run(path, "restore", "1", *ASKED)
    assert (content(path), warcs(path)) == before
    assert (damage(path), notes(path)) == ([], [])
    assert "toll" in run(path, "search", "toll")
    assert in_closed_folder(path) == ["log.txt"]


def test_what_leads_to_it_points_nowhere_until_it_is_back(path):
    with closing(create(path)) as db, transaction(db):
        linked = article("bridge", headline="bridge", body_html=f'<a href="{TOLL}">it</a>')
        store.save_article(db, linked, outlet="courier", run=3, captured="2024-03-09T08:00:00Z")
    before = content(path)
    said = run(path, "withhold", TOLL, *ASKED)
    assert "stays: links to it, with its headline where they name it, in 1 other articles" in said
    assert rows(path, "SELECT url, target_article FROM links WHERE article = 1") == [(TOLL, None)]
    run(path, "restore", TOLL, *ASKED)
    assert content(path) == before


def test_what_the_outlet_said_of_its_rights_goes_and_comes_with_its_captures(path):
    with closing(create(path)) as db, transaction(db):
        db.execute("INSERT INTO rights VALUES (2, 'page', 'noai', '1', NULL), (1, 'page', 'noai', '1', 2)")
        db.execute("UPDATE captures SET robots = 'allowed', robots_in = 2 WHERE id IN (2, 3)")
    before = content(path)
    run(path, "withhold", TOLL, *ASKED)
    assert rows(path, "SELECT capture, said_in FROM rights") == [(1, None)]
    assert rows(path, "SELECT robots, robots_in FROM captures WHERE id = 3") == [("allowed", None)]
    assert damage(path) == []
    run(path, "restore", TOLL, *ASKED)
    assert content(path) == before


def test_a_rehearsal_of_an_older_archive_asks_for_the_upgrade(tmp_path):
    old = restore_dump(kept_dumps()[0].read_text(encoding="utf-8"), tmp_path / "archive.db")
    assert "is of an older version" in run(old, "withhold", "1", "--dry-run", code=1)
    assert ": withheld" in run(old, "withhold", "1", *ASKED)


def test_what_runs_have_noted_does_not_name_it(path):
    with closing(create(path)) as db, transaction(db):
        frontier = Frontier(db, "courier", 3)
        frontier.discover([Link("https://courier.example/old/")], "Feed", complete=False)
        frontier.gone("https://courier.example/old/", f"moved to {TOLL}")
        db.execute("UPDATE runs SET needs_a_look = ? WHERE id = 2", [f"{TOLL}: a fault of ours"])
    before = content(path)
    run(path, "withhold", TOLL, *ASKED)
    assert rows(path, "SELECT needs_a_look FROM runs WHERE id = 2") == [("(a withheld address): a fault of ours",)]
    assert rows(path, "SELECT last_error FROM frontier") == [("moved to (a withheld address)",)]
    assert TOLL.encode() not in path.read_bytes()
    run(path, "restore", TOLL, *ASKED)
    assert content(path) == before


def test_names_that_only_it_had_go_with_it(path):
    with closing(create(path)) as db, transaction(db):
        alone = article("toll", headline="toll", authors=("Ben Rot",), tags=("bridges", "tolls"))
        store.save_article(db, alone, outlet="courier", run=3, captured="2024-03-09T08:00:00Z")
    before = content(path)
    run(path, "withhold", TOLL, *ASKED)
    assert rows(path, "SELECT name FROM authors") == [("Ana Kos",)]
    assert rows(path, "SELECT name FROM tags") == [("bridges",)]
    run(path, "restore", TOLL, *ASKED)
    assert content(path) == before


def test_a_name_that_came_back_meanwhile_is_used(path):
    with closing(create(path)) as db:
        with transaction(db):
            alone = article("toll", headline="toll", authors=("Ben Rot",))
            store.save_article(db, alone, outlet="courier", run=3, captured="2024-03-09T08:00:00Z")
        run(path, "withhold", TOLL, *ASKED)
        with transaction(db):
            other = article("ferry", authors=("Eva Lo", "Ben Rot"))
            store.save_article(db, other, outlet="courier", run=3, captured="2024-03-09T08:00:00Z")
    run(path, "restore", TOLL, *ASKED)
    sql = "SELECT name FROM article_authors JOIN authors ON id = author WHERE article = 2"
    assert rows(path, sql) == [("Ben Rot",)]
    assert damage(path) == []


def test_no_number_is_given_again(path):
    newest = rows(path, "SELECT max(id) FROM captures")[0][0]
    run(path, "withhold", "https://courier.example/school/", *ASKED, "--erase")
    with closing(create(path)) as db:
        run_of(db, path, 4)  # which does not ask whether it may
    assert rows(path, "SELECT id FROM articles ORDER BY 1") == [(1,), (2,), (4,)]
    assert rows(path, f"SELECT min(id) FROM captures WHERE id >= {newest}") == [(newest + 1,)]


def test_an_address_without_an_article_is_withheld_too(path):
    with closing(create(path)) as db, transaction(db):
        Frontier(db, "courier", 3).discover([Link("https://courier.example/waits/")], "Feed", complete=False)
    said = run(path, "withhold", "https://courier.example/waits/", *ASKED)
    assert said == "https://courier.example/waits/: withheld\n"
    with closing(create(path)) as db, transaction(db):
        frontier = Frontier(db, "courier", 3)
        assert frontier.discover([Link("https://courier.example/waits")], "Feed", complete=False) == []
        assert frontier.knows([Link("https://courier.example/waits/")])
    assert rows(path, "SELECT count(*) FROM frontier") == [(0,)]
    assert damage(path) == []
    run(path, "restore", "https://courier.example/waits/", *ASKED)
    assert rows(path, "SELECT url FROM frontier") == [("https://courier.example/waits/",)]


PICTURES = {
    "own.jpg": "image/jpeg",
    "own-300x200.jpg": "image/jpeg",
    "both.jpg": "image/jpeg",
    "site.css": "text/css",
    "site.woff2": "font/woff2",
}


def with_pictures(path):
    """Toll has pictures of its own, one that the bridge shows too, and the style of the whole newspaper."""
    url, shown = "https://courier.example/{}".format, ("own.jpg", "both.jpg")
    with closing(create(path)) as db:
        writer = WarcWriter(path.parent, "courier", 30)
        for slug, names in (("toll", shown), ("bridge", ("both.jpg",))):
            captions = tuple(Caption(f"Of {name}", None, url(name)) for name in names)
            one = article(slug, headline=slug, captions=captions)
            page = f'<link href="/site.css"><p>{one.body}</p>'.encode() + bytes(200)
            with transaction(db):
                captures = [writer.write(exchange(one.url, page))]
                writer.sync()
                number, _ = store.save_article(db, one, outlet="courier", run=3, captured="2024-03-09T08:00:00Z")
                store.save_captures(db, 3, captures, article=number)
        with transaction(db):
            for name, kind in PICTURES.items():
                body = replace(exchange(url(name), name.encode() * 100), response_headers=[("Content-Type", kind)])
                store.save_captures(db, 3, [writer.write(body)], article=2, media=True)
                depth = int(name.endswith("woff2"))
                db.execute(
                    "INSERT INTO media (outlet, url, article, depth, state) VALUES ('courier', ?, 2, ?, 'kept')",
                    [url(name), depth],
                )
        writer.close()


def test_its_own_pictures_go_and_what_others_need_stays_with_them(path):
    with_pictures(path)
    before = content(path)
    said = run(path, "withhold", TOLL, *ASKED)
    kept = rows(path, "SELECT url, media_of FROM captures WHERE url NOT LIKE '%/' ORDER BY id")
    names = [(url.rpartition("/")[2], of) for url, of in kept]
    assert [name for name, _ in names] == ["both.jpg", "site.css", "site.woff2"]
    assert ({of for _, of in names} <= {1, 3}, dict(names)["both.jpg"]) == (True, 1)
    assert "stays: article 1 needs a picture, a style or a page of it, which stays" in said
    assert [url.rpartition("/")[2] for (url,) in rows(path, "SELECT url FROM media ORDER BY 1")] == [
        "both.jpg",
        "site.css",
        "site.woff2",
    ]
    assert damage(path) == []
    run(path, "restore", TOLL, *ASKED)
    assert (content(path), damage(path)) == (before, [])


def test_copies_of_before_an_upgrade_and_twins_are_named(path):
    path.with_name("archive.db.before-m006").write_bytes(b"old")
    with closing(create(path)) as db, transaction(db):
        text = db.execute("SELECT headline, body FROM articles WHERE id = 2").fetchone()
        twin = article("twin", headline=text["headline"], body=text["body"])
        store.save_article(db, twin, outlet="courier", run=3, captured="2024-03-09T08:00:00Z")
    said = run(path, "withhold", TOLL, *ASKED, "--dry-run")
    assert "stays: archive.db.before-m006 beside the archive is a copy of before an upgrade, and has it" in said
    assert "stays: article 4 has the very same text: withhold it, too" in said


def test_the_reading_room_says_gone_with_date_and_reason(path):
    run(path, "withhold", TOLL, *ASKED)
    room = reading_room(path)
    for address in (
        "/archive/articles/2",
        "/archive/articles/2/revisions",
        "/archive/captures/5/page",
        "/archive/captures/5/bytes",
        "/-/cite/archive/2.bib",
    ):
        answer = asyncio.run(room.client.get(address))
        assert (answer.status_code, "Request of 3 May" in answer.text) == (410, True), address
    assert asyncio.run(room.client.get("/archive/articles/99")).status_code == 404
    assert asyncio.run(room.client.get("/archive/articles/1")).status_code == 200


def test_an_old_copy_of_a_file_put_back_is_found_and_withheld_again(path):
    (file,) = path.parent.rglob("*-2.warc.gz")
    old = file.read_bytes()
    run(path, "withhold", TOLL, *ASKED, "--erase")
    file.write_bytes(old)
    assert any("stands in" in line and "Run `ewbscraper withhold` again" in line for line in damage(path))
    run(path, "withhold", "2", *ASKED, "--erase")
    assert damage(path) == []


def test_a_file_that_somebody_changed_is_not_made_good_by_a_takedown(path):
    run(path, "withhold", TOLL, *ASKED)
    (file,) = path.parent.rglob("*-2.warc.gz")
    changed = bytearray(file.read_bytes())
    changed[5] ^= 1
    file.write_bytes(changed)
    assert "is not as it was left" in run(path, "withhold", "1", *ASKED, code=1)
    assert "is not as it was left" in run(path, "restore", "2", *ASKED, code=1)
    assert rows(path, "SELECT state FROM withheld") == [("withheld",)]


def test_an_archive_that_lost_its_closed_folder_cannot_restore(path):
    run(path, "withhold", TOLL, *ASKED)
    folder = path.with_name("withheld")
    (own,) = (one for one in folder.iterdir() if one.is_dir())
    own.rename(path.with_name("elsewhere"))
    assert "is not here" in run(path, "restore", "2", *ASKED, code=1)
    assert damage(path) == []
