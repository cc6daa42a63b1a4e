"""A sorted table, page after page: each row once, however many have the same value."""

import asyncio
import csv
import io

import pytest
from archives import WHEN, article, new_archive

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.browse.serve import reading_room

MANY = 250


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    path = tmp_path_factory.mktemp("ties") / "archive.db"
    db, run = new_archive(path)
    with transaction(db):
        for number in range(MANY):
            one = article(f"a{number}", body=f"Text {number}.", published=None if number % 5 else "2024-03-01")
            store.save_article(db, one, outlet="courier", run=run, captured=WHEN)
    db.close()
    return reading_room(path)


def get(room, path):
    return asyncio.run(room.client.get(path))


@pytest.mark.parametrize(
    "asked", ["", "_sort=published_utc", "_sort_desc=first_seen", "_sort_desc=outlet&outlet=courier", "_search=text"]
)
def test_a_csv_has_each_article_once(room, asked):
    found = get(room, f"/archive/articles.csv?_stream=on&_col=id&{asked}")
    numbers = [row[0] for row in csv.reader(io.StringIO(found.text))][1:]
    assert sorted(map(int, numbers)) == list(range(1, MANY + 1))


@pytest.mark.parametrize("sort", ["_sort_desc=strategy", "_sort=field"])
def test_a_key_of_two_columns_too(room, sort):
    found = get(room, f"/archive/found_by.csv?_stream=on&{sort}").text.splitlines()[1:]
    assert len(found) == len(set(found)) == 2 * MANY


@pytest.mark.parametrize(
    "sql",
    [
        "select outlet from articles union select name from outlets order by outlet limit 3",
        "select distinct language from articles order by language limit 3",
        "select language from articles group by language order by language desc limit 3",
    ],
)
def test_other_statements_are_asked_as_they_are(room, sql):
    assert get(room, f"/archive.json?sql={sql.replace(' ', '+')}").json()["rows"]
