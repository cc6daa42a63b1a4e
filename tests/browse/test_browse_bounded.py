"""Functions of ours in the place of SQLite's: the same answers, and none that takes hours."""

import sqlite3
from contextlib import closing

import pytest

from ewbscraper.browse.guards.bounded import bound
from ewbscraper.browse.guards.limits import limit


@pytest.fixture
def bounded():
    with closing(sqlite3.connect(":memory:")) as db:
        limit(db)
        bound(db)
        yield db


VALUES = ["NULL", "''", "'a'", "'aXbXc'", "'čĐ X'", "1", "-2.50", "1e20", "x'61'", "'X' || char(0) || 'c'"]
CALLS = [f"{name}({a}, {b})" for name in ("instr", "trim", "ltrim", "rtrim") for a in VALUES for b in VALUES]
CALLS += [f"replace({a}, {b}, {c})" for a in VALUES for b in VALUES for c in ("'yy'", "NULL", "3", "''")]
CALLS += [f"printf('%05d|%s|%.3f', {a}, {b}, 2.5)" for a in VALUES for b in VALUES]
CALLS += [f"format({rest})" for rest in ("", "NULL", "'%%'", "'%d', 1700000000", "'%,d', 123456789")]
CALLS += ["printf('%*d|%.*c', 6, 7, 3, 'x')", "trim('  a ')", "ltrim('  a ')"]


def test_the_answers_are_those_of_sqlite(bounded):
    with closing(sqlite3.connect(":memory:")) as plain:
        for call in CALLS:
            sql = f"SELECT {call}, typeof({call})"
            assert bounded.execute(sql).fetchone() == plain.execute(sql).fetchone(), call


LETTERS = "replace(hex(zeroblob(2000000)), '00', '{}')"


def test_long_texts_without_an_end_are_answered(bounded):
    a = LETTERS.format("a")
    found = bounded.execute(f"SELECT instr({a}, {a} || 'b'), length(replace({a}, 'aab', ''))").fetchone()
    assert found == (0, 2_000_000)
