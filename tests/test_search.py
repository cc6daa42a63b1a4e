"""Folding, and an index that finds every script and marks the original."""

import pytest
from archives import article, new_archive, save
from hypothesis import given
from hypothesis import strategies as st

from ewbscraper.archive import lookup, search


@pytest.mark.parametrize(
    "spellings",
    [
        ("Vučić", "Vucic", "Вучић"),
        ("Đukanović", "Djukanovic", "Dukanovic", "Ђукановић"),
        ("Ѓорѓе", "Gjorge", "Ǵorǵe"),
        ("Љиљана", "Ljiljana"),
        ("Његош", "Njegoš"),
        ("Џајић", "Džajić"),
        ("Kuçovë", "Kucove"),
        ("Κώστας", "Kostas"),
    ],
)
def test_spellings_of_a_name_fold_to_one_word(spellings):
    assert len({search.fold(name).lower() for name in spellings}) == 1


def test_operators_survive_folding():
    assert search.match_expression("Вучић AND NOT Курти") != ""
    assert search.match_expression("Вучић OR Курти") == "Vucic OR Kurti"


@pytest.mark.parametrize("words", ['half "a phrase', "who?", "a AND", "***", "nosuchcolumn:x", "(", "", "  "])
def test_what_does_not_parse_is_searched_as_plain_words(words, tmp_path):
    db, _ = new_archive(tmp_path / "archive.db")
    assert lookup.find(db, words) == []


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
    marked = {hit["snippet"].split(lookup.OPEN)[1].split(lookup.CLOSE)[0] for hit in lookup.find(db, f"body:{word}")}
    assert marked == {"Đukanović", "Ђукановић"}


def test_an_edited_article_is_found_by_its_new_text_only(db):
    _, run = db, 1
    save(db, run, article("latin", body="Nešto drugo"))
    assert lookup.count(db, "body:Djukanovic") == 1
    assert lookup.count(db, "nesto") == 1


def test_reindexing_gives_the_same_index(db):
    before = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'Dukanovic'").fetchone()[0]
    search.reindex(db)
    assert db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'Dukanovic'").fetchone()[0] == before
