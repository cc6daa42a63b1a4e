"""What was taken down is gone, stays away, and is missed by nobody who checks the rest; whatever happens meanwhile."""

import gzip
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import time
import zlib
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from archives import OUTLET, article
from click.testing import CliRunner
from kept import by_hand, damage, exchange, flip, keep, notes, rows
from readers import needs_readers, tool
from small_paper import SmallPaper, page
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from ewbscraper.archive import connection, runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create, read
from ewbscraper.archive.merge.archives import merge
from ewbscraper.archive.schema.history import keep_history_hash
from ewbscraper.archive.takedown.restore import restore
from ewbscraper.archive.takedown.withhold import withhold
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.verify.verification import Verification
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.cli import main
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.errors import EwbScraperError
from ewbscraper.outlet import Feed, WordPress

WORD = "Zvornikovanka"
"""Only the article that is taken down has it, in every one of its texts."""
PART = WORD[3:].encode()
"""Of a word the index keeps what the word before it does not have, too."""
TOLL = "https://courier.example/toll/"
ASKED = {"reason": "Request of 3 May", "requested_by": "Ana Kos"}
OPTIONS = ("--reason", ASKED["reason"], "--requested-by", ASKED["requested_by"])


def run(path, *words, code=0):
    done = CliRunner().invoke(main, [*words, "--archive", str(path)])
    assert done.exit_code == code, done.output
    return done.output


def holding(folder):
    """Files that have the word, as they are or unpacked, `withheld/` apart."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        raw = path.read_bytes()
        if PART in raw or PART in unpacked(raw):
            found.append(path.relative_to(folder).as_posix())
    return [one for one in found if not one.startswith("withheld/")]


def unpacked(raw):
    """Every gzip member that can be found, whatever stands before it."""
    parts = []
    for at in (at for at in range(len(raw)) if raw.startswith(b"\x1f\x8b\x08", at)):
        try:
            parts.append(zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(raw[at:]))
        except zlib.error:
            continue
    return b"".join(parts)


@pytest.mark.slow
@pytest.mark.fault(
    "Takedown", sent="`withhold`, `restore` and `withhold --erase` as commands", must="little time and memory"
)
def test_the_commands_take_little(tmp_path, meter):
    path = keep(tmp_path, editions=3)
    for words in (["withhold", TOLL, *OPTIONS], ["restore", TOLL, *OPTIONS], ["withhold", TOLL, *OPTIONS, "--erase"]):
        done = meter.command(["ewbscraper", *words, "--archive", path], seconds=30, megabytes=200)
        assert done.returncode == 0, done.stderr
    assert damage(path) == []


def content(path):
    with closing(sqlite3.connect(path)) as db:
        lines = [line for line in db.iterdump() if "'withheld log'" not in line and '"_changes"' not in line]
    return sorted(line for line in lines if "articles_fts" not in line)


def warcs(folder):
    return {
        file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*.warc*")
    }


def forgetful(monkeypatch):
    """SQLite as most of the world has it: what is deleted stays in the file until something is written over it."""
    connect = sqlite3.connect

    def connected(*given, **named):
        db = connect(*given, **named)
        db.execute("PRAGMA secure_delete = 0")
        return db

    monkeypatch.setattr(sqlite3, "connect", connected)


# A newspaper that is crawled for real


class Paper(SmallPaper):
    """Its feed has whole texts; one of its posts is to be taken down, and is edited once."""

    def __init__(self):
        super().__init__(posts=6)
        self.sources = (Feed("feed/"), WordPress())
        self.bend = self.say
        self.more = {}

    @property
    def secret(self):
        return self.address("post-3")

    def say(self, path):
        if path in self.more:
            return self.more[path]
        if path.startswith("/feed/"):
            items = "".join(
                f"<item><link>{self.address(slug)}</link><title>{slug}</title>"
                f"<description>&lt;p&gt;{self.text(slug)}&lt;/p&gt;</description></item>"
                for slug in self.posts
            )
            return 200, {"Content-Type": "application/rss+xml"}, f"<rss version='2.0'><channel>{items}</channel></rss>"
        slug = path.rstrip("/").rpartition("/")[2]
        return (200, {}, page(f"Headline of {slug}", self.text(slug))) if slug in self.posts else None

    def text(self, slug):
        name = f"{WORD}, " if slug == "post-3" else ""
        return f"{name}version {self.posts[slug]} of {slug}, long enough for a reader to read and to find again."


@pytest.fixture
def paper():
    paper = Paper()
    yield paper
    paper.close()


def crawled(paper, folder, **options):
    path = folder / "archive.db"
    in_child(crawl, path, [paper.outlet], CrawlOptions(**options))
    return path


def twice(paper, folder):
    """Two runs, the post edited in between."""
    crawled(paper, folder)
    paper.posts["post-3"] = 1
    return crawled(paper, folder, recheck=True)


@pytest.mark.slow
@pytest.mark.fault(
    "Takedown", sent="a crawled article with an earlier text, quoted by the feed", must="no byte of it stays"
)
@pytest.mark.parametrize("erase", [False, True])
def test_no_byte_of_it_stays(paper, tmp_path, meter, erase):
    path = twice(paper, tmp_path)
    assert rows(path, "SELECT count(*) FROM revisions") == [(1,)]
    assert {one.partition("/")[0] for one in holding(tmp_path)} >= {"archive.db", "warc"}
    run(path, "withhold", paper.secret, *OPTIONS, *(["--erase"] if erase else []))
    assert holding(tmp_path) == []
    everywhere = b"".join(unpacked(f.read_bytes()) + f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())
    assert (WORD.encode() in everywhere) is not erase
    assert (damage(path), notes(path)) == ([], [])
    if not erase:
        run(path, "restore", paper.secret, *OPTIONS)
        assert (damage(path), notes(path)) == ([], [])
        assert WORD in run(path, "show", paper.secret)
    meter.tried()


@pytest.mark.slow
@pytest.mark.fault(
    "Takedown",
    sent="runs that meet it again: listed, quoted by the feed, linked, behind a redirect, at an address that names it",
    must="never asked for where its address says so; what was asked for is withheld before it is sealed",
)
def test_runs_leave_it_alone(paper, tmp_path, meter):
    path = twice(paper, tmp_path)
    before = rows(path, "SELECT max(id) FROM captures")[0][0]
    run(path, "withhold", paper.secret, *OPTIONS)
    asked = paper.secret.removeprefix(paper.home[:-1])
    paper.asked.clear()
    paper.posts |= {"post-6": 0, "moved": 0, "print": 0, "links": 0}
    canonical = f'<link rel="canonical" href="{paper.secret}">'
    paper.more["/2024/01/01/moved/"] = (301, {"Location": paper.secret}, "")
    paper.more["/2024/01/01/print/"] = (200, {}, page("Headline", paper.text("post-3"), head=canonical))
    linking = f'<a href="{paper.secret}">it</a> and words enough for a page to be taken for an article. ' * 10
    paper.more["/2024/01/01/links/"] = (200, {}, page("Links", linking))
    paper.more[asked] = (200, {}, page("Headline", f"{WORD} is here, and would be found by who asks for this page."))
    for options in ({}, {"recheck": True}, {"follow_links": True}):
        crawled(paper, tmp_path, **options)
        meter.tried()
    assert asked not in paper.asked
    assert holding(tmp_path) == []
    assert rows(path, f"SELECT count(*) FROM frontier WHERE url = '{paper.secret}'") == [(0,)]
    assert rows(path, "SELECT count(*) FROM frontier WHERE url LIKE '%/print/'") == [(0,)]
    assert rows(path, "SELECT state FROM frontier WHERE url LIKE '%/moved/'") == [("not an article",)]
    assert rows(path, "SELECT min(id) > ? FROM captures WHERE run > 2".replace("?", str(before))) == [(1,)]
    assert paper.asked.count("/2024/01/01/print/") == 1
    assert (damage(path), notes(path)) == ([], [])
    assert rows(path, "SELECT count(*) FROM captures WHERE url LIKE '%wp-json%'")[0][0] > 0
    run(path, "restore", paper.secret, *OPTIONS)
    assert (damage(path), notes(path)) == ([], [])
    assert rows(path, "SELECT count(*) FROM captures WHERE url LIKE '%/feed/%'")[0][0] >= 5


# An archive of three runs


def secret(folder):
    """As kept.keep makes it; the article on the toll has WORD in every text."""
    path = keep(folder, editions=2)
    with closing(create(path)) as db:
        writer = WarcWriter(path.parent, OUTLET.slug, 3)
        run_ = runs.open_run(db, OUTLET.slug, "test")
        for number in (1, 2):
            one = article("toll", headline=f"Toll {number}", body=f"{WORD} pays {number}.")
            with transaction(db):
                capture = writer.write(exchange(one.url, f"<h1>{one.headline}</h1><p>{one.body}</p>".encode() * 20))
                writer.sync()
                when = f"2024-03-0{3 + number}T08:00:00Z"
                known, _ = store.save_article(db, one, outlet=OUTLET.slug, run=run_, captured=when)
                store.save_captures(db, run_, [capture], article=known)
        writer.close()
    run(path, "withhold", TOLL, *OPTIONS)  # seals run 3, and back: the state that all these tests begin with
    run(path, "restore", TOLL, *OPTIONS)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    secret(folder)
    assert holding(folder)
    return folder


@pytest.fixture
def path(model, tmp_path):
    shutil.copytree(model, tmp_path / "archive")
    return tmp_path / "archive" / "archive.db"


@pytest.mark.fault(
    "Takedown",
    sent="free pages, index segments and a write-ahead log that have its words",
    must="emptied; else it says so",
)
def test_no_trace_of_it_in_the_file(path, monkeypatch, meter):
    forgetful(monkeypatch)
    monkeypatch.setattr(connection, "BUSY_TIMEOUT", 0.2)
    with closing(create(path)) as db:
        for number in range(40):  # texts that give way, and leave their pages
            one = article("toll", headline=f"Toll {number}", body=f"{WORD} pays {number}. " * 50)
            with transaction(db):
                store.save_article(db, one, outlet=OUTLET.slug, run=3, captured=f"2024-04-01T08:{number:02}:00Z")
        with transaction(db):
            db.execute("DELETE FROM revisions WHERE article = 2 AND id > 3")
            keep_history_hash(db, 2)
        with closing(read(path)) as reader:
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM articles").fetchone()[0] == 3
            assert "a program reads archive.db and does not let" in run(path, "withhold", TOLL, *OPTIONS, code=1)
            assert any("was killed before its end" in line for line in damage(path))
        run(path, "withhold", TOLL, *OPTIONS)
        assert (holding(path.parent), path.with_name("archive.db-wal").exists()) == ([], True)
    assert damage(path) == []
    meter.tried(2)


def die_at(step, path, commands, told):
    """In a child: before its n-th step (a transaction's begin or end, VACUUM, sync, rename, removal) it is killed."""
    left = [step]

    def count(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(function):
        def before(*given, **named):
            count()
            return function(*given, **named)

        return before

    connect = sqlite3.connect

    def traced(*given, **named):
        db = connect(*given, **named)
        db.set_trace_callback(
            lambda sql: count() if sql.startswith(("BEGIN", "COMMIT", "VACUUM", "PRAGMA wal")) else None
        )
        return db

    sqlite3.connect, os.fsync, shutil.rmtree = traced, counted(os.fsync), counted(shutil.rmtree)
    Path.replace = counted(Path.replace)
    for command, options in commands:
        command(path, TOLL, **ASKED, **options)
    told.send(step - left[0])


CHILDREN = multiprocessing.get_context("fork")
"""Hundreds of them: no import, and no thread of ours that would be lost in them."""
forking = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def killed_at(step, path, *commands):
    """Runs commands in a process that dies at that step; how many steps there were, None where it died."""
    ours, theirs = CHILDREN.Pipe(duplex=False)
    process = CHILDREN.Process(target=die_at, args=(step, path, commands, theirs))
    process.start()
    theirs.close()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return ours.recv() if process.exitcode == 0 else None


KILLED = {
    "withhold": ([(withhold, {})], []),
    "withhold --erase": ([(withhold, {"erase": True})], []),
    "restore": ([(restore, {})], [(withhold, {})]),
    "withhold, then --erase": ([(withhold, {"erase": True})], [(withhold, {})]),
}


@forking
@pytest.mark.slow
@pytest.mark.fault(
    "Takedown",
    sent="`kill -9` before every commit, sync, rename and removal of withhold, of --erase and of restore",
    must="undone, or finished by the same command; never half of it unseen",
)
@pytest.mark.parametrize("what", KILLED)
def test_a_kill_at_every_step_is_undone_or_finished(model, tmp_path, meter, what):
    doing, before = KILLED[what]
    whole = content(model / "archive.db"), warcs(model)
    steps = killed_at(0, fresh(model, tmp_path, before), *doing)
    assert steps > 10
    for step in range(1, steps + 1):
        path = fresh(model, tmp_path, before)
        assert killed_at(step, path, *doing) is None
        found = damage(path)
        assert all("was killed before its end" in line or "has it. Delete" in line for line in found), (step, found)
        again(path, doing)
        assert list(Verification(path).findings()) == [], step
        if what == "restore":
            assert (content(path), warcs(path.parent)) == whole, step
        else:
            assert holding(path.parent) == [], step
        meter.tried()


def fresh(model, folder, before):
    target = folder / "archive"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(model, target)
    for command, options in before:
        command(target / "archive.db", TOLL, **ASKED, **options)
    return target / "archive.db"


def again(path, doing):
    """The same command; what it had done by its last moment it says so."""
    for command, options in doing:
        said = ""
        try:
            command(path, TOLL, **ASKED, **options)
        except EwbScraperError as error:
            said = str(error)
        assert not said or any(word in said for word in ("already", "is not withheld")), said


def with_little_room(size, path, doing, told):
    """In a child: no file may grow beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        for command, options in doing:
            command(path, TOLL, **ASKED, **options)
        told.send("done")
    except EwbScraperError as error:
        told.send(str(error))


@pytest.mark.slow
@forking
@pytest.mark.fault(
    "Takedown",
    sent="a disk that is full at any point of withhold or restore",
    must="an error with its cure; the same command does it once there is room",
)
@pytest.mark.parametrize("what", ["withhold", "restore"])
def test_a_full_disk(model, tmp_path, meter, what):
    doing, before = KILLED[what]
    said = []
    whole = content(model / "archive.db"), warcs(model)
    for size in (0, 500, 2_000, 4_000, 20_000, 60_000, 120_000, 200_000, 300_000, 400_000):
        path = fresh(model, tmp_path, before)
        ours, theirs = CHILDREN.Pipe(duplex=False)
        process = CHILDREN.Process(target=with_little_room, args=(size, path, doing, theirs))
        process.start()
        assert ours.poll(60)
        said.append(ours.recv())
        process.join(60)
        assert "done" in said[-1] or "Make room" in said[-1], said[-1]
        again(path, doing)
        assert list(Verification(path).findings()) == [], size
        if what == "restore":
            assert (content(path), warcs(path.parent)) == whole, size
        else:
            assert holding(path.parent) == [], size
        meter.tried()
    assert "done" not in said[:4]


@pytest.mark.fault("Takedown", sent="half a filler, as a power cut leaves it", must="the same command finishes it")
def test_half_a_filler_is_finished(path, meter):
    whole = warcs(path.parent)
    run(path, "withhold", TOLL, *OPTIONS)
    for name, offset, length in rows(path, "SELECT warc, offset, length FROM withheld_records"):
        file = path.parent / name
        raw = bytearray(file.read_bytes())
        raw[offset : offset + length // 2] = os.urandom(length // 2)
        file.write_bytes(raw)
    by_hand(path, "UPDATE withheld SET state = 'withholding'")
    run(path, "withhold", TOLL, *OPTIONS)
    assert damage(path) == []
    run(path, "restore", TOLL, *OPTIONS)
    assert warcs(path.parent) == whole
    meter.tried()


def flipped_filler(path):
    name, offset = rows(path, "SELECT warc, offset FROM withheld_records LIMIT 1")[0]
    flip(path.parent / name, offset + 250)


def flipped_elsewhere(path):
    name, _ = rows(path, "SELECT warc, offset FROM withheld_records LIMIT 1")[0]
    flip(path.parent / name, 40)


def flipped_log(path):
    flip(path.with_name("withheld") / "log.txt", 30)


def shorter_log(path):
    log = path.with_name("withheld") / "log.txt"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))


DELETED = ("withheld", "withheld_addresses", "withheld_records", "withheld_files")
TAMPERED = {
    "a bit of a filler": flipped_filler,
    "a bit elsewhere in the file": flipped_elsewhere,
    "a bit of the log": flipped_log,
    "the end of the log": shorter_log,
    **{f"all of {table}": lambda path, table=table: by_hand(path, f"DELETE FROM {table}") for table in DELETED},
    "every tombstone": lambda path: by_hand(path, *(f"DELETE FROM {table}" for table in DELETED)),
    "a digest": lambda path: by_hand(path, "UPDATE withheld_records SET sha256_after = sha256_before"),
    "a leaf": lambda path: by_hand(path, f"UPDATE withheld_records SET leaf = '{'0' * 64}' WHERE run = 2"),
}


@pytest.mark.fault(
    "Takedown",
    sent="fillers, tombstones, digests and the log changed or removed by hand",
    must="`verify` finds each, and nothing before",
)
@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_changed_by_hand_is_found(path, meter, what):
    run(path, "withhold", TOLL, *OPTIONS)
    assert (damage(path), notes(path)) == ([], [])
    TAMPERED[what](path)
    assert damage(path)
    meter.tried()


# Other archives, other tools


def other_archive(model, folder):
    """As it was before the takedown, on another machine."""
    shutil.copytree(model, folder / "other")
    return folder / "other" / "archive.db"


@pytest.mark.fault(
    "Takedown", sent="an archive that still has it, merged in; twice", must="it stays away, the seals of both hold"
)
def test_a_merge_does_not_bring_it_back(model, path, tmp_path, meter):
    other, nobody = other_archive(model, tmp_path), tmp_path / "new" / "archive.db"
    run(path, "withhold", TOLL, *OPTIONS)
    for target in (path, nobody):
        if target == nobody:
            merge(nobody, path, lambda n: None, lambda n: None)
        whole = content(target), warcs(target.parent)
        for _ in range(2):
            merged = merge(target, other, lambda n: None, lambda n: None)
            assert (merged["conflicts"], holding(target.parent)) == ([], [])
            assert (damage(target), notes(target)) == ([], [])
            meter.tried()
        if target == path:
            assert (content(target), warcs(target.parent)) == whole


@pytest.mark.slow
@pytest.mark.fault(
    "Takedown",
    sent="an archive with other captures of it, merged in",
    must="its files come with fillers, and can be restored",
    found="restored, the rows of the other archive's captures were missing",
)
def test_captures_of_another_machine_are_withheld_as_they_come(path, tmp_path, meter):
    now = utc_now()
    while utc_now() == now:  # another machine's runs and files are named by another second
        time.sleep(0.01)
    other = secret(tmp_path / "laptop")
    assert holding(other.parent)
    run(path, "withhold", TOLL, *OPTIONS)
    for _ in range(2):
        merge(path, other, lambda n: None, lambda n: None)
        assert holding(path.parent) == []
        assert (damage(path), notes(path)) == ([], [])
        meter.tried()
    run(path, "restore", TOLL, *OPTIONS)
    assert (damage(path), notes(path)) == ([], [])
    assert {name.partition("/")[0] for name in holding(path.parent)} == {"archive.db", "warc"}


@pytest.mark.fault(
    "Takedown",
    sent="an archive that withholds what we have, merged in",
    must="ours stays whole, and is named, once each time",
)
def test_what_others_withhold_stays_here_and_is_named(model, path, tmp_path, meter):
    other = other_archive(model, tmp_path)
    run(other, "withhold", TOLL, *OPTIONS, "--erase")
    for _ in range(2):
        conflicts = merge(path, other, lambda n: None, lambda n: None)["conflicts"]
        assert [TOLL in one and "stays here" in one for one in conflicts] == [True]
        assert WORD in run(path, "show", TOLL)
        assert (damage(path), notes(path)) == ([], [])
        meter.tried()
    run(path, "withhold", TOLL, *OPTIONS)
    assert (damage(path), holding(path.parent)) == ([], [])


def foreign(folder, compressed):
    """What another tool captured: a page before and one after it, and its picture of an error."""
    name = folder / ("other.warc.gz" if compressed else "other.warc")
    with name.open("wb") as file:
        writer = WARCWriter(file, gzip=compressed)
        for slug in ("ferry", "toll", "tunnel"):
            url, text = f"http://www.courier.example/{slug}/", f"{WORD if slug == 'toll' else slug} " * 60
            body = page(f"Headline of {slug}", text).encode()
            head = exchange(url, body)
            record = writer.create_warc_record(url, "response", BytesIO(body), len(body), http_headers=heads(head))
            writer.write_request_response_pair(
                writer.create_warc_record(url, "request", http_headers=asks(url)), record
            )
    return name


def heads(one):
    from warcio.statusandheaders import StatusAndHeaders

    return StatusAndHeaders("200 OK", list(one.response_headers), protocol="HTTP/1.1")


def asks(url):
    from warcio.statusandheaders import StatusAndHeaders

    return StatusAndHeaders(f"GET {url} HTTP/1.1", [("Host", "courier.example")], is_http_request=True)


@pytest.mark.slow
@pytest.mark.fault(
    "Takedown", sent="its page in a file of another tool, imported before or after", must="withheld in it"
)
@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_files_of_other_tools(path, tmp_path, meter, compressed, before):
    file = foreign(tmp_path, compressed)
    whole = sha256(file.read_bytes()).hexdigest()
    take = ("import", str(file), "--outlet", "courier")
    if before:
        run(path, *take)
    said = run(path, "withhold", TOLL, *OPTIONS)
    assert "article" in said
    for _ in range(2):
        run(path, *take)
        assert holding(path.parent) == []
        assert (damage(path), notes(path)) == ([], [])
        meter.tried()
    assert rows(path, "SELECT count(*) FROM articles WHERE url LIKE '%tunnel%'") == [(1,)]
    run(path, "restore", TOLL, *OPTIONS)
    assert whole in warcs(path.parent).values()
    run(path, *take)
    assert (damage(path), notes(path)) == ([], [])


@pytest.mark.fault("Takedown", sent="every export and a snapshot, made anew over those of before", must="none has it")
def test_exports_do_not_have_it(path, tmp_path, meter):
    out = tmp_path / "out"
    out.mkdir()
    for again_ in (False, True):
        for shape in ("ndjson", "text"):
            run(path, "export", "--format", shape, str(out / shape))
        run(path, "export", "--format", "wacz", str(out / "news.wacz"))
        (out / "snapshot.db").unlink(missing_ok=True)
        run(path, "snapshot", str(out / "snapshot.db"))
        (out / "query.json").write_text(run(path, "query", "select * from articles"))
        assert bool(holding(out)) is not again_
        if not again_:
            run(path, "withhold", TOLL, *OPTIONS)
        meter.tried(5)
    assert "withheld" in (out / "ndjson" / "datapackage.json").read_text()


@pytest.mark.fault("Takedown", sent="an export into the Parquet files of before", must="brought up to date without it")
def test_parquet_does_not_have_it(path, tmp_path, meter):
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "parquet"
    for again_ in (False, True):
        run(path, "export", "--format", "parquet", str(out))
        texts = [str(parquet.read_table(file).to_pylist()) for file in out.rglob("*.parquet")]
        assert any(WORD in text for text in texts) is not again_
        if not again_:
            run(path, "withhold", TOLL, *OPTIONS)
        meter.tried()


@pytest.mark.slow
@needs_readers
@pytest.mark.fault(
    "Takedown", sent="a WARC file with fillers, to warcio and to pywb's indexer", must="read on, no fault"
)
def test_other_tools_read_a_file_with_fillers(path, tmp_path, meter):
    before = {file: tool("cdxj-indexer", file).splitlines() for file in path.parent.rglob("*.warc.gz")}
    run(path, "withhold", TOLL, *OPTIONS)
    for file, lines in before.items():
        assert tool("warcio", "check", file) == ""
        index = [line for line in tool("cdxj-indexer", file).splitlines() if not line.startswith("- ")]
        assert index == [line for line in lines if "toll" not in line] != lines
        fillers = json.loads(f"[{','.join(tool('warcio', 'index', '-f', 'warc-type,offset', file).splitlines())}]")
        (first, *_) = [one["offset"] for one in fillers if one["warc-type"] == "metadata"]
        said = json.loads(tool("warcio", "extract", "--payload", file, first))
        assert (len(said["sha256"]), said["withheld"][:2]) == (64, "20")
        meter.tried(4)


@pytest.mark.fault("Takedown", sent="a torn record of a killed run, which no row names", must="overwritten, too")
def test_a_torn_record_of_a_killed_run_is_found(model, tmp_path, meter):
    path = fresh(model, tmp_path, [])
    (file,) = path.parent.rglob("*-2.warc.gz")
    body = f"<p>{WORD} {os.urandom(400).hex()}</p>".encode()
    writer = WarcWriter(tmp_path / "spare", OUTLET.slug, 9)
    capture = writer.write(exchange(TOLL, body))
    writer.close()
    record = (tmp_path / "spare" / capture.warc).read_bytes()[capture.offset :]
    by_hand(path, "UPDATE runs SET outcome = 'killed' WHERE id = 2", "DELETE FROM about WHERE key LIKE 'sealed%'")
    path.with_name("seals.txt").unlink()
    with file.open("ab") as torn:
        torn.write(record[: capture.length - 60])
    whole = warcs(path.parent)
    assert WORD.encode() in unpacked(file.read_bytes()[-(capture.length - 60) :])
    run(path, "withhold", TOLL, *OPTIONS)
    assert holding(path.parent) == []
    with gzip.open(file) as unzipped:
        assert sum(1 for _ in ArchiveIterator(unzipped)) > 3
    run(path, "restore", TOLL, *OPTIONS)
    assert warcs(path.parent) == whole
    meter.tried()
