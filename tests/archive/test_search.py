"""Folding, and an index that finds every script and marks the original."""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from archives import article, new_archive, save
from hypothesis import given, settings
from hypothesis import strategies as st

from ewbscraper.archive import search
from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.archive.finding.question import Question

NAMES = Path(__file__).with_name("names.csv")
"""Spellings of names of public figures and of invented people, by language."""


def spellings():
    rows = list(csv.DictReader(NAMES.read_text("utf-8").splitlines()))
    return [pytest.param(row["spellings"].split(), id=f"{row['language']}-{row['spellings']}") for row in rows]


@pytest.mark.parametrize("names", spellings())
def test_spellings_of_a_name_fold_to_one_word(names):
    assert len({search.fold(name).lower() for name in names}) == 1


def test_each_spelling_finds_all_others_and_marks_them_as_printed(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    printed = [(names.values[0], name) for names in spellings() for name in names.values[0]]
    for number, (_, name) in enumerate(printed):
        save(db, run, article(str(number), headline=None, byline=None, body=f"First {name} then"))
    for names, name in printed:
        found = hits.find(db, Question(f'"first {name} then"'), limit=99)
        marked = {hit["snippet"].replace(hits.OPEN, "").replace(hits.CLOSE, "").split()[1] for hit in found}
        assert marked >= set(names), name
        assert all(hit["snippet"].startswith(hits.OPEN) for hit in found)
    db.close()


def test_a_text_too_long_for_passages_is_found_without_one(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    for number, words in enumerate((9_000, 12_000)):
        save(db, run, article(str(number), body=f"{'bell ' * 12}{'other-' * words}", published=f"200{number}-01-01"))
    asked = {"words": "bell", "outlet": "", "since": "", "until": ""}
    passages = [row["passage"] for row in db.execute(load_queries()["search"].sql, asked)]
    assert [bool(hit["snippet"]) for hit in hits.find(db, Question("bell"))] == [bool(one) for one in passages]
    assert [bool(one) for one in passages] == [False, True]
    db.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shelling", "selling"),
        ("each", "eac"),
        ("Germany", "German"),
        ("any", "an"),
        ("bets", "bec"),
        ("Shala", "Sala"),
    ],
)
def test_two_words_stay_two(one, other):
    assert search.fold(one).lower() != search.fold(other).lower()


@pytest.mark.parametrize(
    ("prefix", "word"),
    [("parliament", "parliaments"), ("study", "studying"), ("boy", "Boyko"), ("Конј", "Конјиц"), ("Вучи", "Vučićeva")],
)
def test_the_beginning_of_a_word_stays_its_beginning(prefix, word):
    assert search.fold(word).lower().startswith(search.fold(prefix).lower())


@pytest.mark.parametrize("text", [*search.COLUMNS, "AND", "OR", "NOT", "NEAR"])
def test_what_has_a_meaning_in_a_query_stays_as_it_is(text):
    assert search.fold(text) == text


LETTERS = "abcdeghijklnosxyzčćđšžçëśź АБДЂЕЖЗИЈЛЉЊЋЏШЩЪЮЯѓќѕѝ ΑαΓγΕεΗηΜμΟοΠπΥυς .,-’'\u0301\u0308"


def tokens(text):
    """Words as the index counts them, with their places."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        db.execute("INSERT INTO t VALUES (?)", [text])
        return db.execute("SELECT count(*) FROM v").fetchone()[0]


@settings(max_examples=300)
@given(st.text(alphabet=LETTERS))
def test_folding_keeps_the_number_of_words(text):
    assert tokens(search.fold(text)) == tokens(text)


@pytest.mark.parametrize(
    "words",
    [
        "Đukanović AND crossed", "Ђукановић crossed", "Djukanovic NOT Курти", "Курти OR Ђукановић",
        '"ђукановић crossed"',
        '"Nobody follow" *', "NEAR(Ђукановић first, 3)", "Ђукан*", "headline:bridge", "{headline body} : Ђукановић",
        "byline : Кос", "^The headline:opens", "body:(Djukanovic AND nobody)", "-headline:Ђукановић",
    ],
)  # fmt: skip
def test_operators_phrases_prefixes_and_columns(words, tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    save(db, run, article())
    save(db, run, article("other", headline="Another", byline=None, body="Nothing of it."))
    assert [hit["id"] for hit in hits.find(db, Question(words))] == [1]
    assert hits.count(db, Question(words)) == 1
    db.close()


def test_operators_survive_folding():
    assert search.match_expression("Вучић AND NOT Курти") != ""
    assert search.match_expression("Вучић OR Курти") == "Vucic OR Kurti"


@pytest.mark.parametrize("words", ['half "a phrase', "who?", "a AND", "***", "nosuchcolumn:x", "(", "", "  "])
def test_what_does_not_parse_is_searched_as_plain_words(words, tmp_path):
    db, _ = new_archive(tmp_path / "archive.db")
    assert hits.find(db, Question(words)) == []


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FFF, blacklist_categories=["Cs"])))
def test_folding_twice_changes_nothing_more_and_never_raises(text):
    folded = search.fold(text)
    assert search.fold(folded).lower() == search.fold(search.fold(folded)).lower()


@pytest.fixture
def db(tmp_path):
    connection, run = new_archive(tmp_path / "archive.db")
    save(connection, run, article("latin", body="Đukanović je rekao"))
    save(connection, run, article("cyrillic", body="Ђукановић је рекао"))
    yield connection
    connection.close()


@pytest.mark.parametrize("word", ["Djukanovic", "Ђукановић", "đukanović", "dukan*"])
def test_one_spelling_finds_both_scripts_and_marks_each_as_printed(db, word):
    found = hits.find(db, Question(f"body:{word}"))
    marked = {hit["snippet"].split(hits.OPEN)[1].split(hits.CLOSE)[0] for hit in found}
    assert marked == {"Đukanović", "Ђукановић"}


def test_an_edited_article_is_found_by_its_new_text_only(db):
    _, run = db, 1
    save(db, run, article("latin", body="Nešto drugo"))
    assert hits.count(db, Question("body:Djukanovic")) == 1
    assert hits.count(db, Question("nesto")) == 1


def test_reindexing_gives_the_same_index(db):
    before = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'Dukanovic'").fetchone()[0]
    search.reindex(db)
    assert db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'Dukanovic'").fetchone()[0] == before
