"""A column that a migration adds is seen by the public unless somebody has said that it is the publisher's text."""

import sqlite3
from contextlib import closing

import pytest

from ewbscraper.archive.database import create
from ewbscraper.browse.guards.withheld import TEXTS

SEEN = {
    "articles": "id outlet url headline dateline dateline_date agency byline published modified published_utc language"
    " words first_seen last_seen gone_at text_since content_hash history_hash",
    "captions": "article position credit image_url role after",
    "links": "article position url host target_article",
    "revisions": "id article run capture cause seen_from seen_until headline content_hash",
}
"""What the public may see of the tables that have texts: all else of them is in TEXTS."""


@pytest.mark.parametrize("table", SEEN)
def test_of_each_column_it_is_said_whether_the_public_sees_it(table, tmp_path):
    create(tmp_path / "archive.db").close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        columns = {name for (name,) in db.execute("SELECT name FROM pragma_table_xinfo(?)", [table])}
    assert columns - TEXTS[table] == set(SEEN[table].split())
    assert columns >= TEXTS[table]


def test_no_table_of_texts_is_left_out_here():
    assert {*TEXTS} - {"articles_fts"} == {*SEEN}
