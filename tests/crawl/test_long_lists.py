"""A list that takes longer than a run may: several bounded runs together read it to its end."""

import json
import re
from itertools import count

import pytest
from small_paper import FIRST, SmallPaper, entry, listing_of, urlset

from ewbscraper.archive.database import create
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.crawl.spiders import spider
from ewbscraper.outlet import Feed, Listing, Sitemap, WordPress

TICK = 3600.0
"""Seconds from one look at the clock to the next: the real time of a run says nothing."""


def bounded(archive, outlet, pages, limit):
    """A run whose time for lists is over after so many pages of them; in a process of its own."""
    clock = count(step=TICK)
    spider.monotonic = lambda: next(clock)
    return crawl(archive, [outlet], CrawlOptions(limit=limit, max_minutes=(2 * pages - 1) * TICK / 60))


def number_of(path):
    """The number of a list's page; 0 is an index."""
    number = re.search(r"(?:[?&]paged?=|/p/)(\d+)", path)
    return int(number[1]) if number else int(path != "/sitemap.xml")


class LongPaper(SmallPaper):
    """Lists four articles a page, in every kind of list."""

    def __init__(self, archive):
        super().__init__(posts=0)
        self.archive, self.numbers = archive, list(range(12))
        self.bend = self.page_of_a_list

    def page_of_a_list(self, path):
        first = 4 * (number_of(path) - 1)
        shown, more = self.numbers[first : first + 4], self.numbers[first + 4 :]
        following = first // 4 + 2
        if path.startswith("/wp-json/"):
            posts = [{"link": self.address(f"post-{one}"), "modified": "2024-01-01T00:00:00"} for one in shown]
            pages = {"X-WP-Total": str(len(self.numbers)), "X-WP-TotalPages": str(-(-len(self.numbers) // 4))}
            return 200, {"Content-Type": "application/json", **pages}, json.dumps(posts)
        if path == "/sitemap.xml":
            parts = "".join(f"<sitemap><loc>{self.home}p/{one}</loc></sitemap>" for one in (1, 2, 3))
            return 200, {}, f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'
        if path.startswith("/p/"):
            return 200, {}, urlset(*(entry(self, f"post-{one}") for one in shown))
        if path.startswith("/news/"):
            older = f'<a href="/news/p/{following}">Older</a>' if more else ""
            return 200, {}, listing_of(self, shown, older)
        if path.startswith("/feed/"):
            items = "".join(f"<item><link>{self.address(f'post-{one}')}</link></item>" for one in shown)
            return (200, {}, f'<rss version="2.0"><channel>{items}</channel></rss>') if shown else (404, {}, "")
        return None

    def run(self, pages, limit=0):
        self.asked.clear()
        self.posts = {f"post-{number}": 0 for number in self.numbers}
        (ended,) = in_child(bounded, self.archive, self.outlet, pages, limit)
        lists = [path for path in self.asked if path not in FIRST and not path.startswith("/2024")]
        return ended, [number_of(path) for path in lists]


@pytest.fixture
def paper(tmp_path):
    paper = LongPaper(tmp_path / "archive.db")
    yield paper
    paper.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "runs"),
    [
        (WordPress(), [[1], [1, 2], [1, 3], [1]]),
        (Sitemap(), [[0], [0, 1], [0, 1, 2], [0, 1, 3]]),
        (Listing("/news/"), [[1], [1, 2], [1, 3], [1]]),
        (Feed("/feed/", older=True), [[1], [1, 2], [1, 3], [1, 4], [1]]),
    ],
    ids=["REST", "sitemap", "listing", "feed"],
)
def test_runs_with_time_for_one_page_read_the_whole_list(paper, source, runs):
    paper.sources = (source,)
    ended = [paper.run(pages=1) for _ in runs]
    assert [asked for _, asked in ended] == runs
    assert sum(run.found for run, _ in ended) == 12
    assert {run.outcome for run, _ in ended} == {"finished"}


@pytest.mark.slow
def test_news_come_first_and_the_rest_goes_on_behind_them(paper):
    paper.run(pages=2)
    paper.numbers[:0] = range(100, 104)
    run, asked = paper.run(pages=2)
    assert (run.found, asked) == (4, [1, 2, 3])
    run, asked = paper.run(pages=9)
    assert (run.found, asked) == (4, [1, 4])
    assert paper.run(pages=9)[1] == [1]


@pytest.mark.slow
def test_a_removal_is_seen_by_a_whole_reading_only_and_names_in_any_of_its_runs_count(paper):
    assert paper.run(pages=9, limit=None)[0].new == 12
    with create(paper.archive) as db:
        db.execute("UPDATE listings SET whole_at = '2024-01-01T00:00:00Z'")
    paper.numbers.remove(6)
    first, asked = paper.run(pages=2, limit=None)
    assert (asked, first.gone) == ([1, 2], 0)
    last, asked = paper.run(pages=2, limit=None)
    assert (asked, last.gone) == ([1, 3], 1)
    assert [path for path in paper.asked if path.startswith("/2024")] == ["/2024/01/01/post-6/"]


@pytest.mark.slow
def test_a_removal_while_a_list_is_read_in_parts_begins_another_reading(paper):
    paper.run(pages=2, limit=None)
    paper.numbers.remove(1)
    assert paper.run(pages=2, limit=None)[1] == [1, 3]
    run, asked = paper.run(pages=9, limit=None)
    assert (asked, run.gone) == ([1, 2, 3], 1)
