"""A question and its hits: each filter, any two of them, both orders, timelines, against what plain SQL finds."""

from itertools import combinations

import pytest
from archives import OUTLET, article, new_archive, save

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.article import Dateline, Place

DAYS = ("2019-12-31", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-16", "2025-01-01")
FILTERS = {
    "words": "Djukanovic",
    "since": "2024-02-29",
    "until": "2024-03-15",
    "outlet": "herald",
    "place": "Skopje",
    "section": "Sport",
    "author": "Ben Rot",
    "tag": "rivers",
    "language": "mk",
}
PLAINLY = {
    "words": "body LIKE '%Đukanović%'",
    "since": "published_utc >= '2024-02-29'",
    "until": "published_utc < '2024-03-16'",
    "outlet": "outlet = 'herald'",
    "language": "language = 'mk'",
    **{
        one: f"EXISTS (SELECT 1 FROM article_{one}s JOIN {one}s ON {one}s.id = {one}"
        f" WHERE article = articles.id AND name = '{FILTERS[one]}')"
        for one in ("place", "section", "author", "tag")
    },
}
ASKED = [(), *((one,) for one in FILTERS), *combinations(FILTERS, 2), *combinations(FILTERS, 3)]


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    connection, run = new_archive(tmp_path_factory.mktemp("finding") / "archive.db")
    herald = type(OUTLET)(slug="herald", name="The Herald", home="https://herald.example/", sources=())
    with transaction(connection):
        store.save_outlet(connection, herald)
    for number in range(96):
        bits = [bool(number >> bit & 1) for bit in range(5)]
        one = article(
            f"n{number}",
            outlet="herald" if bits[0] else "courier",
            published=f"{DAYS[number % 6]}T09:00:00Z" if number % 7 else None,
            language="mk" if bits[1] else "en",
            dateline=Dateline("SKOPJE –", (Place("Skopje", "SKOPJE", "MK"),)) if bits[2] else None,
            sections=("Sport",) if bits[3] else ("News",),
            authors=("Ana Kos", "Ben Rot") if bits[4] else ("Ana Kos",),
            tags=("rivers", "bridges") if number % 3 else ("bridges",),
            body="Đukanović crossed it." if number % 5 else "Nobody did.",
        )
        _save_of(connection, run, one)
    yield connection
    connection.close()


def _save_of(connection, run, one):
    with transaction(connection):
        store.save_article(connection, one, outlet=one.outlet, run=run, captured="2025-02-01T08:00:00Z")


def question(names):
    return Question(**{name: FILTERS[name] for name in names})


def plainly(db, names):
    conditions = " AND ".join(PLAINLY[name] for name in names) or "true"
    sql = f"SELECT id FROM articles WHERE {conditions} ORDER BY published_utc DESC, id DESC"
    return [row["id"] for row in db.execute(sql)]


@pytest.mark.parametrize("names", ASKED, ids="+".join)
def test_filters_find_what_plain_sql_finds_the_newest_first(db, names):
    expected, asked = plainly(db, names), question(names)
    assert hits.count(db, asked) == len(expected)
    assert list(hits.every_id(db, asked)) == expected
    assert [hit.id for hit in hits.newest(db, asked, 1000)] == expected
    assert hits.ids(db, asked, 5, skip=3) == expected[3:8]
    assert sorted(hits.ids(db, asked, 1000, order="rank")) == sorted(expected)
    dated = sum(bar.articles for bar in timeline(db, asked))
    assert dated == len([hit for hit in hits.newest(db, asked, 1000) if hit.year])


def test_a_page_out_of_known_hits_is_the_page_that_is_looked_up(db):
    asked = Question(words="Djukanovic")
    known = hits.newest(db, asked, 10)
    for order in ("date", "rank"):
        for skip in (0, 5, 20):
            assert hits.page_of(db, asked, known, 5, skip, order) == hits.ids(db, asked, 5, skip, order)


def test_bars_are_months_or_years_or_days_from_the_first_hit_to_the_last(db):
    months = timeline(db, Question())
    assert [bar.step for bar in months[:2]] == ["2019-12", "2020-01"]
    assert months[-1].step == "2025-01"
    assert len(months) == 62
    assert months[1].articles == 0
    days = timeline(db, Question(since="2024-02"))
    assert [bar.step for bar in days][:1] == ["2024-02"]
    days = timeline(db, Question(since="2024-02-01", until="2024-03-31"))
    assert [days[0].step, days[-1].step, len(days)] == ["2024-02-28", "2024-03-16", 18]


def test_many_years_are_bars_of_years(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    for year in (1999, 2004, 2024):
        save(db, run, article(f"y{year}", published=f"{year}-06-01"))
    assert [(bar.step, bar.articles) for bar in timeline(db, Question()) if bar.articles] == [
        ("1999", 1),
        ("2004", 1),
        ("2024", 1),
    ]
    assert len(timeline(db, Question())) == 26
    db.close()


def test_a_bar_tells_what_it_is_a_part_of(db):
    asked = Question(words="Djukanovic", outlet="herald")
    bar = timeline(db, asked)[0]
    of = hits.count(db, Question(outlet="herald", since="2024-02-01", until="2024-02-29"))
    assert (bar.step, bar.of) == ("2024-02", of)
    assert 0 < bar.share < 1


def test_a_month_cut_by_a_day_counts_its_days_only(db):
    (bar,) = [bar for bar in timeline(db, Question(since="2019-12-01", until="2024-03-15")) if bar.step == "2024-03"]
    assert bar.articles == hits.count(db, Question(since="2024-03-01", until="2024-03-15"))
    assert bar.articles < hits.count(db, Question(since="2024-03-01", until="2024-03-31"))


@pytest.mark.parametrize(
    ("given", "since", "until"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-02-30", "", ""),
        ("yesterday", "", ""),
        ("0000", "", ""),
    ],
)
def test_a_day_may_be_a_month_or_a_year_and_what_is_none_is_left_out(given, since, until):
    asked = Question.read({"since": given, "until": given})
    assert (asked.since, asked.until) == (since, until)


def test_a_question_is_what_its_address_says():
    asked = Question.read({"q": " a  b ", "place": "Skopje", "page": "2", "sort": "rank"})
    assert asked.given == {"q": "a b", "place": "Skopje"}
    assert Question.read(asked.given) == asked
    assert not Question.read({"page": "2"})
    assert Question(words='"half').is_plain
    assert not Question(words='"whole phrase"').is_plain
