"""Hits by outlet, year, place ...: all of them, or the newest."""

import pytest
from archives import article, new_archive, save

from ewbscraper.archive.finding import facets
from ewbscraper.archive.finding.hits import newest
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.article import Dateline, Place


@pytest.fixture
def db(tmp_path):
    connection, run = new_archive(tmp_path / "archive.db")
    save(connection, run, article("old", published="2019-05-01T09:00:00+02:00", sections=("Sport",), language="sq"))
    save(connection, run, article("new", authors=("Ana Kos", "Ben Rot")))
    save(connection, run, article("undated", published=None, dateline=None, tags=()))
    save(connection, run, article("other", body="Nothing of it."))
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("outlet", {"courier": 3}),
        ("year", {"2024": 1, "2019": 1}),
        ("language", {"en": 2, "sq": 1}),
        ("author", {"Ana Kos": 3, "Ben Rot": 1}),
        ("place", {"Pristina": 2}),
        ("section", {"News": 2, "Sport": 1}),
        ("tag", {"bridges": 2}),
    ],
)
def test_each_facet_counts_the_hits_and_nothing_else(db, by, counts):
    found = facets.facets(db, newest(db, Question(words="Ђукановић"), 9), 3)
    assert (list(found.counts[by].items()), found.of, found.whole) == (list(counts.items()), 3, True)


def test_beyond_a_number_the_newest_are_counted(db, monkeypatch):
    monkeypatch.setattr(facets, "COUNTED", 1)
    found = facets.facets(db, newest(db, Question(words="Djukanovic"), 1), 3)
    assert (found.counts["year"], found.of, found.whole) == ({"2024": 1}, 1, False)


def test_a_rare_namesake_counts_too(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    filed = [*["XK"] * 3, *["RS"] * 2, "ME"]
    for number, country in enumerate(filed):
        place = Place("Belgrade" if country == "RS" else "Banja", "BANJA", country)
        save(db, run, article(f"a{number}", dateline=Dateline("BANJA –", (place,))))
    found = facets.facets(db, newest(db, Question(), 9), 6, most=1)
    assert found.counts["place"] == {"Banja": 4}
    db.close()


def test_the_calendar_ends_and_a_question_until_its_end_does_not(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    number, _ = save(db, run, article(published="9999-12-31T22:00:00Z"))
    for until in ("9999", "9999-12-31"):
        asked = Question.read({"q": "bridge", "until": until})
        assert [hit.id for hit in newest(db, asked, 9)] == [number]
        assert [(bar.step, bar.articles) for bar in timeline(db, asked)] == [("9999-12-31", 1)]
    assert newest(db, Question.read({"until": "9999-12-30"}), 9) == []
    db.close()
