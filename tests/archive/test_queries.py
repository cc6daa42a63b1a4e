"""The named queries: each answers, an empty parameter means any, and words find every script."""

import re
import sqlite3
from contextlib import closing

import pytest
from archives import article, new_archive, save
from browse_data import CYRILLIC, EDITED, HOSTILE, REMOVED, build

from ewbscraper.archive.database import read
from ewbscraper.archive.finding.queries import load_queries
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
    assert ask(name) or name in ("gaps", "links_between", "printed_twice")
    assert QUERIES[name].title
    assert len(QUERIES[name].description) > 20


@pytest.mark.parametrize("name", QUERIES)
def test_parameters_are_those_of_the_sql(name):
    sql = re.sub(r"'[^']*'", "", QUERIES[name].sql)
    assert set(re.findall(r":(\w+)", sql)) == set(QUERIES[name].parameters)


@pytest.mark.parametrize("name", QUERIES)
def test_defaults_stand_in_the_sql(name):
    assert set(QUERIES[name].defaults) <= set(QUERIES[name].parameters)
    for parameter, value in QUERIES[name].defaults.items():
        assert f"coalesce(nullif(:{parameter}, ''), '{value}')" in QUERIES[name].sql


def test_an_empty_parameter_is_its_default(ask):
    assert QUERIES["gaps"].meanings["days"] == "shortest gap to list; empty is 7"
    assert QUERIES["gaps"].meanings["outlet"] == QUERIES["gaps"].parameters["outlet"]
    assert ask("gaps", days="") == ask("gaps") == ask("gaps", days="7") != ask("gaps", days="1")
    assert ask("without_field") == ask("without_field", field="authors") != ask("without_field", field="headline")


def test_no_query_hides_a_table():
    assert not set(QUERIES) & set(tables()["tables"])


@pytest.mark.parametrize("place", ["Pristina", "pristina", "Prishtinë", "ПРИСТИНА", "Prist%"])
def test_datelines_of_a_place_in_any_spelling(ask, place):
    found = [row["article"] for row in ask("datelines", place=place)]
    assert found[:2] == [EDITED, REMOVED]
    assert CYRILLIC not in found


def test_datelines_are_found_by_place_and_words_in_any_script(ask):
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
    rows = {row["month"]: (row["articles"], row["of_all"]) for row in ask("words_by_month", words="Vucic")}
    assert rows == {"2024-01": (0, 25), "2024-02": (0, 1), "2024-03": (2, 4)}


def test_credits_are_counted_by_agency(ask):
    assert [(r["agency"], r["pictures"]) for r in ask("credits", agency="TANJUG")] == [("Tanjug", 1)]
    assert next(iter(ask("credits")))["agency"] == "NATO"


def test_a_changed_headline_is_told_as_it_was_and_as_it_is(ask):
    rows = {row["article"]: row for row in ask("headlines_changed")}
    assert set(rows) == {EDITED, HOSTILE}
    assert (rows[EDITED]["before"], rows[EDITED]["after"]) == ("Minister denies talks", "Minister confirms talks")
    assert rows[EDITED]["last_seen_before"] < rows[EDITED]["first_seen_after"]


def test_removed_most_edited_linked_and_missing(ask):
    assert [row["article"] for row in ask("removed")] == [REMOVED]
    assert {row["article"]: row["edits"] for row in ask("most_edited")} == {EDITED: 1, HOSTILE: 1}
    assert ask("most_linked", host="courier.example", least="1")[0]["articles"] == 1
    assert [row["state"] for row in ask("not_archived")] == ["failed"]


def test_pictures_by_credit_caption_and_article(ask):
    assert [row["credit"] for row in ask("pictures", credit="ТАНЈУГ")] == ["Tanjug / A. B."]
    assert [row["article"] for row in ask("pictures", caption="closed line")] == [EDITED]
    assert {row["article"] for row in ask("pictures", words="Vucic")} == {EDITED, CYRILLIC}
    assert {row["article"] for row in ask("pictures", words="Vucic", place="ПРИСТИНА")} == {EDITED}
    assert ask("pictures", place="Nowhere") == []
    dates = [row["published"] for row in ask("pictures", outlet="courier")]
    assert dates == sorted(dates, reverse=True)
    assert ask("pictures", credit="NATO", words="Вучић", outlet="courier")[0]["role"] == "lead"
    assert ask("pictures", outlet="other") == []


def test_credits_of_an_agency(ask):
    assert ask("credits", agency="tanjug") == [{"agency": "Tanjug", "pictures": 1, "credits": 1}]
    assert [row["agency"] for row in ask("credits", least="2")] == ["NATO"]
    year = {"year": "2024", "outlet": "courier", "articles": 1, "of_all": 30, "percent": 3.3}
    assert ask("credits_by_year") == ask("credits_by_year", agency="Танјуг") == [year]
    assert ask("credits_by_year", agency="Reuters") == []


def test_beats_have_their_share(ask):
    assert ask("beats", author="Ben Rot") == [
        {"author": "Ben Rot", "section": "News", "articles": 1, "of_all": 1, "percent": 100.0}
    ]
    assert [row["author"] for row in ask("beats", least="2")] == ["Ana Kos"]


def test_who_writes_about_it_and_from_where(ask):
    authors = {row["author"]: (row["articles"], row["of_all"]) for row in ask("words_by_author", words="Vucic")}
    assert authors["Ben Rot"] == (1, 1)
    assert authors["Ana Kos"][0] == 2 < authors["Ana Kos"][1]
    assert [row["author"] for row in ask("words_by_author", words="Vucic", least="2")] == ["Ana Kos"]
    places = {row["place"]: (row["articles"], row["percent"]) for row in ask("words_by_place", words="Vucic")}
    assert places["Belgrade"] == (1, 100.0)
    assert places["Pristina"][1] < 5
    assert ask("words_by_place", words="Vucic", outlet="other") == []


def test_places_and_languages_by_year(ask):
    assert {"year": "2024", "outlet": "courier", "place": "Belgrade", "country": "RS", "articles": 1} in ask(
        "dateline_years", country="rs"
    )
    rows = ask("languages", language="sr-Cyrl")
    assert rows == [{"outlet": "courier", "year": "2024", "language": "sr-Cyrl", "articles": 1}]


def test_articles_in_which_a_field_was_not_found(ask):
    assert HOSTILE in [row["article"] for row in ask("without_field", field="headline")]
    assert EDITED not in [row["article"] for row in ask("without_field", field="headline")]


def test_links_between_outlets_and_texts_printed_twice(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    for slug, home in (("other", "http://www.other.example"), ("third", "https://third.example/news/")):
        db.execute(
            "INSERT INTO outlets (slug, name, home, timezone) VALUES (?, ?, ?, 'UTC')", [slug, slug.title(), home]
        )
    for slug in ("a", "b"):
        save(db, run, article(slug))
    save(db, run, article("c", body="Another text.", body_html='<p><a href="https://courier.example/a/">us</a></p>'))
    rows = [dict(row) for row in db.execute(QUERIES["links_between"].sql, QUERIES["links_between"].bind({}))]
    assert rows == [
        {"from_outlet": "courier", "to_outlet": "other", "links": 2, "articles": 2, "archived": 0,
         "first": "2024-03-01", "last": "2024-03-01"},
    ]  # fmt: skip
    rows = [dict(row) for row in db.execute(QUERIES["printed_twice"].sql, QUERIES["printed_twice"].bind({}))]
    assert [(row["addresses"], row["article"], row["also_at"]) for row in rows] == [
        (2, 2, "https://courier.example/a/")
    ]
    db.close()


def test_gaps_have_their_days_and_beats_their_sections(ask):
    assert ask("gaps")[0] == {
        "outlet": "courier", "last_before": "2024-01-25", "first_after": "2024-02-28", "days": 34,
    }  # fmt: skip
    assert len(ask("gaps", days="1")) > 20
    assert ask("beats", author="ben")[0]["section"] == "News"


def test_a_parameter_that_is_none(ask):
    with pytest.raises(BadQuery, match=r"no parameter city; it has: place, words"):
        ask("datelines", city="Pristina")


def test_a_default_is_a_value_whatever_stands_in_it(tmp_path):
    (tmp_path / "queries.yml").write_text(
        "mine: {title: T, description: D, sql: 'SELECT :a AS a, :ab AS ab', parameters: {a: A, ab: B},"
        ' defaults: {a: "it\'s \\\\1"}}\n'
    )
    query = load_queries(tmp_path)["mine"]
    with closing(sqlite3.connect(":memory:")) as db:
        assert db.execute(query.sql, query.bind({})).fetchone() == ("it's \\1", "")
        assert db.execute(query.sql, query.bind({"a": "x", "ab": "y"})).fetchone() == ("x", "y")


def test_queries_beside_the_archive_win(tmp_path):
    (tmp_path / "queries.yml").write_text("removed: {title: T, description: D, sql: SELECT 1}\n")
    assert load_queries(tmp_path)["removed"].sql == "SELECT 1"
    assert "datelines" in load_queries(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "- a list",
        "broken: [",
        "mine: {title: no sql}",
        "mine: a text",
        "mine: {title: T, sql: S, colour: red}",
        "mine: {title: T, description: D, sql: 'SELECT :a', parameters: {a: A}, defaults: {b: B}}",
    ],
)
def test_a_broken_file_beside_the_archive(tmp_path, text):
    (tmp_path / "queries.yml").write_text(text)
    with pytest.raises(BadQuery, match=re.escape(str(tmp_path))):
        load_queries(tmp_path)
