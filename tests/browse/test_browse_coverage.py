"""The page of what is known and what is archived: each address counted once, in the month that can be told."""

from dataclasses import replace

import pytest
from archives import OUTLET, WHEN, article, new_archive, save
from browse_data import build, get
from lxml import html

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create, read
from ewbscraper.archive.finding import coverage as counting
from ewbscraper.archive.finding.coverage import Covered, archived_of_known, coverage
from ewbscraper.browse.pages.coverage import read_coverage
from ewbscraper.browse.serve import reading_room

KNOWN = [
    ("https://courier.example/2024/02/a/", "waiting", "2024-05-01T00:00:00Z"),
    ("https://courier.example/2024-02-09-b/", "failed", None),
    ("https://courier.example/news/1999/12/c/", "given up", None),
    ("https://courier.example/d/", "gone", "2024-03-07T10:00:00+01:00"),
    ("https://courier.example/2024/99/e/", "protected", None),
    ("https://courier.example/2024/02/", "not an article", None),
]


@pytest.fixture
def db(tmp_path):
    connection, run = new_archive(tmp_path / "archive.db")
    save(connection, run, article("one", published="2024-02-29T23:30:00-05:00"))
    save(connection, run, article("two", published="2024-03-04"))
    save(connection, run, article("three", published=None))
    with transaction(connection):
        connection.execute("UPDATE articles SET gone_at = ? WHERE id = 2", [WHEN])
        connection.execute(
            "INSERT INTO frontier (outlet, url, source, article, state, discovered, listed_in_run)"
            " VALUES ('courier', 'https://courier.example/2024/02/also-one/', 'Feed', 1, 'archived', ?, 1)",
            [WHEN],
        )
        connection.executemany(
            "INSERT INTO frontier (outlet, url, source, state, changed, discovered, listed_in_run)"
            " VALUES ('courier', ?, 'Sitemap', ?, ?, '2024-06-01T00:00:00Z', 1)",
            KNOWN,
        )
    yield connection
    connection.close()


def test_each_is_counted_once_in_its_month(db):
    (courier,) = coverage(db)
    rows = {row.step: row for row in courier.rows}
    assert rows["2024-03"] == Covered("2024-03", archived=2, removed=1, lost=1)
    assert rows["2024-02"] == Covered("2024-02", waiting=1, failed=1, not_articles=1)
    assert rows["1999-12"] == Covered("1999-12", failed=1)
    assert rows[""] == Covered("", archived=1, protected=1)
    assert courier.total == Covered(archived=3, removed=1, waiting=1, failed=2, lost=1, protected=1, not_articles=1)


def test_known_is_the_denominator_and_pages_that_are_no_article_are_not_in_it(db):
    total = coverage(db)[0].total
    assert total.known == 8
    assert total.share == 3 / 8
    assert Covered().share == 0


def test_the_newest_stand_first_and_a_stretch_of_nothing_is_one_row(db):
    steps = [(row.step, row.until, row.known) for row in coverage(db)[0].rows]
    assert steps == [("2024-03", "", 3), ("2024-02", "", 2), ("2000-01", "2024-01", 0), ("1999-12", "", 1), ("", "", 2)]


def test_many_months_are_years_until_the_outlet_is_asked_for(db, monkeypatch):
    monkeypatch.setattr(counting, "MOST_MONTHS", 2)
    years = [(row.step, row.until, row.known) for row in coverage(db)[0].rows]
    assert years == [("2024", "", 5), ("2000", "2023", 0), ("1999", "", 1), ("", "", 2)]
    assert coverage(db)[0].by == "year"
    assert coverage(db, "courier")[0].by == "month"


def test_an_outlet_without_anything(tmp_path):
    db, _ = new_archive(tmp_path / "archive.db")
    assert coverage(db)[0].rows == []
    assert coverage(db)[0].most == 0
    assert read_coverage(db, "nobody") is None
    db.close()


def test_what_is_archived_of_all_that_is_known_by_month_from_the_first_article_on(db):
    assert [(bar.step, bar.articles, bar.of) for bar in archived_of_known(db)] == [("2024-03", 2, 3)]
    with transaction(db):
        db.execute("UPDATE articles SET published = '2024-01-05T00:00:00Z' WHERE id = 2")
    bars = [(bar.step, bar.articles, bar.of) for bar in archived_of_known(db)]
    assert bars == [("2024-01", 1, 1), ("2024-02", 0, 2), ("2024-03", 1, 2)]


def test_of_a_long_time_it_is_years_and_of_an_empty_archive_nothing(db, tmp_path):
    with transaction(db):
        db.execute("UPDATE articles SET published = '1990-01-05T00:00:00Z' WHERE id = 2")
    bars = archived_of_known(db)
    assert [bars[0].step, bars[-1].step] == ["1990", "2024"]
    assert (bars[9].articles, bars[9].of) == (0, 1)
    empty, _ = new_archive(tmp_path / "empty.db")
    assert archived_of_known(empty) == []
    empty.close()


def test_the_front_page_switches_to_the_share_of_what_is_known(tmp_path):
    room = reading_room(build(tmp_path / "archive.db"))
    number, share = (html.fromstring(answer.text) for answer in get(room, "/", "/?by=share"))
    (there,) = number.xpath("//figure[@class='timeline']/figcaption/a/@href")
    (back,) = share.xpath("//figure[@class='timeline']/figcaption/a/@href")
    assert (there, back) == ("?by=share", "?")
    assert "100.0 %" not in number.xpath("string(//figure[@class='timeline']//ol)")
    assert "of 25, 100.0 %" in share.xpath("string(//figure[@class='timeline']//ol)")


def test_the_page_links_to_what_it_counts(tmp_path):
    room = reading_room(build(tmp_path / "archive.db"))
    whole, one, none = get(room, "/coverage", "/coverage?outlet=courier", "/coverage?outlet=nobody")
    assert (whole.status_code, one.status_code, none.status_code) == (200, 200, 404)
    for answer in (whole, one):
        links = html.fromstring(answer.text).xpath("//main//a/@href")
        assert "/search?outlet=courier&since=2024-01&until=2024-01" in links
    row = html.fromstring(one.text).xpath("//tr[th='2024-01']")[0]
    cells = [cell.text_content() for cell in row.xpath("th | td")]
    assert cells[2:6] == ["25", "25", "100 %", "–"]
    found = get(room, "/search?outlet=courier&since=2024-01&until=2024-01")[0]
    assert "25 articles" in found.text


def test_of_many_outlets_the_page_is_their_totals(tmp_path):
    path = build(tmp_path / "archive.db")
    db = create(path)
    with transaction(db):
        for number in range(10):
            store.save_outlet(db, replace(OUTLET, slug=f"paper{number}", name=f"Paper {number}"))
    db.close()
    whole, one = get(reading_room(path), "/coverage", "/coverage?outlet=courier")
    links = html.fromstring(whole.text).xpath("//tbody/tr/th/a/@href")
    assert sorted(links) == ["?outlet=courier", *(f"?outlet=paper{number}" for number in range(10))]
    assert not html.fromstring(whole.text).cssselect("section")
    assert len(html.fromstring(one.text).cssselect("section")) == 1


def test_the_page_counts_what_the_named_query_lists(tmp_path):
    path = build(tmp_path / "archive.db")
    (listed,) = get(reading_room(path), "/archive/not_archived.json?_shape=array&outlet=courier")
    total = coverage(read(path))[0].total
    assert total.known - total.archived + total.not_articles == len(listed.json()) == 1
