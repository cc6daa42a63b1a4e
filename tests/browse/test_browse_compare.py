"""Outlets side by side: the same steps and the same scale, each with its own denominator."""

from dataclasses import replace

import pytest
from archives import OUTLET, article, new_archive, save
from browse_data import get
from lxml import html

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import read
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.side_by_side import side_by_side
from ewbscraper.archive.finding.timeline import Bar
from ewbscraper.browse.pages.compare import MOST, read_compared
from ewbscraper.browse.rendering.charts import HEIGHT, charts
from ewbscraper.browse.serve import reading_room

COURIER = ["2024-01-05", "2024-01-09", "2024-03-02", None]
ECHO = ["2024-02-01", "2024-03-03", "2024-03-04", "2024-03-05", "2024-03-06"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "archive.db"
    db, run = new_archive(path)
    with transaction(db):
        store.save_outlet(db, replace(OUTLET, slug="echo", name="The Echo", home="https://echo.example/"))
    for number, day in enumerate(COURIER):
        save(db, run, article(f"c{number}", published=day, body="The ferry sank."))
    for number, day in enumerate(ECHO):
        one = article(f"e{number}", published=day, body="The ferry sank." if number < 2 else "Nothing.")
        with transaction(db):
            store.save_article(
                db,
                replace(one, outlet="echo", url=f"https://echo.example/{number}/"),
                outlet="echo",
                run=run,
                captured="2024-03-09T00:00:00Z",
            )
    db.close()
    return path


@pytest.fixture
def db(path):
    connection = read(path)
    yield connection
    connection.close()


def said(tree):
    return " ".join(tree.text_content().split())


def test_every_outlet_has_the_same_steps_and_its_own_output(db):
    sides = side_by_side(db, Question(words="ferry"), ["courier", "echo"])
    assert sides["courier"].bars == [Bar("2024-01", 2, 2), Bar("2024-02", 0, 0), Bar("2024-03", 1, 1)]
    assert sides["echo"].bars == [Bar("2024-01", 0, 0), Bar("2024-02", 1, 1), Bar("2024-03", 1, 4)]
    assert (sides["courier"].articles, sides["courier"].of, sides["courier"].share) == (4, 4, 1.0)
    assert (sides["echo"].articles, sides["echo"].of, sides["echo"].share) == (2, 5, 0.4)


def test_without_words_it_is_the_output_and_a_span_narrows_both(db):
    sides = side_by_side(db, Question(), ["courier", "echo"])
    assert [(side.articles, side.of) for side in sides.values()] == [(4, 4), (5, 5)]
    march = side_by_side(db, Question(words="ferry", since="2024-03-01", until="2024-03-31"), ["courier", "echo"])
    assert [(side.articles, side.of) for side in march.values()] == [(1, 1), (1, 4)]
    assert [bar.step for bar in march["echo"].bars] == ["2024-03-02", "2024-03-03"]


def test_words_that_nobody_wrote_make_an_empty_side(db):
    sides = side_by_side(db, Question(words="unheard"), ["courier"])
    assert (sides["courier"].bars, sides["courier"].articles, sides["courier"].of) == ([], 0, 4)


def test_charts_stand_on_one_scale():
    drawn = charts({"a": [Bar("2024-01", 10, 100)], "b": [Bar("2024-01", 5, 5)], "none": []})
    assert [drawn[name].columns[0].height for name in "ab"] == [HEIGHT, HEIGHT / 2]
    assert drawn["a"].top == drawn["b"].top == "10"
    assert drawn["none"] is None
    by_share = charts({"a": [Bar("2024-01", 10, 100)], "b": [Bar("2024-01", 5, 5)]}, by_share=True)
    assert [by_share[name].columns[0].height for name in "ab"] == [HEIGHT / 10, HEIGHT]


def test_the_chosen_outlets_or_those_with_most_articles(db):
    assert [one["slug"] for one in read_compared(db, Question(), [])["sides"]] == ["echo", "courier"]
    assert [one["slug"] for one in read_compared(db, Question(), ["courier", "nobody"])["sides"]] == ["courier"]
    newest = read_compared(db, Question(words="ferry"), ["echo"])["sides"][0]["newest"]
    assert [row["published"] for row in newest] == ["2024-03-03", "2024-02-01"]
    assert "ferry" in newest[0]["passage"]


def test_no_more_than_can_be_looked_at(tmp_path):
    db, _ = new_archive(tmp_path / "archive.db")
    slugs = [f"paper{number}" for number in range(MOST + 2)]
    with transaction(db):
        for slug in slugs:
            store.save_outlet(db, replace(OUTLET, slug=slug, name=slug))
    found = read_compared(db, Question(), slugs)
    assert (len(found["sides"]), found["left_out"]) == (MOST, 2)
    db.close()


def test_the_page_sets_outlets_side_by_side_and_leads_to_what_it_counts(path):
    room = reading_room(path)
    address = "/compare?q=ferry&outlet=echo&outlet=courier&since=2024"
    plain, share = get(room, address, f"{address}&by=share")
    tree = html.fromstring(plain.text)
    assert [h.text_content() for h in tree.cssselect(".sides h2")] == ["The Echo", "The Courier"]
    assert [box.get("value") for box in tree.cssselect("input[type=checkbox][checked]")] == ["echo", "courier"]
    bars = tree.xpath("//*[local-name()='svg']//a/@href")
    assert "/search?q=ferry&since=2024-03&outlet=echo&until=2024-03" in bars
    (switch,) = tree.cssselect(".switch a")
    assert switch.get("href") == "?q=ferry&since=2024-01-01&until=&outlet=echo&outlet=courier&by=share".replace(
        "until=&", ""
    )
    assert "40 % of 5" in said(tree)
    assert "Share of the output by month, on a scale to 100 %" in " ".join(
        html.fromstring(share.text).text_content().split()
    )


def test_the_page_of_nothing(path, tmp_path):
    new_archive(tmp_path / "archive.db")[0].close()
    empty, unheard, odd = [
        get(room, address)[0]
        for room, address in (
            (reading_room(tmp_path / "archive.db"), "/compare"),
            (reading_room(path), "/compare?q=unheard"),
            (reading_room(path), "/compare?q=AND+(&outlet=nobody"),
        )
    ]
    assert [answer.status_code for answer in (empty, unheard, odd)] == [200] * 3
    assert "Nothing." in unheard.text
    assert "searched as it stands" in odd.text
