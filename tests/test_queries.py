"""The named queries: each answers, an empty parameter means any, and words find every script."""

import re

import pytest
from browse_data import CYRILLIC, EDITED, HOSTILE, REMOVED, build

from ewbscraper.archive.database import read
from ewbscraper.archive.queries import load_queries
from ewbscraper.browse.metadata import tables
from ewbscraper.errors import BadQuery

QUERIES = load_queries()


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    connection = read(build(tmp_path_factory.mktemp("queries") / "archive.db"))
    yield connection
    connection.close()


@pytest.fixture
def ask(db):
    def asked(name, **given):
        query = QUERIES[name]
        return [dict(row) for row in db.execute(query.sql, query.bind(given))]

    return asked


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_answers_without_parameters(ask, name):
    assert ask(name) or name == "gaps"
    assert QUERIES[name].title
    assert len(QUERIES[name].description) > 20


@pytest.mark.parametrize("name", QUERIES)
def test_parameters_are_those_of_the_sql(name):
    sql = re.sub(r"'[^']*'", "", QUERIES[name].sql)
    assert set(re.findall(r":(\w+)", sql)) == set(QUERIES[name].parameters)


def test_no_query_hides_a_table():
    assert not set(QUERIES) & set(tables()["tables"])


@pytest.mark.parametrize("place", ["Pristina", "pristina", "Prishtinë", "ПРИСТИНА", "Prist%"])
def test_datelines_of_a_place_in_any_spelling(ask, place):
    found = [row["article"] for row in ask("datelines", place=place)]
    assert found[:2] == [EDITED, REMOVED]
    assert CYRILLIC not in found


def test_datelines_with_words(ask):
    assert [row["article"] for row in ask("datelines", place="Pristina", words="Вучић")] == [EDITED]
    assert [row["article"] for row in ask("datelines", words="Vucic")] == [EDITED, CYRILLIC]
    assert ask("datelines", place="Nowhere") == []


def test_search_marks_the_passage(ask):
    rows = ask("search", words="Vucic")
    assert [row["article"] for row in rows] == [EDITED, CYRILLIC]
    assert "[Vučić]" in rows[0]["passage"]
    assert "[Вучић]" in rows[1]["passage"]
    assert ask("search", words="Vucic", since="2024-03-04")[0]["article"] == EDITED
    assert [row["article"] for row in ask("search", words="Vucic", until="2024-03-03")] == [CYRILLIC]
    assert ask("search", words="Vucic", outlet="other") == []


def test_coverage_has_its_denominator(ask):
    rows = {row["month"]: (row["articles"], row["of_all"]) for row in ask("coverage", words="Vucic")}
    assert rows == {"2024-01": (0, 25), "2024-02": (0, 1), "2024-03": (2, 4)}


def test_credits_by_agency(ask):
    assert [(r["agency"], r["pictures"]) for r in ask("credits", agency="TANJUG")] == [("Tanjug", 1)]
    assert next(iter(ask("credits")))["agency"] == "NATO"


def test_headlines_changed(ask):
    rows = {row["article"]: row for row in ask("headlines_changed")}
    assert set(rows) == {EDITED, HOSTILE}
    assert (rows[EDITED]["before"], rows[EDITED]["after"]) == ("Minister denies talks", "Minister confirms talks")
    assert rows[EDITED]["last_seen_before"] < rows[EDITED]["first_seen_after"]


def test_removed_most_edited_linked_and_missing(ask):
    assert [row["article"] for row in ask("removed")] == [REMOVED]
    assert {row["article"]: row["edits"] for row in ask("most_edited")} == {EDITED: 1, HOSTILE: 1}
    assert ask("most_linked", host="courier.example")[0]["articles"] == 1
    assert [row["state"] for row in ask("not_archived")] == ["failed"]


def test_gaps_and_beats(ask):
    assert ask("gaps")[0] == {
        "outlet": "courier", "last_before": "2024-01-25", "first_after": "2024-02-28", "days": 34,
    }  # fmt: skip
    assert len(ask("gaps", days="1")) > 20
    assert ask("beats", author="ben")[0]["section"] == "News"


def test_a_parameter_that_is_none(ask):
    with pytest.raises(BadQuery, match=r"no parameter city; it has: place, words"):
        ask("datelines", city="Pristina")


def test_queries_beside_the_archive_win(tmp_path):
    (tmp_path / "queries.yml").write_text("removed: {title: T, description: D, sql: SELECT 1}\n")
    assert load_queries(tmp_path)["removed"].sql == "SELECT 1"
    assert "datelines" in load_queries(tmp_path)


@pytest.mark.parametrize(
    "text", ["- a list", "broken: [", "mine: {title: no sql}", "mine: a text", "mine: {title: T, sql: S, colour: red}"]
)
def test_a_broken_file_beside_the_archive(tmp_path, text):
    (tmp_path / "queries.yml").write_text(text)
    with pytest.raises(BadQuery, match=re.escape(str(tmp_path))):
        load_queries(tmp_path)
