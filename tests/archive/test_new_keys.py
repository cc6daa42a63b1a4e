"""A column that a migration adds and that holds the id of a row is known to all who move rows, or it points astray."""

import sqlite3
from contextlib import closing

import pytest

from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.parts import PARTS
from ewbscraper.archive.database import create
from ewbscraper.archive.merge.rows import NUMBERS
from ewbscraper.archive.takedown import rows as takedown

BY_ADDRESS = {"related_article", "target_article"}
"""Where articles are merged, those are found by the address beside them."""
SHARED = ("captures", "same_as", "captures")
"""A body that several captures have: `takedown/found.py` looks who else has it before any goes."""
KEYS = """
SELECT tables.name, keys."from", keys."table" FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
WHERE tables.type = 'table' AND keys."table" IN ('runs', 'articles', 'captures')
"""


@pytest.fixture
def keys(tmp_path):
    """Table, column, and the table whose ids are in it."""
    create(tmp_path / "archive.db").close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        found = db.execute(KEYS).fetchall()
    assert len(found) > 20
    return found


def test_a_merge_gives_each_the_number_that_the_row_has_here(keys):
    assert [key for key in keys if NUMBERS.get(key[1]) != key[2] and key[1] not in BY_ADDRESS] == []


def test_two_rows_that_are_one_article_leave_none_behind(keys):
    led_on = {*store._POINT_AT_AN_ARTICLE, *((part, "article") for part in PARTS)}
    assert [key for key in keys if key[2] == "articles" and key[:2] not in led_on] == []


def test_what_is_withheld_is_pointed_at_by_nothing_that_stays(keys):
    led_away = {(table, column) for table, column, *_ in takedown._POINT}
    ids = [key for key in keys if key[2] != "runs" and key[:2] not in led_away]
    assert [key for key in ids if key[1] not in takedown._LEAVE.get(key[0], "").split()] == [SHARED]
