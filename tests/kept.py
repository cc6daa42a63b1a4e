"""An archive as crawls leave it: real rows, real WARC files, sealed; and the hands that damage it."""

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256

from archives import OUTLET, article, new_archive
from click.testing import CliRunner

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.export.snapshot import snapshot
from ewbscraper.archive.verify.verification import Verification
from ewbscraper.archive.warc.reader import Exchange
from ewbscraper.archive.warc.seals import seal
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.cli import main

STARTED = "2024-03-0{}T08:00:00Z"
SLUGS = ("bridge", "toll", "school")
ENDED = "UPDATE runs SET finished = '2024-03-02T09:00:00Z', outcome = 'finished', new = 3"


def keep(folder, editions=2, name="archive.db", outlet=OUTLET):
    """One run for each edition, each with all pages; every edition has other headlines."""
    path = folder / name
    new_archive(path, outlet)[0].close()
    with closing(create(path)) as db:
        for number in range(1, editions + 1):
            run_of(db, path, number, outlet=outlet)
    return path


def run_of(db, path, number, sealed=True, outlet=OUTLET):
    """A run on one day: its pages in the WARC, its texts, its line."""
    if db.execute("SELECT max(id) FROM runs").fetchone()[0] < number:
        runs.open_run(db, outlet.slug, "test")
    db.execute("UPDATE runs SET started = ? WHERE id = ?", [STARTED.format(number), number])
    writer = WarcWriter(path.absolute().parent, outlet.slug, number)
    for slug in SLUGS:
        one = article(slug, headline=f"{slug}, edition {number}", body=f"Text of {slug}. Škola otvorena.")
        page = f"<h1>{one.headline}</h1><p>{one.body}</p>" + sha256(slug.encode()).hexdigest() * 20
        with transaction(db):
            capture = writer.write(exchange(one.url, page.encode()))
            writer.sync()
            when = STARTED.format(number)
            known, _ = store.save_article(db, one, outlet=outlet.slug, run=number, captured=when)
            store.save_captures(db, number, [capture], article=known)
    writer.close()
    if sealed:
        seal(db, path, outlet.slug)


def run_on(path, number, slugs=SLUGS, ended=False, sent=(), text="Text of {}"):
    """More pages of a run, as they are committed one by one."""
    with closing(create(path)) as db:
        if db.execute("SELECT max(id) FROM runs").fetchone()[0] < number:
            runs.open_run(db, OUTLET.slug, "test")
        (known,) = db.execute("SELECT max(warc) FROM captures WHERE run = ?", [number]).fetchone()
        writer = WarcWriter(path.parent, OUTLET.slug, number)
        if known:  # the same process goes on to write
            writer._path, writer._file = path.parent / known, (path.parent / known).open("ab")
        for slug in slugs:
            one = article(slug, body=text.format(slug))
            page = Exchange(one.url, 200, [], [("Content-Type", "text/html"), *sent], one.body.encode())
            with transaction(db):
                capture = writer.write(page)
                writer.sync()
                article_id, _ = store.save_article(db, one, outlet=OUTLET.slug, run=number, captured=capture.fetched_at)
                store.save_captures(db, number, [capture], article=article_id)
        writer.close()
        if ended:
            with transaction(db):
                runs.close_run(db, number, 1.0, "finished", [], None)
            seal(db, path, OUTLET.slug)


def copied(archive, folder):
    """As docs/more-than-one-machine.md says it: archive.db, seals.txt, warc/."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    snapshot(archive, folder / "archive.db")
    if archive.with_name("seals.txt").exists():
        shutil.copy(archive.with_name("seals.txt"), folder)
    shutil.copytree(archive.parent / "warc", folder / "warc")
    return folder / "archive.db"


def merge(into, *others, code=0):
    """What the command says."""
    ran = CliRunner().invoke(main, ["merge", *map(str, others), "--archive", str(into)])
    assert code in (None, ran.exit_code), ran.output
    return ran.output


def exchange(url, body):
    return Exchange(url, 200, [("User-Agent", "us")], [("Content-Type", "text/html")], body, reason="OK")


def by_hand(path, *statements):
    """Plain SQLite: no foreign keys, no functions of ours."""
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def rows(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def flip(file, at):
    """One bit of one byte."""
    raw = bytearray(file.read_bytes())
    raw[at] ^= 1
    file.write_bytes(raw)


def damage(path, **options):
    """What `verify` says is damaged, a line each."""
    found = Verification(path, **options).findings()
    return [f"{one.where}: {one.what}. {one.cure}" for one in found if one.cure]


def notes(path, **options):
    return [f"{one.where}: {one.what}" for one in Verification(path, **options).findings() if not one.cure]
