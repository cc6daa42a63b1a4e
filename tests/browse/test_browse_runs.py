"""The page of the runs: what they found, fields over time, and an outlet that went silent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from archives import OUTLET, article, new_archive, save
from browse_data import SCRIPT, build, get
from lxml import html

from ewbscraper.archive import fields
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import read
from ewbscraper.archive.fields import fields_over_time
from ewbscraper.archive.runs import silence, what_needs_a_look
from ewbscraper.archive.times import later, utc_now
from ewbscraper.browse.pages.runs import PAGE, read_runs
from ewbscraper.browse.serve import reading_room


def add_runs(db, days_ago, outlet="courier", **values):
    """A finished run that many days ago, for each."""
    columns = {"new": 1, "outcome": "finished", "command": f"crawl {outlet}", **values}
    with transaction(db):
        for days in days_ago:
            started = later(utc_now(), -timedelta(days=days))
            db.execute(
                f"INSERT INTO runs (outlet, software, started, finished, {', '.join(columns)})"
                f" VALUES (?, 'test', ?, ?, {', '.join('?' * len(columns))})",
                [outlet, started, started, *columns.values()],
            )


@pytest.fixture
def db(tmp_path):
    connection, _ = new_archive(tmp_path / "archive.db")
    with transaction(connection):
        connection.execute("DELETE FROM runs")
        store.save_outlet(connection, replace(OUTLET, slug="echo", name="The Echo"))
    yield connection
    connection.close()


def test_an_outlet_that_went_silent_and_since_when(db):
    add_runs(db, range(42, 29, -1))
    add_runs(db, range(29, 0, -1), new=0)
    found = silence(db, "courier")
    assert (found.days, found.usual) == (30, timedelta(days=1))
    assert found.since == db.execute("SELECT max(started) FROM runs WHERE new > 0").fetchone()[0]
    assert what_needs_a_look(db, "courier", 1) == [str(found)]
    assert list(read_runs(db)["silent"]) == ["courier"]
    assert read_runs(db, "echo")["silent"] == {}


def test_an_outlet_with_its_habit_or_without_one_is_not_silent(db):
    add_runs(db, range(13, 0, -1))
    add_runs(db, [40, 39, 38], outlet="echo")
    assert silence(db, "courier") is None
    assert silence(db, "echo") is None


def test_runs_are_paged_and_of_one_outlet(db):
    add_runs(db, range(PAGE + 5, 0, -1))
    add_runs(db, [1], outlet="echo", failed=7)
    first, second = read_runs(db), read_runs(db, page=2)
    assert (first["total"], len(first["runs"]), len(second["runs"])) == (PAGE + 6, PAGE, 6)
    assert first["runs"][0]["failed"] == 7
    assert [run["outlet"] for run in read_runs(db, "echo")["runs"]] == ["echo"]
    assert read_runs(db, "nobody") is None


def test_each_month_has_its_share_of_articles_with_a_field(db):
    add_runs(db, [1])
    for month, found_by in (
        ("2023-02", {}),
        ("2024-02", {"body": "shape", "authors": "meta"}),
        ("2024-03", {"body": "shape"}),
    ):
        for number in range(3):
            save(db, 1, article(f"{month}-{number}", published=f"{month}-0{number + 1}", found_by=found_by))
    months = fields_over_time(db, "courier")
    assert [(month.month, month.articles) for month in months] == [("2024-03", 3), ("2024-02", 3)]
    assert (months[0].shares["body"], months[0].shares["authors"]) == (1, 0)
    assert months[1].shares["authors"] == 1
    assert [month.month for month in fields_over_time(db, "courier", 36)] == ["2024-03", "2024-02", "2023-02"]
    assert fields_over_time(db, "echo") == []


def test_fields_are_counted_on_the_newest_of_a_month(db, monkeypatch):
    monkeypatch.setattr(fields, "A_MONTH", 2)
    add_runs(db, [1])
    for day, found_by in ((1, {"body": "shape"}), (2, {"body": "shape"}), (3, {})):
        save(db, 1, article(f"d{day}", published=f"2024-03-0{day}", found_by=found_by))
    (march,) = fields_over_time(db, "courier")
    assert (march.articles, march.shares["body"]) == (2, 0.5)


def test_the_page_of_runs_is_paged_and_tells_what_went_silent(tmp_path, db):
    add_runs(db, range(42, 29, -1))
    add_runs(db, range(29, 0, -1), new=0, needs_a_look="No list answered.\nNothing was read.")
    room = reading_room(tmp_path / "archive.db")
    whole, second, one, none = get(room, "/runs", "/runs?page=2", "/runs?outlet=echo", "/runs?outlet=nobody")
    assert [answer.status_code for answer in (whole, second, one, none)] == [200, 200, 200, 404]
    tree = html.fromstring(whole.text)
    assert "The Courier went silent." in tree.cssselect(".notice")[0].text_content()
    assert tree.xpath("//main//a[@rel='next']/@href") == ["?page=2"]
    assert len(tree.cssselect("tr.look")) == 29
    assert "No list answered." in tree.cssselect("tr.look")[0].text_content()
    assert html.fromstring(second.text).xpath("//main//a[@rel='prev']/@href") == ["?page=1"]
    assert "went silent" not in one.text


def test_what_a_run_says_runs_nowhere(tmp_path):
    path = build(tmp_path / "archive.db")
    (answer,) = get(reading_room(path), "/runs")
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert SCRIPT not in answer.text
    assert not html.fromstring(answer.text).xpath("//script | //img | //@style")
    with read(path) as db:
        assert read_runs(db)["runs"][0]["needs_a_look"] == SCRIPT
