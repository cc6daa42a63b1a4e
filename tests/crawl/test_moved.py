"""An article that moves keeps its one row and its history; what is unchanged is known without a word of the server."""

import sqlite3
from contextlib import closing

import pytest
from crawled import behave, is_article, rows, run
from small_paper import SmallPaper, page

from ewbscraper.crawl.ask import conditional
from ewbscraper.outlet import Feed

FEED = """<rss version="2.0"><channel><title>Small</title>{items}</channel></rss>"""


@pytest.fixture
def paper(tmp_path):
    paper = SmallPaper(posts=6)
    paper.archive = tmp_path / "archive.db"
    yield paper
    paper.close()


def move(paper, old, new, body=None):
    """The old address leads to the new one, which the list names in its place."""
    was = paper.answer(f"/2024/01/01/{old}/")
    paper.posts[new] = paper.posts.pop(old) + 1
    there = (200, {}, body or was[2])
    answers = {f"/2024/01/01/{new}/": there, f"/2024/01/01/{old}/": (301, {"Location": paper.address(new)}, "")}
    paper.bend = answers.get


def history(paper, slug):
    sql = "SELECT url, (SELECT count(*) FROM revisions WHERE article = articles.id), gone_at, first_seen FROM articles"
    return rows(paper, f"{sql} WHERE headline LIKE ?", f"%{slug}")


def test_a_redirect_to_a_new_address_keeps_row_and_history(paper):
    paper.posts["post-3"] = 1
    run(paper)
    paper.posts["post-3"] = 2
    assert run(paper).changed == 1
    (before,) = history(paper, "post-3")
    move(paper, "post-3", "renamed")
    ended = run(paper)
    assert (ended.gone, ended.changed) == (0, 0)
    (after,) = history(paper, "post-3")
    assert after == (paper.address("renamed"), before[1], None, before[3])
    assert rows(paper, "SELECT count(*) FROM articles") == [(6,)]
    assert rows(paper, "PRAGMA foreign_key_check") == []
    assert rows(paper, "SELECT count(*) FROM articles WHERE id IN (SELECT rowid FROM articles_fts)") == [(6,)]


def test_an_article_that_is_moved_and_edited_at_once_has_one_row_and_a_revision(paper):
    time = "2024-01-01T10:00:00+01:00"
    first = page("Headline of post-3", "Text of post-3, as it was at first, long enough to read.", time)
    paper.bend = lambda path: (200, {}, first) if "post-3/" in path else None
    run(paper)
    move(paper, "post-3", "renamed", page("Headline of post-3", "Another text of it altogether, long as well.", time))
    assert run(paper).gone == 0
    assert history(paper, "post-3")[0][:2] == (paper.address("renamed"), 1)
    assert len(history(paper, "post-3")) == 1


def feed_of(paper, *slugs):
    items = "".join(f"<item><link>{paper.address(slug)}</link></item>" for slug in slugs)
    return 200, {"Content-Type": "application/rss+xml"}, FEED.format(items=items)


@pytest.mark.slow
def test_a_new_address_that_was_archived_first_is_joined_when_the_old_one_leads_to_it(paper):
    paper.sources = (Feed("/feed/"),)
    paper.bend = lambda path: feed_of(paper, "post-3") if "feed" in path else None
    run(paper)
    (before,) = history(paper, "post-3")
    there = {"/2024/01/01/renamed/": paper.answer("/2024/01/01/post-3/"), "/feed/": feed_of(paper, "renamed")}
    paper.bend = there.get
    run(paper)
    assert len(history(paper, "post-3")) == 2
    there["/2024/01/01/post-3/"] = (301, {"Location": paper.address("renamed")}, "")
    assert run(paper, recheck=True).gone == 0
    assert history(paper, "post-3") == [(paper.address("renamed"), 0, None, before[3])]
    assert rows(paper, "SELECT count(DISTINCT article), count(*) FROM captures WHERE article IS NOT NULL")[0][0] == 1
    assert rows(paper, "SELECT DISTINCT article FROM frontier") == rows(paper, "SELECT id FROM articles")
    assert rows(paper, "PRAGMA foreign_key_check") == []


def test_a_redirect_to_quite_another_article_is_a_removal(paper):
    other = page("Quite another", "It has been there for long, and has another text.", "2023-05-05T05:05:05+02:00")
    paper.bend = lambda path: (200, {}, other) if "post-1/" in path else None
    run(paper)
    there = {"Location": paper.address("post-1")}
    paper.bend = lambda path: (301, there, "") if "post-3/" in path else (200, {}, other) if "post-1/" in path else None
    assert run(paper, recheck=True).gone == 1
    assert rows(paper, "SELECT count(*), count(gone_at) FROM articles") == [(6, 1)]


def test_a_new_canonical_address_keeps_the_row(paper):
    run(paper)
    new = f'<link rel="canonical" href="{paper.address("renamed")}">'
    text = page("Headline of post-3", "Text of post-3, version 0, long enough to read.", head=new)
    paper.bend = lambda path: (200, {}, text) if "post-3/" in path else None
    run(paper, recheck=True)
    assert history(paper, "post-3")[0][0] == paper.address("renamed")
    assert rows(paper, "SELECT count(*) FROM articles") == [(6,)]


@pytest.mark.slow
def test_an_old_address_that_dies_does_not_take_the_moved_article_with_it(paper):
    run(paper)
    home = paper.address("renamed")
    text = paper.answer("/2024/01/01/post-3/")[2]
    new = {"/2024/01/01/renamed/": (200, {}, text), "/2024/01/01/post-3/": (301, {"Location": home}, "")}
    paper.bend = new.get
    run(paper, recheck=True)
    paper.bend = lambda path: (404, {}, "") if "post-3/" in path else new.get(path)
    assert run(paper, recheck=True).gone == 0
    assert run(paper, recheck=True).gone == 0
    assert rows(paper, "SELECT state FROM frontier WHERE url = ?", home) == [("archived",)]
    paper.bend = lambda path: (404, {}, "") if "post-3/" in path or "renamed" in path else None
    assert run(paper, recheck=True).gone == 1


@pytest.mark.slow
def test_an_address_with_and_without_its_slash_is_one_article_and_one_look(paper):
    paper.sources = (Feed("/feed/"), Feed("/other/"))
    bare = {"/feed/": feed_of(paper, "post-3"), "/other/": feed_of(paper, "post-3")}
    bare["/other/"] = (*bare["/other/"][:2], bare["/other/"][2].replace("post-3/", "post-3"))
    bare["/2024/01/01/post-3"] = (301, {"Location": paper.address("post-3")}, "")
    paper.bend = bare.get
    assert run(paper).new == 1
    with closing(sqlite3.connect(paper.archive)) as db, db:
        db.execute("UPDATE frontier SET next_look = discovered WHERE next_look IS NOT NULL")
    run(paper)
    assert [path for path in paper.asked if is_article(path)] == ["/2024/01/01/post-3/"]
    assert rows(paper, "SELECT count(*), count(DISTINCT article) FROM frontier") == [(2, 1)]


def test_what_is_unchanged_is_known_by_its_text_where_the_server_ignores_conditions(paper):
    paper.bend = lambda path: (200, {"ETag": '"1"'}, paper.answer(path)[2]) if is_article(path) else None
    run(paper)
    ended = run(paper, recheck=True)
    assert (ended.changed, ended.unchanged) == (0, 6)
    assert rows(paper, "SELECT count(*) FROM revisions") == [(0,)]


@pytest.mark.slow
def test_a_304_after_a_bad_day_is_the_article_again(paper):
    tagged = {"ETag": '"1"'}
    paper.bend = lambda path: (200, tagged, paper.answer(path)[2]) if is_article(path) else None
    run(paper)
    paper.bend = lambda path: (404 if "post-3/" in path else 500, {}, "") if is_article(path) else None
    run(paper, recheck=True)
    paper.bend = lambda path: (304, tagged, "") if is_article(path) else None
    assert run(paper, recheck=True).restored == 1
    assert rows(paper, "SELECT state, count(*) FROM frontier GROUP BY 1") == [("archived", 6)]
    assert rows(paper, "SELECT count(gone_at) FROM articles") == [(0,)]


def test_a_304_that_nobody_asked_for_is_no_article(paper):
    paper.bend = lambda path: (304, {}, "") if "post-3/" in path else None
    ended = run(paper)
    assert (ended.new, ended.failed) == (5, 1)
    behave(paper)
    assert run(paper).new == 1


@pytest.mark.parametrize(
    ("etag", "asked"),
    [
        (None, {}),
        ('"1"', {"If-None-Match": '"1"'}),
        ('W/"1"', {"If-None-Match": '"1"'}),
        ('"1-gzip"', {"If-None-Match": '"1-gzip", "1"'}),
        ('W/"1-gzip"', {"If-None-Match": '"1-gzip", "1"'}),
    ],
)
def test_a_tag_is_asked_with_as_the_server_knows_it(etag, asked):
    assert conditional(etag, None) == asked


@pytest.mark.slow
def test_feeds_that_share_one_etag_are_asked_each_with_its_own(paper):
    """WordPress: one ETag for all feeds; what this address has not sent, it is not asked with."""
    feed = FEED.format(items="".join(f"<item><link>{paper.address(slug)}</link></item>" for slug in paper.posts))
    head = {"ETag": 'W/"all"', "Content-Type": "application/rss+xml"}
    paper.bend = lambda path: (200, head, feed) if "feed" in path else None
    for path, asked in (("/feed/", None), ("/feed/atom/", None), ("/feed/atom/", '"all"')):
        paper.sources = (Feed(path),)
        run(paper)
        assert paper.conditions[path] == asked
