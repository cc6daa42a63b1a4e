"""A server that does its worst: a run ends, in bounded time and memory, with what can be had."""

import itertools
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hostile_paper import HostilePaper, text, whole

from ewbscraper.archive.database import read
from ewbscraper.crawl.runner import CrawlOptions, crawl, in_child
from ewbscraper.extraction.pages import MOST_PAGES
from ewbscraper.outlet import Listing, Outlet, Sitemap

MEMORY = 400_000
"""Kilobytes that a run may take at its peak; a run on a good newspaper takes about a third of it."""

MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""Between the tests and the run: a process begins with the peak of the one that began it."""


@pytest.fixture
def paper():
    paper = HostilePaper()
    yield paper
    paper.close()


def rows(archive, sql):
    with closing(read(archive)) as db:
        return [tuple(row) for row in db.execute(sql)]


def test_among_all_troubles_the_good_are_had(paper, tmp_path):
    archive = tmp_path / "archive.db"
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "hostile.py").write_text(
        "from ewbscraper.outlet import Outlet, WordPress\n"
        f"OUTLET = Outlet(slug='hostile', name='Hostile', home='{paper.home}', sources=(WordPress(),))\n"
    )
    settings = [f"EWB_ARCHIVE={archive}", "DOWNLOAD_TIMEOUT=2", "RETRY_TIMES=1", "LOG_LEVEL=ERROR"]
    words = [word for setting in settings for word in ("-s", setting)]
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "scrapy", "crawl", "hostile", *words]
    run = subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE)

    assert run.returncode == 0
    assert int(run.stdout) < MEMORY
    assert rows(archive, "SELECT outcome, needs_a_look FROM runs") == [("finished", None)]
    good = {f"{paper.home}2024/{slug}/" for slug in paper.slugs() if slug.startswith("good")}
    had = {url for (url,) in rows(archive, "SELECT url FROM articles")}
    assert had - good == {f"{paper.home}2024/{slug}/" for slug in ("too-long", "false-encoding", "endless-pages")}
    assert had >= good
    waiting = rows(archive, "SELECT url, last_error FROM frontier WHERE state = 'failed'")
    assert len(waiting) == len(paper.slugs()) - len(had)
    assert all(error for _, error in waiting)
    assert not [error for _, error in waiting if "Failure" in error]
    assert len([path for path, _ in paper.asked if "endless-pages" in path]) <= MOST_PAGES + 1
    assert not [request for _, request in paper.asked if "cookie:" in request.lower()]


def endless_list(paper):
    """Each page has ten more links, and a next page: a calendar that goes on for ever."""
    months = itertools.count()

    def bend(path):
        if path.startswith("/2024"):
            return whole(text(path.strip("/").rpartition("/")[2]))
        if not path.startswith("/calendar"):
            return None
        month = next(months)
        links = "".join(f"<h2><a href=/2024/day-{month}-{day}/>a</a></h2>" for day in range(10))
        return whole(
            f"<html><article>{links}<a class=next href=/calendar/{month + 1}/>next</a></article></html>".encode()
        )

    return bend, Listing("/calendar/", next="a.next")


def endless_sitemaps(paper):
    """Each index names a thousand more."""
    numbers = itertools.count()

    def bend(path):
        if "sitemap" not in path:
            return None
        more = "".join(f"<sitemap><loc>{paper.home}sitemap-{next(numbers)}.xml</loc></sitemap>" for _ in range(1000))
        return whole(f"<sitemapindex>{more}</sitemapindex>".encode())

    return bend, Sitemap()


@pytest.mark.parametrize("trap", [endless_list, endless_sitemaps])
def test_a_list_without_an_end_takes_no_more_than_its_time(paper, tmp_path, trap):
    paper.bend, source = trap(paper)
    outlet = Outlet(slug="hostile", name="Hostile", home=paper.home, sources=(source,))
    (run,) = in_child(crawl, tmp_path / "archive.db", [outlet], CrawlOptions(max_minutes=0.1))
    assert run.outcome in ("out of time", "finished")
    assert run.failed == 0
    assert (run.new > 0) == (trap is endless_list)


def test_a_list_without_news_ends_at_its_second_page(paper, tmp_path):
    """A next link for ever, and the same articles on every page."""
    links = "".join(f"<h2><a href=/2024/good-{number}/>a</a></h2>" for number in range(10))
    pages = itertools.count(2)
    paper.bend = lambda path: (
        whole(f"<html><article>{links}<a class=next href=/news/{next(pages)}/>n</a></article></html>".encode())
        if path.startswith("/news")
        else None
    )
    outlet = Outlet(slug="hostile", name="Hostile", home=paper.home, sources=(Listing("/news/", next="a.next"),))
    (run,) = in_child(crawl, tmp_path / "archive.db", [outlet], CrawlOptions())
    assert (run.new, run.outcome) == (10, "finished")
    assert len([path for path, _ in paper.asked if path.startswith("/news")]) == 2
