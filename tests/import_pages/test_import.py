"""Pages that other tools captured: read in their ways, in order of time, with their dates and their origin."""

import gzip
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zlib
from base64 import b32encode
from contextlib import closing
from hashlib import sha1
from io import BytesIO

import brotli
import pytest
from backports import zstd
from click.testing import CliRunner
from kept import by_hand, damage, notes
from other_tools import DEFINITION, WHEN, Warc, page, wacz
from warcio.archiveiterator import ArchiveIterator

from ewbscraper.archive.articles import kept
from ewbscraper.archive.database import read
from ewbscraper.archive.locks import lock
from ewbscraper.archive.warc.reader import read_capture, read_exchange
from ewbscraper.cli import main
from ewbscraper.crawl.named import outlet_named
from ewbscraper.extraction.fingerprint import fingerprint

BEFORE, AFTER = "2018-01-01T00:00:00Z", "2021-01-01T00:00:00Z"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "courier.py").write_text(DEFINITION)
    return tmp_path


def bring(folder, *files, code=0, options=()):
    ran = CliRunner().invoke(
        main, ["import", *map(str, files), "--archive", str(folder / "archive.db"), "--json", *options]
    )
    assert ran.exit_code == code, ran.output
    return json.loads(ran.stdout) if ran.stdout else ran.stderr


def rows(folder, sql, *values):
    db = sqlite3.connect(folder / "archive.db")
    db.row_factory = sqlite3.Row
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    found = [dict(row) for row in db.execute(sql, values)]
    db.close()
    return found


def dump(folder):
    db = sqlite3.connect(folder / "archive.db")
    lines = list(db.iterdump())
    db.close()
    return lines


def test_a_file_of_wget_becomes_articles_with_its_dates_and_its_origin(folder):
    file = Warc().add("/a/", page("The bridge")).add("/b/", page("The toll")).save(folder / "old.warc.gz")
    done = bring(folder, file)
    assert done["outlets"][0]["run"]["new"] == 2
    assert done["outlets"][0]["run"]["command"] == "import old.warc.gz"
    articles = rows(folder, "SELECT url, headline, first_seen, last_seen, text_since FROM articles ORDER BY url")
    assert [tuple(row.values()) for row in articles] == [
        ("https://www.courier.example/a/", "The bridge", WHEN, WHEN, WHEN),
        ("https://www.courier.example/b/", "The toll", WHEN, WHEN, WHEN),
    ]
    capture = rows(folder, "SELECT * FROM captures ORDER BY id")[0]
    assert (capture["fetched_at"], capture["origin"]) == (WHEN, "Wget/1.21.4 (linux-gnu), in old.warc.gz")
    assert capture["warc"].startswith("warc/imported/")
    assert (folder / capture["warc"]).read_bytes() == file.read_bytes()
    assert b"The bridge" in read_capture(folder, capture["warc"], capture["offset"]).body
    assert rows(folder, "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'toll'") == [{"rowid": 2}]


def test_what_headers_and_pages_say_of_rights_comes_with_them(folder):
    said = page("The bridge", head='<meta name="robots" content="noarchive">')
    warc = (
        Warc().add("/a/", said, headers=[("TDM-Reservation", "1")]).add("/b/", "", headers=[("X-Robots-Tag", "noai")])
    )
    bring(folder, warc.add("/c/", page("The toll")).save(folder / "old.warc.gz"))
    signals = "SELECT url, source, signal FROM rights JOIN captures ON captures.id = capture ORDER BY url, source"
    assert [tuple(row.values()) for row in rows(folder, signals)] == [
        ("https://www.courier.example/a/", "header", "tdm-reservation"),
        ("https://www.courier.example/a/", "meta", "noarchive"),
        ("https://www.courier.example/b/", "header", "noai"),
    ]
    assert rows(folder, "SELECT DISTINCT robots FROM captures") == [{"robots": "unknown"}]


def test_importing_twice_changes_nothing_under_whatever_name(folder):
    file = Warc().add("/a/", page("The bridge")).add("/", page("Front")).save(folder / "old.warc.gz")
    bring(folder, file)
    before, files = dump(folder), sorted(folder.rglob("warc/**/*"))
    other = shutil.copy(file, folder / "renamed.warc.gz")
    done = bring(folder, file, other)
    assert (dump(folder), sorted(folder.rglob("warc/**/*"))) == (before, files)
    assert done["outlets"][0]["run"] is None


def test_an_older_capture_is_a_revision_in_the_past_and_a_newer_one_an_update(folder):
    for when, text in ((WHEN, "Second"), (BEFORE, "First"), (AFTER, "Third")):
        body = page("The bridge", f"{text} text of it, long enough.")
        bring(folder, Warc().add("/a/", body, when).save(folder / "f.warc.gz"))
    (article,) = rows(folder, "SELECT * FROM articles")
    assert article["body"].startswith("Third text")
    assert (article["first_seen"], article["text_since"], article["last_seen"]) == (BEFORE, AFTER, AFTER)
    revisions = rows(folder, "SELECT * FROM revisions ORDER BY seen_from")
    assert [(one["body"][:5], one["seen_from"], one["seen_until"], one["cause"]) for one in revisions] == [
        ("First", BEFORE, BEFORE, "outlet"),
        ("Secon", WHEN, WHEN, "outlet"),
    ]
    captured = {row["id"]: row["fetched_at"] for row in rows(folder, "SELECT * FROM captures")}
    assert [captured[one["capture"]] for one in revisions] == [BEFORE, WHEN]


def test_the_same_text_earlier_reaches_back_and_another_between_cuts_the_span(folder):
    same, other = page("The bridge", "The same text of it, long enough."), page("The bridge", "Another, for a day.")
    days = [f"2019-05-0{day}T08:00:00Z" for day in range(1, 6)]
    for when, body in ((days[4], same), (days[0], same), (days[1], same), (days[2], other)):
        bring(folder, Warc().add("/a/", body, when).save(folder / "f.warc.gz"))
    (article,) = rows(folder, "SELECT * FROM articles")
    assert (article["first_seen"], article["text_since"], article["last_seen"]) == (days[0], days[4], days[4])
    revisions = rows(folder, "SELECT * FROM revisions ORDER BY seen_from")
    assert [(one["seen_from"], one["body"][:7]) for one in revisions] == [(days[0], "The sam"), (days[2], "Another")]


def test_an_old_spelling_of_the_address_is_the_same_article(folder):
    bring(folder, Warc().add("/a/", page("The bridge"), AFTER).save(folder / "new.warc.gz"))
    head = '<link rel="canonical" href="http://courier.example/a/">'
    old = Warc().add("/a/?utm_source=x", page("The bridge", head=head), BEFORE, host="http://courier.example")
    bring(folder, old.save(folder / "old.warc.gz"))
    assert [row["url"] for row in rows(folder, "SELECT url FROM articles")] == ["https://www.courier.example/a/"]
    assert len(rows(folder, "SELECT * FROM captures WHERE article = 1")) == 2


def test_gone_stays_gone_for_an_older_capture_and_ends_with_a_newer_one(folder):
    bring(folder, Warc().add("/a/", page("The bridge"), WHEN).save(folder / "f.warc.gz"))
    gone = "2020-01-01T00:00:00Z"
    with sqlite3.connect(folder / "archive.db") as db:
        db.execute("UPDATE articles SET gone_at = ?", [gone])
    db.close()
    old = page("The bridge", "It was closed then, and stayed so.")
    bring(folder, Warc().add("/a/", old, BEFORE).save(folder / "g.warc.gz"))
    assert rows(folder, "SELECT gone_at FROM articles") == [{"gone_at": gone}]
    done = bring(folder, Warc().add("/a/", page("The bridge"), AFTER).save(folder / "h.warc.gz"))
    assert rows(folder, "SELECT gone_at FROM articles") == [{"gone_at": None}]
    assert done["outlets"][0]["run"]["restored"] == 1


def chunked(body):
    raw = body.encode()
    parts = [raw[i : i + 500] for i in range(0, len(raw), 500)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("encode", "headers"),
    [
        (chunked, [("Transfer-Encoding", "chunked")]),
        (lambda body: gzip.compress(body.encode()), [("Content-Encoding", "gzip")]),
        (lambda body: brotli.compress(body.encode()), [("Content-Encoding", "br")]),
        (lambda body: zstd.compress(body.encode()), [("Content-Encoding", "zstd")]),
        (str.encode, [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]),
    ],
    ids=["chunked", "gzip", "br", "zstd", "headers kept, body decoded"],
)
def test_encodings_that_other_tools_keep(folder, encode, headers):
    bring(folder, Warc().add("/a/", encode(page("The bridge")), headers=headers).save(folder / "f.warc.gz"))
    assert rows(folder, "SELECT headline FROM articles") == [{"headline": "The bridge"}]


def test_a_wacz_with_resource_records(folder):
    warc = Warc("Browsertrix-Crawler 1.5.0 (with warcio.js)").add("/a/", page("The bridge"), kind="resource")
    warc.add("urn:text:https://courier.example/a/", "plain", kind="resource", content_type="text/plain")
    file = wacz(
        folder / "site.wacz", {"data.warc.gz": warc.bytes(), "more.warc.gz": Warc().add("/b/", page("B")).bytes()}
    )
    done = bring(folder, file)
    captures = rows(folder, "SELECT * FROM captures ORDER BY url")
    assert [one["origin"].split(", in ")[1] for one in captures] == ["site.wacz/data.warc.gz", "site.wacz/more.warc.gz"]
    assert len(rows(folder, "SELECT * FROM articles")) == 2
    assert done["left_out"] == {"urn: addresses": 1}
    assert not list((folder / "warc" / "imported").glob(".*"))
    before = dump(folder)
    bring(folder, file)
    assert dump(folder) == before


def test_as_common_crawl_has_it_other_hosts_are_listed_with_the_cure(folder):
    warc = Warc("Common Crawl News").add("/a/", page("The bridge"))
    for host in ("https://one.example", "https://one.example", "https://two.example"):
        warc.add(f"/{len(warc.bytes())}", page("Elsewhere"), host=host)
    warc.add("/gone", page("x"), status="404 Not Found").add("/logo", b"GIF8", content_type="image/gif")
    warc.add("/a/", "text of it", kind="conversion", content_type="text/plain")
    file = warc.save(folder / "CC-NEWS.warc.gz")
    done = bring(folder, file)
    assert done["hosts_without_outlet"] == {"one.example": 2, "two.example": 1}
    assert done["left_out"]["status 404"] == done["left_out"]["not HTML"] == 1
    assert done["left_out"]["WARC-Type conversion: no page as received"] == 1
    printed = CliRunner().invoke(main, ["import", str(file), "--archive", str(folder / "archive.db")]).output
    assert "one.example: 2 pages, and no outlet has this host" in printed
    assert "--any" in printed
    bring(folder, file, options=["--any"])
    assert {row["slug"] for row in rows(folder, "SELECT slug FROM outlets")} == {"courier", "one", "two"}


def test_nothing_for_any_outlet_needs_a_look_and_is_not_copied(folder):
    file = Warc().add("/a/", page("x"), host="https://else.example").save(folder / "f.warc.gz")
    bring(folder, file, code=3)
    assert not list((folder / "warc").rglob("*.warc.gz"))


def test_the_pages_of_an_old_domain_are_given_to_an_outlet(folder):
    file = (
        Warc()
        .add("/a/", page("The bridge"), host="http://old.example")
        .add("/b/", page("B"))
        .save(folder / "f.warc.gz")
    )
    bring(folder, file, options=["--outlet", "courier", "--host", "old.example"])
    assert [tuple(row.values()) for row in rows(folder, "SELECT outlet, url FROM articles")] == [
        ("courier", "http://old.example/a/")
    ]


def files(folder):
    """Without those that Python makes as it reads a definition."""
    return [path for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts]


def test_a_dry_run_keeps_nothing(folder):
    file = wacz(folder / "f.wacz", {"a.warc.gz": Warc().add("/a/", page("The bridge")).bytes()})
    before = files(folder)
    assert bring(folder, file, options=["--dry-run"])["outlets"] == [
        {"outlet": "courier", "pages": 1, "known": 0, "run": None}
    ]
    assert files(folder) == before


def test_a_revisit_is_resolved_in_its_file_and_one_that_leads_elsewhere_is_said(folder):
    first = Warc().add("/a/", page("The bridge"))
    digest = next(
        record.rec_headers.get_header("WARC-Payload-Digest")
        for record in ArchiveIterator(BytesIO(first.bytes()))
        if record.rec_type == "response"
    )
    first.revisit("/a/", "/a/", digest, WHEN, AFTER).revisit("/a/", "/a/", "sha1:ELSEWHERE", WHEN, BEFORE)
    done = bring(folder, first.save(folder / "f.warc.gz"))
    assert done["left_out"] == {"revisit of a page that is not in the file": 1}
    (article,) = rows(folder, "SELECT * FROM articles")
    assert (article["text_since"], article["last_seen"]) == (WHEN, AFTER)
    whole, again = rows(folder, "SELECT * FROM captures ORDER BY id")
    assert (whole["fetched_at"], again["fetched_at"], again["same_as"]) == (WHEN, AFTER, whole["id"])
    with closing(read(folder / "archive.db")) as db:
        assert b"The bridge" in read_exchange(db, folder, again["id"]).body
    before = dump(folder)
    bring(folder, folder / "f.warc.gz")
    assert dump(folder) == before


@pytest.mark.parametrize("status", ["304 Not Modified", ""])
def test_the_body_of_a_revisit_is_unpacked_as_the_first_answer_says(folder, status):
    packed = gzip.compress(page("The bridge").encode())
    file = Warc().add("/a/", packed, headers=[("Content-Encoding", "gzip")])
    digest = f"sha1:{b32encode(sha1(packed).digest()).decode()}"
    file.revisit("/a/", "/a/", digest, WHEN, AFTER, status, ETag='"1"')
    done = bring(folder, file.save(folder / "f.warc.gz"))
    assert done["outlets"][0]["run"]["failed"] == 0
    assert [row["last_seen"] for row in rows(folder, "SELECT last_seen FROM articles")] == [AFTER]


def test_a_plain_warc_without_compression(folder):
    file = Warc(gzip=False).add("/a/", page("The bridge")).add("/b/", page("B")).save(folder / "f.warc")
    bring(folder, file)
    assert [row["headline"] for row in rows(folder, "SELECT headline FROM articles ORDER BY id")] == ["The bridge", "B"]


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("whole.warc.gz", lambda raw: gzip.compress(raw), "`warcio recompress whole.warc.gz NEW.warc.gz`"),
        ("f.warc.zst", lambda raw: zstd.compress(raw), "`zstd -d f.warc.zst`"),
        ("notes.txt", lambda raw: b"Dear diary,\n" * 90, "notes.txt is no WARC file"),
        ("empty.warc.gz", lambda raw: b"", "empty.warc.gz is no WARC file"),
        ("torn.wacz", lambda raw: b"PK\x05\x06" + bytes(18), "torn.wacz holds no WARC file"),
    ],
)
def test_a_file_that_cannot_be_imported_is_said_with_the_cure_and_the_others_go_on(folder, name, make, said):
    plain = Warc(gzip=False)
    for number in range(30):
        plain.add(f"/{number}/", page(f"Bridge {number}"))
    (folder / name).write_bytes(make(plain.bytes()))
    good = Warc().add("/a/", page("The bridge")).save(folder / "good.warc.gz")
    ran = CliRunner().invoke(main, ["import", str(folder / name), str(good), "--archive", str(folder / "archive.db")])
    assert ran.exit_code == 1
    assert said in ran.stderr
    assert rows(folder, "SELECT headline FROM articles") == [{"headline": "The bridge"}]


def test_what_a_truncated_file_still_holds_is_had_and_said(folder):
    whole = Warc().add("/a/", page("The bridge")).add("/b/", page("B"))
    (folder / "f.warc.gz").write_bytes(whole.bytes()[:-200])
    done = bring(folder, folder / "f.warc.gz", code=3)
    assert [row["headline"] for row in rows(folder, "SELECT headline FROM articles")] == ["The bridge"]
    assert "f.warc.gz: byte " in done["damage"][0]
    assert rows(folder, "SELECT needs_a_look FROM runs")[0]["needs_a_look"] == done["damage"][0]


@pytest.mark.parametrize("compressed", [True, False])
def test_reading_goes_on_after_a_damaged_record(folder, compressed):
    warc = Warc(gzip=compressed).add("/a/", page("The bridge"))
    begin = len(warc.bytes())
    raw = bytearray(warc.add("/b/", page("B")).add("/c/", page("C")).bytes())
    if compressed:
        raw[begin + 150 : begin + 200] = bytes(50)
    else:
        raw[begin : begin + 8] = b"WRAC/1.0"
    (folder / "f.warc").write_bytes(raw)
    done = bring(folder, folder / "f.warc", code=3)
    assert [row["headline"] for row in rows(folder, "SELECT headline FROM articles")] == ["The bridge", "C"]
    assert len(done["damage"]) == 1


def test_a_page_that_was_cut_off_is_captured_and_no_article(folder):
    warc = Warc().add("/a/", page("The bridge"), extra={"WARC-Truncated": "length"})
    done = bring(folder, warc.save(folder / "f.warc.gz"))
    assert done["outlets"][0]["run"]["failed"] == 1
    assert [row["truncated"] for row in rows(folder, "SELECT truncated FROM captures")] == ["length"]


def test_an_article_of_several_pages_is_joined(folder):
    head = '<link rel="next" href="/a/2/">'
    warc = Warc().add("/a/2/", page("The bridge", "Second page of it, long enough to be text."))
    warc.add("/a/", page("The bridge", "First page of it, long enough to be text.", head))
    bring(folder, warc.save(folder / "f.warc.gz"))
    (article,) = rows(folder, "SELECT url, body FROM articles")
    assert article["url"].endswith("/a/")
    assert article["body"].index("First page") < article["body"].index("Second page")
    assert len(rows(folder, "SELECT * FROM captures WHERE article IS NOT NULL")) == 2


def test_a_busy_outlet_is_left_alone(folder):
    file = Warc().add("/a/", page("The bridge")).save(folder / "f.warc.gz")
    with lock(folder / "archive.db", "courier"):
        ran = CliRunner().invoke(main, ["import", str(file), "--archive", str(folder / "archive.db")])
    assert ran.exit_code == 75


HOSTILE = """
import resource, sys, time
from pathlib import Path
from ewbscraper.import_pages.foreign.records import ForeignWarc
from ewbscraper.errors import WarcUnreadable
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
warc = ForeignWarc(Path(sys.argv[1]))
try:
    print(len(list(warc.pages())))
except WarcUnreadable as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
HEAD = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.courier.example/a/\r\n"
LONG = 300_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "parts",
    [
        (HEAD + b"X: ", b"x"),
        (HEAD, b"X: y\r\n"),
        (HEAD + b"WARC-Date: 2019-05-02T08:00:00Z\r\nContent-Length: 900000000000\r\n\r\nHTTP/1.1 200 OK\r\n", b"x"),
        (HEAD + b"WARC-Date: 2019-05-02T08:00:00Z\r\nContent-Length: 900000000000\r\n\r\n"
         b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>"),
        (HEAD + b"WARC-Date: 2019-05-02T08:00:00Z\r\n\r\n", b"x"),
    ],
    ids=["endless line", "endless head", "endless HTTP line", "endless body", "no length"],
)  # fmt: skip
def test_a_bomb_takes_no_memory(folder, parts):
    pack, raw = zlib.compressobj(9, zlib.DEFLATED, 31), b""
    block = parts[1] * (1_000_000 // len(parts[1]))
    raw = pack.compress(parts[0]) + b"".join(pack.compress(block) for _ in range(LONG // len(block))) + pack.flush()
    (folder / "bomb.warc.gz").write_bytes(raw)
    ran = subprocess.run(
        [sys.executable, "-c", HOSTILE, folder / "bomb.warc.gz"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    said, kilobytes = ran.stdout.splitlines()
    assert "no WARC file" in said
    assert int(kilobytes) < 100_000
    assert ran.stderr == ""


NEW, OLD = "www.courier.example", "old.courier.example"


@pytest.mark.parametrize(
    ("theirs", "unsure"),
    [pytest.param((NEW, OLD), 0, id="all of it"), pytest.param((NEW,), 1, id="a part of it")],
)
def test_archives_that_imported_the_same_file_are_whole_in_one(tmp_path, theirs, unsure):
    warc = Warc().add("/a/", page("The bridge")).add("/b/", page("The toll"), host=f"https://{OLD}")
    file = warc.save(tmp_path / "old.warc.gz")
    for name, hosts in (("ours", (NEW, OLD)), ("theirs", theirs)):
        (tmp_path / name / "outlets").mkdir(parents=True)
        (tmp_path / name / "outlets" / "courier.py").write_text(DEFINITION)
        bring(tmp_path / name, file, options=["--outlet", "courier", *(f"--host={host}" for host in hosts)])
    path = tmp_path / "ours" / "archive.db"
    with closing(sqlite3.connect(tmp_path / "theirs" / "archive.db")) as db, db:
        db.execute("UPDATE runs SET started = '2020-01-01T00:00:00Z'")
    seals = tmp_path / "theirs" / "seals.txt"
    seals.write_text(re.sub('"started":"[^"]*"', '"started":"2020-01-01T00:00:00Z"', seals.read_text()))
    CliRunner().invoke(main, ["merge", str(tmp_path / "theirs" / "archive.db"), "--archive", str(path)])
    assert (damage(path), len(notes(path))) == ([], unsure)
    by_hand(path, "DELETE FROM captures")
    assert damage(path)


def test_what_an_outlet_without_definition_gave_is_read_again(folder):
    bring(
        folder,
        Warc().add("/a/", page("Elsewhere"), host="https://one.example").save(folder / "old.warc.gz"),
        options=["--any"],
    )
    ran = CliRunner().invoke(main, ["reparse", "one", "--again", "--json", "--archive", str(folder / "archive.db")])
    (account,) = json.loads(ran.stdout)
    assert (account["articles"], account["changed"], account["problems"]) == (1, 0, [])
    with closing(read(folder / "archive.db")) as db:
        assert kept.articles_to_read(db, "one", fingerprint(outlet_named("one", folder / "archive.db"))) == []
