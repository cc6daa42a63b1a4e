"""An article with all that hangs on it; revisions where, and only where, the reader's text changed."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archives import OUTLET, WHEN, article, new_archive, save

from ewbscraper.archive import runs
from ewbscraper.archive.articles import revisions, store, texts
from ewbscraper.archive.articles.differences import differences
from ewbscraper.archive.articles.lookup import earlier_text, get_article
from ewbscraper.archive.articles.parts import place_pictures
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.frontier import found
from ewbscraper.archive.times import later, utc_now
from ewbscraper.article import Caption, RelatedPost
from ewbscraper.errors import NoSuchRevision

LATER = "2024-03-02T08:00:00Z"


@pytest.fixture
def archive(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    yield db, run
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


def test_what_was_saved_is_read_back_as_it_was(archive):
    db, run = archive
    one = article(related_posts=(RelatedPost("Old toll", "https://courier.example/toll/", "EWB"),))
    number, change = save(db, run, one)
    found = get_article(db, str(number))
    assert change == "new"
    assert {key: found[key] for key in one.to_dict()} == one.to_dict()
    assert [capture["fetched_at"] for capture in found["provenance"]["captures"]] == [WHEN]


def test_published_sorts_by_instant_whatever_its_offset(archive):
    db, run = archive
    save(db, run, article("early", published="2024-03-01T23:30:00+02:00"))
    save(db, run, article("late", published="2024-03-01T22:00:00+00:00"))
    rows = db.execute("SELECT url, published_utc FROM articles ORDER BY published_utc").fetchall()
    assert [row["url"].split("/")[-2] for row in rows] == ["early", "late"]
    assert rows[0]["published_utc"] == "2024-03-01T21:30:00Z"


@pytest.mark.parametrize(
    "edit",
    [
        {"headline": "The bridge stays shut"},
        {"standfirst": "At last"},
        {"body": "PRISHTINË – Nobody crossed."},
        {"captions": (Caption("The bridge", "Reuters"),)},
    ],
    ids=["headline", "standfirst", "body", "credit"],
)
def test_a_change_of_the_text_keeps_the_text_before(archive, edit):
    db, run = archive
    number, _ = save(db, run, article())
    assert save(db, run, article(**edit), LATER)[1] == "changed"
    (old,) = db.execute("SELECT * FROM revisions").fetchall()
    assert (old["article"], old["cause"], old["seen_from"]) == (number, "outlet", WHEN)
    assert (old["headline"], old["body"]) == (article().headline, article().body)
    assert json.loads(old["captions"]) == [["The bridge", "NATO"]]
    assert old["content_hash"] == article().content_hash
    assert old["capture"] == 1


@pytest.mark.parametrize(
    "edit",
    [
        {"related_posts": (RelatedPost("Drawn at random", "https://courier.example/x/"),)},
        {"tags": ("tolls",)},
        {"modified": "2024-03-02T09:00:00+01:00"},
        {"body_html": "<p><em>other</em> markup</p>"},
        {"body": article().body.replace(" ", "  ")},
    ],
    ids=["related posts", "tags", "modified", "markup", "white space"],
)
def test_what_is_no_change_of_the_text_makes_no_revision(archive, edit):
    db, run = archive
    save(db, run, article())
    assert save(db, run, article(**edit), LATER)[1] == "unchanged"
    assert db.execute("SELECT count(*) FROM revisions").fetchone()[0] == 0


def places(db):
    return [tuple(row) for row in db.execute("SELECT position, after FROM captions ORDER BY position")]


def test_a_picture_that_was_put_elsewhere_is_no_change_but_kept(archive):
    db, run = archive
    one = article(captions=(Caption("The bridge", after=None), Caption("The toll", after=1)))
    number, _ = save(db, run, one)
    assert places(db) == [(0, None), (1, 1)]
    moved = replace(one, captions=(Caption("The bridge", after=0), Caption("The toll", after=2)))
    assert differences(db, number, moved) == {}
    with transaction(db):
        place_pictures(db, number, moved)
    assert places(db) == [(0, 0), (1, 2)]
    assert save(db, run, one, captured=LATER) == (number, "unchanged")
    assert places(db) == [(0, None), (1, 1)]
    assert revisions.count(db, number) == 0


def test_two_edits_make_two_revisions_in_order(archive):
    db, run = archive
    for day, headline in enumerate(("One", "Two", "Three"), 1):
        save(db, run, article(headline=headline), f"2024-03-0{day}T08:00:00Z")
    rows = db.execute("SELECT headline, seen_from, seen_until FROM revisions ORDER BY seen_from").fetchall()
    assert [tuple(row) for row in rows] == [
        ("One", "2024-03-01T08:00:00Z", "2024-03-01T08:00:00Z"),
        ("Two", "2024-03-02T08:00:00Z", "2024-03-02T08:00:00Z"),
    ]


def test_a_moved_article_keeps_its_row_and_its_history(archive):
    db, run = archive
    number, _ = save(db, run, article())
    moved = replace(article(), url="https://courier.example/2024/bridge/")
    assert save(db, run, moved, LATER, known=number) == (number, "unchanged")
    assert db.execute("SELECT url FROM articles").fetchall()[0]["url"] == moved.url


def test_gone_is_marked_once_and_unmarked_when_it_is_back(archive):
    db, run = archive
    number, _ = save(db, run, article())
    with transaction(db):
        assert store.mark_gone(db, number)
        assert not store.mark_gone(db, number)
        assert store.mark_seen(db, number)
        assert not store.mark_seen(db, number)
    assert get_article(db, str(number))["body"] == article().body


@pytest.mark.parametrize(("seen", "then"), [("2024-03-01T08:00:00Z", "now"), ("2099-01-01T00:00:00Z", "as before")])
def test_an_article_was_seen_last_when_it_was_seen_last_whatever_the_clock_says(archive, seen, then):
    db, run = archive
    number, _ = save(db, run, article())
    with transaction(db):
        db.execute("UPDATE articles SET last_seen = ?", [seen])
        before = utc_now()
        store.mark_seen(db, number)
    (last,) = db.execute("SELECT last_seen FROM articles").fetchone()
    assert last == seen if then == "as before" else before <= last <= utc_now()


def test_an_article_that_is_back_in_the_second_in_which_it_was_seen_last_is_back(archive):
    db, run = archive
    number, _ = save(db, run, article())
    with transaction(db):
        store.mark_gone(db, number)
        db.execute("UPDATE articles SET last_seen = '2099-01-01T00:00:00Z'")
        assert store.mark_seen(db, number)
    assert db.execute("SELECT gone_at FROM articles").fetchone()["gone_at"] is None


def test_every_link_of_a_text_is_kept_with_its_words(archive):
    db, run = archive
    html = (
        '<p><a href="https://a.example/?x=1&amp;y=2">one <em>bridge</em></a> and\n'
        '<a href="http://b.example/">two\nor three</a></p>'
    )
    save(db, run, article(body_html=html))
    assert [tuple(row) for row in db.execute("SELECT url, text, host FROM links ORDER BY position")] == [
        ("https://a.example/?x=1&y=2", "one bridge", "a.example"),
        ("http://b.example/", "two or three", "b.example"),
    ]


def test_links_and_related_posts_point_at_articles_that_come_later(archive):
    db, run = archive
    target = "https://courier.example/toll/"
    first, _ = save(
        db,
        run,
        article(
            body_html=f'<p><a href="{target}">toll</a> <a href="javascript:alert(1)">x</a></p>',
            related_posts=(RelatedPost("Old toll", target),),
        ),
    )
    second, _ = save(db, run, article("toll"))
    assert [
        tuple(row) for row in db.execute("SELECT article, url, text, target_article FROM links WHERE article = 1")
    ] == [(first, target, "toll", second)]
    assert db.execute("SELECT related_article FROM related_posts").fetchone()[0] == second


def test_places_have_coordinates_and_are_shared(archive):
    db, run = archive
    save(db, run, article("one"))
    save(db, run, article("two"))
    (place,) = db.execute("SELECT * FROM places").fetchall()
    assert (place["name"], place["country"], round(place["latitude"])) == ("Pristina", "XK", 43)
    assert db.execute("SELECT count(*) FROM article_places").fetchone()[0] == 2


def test_a_text_longer_than_sqlite_may_show_is_cut_and_says_so(archive):
    db, run = archive
    save(db, run, article(body="реч " * 1_000_000))
    body = db.execute("SELECT body FROM articles").fetchone()[0]
    assert len(body.encode()) < 2_001_000
    assert body.endswith(texts.CUT)


def test_earlier_texts_are_numbered_from_the_oldest(archive):
    db, run = archive
    for hour, headline in enumerate(["First", "Second", "Third"], 8):
        number, _ = save(db, run, article(headline=headline), f"2024-03-01T{hour:02}:00:00Z")
    found = get_article(db, str(number))
    old = [earlier_text(found, number) for number in (1, 2)]
    assert [one["headline"] for one in old] == ["First", "Second"]
    hours = [[capture["fetched_at"][11:13] for capture in one["provenance"]["captures"]] for one in old]
    assert hours == [["08"], ["09"]]
    with pytest.raises(NoSuchRevision, match="has 2 earlier texts: --revision 1 to 2"):
        earlier_text(found, 3)
    assert revisions.change(db, number, 1).parts == [("headline", ("First",), ("Second",))]
    assert revisions.change(db, number).fields == [("headline", [[("del", "Second"), ("ins", "Third")]])]


def runs_with_news(db, days_ago):
    """Closed runs with one new article each."""
    with transaction(db):
        for days in days_ago:
            run = runs.open_run(db, "courier", "crawl courier")
            then = later(utc_now(), -timedelta(days=days))
            db.execute("UPDATE runs SET new = 1, started = ?, finished = ? WHERE id = ?", [then, then, run])


@pytest.mark.parametrize(("quiet", "said"), [(5, []), (40, ["no new article for 40 days"])])
def test_an_outlet_that_is_silent_for_far_longer_than_its_habit_needs_a_look(archive, quiet, said):
    db, run = archive
    runs_with_news(db, range(quiet + 14, quiet - 1, -1))
    assert [look.split(";")[0] for look in runs.what_needs_a_look(db, "courier", run)] == said


def test_opening_and_closing_a_run_reads_no_table_of_articles_whole(archive):
    """Also where an archive has 300,000 of them."""
    db, run = archive
    seen = list[str]()
    db.set_trace_callback(seen.append)
    found.refuse_a_second_name(db, Path("archive.db"), replace(OUTLET, slug="other", home="https://other.example/"))
    runs.what_needs_a_look(db, "courier", run)
    db.set_trace_callback(None)
    plans = [step["detail"] for sql in seen for step in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [step for step in plans if step.startswith("SCAN articles")] == []
