"""The lines of docs/more-than-one-machine.md: DuckDB on the Parquet files answers named queries as Datasette does."""

import importlib
import re
from contextlib import chdir, closing

import pytest
from archives import article, save
from browse_data import build, get
from checkout import DOCS
from commands import run
from exports import export
from machines import join, machine

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.takedown.withhold import withhold
from ewbscraper.article import Caption
from ewbscraper.browse.serve import reading_room

pytestmark = pytest.mark.slow

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
PAGE = DOCS / "more-than-one-machine.md"
SESSION, PRINTED = re.search(
    r"```python\n(.*?)```\n+```\n(.*?)```",
    PAGE.read_text("utf-8").partition("## When SQLite is too small")[2],
    re.DOTALL,
).groups()
QUERIES = {
    "credits": {"least": "1"},
    "most_edited": {},
    "removed": {"outlet": "courier"},
    "languages": {},
    "not_archived": {"state": "failed"},
    "crawls": {},
}
"""Those that the page names, and what they are asked for."""


def test_the_page_names_them():
    assert ", ".join(f"`{name}`" for name in QUERIES) in " ".join(PAGE.read_text("utf-8").split())


def test_the_table_of_needs_is_that_of_the_slopes(monkeypatch):
    monkeypatch.syspath_prepend(PAGE.parents[1] / "benchmarks")
    assert importlib.import_module("needs").table(500, 50_000_000) in PAGE.read_text("utf-8")


def test_the_session_prints_what_the_page_says(tmp_path, capsys):
    archive = tmp_path / "archive.db"
    run("demo", "--no-serve", "--archive", str(archive))
    export(archive, tmp_path / "news", "parquet")
    capsys.readouterr()
    with chdir(tmp_path):
        exec(SESSION, {})
    assert capsys.readouterr().out.split() == PRINTED.split()


def test_duckdb_answers_as_datasette_after_each_export(tmp_path):
    archive = build(tmp_path / "archive.db")
    before = compare(archive)
    edit(archive)
    edited = compare(archive)
    withhold(archive, "https://courier.example/n3/", reason="Request of 3 May", requested_by="Ana Kos")
    join(
        archive,
        machine(tmp_path / "other", [(1, "quay", "text one"), (2, "n4", "text two"), (3, "quay", "text three")]),
    )
    after = compare(archive)
    for name in ("credits", "most_edited", "removed", "languages", "crawls"):
        assert before[name] != edited[name] or edited[name] != after[name], name
    assert all(before.values())


def edit(archive):
    """A run: an edit, a removal, an article of another month and language."""
    with closing(create(archive)) as db:
        for number in range(2):
            changed = article(
                "n7", headline=f"Again {number}", published="2024-01-08", captions=(Caption("A", "Tanjug"),)
            )
            save(db, 1, changed, captured=f"2024-03-0{number + 6}T08:00:00Z")
        save(db, 1, article("pont", language="fr", published="2024-06-02"))
        with transaction(db):
            store.mark_gone(db, store.article_at(db, "https://courier.example/n8/"))


def compare(archive):
    """Exports into the one folder, and asks both."""
    export(archive, archive.parent / "news", "parquet")
    names = {}
    with chdir(archive.parent):
        exec(SESSION, names)
        found = {name: names["ask"](name, **given) for name, given in QUERIES.items()}
        ours = {
            name: [dict(zip(one.columns, row, strict=True)) for row in one.fetchall()] for name, one in found.items()
        }
    addresses = [
        f"/archive/{name}.json?_shape=array&" + "&".join(map("=".join, given.items()))
        for name, given in QUERIES.items()
    ]
    theirs = {name: answer.json() for name, answer in zip(QUERIES, get(reading_room(archive), *addresses), strict=True)}
    for name in QUERIES:
        assert sorted(ours[name], key=repr) == sorted(theirs[name], key=repr), name
    for name in ("credits", "crawls"):  # the others leave open which of two alike comes first
        assert ours[name] == theirs[name], name
    return theirs
