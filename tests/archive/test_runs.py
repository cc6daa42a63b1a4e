"""What the rows of runs say about the next one."""

import pytest
from archives import article, new_archive, save

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.outlet import Outlet


@pytest.fixture
def wait_until(tmp_path, monkeypatch):
    """What is known at noon after runs that were asked to wait until these times."""
    monkeypatch.setattr(runs, "utc_now", lambda: "2024-03-01T12:00:00Z")

    def known(*asked):
        db, _ = new_archive(tmp_path / "archive.db")
        with transaction(db):
            for until in asked:
                run = runs.open_run(db, "courier", "test")
                runs.close_run(db, run, 1.0, "finished", [], until)
        return runs.wait_until(db, "courier"), runs.wait_until(db, "herald")

    return known


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        ((), None),
        ((None,), None),
        (("2024-03-01T12:30:00Z",), "2024-03-01T12:30:00Z"),
        (("2024-03-01T13:00:00Z", "2024-03-01T12:30:00Z"), "2024-03-01T13:00:00Z"),
        (("2024-03-01T11:59:00Z",), None),
        (("2024-03-01T12:00:00Z",), None),
        (("2031-01-01T00:00:00Z",), None),
        (("2031-01-01T00:00:00Z", "2024-03-01T12:30:00Z"), "2024-03-01T12:30:00Z"),
    ],
)
def test_a_site_is_left_alone_as_long_as_it_asked_and_never_for_more_than_a_day(wait_until, asked, until):
    assert wait_until(*asked) == (until, None)


def test_a_source_is_asked_with_what_its_last_whole_answer_to_this_outlet_sent(tmp_path):
    db, first = new_archive(tmp_path / "archive.db")
    url, day = "https://courier.example/feed/", "Fri, 01 Mar 2024 08:00:00 GMT"
    with transaction(db):
        store.save_outlet(db, Outlet(slug="herald", name="The Herald", home="https://courier.example/"))
        for answer in (
            {"status": 200, "etag": '"old"'},
            {"status": 200, "etag": '"new"', "last_modified": day},
            {"status": 304, "etag": '"of a 304"'},
            {"status": 200, "etag": '"of half"', "error": "cut off"},
        ):
            run = runs.open_run(db, "courier", "test")
            runs.save_source_answer(db, run, runs.SourceAnswer(url, "Feed", **answer))
    assert run > first
    assert runs.validators(db, "courier", url) == ('"new"', day)
    assert runs.validators(db, "courier", f"{url}?paged=2") == (None, None)
    assert runs.validators(db, "herald", url) == (None, None)


@pytest.mark.parametrize(("with_body", "of", "said"), [(5, 10, "50%"), (0, 10, "0%"), (6, 10, None), (0, 9, None)])
def test_a_field_found_half_as_often_on_ten_new_articles_needs_a_look(tmp_path, with_body, of, said):
    db, first = new_archive(tmp_path / "archive.db")
    for number in range(10):
        save(db, first, article(f"old-{number}", published=f"2024-03-01T{number + 10}:00:00Z"))
    with transaction(db):
        second = runs.open_run(db, "courier", "test")
    for number in range(of):
        found = {"headline": "meta", **({"body": "shape"} if number < with_body else {})}
        save(db, second, article(f"new-{number}", published=f"2024-03-02T{number + 10}:00:00Z", found_by=found))
    looked = f"body found on {said} of the new articles, on 100% before: has the page's layout changed? "
    cure = "(`ewbscraper outlets check courier`)"
    assert runs.what_needs_a_look(db, "courier", second) == ([looked + cure] if said else [])
