"""The whole path: a real newspaper over HTTP, real spiders in processes of their own, real files."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from checkout import PROJECT
from filelock import FileLock

from ewbscraper.archive.articles.lookup import get_article
from ewbscraper.archive.database import read
from ewbscraper.archive.status import status
from ewbscraper.archive.warc.reader import read_capture, whole_records
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child, look
from ewbscraper.errors import ArchiveBusy
from ewbscraper.outlet import Feed, Sitemap, WordPress
from ewbscraper.sample_site.outlet import sample_outlet
from ewbscraper.sample_site.server import SampleSite


class Paper:
    """The sample newspaper, an archive, and runs of one on the other."""

    def __init__(self, site: SampleSite, archive: Path) -> None:
        self.site, self.archive = site, archive
        self.outlet = sample_outlet(site.url)

    def crawl(self, *sources, **options):
        self.site.requests.clear()
        outlet = replace(self.outlet, sources=sources) if sources else self.outlet
        (run,) = in_child(crawl, self.archive, [outlet], CrawlOptions(**options))
        if isinstance(run, Exception):
            raise run
        return run

    def asked_for_articles(self):
        """Paths of articles that were asked for since the last run began."""
        return [request.path for request in self.site.requests if request.path.startswith("/20")]

    def article(self, url):
        with closing(read(self.archive)) as db:
            return get_article(db, url)

    def rows(self, sql, *values):
        with closing(read(self.archive)) as db:
            return [dict(row) for row in db.execute(sql, values)]

    def status(self):
        return status(self.archive)["outlets"][0]


@pytest.fixture
def paper(tmp_path):
    with SampleSite() as site:
        yield Paper(site, tmp_path / "archive.db")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A first run, and the archive after it, for tests that only read."""
    with SampleSite() as site:
        paper = Paper(site, tmp_path_factory.mktemp("first") / "archive.db")
        paper.run = paper.crawl()
        yield paper


def path_of(url):
    return "/" + url.split("/", 3)[3]


def some_path(paper, number=0):
    """Path of an article of one page."""
    return path_of([true["url"] for true in paper.site.truth() if true["kind"] == "news"][number])


def test_every_article_is_archived_with_its_fields(first_run):
    run = first_run.run
    truth = {true["url"]: true for true in first_run.site.truth()}
    assert (run.new, run.found, run.failed, run.gone, run.outcome) == (40, 40, 0, 0, "finished")
    assert {row["url"] for row in first_run.rows("SELECT url FROM articles")} == set(truth)
    for url, true in truth.items():
        found = first_run.article(url)
        for field in ("headline", "standfirst", "authors", "published", "body", "language"):
            assert found[field] == true[field], (url, field)


def test_each_article_points_at_its_page_in_the_warc(first_run):
    captures = first_run.rows("SELECT * FROM captures WHERE article IS NOT NULL")
    assert len({row["article"] for row in captures}) == 40
    for row in captures:
        exchange = read_capture(first_run.archive.parent, row["warc"], row["offset"])
        assert (exchange.url, exchange.status, len(exchange.body)) == (row["url"], 200, row["bytes"])


def test_a_protected_post_waits_in_the_frontier_and_is_never_asked_for(first_run):
    waiting = first_run.rows("SELECT url FROM frontier WHERE state = 'protected'")
    assert len(waiting) == 2
    assert not set(first_run.asked_for_articles()) & {path_of(row["url"]) for row in waiting}


def test_nothing_is_asked_again_where_nothing_changed(paper):
    paper.crawl()
    run = paper.crawl()
    assert paper.asked_for_articles() == []
    assert (run.new, run.changed, run.unchanged, run.needs_a_look) == (0, 0, 40, None)


def test_the_next_edition_is_seen_as_what_it_is(paper):
    paper.crawl()
    before = {true["url"]: true for true in paper.site.truth()}
    paper.site.publish("tuesday")
    after = {true["url"]: true for true in paper.site.truth()}
    run = paper.crawl()
    assert (run.new, run.changed, run.gone, run.failed) == (3, 4, 1, 0)
    assert run.unchanged == len(after) - 7
    (gone,) = set(before) - set(after)
    assert paper.article(gone)["body"] == before[gone]["body"]
    assert paper.article(gone)["provenance"]["gone_at"]
    edited = [url for url in after if url in before and after[url]["modified"] != before[url]["modified"]]
    for url in edited:
        (old,) = paper.article(url)["provenance"]["revisions"]
        assert (old["headline"], old["body"]) == (before[url]["headline"], before[url]["body"])
        assert paper.article(url)["body"] == after[url]["body"]


@pytest.mark.slow
@pytest.mark.parametrize("source", [WordPress(), Sitemap("/sitemap.xml")], ids=["rest", "sitemap"])
def test_one_complete_source_finds_all(paper, source):
    assert paper.crawl(source).new == 40


def test_a_feed_finds_the_newest(paper):
    assert paper.crawl(Feed("/feed/")).new == 10


@pytest.mark.slow
def test_an_unchanged_feed_answers_304_and_is_no_fault(paper):
    paper.crawl(Feed("/feed/"))
    run = paper.crawl(Feed("/feed/"))
    assert [r.status for r in paper.site.requests if r.path == "/feed/"] == [304]
    assert (run.needs_a_look, run.unchanged) == (None, 10)


@pytest.mark.slow
def test_limit_and_the_rest_in_the_next_run(paper):
    assert paper.crawl(limit=7).new == 7
    assert paper.crawl().new == 33


BAD_PAGES = {
    "empty": "empty",
    "half": "cut off",
    "not html": "",
    "huge": "cut",
    "reset": "",
    "500": "answered 500",
    "403": "ask the publisher",
    "broken gzip": "cannot be decompressed",
    "redirect loop": "",
}


@pytest.fixture(scope="module")
def bad_day(tmp_path_factory):
    """A run on a newspaper with each fault on a page of its own, and the run after that."""
    with SampleSite() as site:
        paper = Paper(site, tmp_path_factory.mktemp("bad") / "archive.db")
        paths = {fault: some_path(paper, number) for number, fault in enumerate(BAD_PAGES)}
        for fault, path in paths.items():
            site.misbehave(path, fault)
        paper.run = paper.crawl()
        paper.errors = {error["url"]: error for error in paper.status()["errors"]}
        paper.urls = {fault: site.url + path for fault, path in paths.items()}
        site.behave()
        paper.next_run = paper.crawl()
        yield paper


def test_bad_pages_harm_nothing_else(bad_day):
    assert (bad_day.run.new, bad_day.run.failed, bad_day.run.outcome) == (31, 9, "finished")


def test_bad_pages_are_had_in_the_next_run(bad_day):
    assert (bad_day.next_run.new, bad_day.next_run.failed) == (9, 0)
    assert bad_day.status()["errors"] == []


@pytest.mark.parametrize("fault", BAD_PAGES)
def test_a_bad_page_is_named_with_its_error(bad_day, fault):
    error = bad_day.errors[bad_day.urls[fault]]
    assert (error["attempts"], error["state"]) == (1, "failed")
    assert BAD_PAGES[fault] in error["last_error"]


@pytest.mark.parametrize("fault", ["half", "not html", "500", "403", "broken gzip", "huge"])
def test_what_was_received_of_a_bad_page_is_in_the_warc(bad_day, fault):
    row = bad_day.rows("SELECT * FROM captures WHERE url = ? ORDER BY id", bad_day.urls[fault])[0]
    exchange = read_capture(bad_day.archive.parent, row["warc"], row["offset"])
    assert len(exchange.body) == row["bytes"] > 0
    assert exchange.truncated == {"half": "disconnect", "huge": "length"}.get(fault)


@pytest.mark.slow
def test_letters_survive_a_charset_that_lies(paper):
    cyrillic = [true for true in paper.site.truth() if true["language"] == "sr-Cyrl"]
    for true, fault in zip(cyrillic, ["wrong charset", "no charset", "lying charset"], strict=False):
        paper.site.misbehave(path_of(true["url"]), fault)
    paper.crawl()
    for true in cyrillic:
        assert paper.article(true["url"])["headline"] == true["headline"]


def test_a_page_that_fails_once_is_had_in_the_same_run(paper):
    paper.site.misbehave(some_path(paper), "500", times=1)
    run = paper.crawl()
    assert (run.new, run.failed) == (40, 0)


BAD_SOURCES = [
    (WordPress(), "/wp-json/wp/v2/posts", "html instead"),
    (WordPress(), "/wp-json/wp/v2/posts", "500"),
    (Sitemap("/sitemap.xml"), "/sitemap.xml", "broken xml"),
    (Sitemap("/sitemap.xml"), "/sitemap.xml", "broken gzip"),
    (Sitemap("/sitemap.xml"), "/sitemap.xml", "empty"),
    (Feed("/feed/"), "/feed/", "html instead"),
    (Feed("/feed/"), "/feed/", "reset"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("source", "path", "fault"), BAD_SOURCES, ids=lambda value: str(value))
def test_a_bad_source_is_reported_and_removes_nothing(paper, source, path, fault):
    paper.crawl()
    paper.site.misbehave(path, fault)
    run = paper.crawl(source)
    assert "no source answered usefully" in run.needs_a_look
    assert (run.gone, run.unchanged) == (0, 40)
    assert paper.status()["sources"][-1]["error"]


def test_the_next_source_is_asked_where_the_first_fails(paper):
    paper.site.misbehave("/wp-json/wp/v2/posts", "403")
    run = paper.crawl(WordPress(), Sitemap("/sitemap.xml"))
    assert (run.new, run.needs_a_look) == (40, None)


def test_a_second_run_of_the_same_outlet_is_refused(paper):
    lock = FileLock(paper.archive.with_name(f".{paper.archive.name}.{paper.outlet.slug}.lock"))
    with lock, pytest.raises(ArchiveBusy):
        paper.crawl()
    assert paper.crawl().new == 40


OUTLET_FILE = """
from ewbscraper.outlet import Outlet, WordPress
OUTLET = Outlet(slug="gazette", name="Gazette", home="{url}", sources=(WordPress(),))
"""


def gazette(paper):
    folder = paper.archive.parent / "outlets"
    folder.mkdir()
    (folder / "gazette.py").write_text(OUTLET_FILE.format(url=paper.site.url))


def test_a_killed_run_loses_nothing_and_fetches_next_to_nothing_twice(paper, monkeypatch):
    """kill -9 while a page is on its way; the next run takes up where that one was."""
    gazette(paper)
    paths = [path_of(true["url"]) for true in paper.site.truth()]
    paper.site.misbehave(paths[20], "hang")
    command = [sys.executable, "-m", "ewbscraper", "crawl", "gazette", "--archive", str(paper.archive)]
    hanging, hang = threading.Event(), paper.site.hang
    monkeypatch.setattr(paper.site, "hang", lambda: (hanging.set(), hang()))
    with subprocess.Popen(command, cwd=paper.archive.parent, stderr=subprocess.DEVNULL) as run:
        assert hanging.wait(60)
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    assert paper.status()["last_run"]["outcome"] == "killed"
    first = set(paper.asked_for_articles())
    paper.site.behave()
    paper.site.requests.clear()
    subprocess.run(command, cwd=paper.archive.parent, check=True, capture_output=True)
    assert {row["url"] for row in paper.rows("SELECT url FROM articles")} == {t["url"] for t in paper.site.truth()}
    assert len(first & set(paper.asked_for_articles())) <= 2
    assert [row["outcome"] for row in paper.rows("SELECT outcome FROM runs ORDER BY id")] == ["killed", "finished"]
    assert paper.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert paper.rows("PRAGMA foreign_key_check") == []


@pytest.mark.slow
def test_scrapys_own_command_makes_the_same_rows(paper):
    gazette(paper)
    project = PROJECT
    scrapy = [sys.executable, "-m", "scrapy"]
    setting = ["-s", f"EWB_ARCHIVE={paper.archive}"]
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "ewbscraper.crawl.settings"}
    listed = subprocess.run(
        [*scrapy, "list", *setting], cwd=project, env=environment, capture_output=True, text=True, check=True
    )
    assert {"ewb", "gazette"} <= set(listed.stdout.split())
    subprocess.run(
        [*scrapy, "crawl", "gazette", *setting], cwd=project, env=environment, capture_output=True, check=True
    )
    assert paper.rows("SELECT new, outcome FROM runs") == [{"new": 40, "outcome": "finished"}]


@pytest.mark.slow
def test_a_page_that_hangs_is_left_for_the_next_run(paper):
    gazette(paper)
    path = some_path(paper)
    paper.site.misbehave(path, "hang")
    settings = {"EWB_ARCHIVE": paper.archive, "DOWNLOAD_TIMEOUT": 1, "RETRY_ENABLED": False}
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "gazette", *words]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    (error,) = paper.status()["errors"]
    assert error["url"] == paper.site.url + path
    assert "took longer than 1" in error["last_error"]
    assert paper.rows("SELECT new FROM runs") == [{"new": 39}]


def test_a_look_asks_robots_and_sources_and_keeps_nothing(paper):
    (found,) = in_child(look, paper.archive, [paper.outlet], CrawlOptions(), 0)
    assert found.robots_allow
    assert found.articles >= 40
    assert paper.asked_for_articles() == []
    assert not paper.archive.exists()
    assert not (paper.archive.parent / "warc").exists()


def test_the_request_is_kept_as_it_was_sent(paper):
    paper.crawl(limit=1)
    (row,) = paper.rows("SELECT url, warc FROM captures WHERE article ORDER BY id LIMIT 1")
    with (paper.archive.parent / row["warc"]).open("rb") as file:
        asked = [one for _, _, one in whole_records(file) if one.rec_type == "request"]
    (kept,) = [one.http_headers for one in asked if one.rec_headers["WARC-Target-URI"] == row["url"]]
    (sent,) = [one for one in paper.site.requests if row["url"].endswith(one.path)]
    assert kept.statusline == f"{sent.path} HTTP/1.1"
    assert {name.lower(): value for name, value in kept.headers} == {k.lower(): v for k, v in sent.headers.items()}
