"""What servers do on bad days must not lose an article, take one for gone, or pass for an edit."""

import json
from contextlib import closing
from dataclasses import replace

import pytest
from crawled import behave, is_article, rows, run
from small_paper import SmallPaper, page, urlset

from ewbscraper.archive.database import read
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.outlet import Feed, Sitemap


@pytest.fixture
def paper(tmp_path):
    paper = SmallPaper(posts=6)
    paper.archive = tmp_path / "archive.db"
    yield paper
    paper.close()


def bend_articles(paper, status, body, headers=None):
    """Every article answers with this; lists and robots.txt as ever."""
    paper.bend = lambda path: (status, headers or {}, body) if is_article(path) else None


@pytest.mark.slow
def test_edits_behind_a_broken_page_of_the_list_are_seen_in_the_next_run(paper):
    paper.posts = {f"post-{number}": 0 for number in range(130)}
    assert run(paper).new == 130
    for slug in list(paper.posts)[:120]:
        paper.posts[slug] = 1
    paper.bend = lambda path: (404, {}, "") if "page=2" in path else None
    run(paper)
    behave(paper)
    run(paper)
    assert rows(paper, "SELECT count(*) FROM revisions") == [(120,)]


def test_a_removal_is_seen_in_the_next_run_and_counted_once(paper):
    run(paper)
    del paper.posts["post-3"]
    assert run(paper).gone == 1
    assert run(paper).gone == 0
    assert len([path for path in paper.asked if is_article(path)]) == 0


@pytest.mark.slow
def test_three_removals_beside_news_cost_two_questions_and_are_seen_by_the_third_run(paper):
    run(paper)
    for slug in ("post-1", "post-2", "post-3"):
        del paper.posts[slug]
    paper.posts |= {"post-4": 1, "fresh": 1}
    ended = run(paper)
    assert (ended.new, ended.changed, ended.gone) == (1, 1, 2)
    assert len([path for path in paper.asked if is_article(path)]) == 4
    assert run(paper).gone == 1
    assert len([path for path in paper.asked if is_article(path)]) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "<html><body><div id=app></div><script>start()</script></body></html>",
        page("We will be back soon", "x " * 60, None),
    ],
    ids=["a shell that waits for scripts", "a maintenance page"],
)
def test_a_page_that_stands_in_for_the_article_changes_nothing(paper, body):
    run(paper)
    bend_articles(paper, 200, body)
    ended = run(paper, recheck=True)
    assert (ended.gone, ended.changed, ended.failed) == (0, 0, 6)
    assert "none of 6 pages could be had" in ended.needs_a_look
    behave(paper)
    assert run(paper, recheck=True).unchanged == 6
    assert rows(paper, "SELECT count(*) FROM revisions") == [(0,)]


@pytest.mark.slow
def test_a_shell_at_the_first_look_is_looked_at_again(paper):
    bend_articles(paper, 200, "<html><body><div id=app></div></body></html>")
    assert run(paper).new == 0
    behave(paper)
    assert run(paper).new == 6


def test_an_error_page_with_status_200_is_not_six_articles(paper):
    bend_articles(paper, 200, page("Sorry", "Something went wrong on our side, please come back later. " * 3))
    assert run(paper).new <= 2


def test_one_404_is_believed_and_taken_back(paper):
    run(paper)
    bend_articles(paper, 404, "")
    assert run(paper, recheck=True).gone == 6
    behave(paper)
    ended = run(paper, recheck=True)
    assert (ended.restored, ended.new) == (6, 0)
    assert rows(paper, "SELECT count(*) FROM articles WHERE gone_at IS NOT NULL") == [(0,)]


def test_a_page_that_claims_anothers_address_does_not_overwrite_it(paper):
    run(paper)
    before = rows(paper, "SELECT url, body FROM articles ORDER BY url")
    claim = f'<link rel="canonical" href="{paper.address("post-0")}">'
    text = page("Headline of post-1", "Text of post-1, version 0, long enough to read.", head=claim)
    paper.bend = lambda path: (200, {}, text) if "post-1" in path else None
    run(paper, recheck=True)
    assert rows(paper, "SELECT url, body FROM articles ORDER BY url") == before
    assert rows(paper, "SELECT count(*) FROM revisions") == [(0,)]


def test_a_redirect_to_another_host_is_reported_and_backs_off(paper):
    elsewhere = {"Location": "http://elsewhere.example/"}
    paper.bend = lambda path: (302, elsewhere, "") if "post-1" in path else None
    ended = run(paper)
    assert (ended.new, ended.failed) == (5, 1)
    assert rows(paper, "SELECT attempts, last_error FROM frontier WHERE state = 'failed'") == [
        (1, "it leads to another host: elsewhere.example")
    ]


def test_a_redirect_to_the_front_page_is_a_removal(paper):
    run(paper)
    paper.bend = lambda path: (302, {"Location": "/"}, "") if "post-1" in path else None
    assert run(paper, recheck=True).gone == 1


def test_every_page_refused_needs_a_look(paper):
    bend_articles(paper, 403, "")
    ended = run(paper)
    assert "ask the publisher" in ended.needs_a_look


def test_one_page_that_is_refused_while_the_rest_is_unchanged_needs_no_look(paper):
    tagged = {"ETag": '"1"'}
    paper.bend = lambda path: (200, tagged, paper.answer(path)[2]) if is_article(path) else None
    run(paper)
    paper.bend = lambda path: ((403 if "post-1" in path else 304), tagged, "") if is_article(path) else None
    ended = run(paper, recheck=True)
    assert (ended.failed, ended.needs_a_look) == (1, None)


def test_robots_that_forbid_the_articles_need_a_look(paper):
    robots = "User-agent: *\nDisallow: /2024/"
    paper.bend = lambda path: (200, {"Content-Type": "text/plain"}, robots) if path == "/robots.txt" else None
    ended = run(paper)
    assert "robots.txt forbids it" in ended.needs_a_look
    assert not [path for path in paper.asked if is_article(path)]


def test_an_empty_list_is_no_useful_answer_and_removes_nothing(paper):
    run(paper)
    empty = {"Content-Type": "application/json", "X-WP-Total": "0"}
    paper.bend = lambda path: (200, empty, "[]") if path.startswith("/wp-json") else None
    ended = run(paper)
    assert "lists nothing" in ended.needs_a_look
    assert not [path for path in paper.asked if is_article(path)]


def several_pages(number, last):
    links = "".join(f'<a href="/2024/01/01/post-1/{n}/">{n}</a> ' for n in (number + 1,) if n <= last)
    text = f"Page {number} has its own sentence, which is long enough to be read as text."
    return page("A long read", f'{text}</p><p class="page-links">Pages: {links}')


def test_an_article_of_several_pages_is_followed_to_its_last(paper):
    pages = {f"/2024/01/01/post-1/{n}/" if n > 1 else "/2024/01/01/post-1/": n for n in (1, 2, 3)}
    paper.bend = lambda path: (200, {"ETag": '"1"'}, several_pages(pages[path], 3)) if path in pages else None
    run(paper)
    (body,) = rows(paper, "SELECT body FROM articles WHERE url LIKE '%post-1/'")[0]
    assert [f"Page {n} has" in body for n in (1, 2, 3)] == [True, True, True]
    assert rows(paper, "SELECT etag FROM frontier WHERE url LIKE '%post-1/'") == [(None,)]


def test_a_further_page_that_is_missing_does_not_cost_the_article(paper):
    paper.bend = lambda path: (200, {}, several_pages(1, 2)) if path == "/2024/01/01/post-1/" else None
    ended = run(paper)
    assert (ended.new, ended.failed) == (6, 0)


@pytest.mark.slow
def test_pages_that_a_block_theme_does_not_link_are_had_where_wordpress_knows_of_them(paper):
    links = {name: paper.address(name) for name in ("post-1", "post-2")}

    def block_theme(path):
        if "search=nextpage" in path:
            head = {"Content-Type": "application/json", "X-WP-TotalPages": "1"}
            return 200, head, json.dumps([{"link": link} for link in links.values()])
        if not is_article(path):
            return None
        slug, _, number = path.removeprefix("/2024/01/01/").strip("/").partition("/")
        if int(number or 1) > {"post-1": 3}.get(slug, 1):
            return 301, {"Location": paper.address(slug)}, ""
        text = f"Page {number or 1} of {slug} has its own sentence, which is long enough to be read as text."
        return 200, {}, page(slug, text).replace("<article>", "<article class='entry-content wp-block-post-content'>")

    paper.bend = block_theme
    assert run(paper).new == 6
    bodies = dict(rows(paper, "SELECT headline, body FROM articles"))
    assert [bodies["post-1"].count(f"Page {n} of") for n in (1, 2, 3)] == [1, 1, 1]
    assert bodies["post-2"].count("Page ") == 1
    assert sum("search=" in path for path in paper.asked) == 1
    assert not [path for path in paper.asked if "post-3/2" in path]


@pytest.mark.slow
def test_a_day_in_the_future_is_asked_for_once_and_does_not_hide_the_next_change(paper):
    paper.posts["post-1"] = 24 * 365 * 70
    run(paper)
    run(paper)
    assert [path for path in paper.asked if is_article(path)] == []
    paper.posts["post-1"] = 1
    assert run(paper).changed == 1


def test_captures_of_a_page_that_failed_have_their_rows(paper):
    bend_articles(paper, 200, "<html><body><div id=app></div></body></html>")
    run(paper)
    assert rows(paper, "SELECT count(*) FROM captures WHERE url LIKE '%post-%'") == [(6,)]


def feed_and_sitemap(paper, in_feed, in_sitemap):
    """A feed with times of publication, and a sitemap without times."""
    paper.sources = (Feed("/feed/"), Sitemap("/sitemap.xml"))
    published = "<pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate>"
    items = "".join(f"<item><link>{paper.address(slug)}</link>{published}</item>" for slug in in_feed)
    lists = {
        "/feed/": f'<rss version="2.0"><channel>{items}</channel></rss>',
        "/sitemap.xml": urlset(*(f"<url><loc>{paper.address(slug)}</loc></url>" for slug in in_sitemap)),
    }
    paper.bend = lambda path: (200, {}, lists[path]) if path in lists else None


@pytest.mark.slow
def test_a_feed_that_goes_on_naming_a_page_does_not_hide_its_removal(paper):
    stale = list(paper.posts)
    feed_and_sitemap(paper, stale, paper.posts)
    run(paper)
    paper.posts = {"post-0": 0}
    feed_and_sitemap(paper, stale, paper.posts)
    assert [run(paper).gone, run(paper).gone] == [2, 3]
    for _ in range(2):
        run(paper)
    assert [path for path in paper.asked if is_article(path)] == []


@pytest.mark.slow
def test_the_day_of_a_feed_does_not_tell_the_changes_of_a_sitemap_without_times(paper):
    feed_and_sitemap(paper, paper.posts, paper.posts)
    run(paper)
    soon = "julianday(next_look) - julianday(last_asked) < 0.1"
    assert rows(paper, f"SELECT count(*) FROM frontier WHERE source = 'Sitemap' AND {soon}") == [(6,)]


@pytest.mark.slow
@pytest.mark.parametrize("dead", [(404, ""), (503, ""), (200, ""), (200, "<urlset")])
def test_a_dead_part_of_a_sitemap_does_not_hide_those_behind_it(paper, dead):
    """Nothing is taken for removed while it is dead; all is whole again with it."""
    paper.sources = (Sitemap("/sitemap.xml"),)
    slugs = list(paper.posts)
    lists = {f"/part-{n}": urlset(*(f"<url><loc>{paper.address(one)}</loc></url>" for one in slugs[2 * n : 2 * n + 2]))
             for n in range(3)}  # fmt: skip
    parts = "".join(f"<sitemap><loc>{paper.home}part-{n}</loc></sitemap>" for n in range(3))
    lists["/sitemap.xml"] = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'

    def answer(path):
        return (200, {}, lists[path]) if path in lists else None

    paper.bend = answer
    assert run(paper).new == 6
    paper.posts["fresh"] = 0
    del paper.posts["post-4"]
    lists["/part-2"] = urlset(*(f"<url><loc>{paper.address(one)}</loc></url>" for one in ("post-5", "fresh")))
    paper.bend = lambda path: (dead[0], {}, dead[1]) if path == "/part-1" else answer(path)
    ended = run(paper)
    assert (ended.new, ended.gone) == (1, 0)
    assert "/part-1: " in ended.needs_a_look
    assert (run(paper).gone, [path for path in paper.asked if is_article(path)]) == (0, [])
    paper.bend = answer
    assert run(paper).gone == 1


@pytest.mark.slow
def test_what_an_agency_sends_to_four_newspapers_is_an_article_of_each(tmp_path):
    papers = [SmallPaper(posts=4) for _ in range(4)]
    try:
        outlets = [replace(paper.outlet, slug=f"paper-{number}") for number, paper in enumerate(papers)]
        for outlet in outlets:
            in_child(crawl, tmp_path / "archive.db", [outlet], CrawlOptions())
    finally:
        for paper in papers:
            paper.close()
    with closing(read(tmp_path / "archive.db")) as db:
        assert [row[0] for row in db.execute("SELECT count(*) FROM articles GROUP BY outlet")] == [4] * 4
