"""Functions of ours in the place of SQLite's: the same answers, and none that takes hours."""

import sqlite3
from contextlib import closing

import pytest

from ewbscraper.browse.bounded import bound
from ewbscraper.browse.limits import limit


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


@pytest.mark.parametrize(
    "call",
    [
        "zeroblob(1000000000)",
        "printf('%.*c', 1000000000, 'x')",
        "printf('%.*c', '1000000000', 'x')",
        "format('%*d', 1e15, 1)",
        "printf('%1000000000d', 1)",
        f"trim({LETTERS.format('ab')}, {LETTERS.format('cd')} || 'ab')",
        f"replace({LETTERS.format('a')}, 'a', 'aaa')",
        "instr(zeroblob(4000000), replace(hex(zeroblob(1000000)), '00', char(0)) || 'b')",
        "search(replace(hex(zeroblob(1000)), '00', 'a '))",
    ],
)
def test_what_would_take_hours_or_all_memory_is_too_big(bounded, call):
    with pytest.raises(sqlite3.DataError, match="too big"):
        bounded.execute(f"SELECT {call}").fetchone()


def test_long_texts_without_an_end_are_answered(bounded):
    a = LETTERS.format("a")
    found = bounded.execute(f"SELECT instr({a}, {a} || 'b'), length(replace({a}, 'aab', ''))").fetchone()
    assert found == (0, 2_000_000)


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT {'+'.join('1' * 400)}",
        " UNION ".join(["SELECT 1"] * 200),
        "ATTACH ':memory:' AS b",
        f"SELECT 'a' LIKE '{'%a' * 300}'",
        f"SELECT 'a' GLOB '{'*a' * 300}'",
    ],
)
def test_limits_of_a_statement(bounded, sql):
    with pytest.raises(sqlite3.OperationalError):
        bounded.execute(sql).fetchone()
