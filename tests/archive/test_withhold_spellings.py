"""Two articles at two spellings of one address: each is withheld, and restored, by itself."""

from contextlib import closing

from archives import article
from click.testing import CliRunner
from kept import damage, keep, rows

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.cli import main

ASKED = ("--reason", "Asked for", "--requested-by", "A. B.")


def run(path, *words):
    done = CliRunner().invoke(main, [*words, "--archive", str(path)])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_second_one_does_not_overwrite_what_the_closed_folder_keeps_of_the_first(tmp_path):
    path = keep(tmp_path)
    with closing(create(path)) as db, transaction(db):
        twin = article("bridge", url="https://courier.example/bridge", body="Another text.")
        number, _ = store.save_article(db, twin, outlet="courier", run=1, captured="2024-03-01T08:00:00Z")
    texts = rows(path, "SELECT id, url, body FROM articles ORDER BY id")
    said = run(path, "withhold", "1", *ASKED)
    assert f"article {number} is at another spelling of its address: withhold it, too" in said
    run(path, "withhold", str(number), *ASKED)
    assert rows(path, "SELECT id FROM articles ORDER BY id") == [(2,), (3,)]
    for key in (str(number), "1"):
        run(path, "restore", key, *ASKED)
    assert rows(path, "SELECT id, url, body FROM articles ORDER BY id") == texts
    assert damage(path) == []
