"""The stamps of `_changes`: whatever SQL changes rows, the part they are in and the one they were in have others."""

import sqlite3
from collections import defaultdict
from contextlib import closing

import pytest
from browse_data import build

from ewbscraper.archive.frontier.media import MediaList
from ewbscraper.archive.schema import changes

STAMPED = (*changes.NUMBERED, *changes.BY_OUTLET, *changes.BY_MONTH)
MOVED = {"articles": "published = '2031-05-01'", "revisions": "article = article + 2", "frontier": "outlet = 'other'"}
MONTH = "outlet || ' ' || ifnull(substr(published_utc, 1, 7), '')"


@pytest.fixture
def db(tmp_path, monkeypatch):
    """With a row in every table, and two numbers in a block; plain SQLite, which holds to no foreign key."""
    monkeypatch.setattr(changes, "BLOCK", 1)
    with closing(sqlite3.connect(build(tmp_path / "archive.db"), isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        for name in STAMPED:
            if not db.execute(f"SELECT 1 FROM {name}").fetchone():
                columns = db.execute(f"PRAGMA table_info({name})").fetchall()
                values = {one["name"]: 1 if one["type"] == "INTEGER" else "x" for one in columns}
                insert(db, name, values)
        yield db


def insert(db, name, values, verb="INSERT"):
    marks = ", ".join("?" * len(values))
    db.execute(f"{verb} INTO {name} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def parts(db, name):
    """The rows of each part, and its stamp."""
    part = MONTH if name in changes.BY_MONTH else "outlet" if name == "frontier" else f"{changes.NUMBERED[name]} >> 1"
    if name == "revisions":
        part = f"(SELECT {MONTH} FROM articles WHERE articles.id = article)"
    found = defaultdict(list)
    for part_, *row in db.execute(f"SELECT {part}, * FROM {name}"):
        found[part_].append(row)
    return found, changes.stamps(db, name)


def done(db, name, what):
    """Something to a row, or to the article that it is of."""
    row = dict(db.execute(f"SELECT * FROM {name} ORDER BY 1 DESC LIMIT 1").fetchone())
    row.pop("published_utc", None)  # generated
    key = changes.NUMBERED.get(name)
    this = " AND ".join(f"{one} IS ?" for one in row)
    if what == "more":
        new = {"id": 90, "url": "u", key: 90, **({"article": 3} if name == "revisions" else {})}
        insert(db, name, {**row, **{one: value for one, value in new.items() if one in row}}, "INSERT OR IGNORE")
    elif what == "in its place":
        other = {"articles": {"published": "2032-01-01"}, "revisions": {"article": 5}}.get(name, {[*row][-1]: "y"})
        insert(db, name, {**row, **other}, "INSERT OR REPLACE")
    elif what == "another value":
        db.execute(f"UPDATE {name} SET {[*row][-1]} = 'y' WHERE {this}", [*row.values()])
    elif what == "elsewhere":
        moved = MOVED.get(name, f"{key} = {key} + 40")
        db.execute(f"UPDATE OR IGNORE {name} SET {moved} WHERE {this}", [*row.values()])
    elif what == "gone":
        db.execute(f"DELETE FROM {name} WHERE {this}", [*row.values()])
    elif what == "all gone":
        db.execute(f"DELETE FROM {name}")
    else:
        db.execute(what)


CHANGES = ("more", "in its place", "another value", "elsewhere", "gone", "all gone")
REPLACED = (
    ("articles", "UPDATE OR REPLACE articles SET url = (SELECT url FROM articles WHERE id = 1) WHERE id = 9"),
    ("articles", "UPDATE OR REPLACE articles SET id = 1 WHERE id = 9"),
    ("revisions", "UPDATE OR REPLACE revisions SET id = 1 WHERE id = 77"),
    ("media", "INSERT OR REPLACE INTO media (outlet, url, article, depth, state) VALUES ('x', 'x', 90, 0, 'kept')"),
    ("media", "UPDATE OR REPLACE media SET url = 'x' WHERE article = 90"),
)
OF_ARTICLES = (
    "UPDATE articles SET published = '2031-05-01' WHERE id = 1",
    "UPDATE articles SET outlet = 'other' WHERE id = 1",
    "DELETE FROM articles WHERE id = 1",
    "INSERT OR REPLACE INTO articles SELECT id, outlet, url, headline, dateline, dateline_date, agency, byline,"
    " '2031-05-01', modified, language, words, content_hash, first_seen, last_seen, text_since, gone_at, standfirst,"
    " body, body_html, history_hash FROM articles WHERE id = 1",
    "INSERT OR REPLACE INTO articles (id, outlet, url, words, content_hash, first_seen, last_seen, text_since, body,"
    " body_html) SELECT 99, outlet, url, 1, '', '', '', '', '', '' FROM articles WHERE id = 1",
    "UPDATE OR REPLACE articles SET url = (SELECT url FROM articles WHERE id = 1) WHERE id = 9",
    "UPDATE OR REPLACE articles SET id = 1 WHERE id = 9",
)


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("name", STAMPED)
def test_a_part_whose_rows_changed_has_another_stamp(db, name, what):
    assert_stamped(db, name, what)


@pytest.mark.parametrize(("name", "what"), REPLACED)
def test_what_another_part_loses_to_a_row_that_replaces_it_is_stamped(db, name, what):
    revised = ", ".join(row[1] for row in db.execute("PRAGMA table_info(revisions)").fetchall()[2:])
    db.execute(f"INSERT INTO revisions SELECT 77, 9, {revised} FROM revisions WHERE id = 1")
    db.execute("INSERT INTO media (outlet, url, article, depth, state) VALUES ('x', 'y', 90, 0, 'kept')")
    assert_stamped(db, name, what)


@pytest.mark.parametrize("what", OF_ARTICLES)
def test_revisions_go_with_their_article(db, what):
    assert_stamped(db, "revisions", what)


def assert_stamped(db, name, what):
    before, stamps = parts(db, name)
    done(db, name, what)
    after, others = parts(db, name)
    changed = {part for part in {*before, *after} - {None} if before[part] != after[part]}
    assert changed
    assert all(part in others and others[part] != stamps.get(part) for part in changed)


def test_what_did_not_change_keeps_its_stamp(db):
    before = {name: changes.stamps(db, name) for name in STAMPED}
    done(db, "captions", "gone")
    after = {name: changes.stamps(db, name) for name in STAMPED}
    assert [name for name in STAMPED if before[name] != after[name]] == ["captions"]
    assert len({*before["captions"].items()} ^ {*after["captions"].items()}) == 2


def test_a_page_that_names_an_old_picture_stamps_nothing(db):
    before = changes.stamps(db, "media")
    MediaList(db, "x", 1).need(90, ["x"], [])
    assert changes.stamps(db, "media") == before


def test_an_archive_that_is_upgraded_has_stamps_of_all_that_is_there(db):
    before = {name: set(changes.stamps(db, name)) for name in STAMPED}
    db.execute("DROP TABLE _changes")
    for name in STAMPED:
        for trigger in changes.triggers(name):
            db.execute(f"DROP TRIGGER {trigger}")
    assert changes.archive_stamp(db) is None
    changes.begin(db)
    assert {name: set(changes.stamps(db, name)) for name in STAMPED} == before
    assert changes.archive_stamp(db) is not None
