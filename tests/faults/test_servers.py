"""A server that does its worst: a run ends, in bounded time and memory, with what can be had."""

import functools
import gzip
import itertools
import sys
import zlib
from contextlib import closing

import brotli
import pytest
from checkout import PROJECT
from hostile_paper import HostilePaper, head, text, whole

from ewbscraper.archive.database import read
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.extraction.pages import MOST_PAGES
from ewbscraper.outlet import Listing, Outlet, Sitemap

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MEMORY = 400
"""Megabytes that a run may take at its peak; a run on a good newspaper takes about a third of it."""
ROOT = PROJECT


def crawled(meter, archive, paper, sources="WordPress(),"):
    """One run, measured: the exit code."""
    (archive.parent / "outlets").mkdir()
    (archive.parent / "outlets" / "hostile.py").write_text(
        "from ewbscraper.outlet import *\n"
        f"OUTLET = Outlet(slug='hostile', name='Hostile', home='{paper.home}', sources=({sources}))\n"
    )
    settings = [f"EWB_ARCHIVE={archive}", "DOWNLOAD_TIMEOUT=2", "RETRY_TIMES=1", "LOG_LEVEL=ERROR"]
    words = [word for setting in settings for word in ("-s", setting)]
    command = [sys.executable, "-m", "scrapy", "crawl", "hostile", *words]
    return meter.command(command, seconds=200, megabytes=MEMORY, cwd=ROOT).returncode


@pytest.fixture
def paper():
    paper = HostilePaper()
    yield paper
    paper.close()


def rows(archive, sql):
    with closing(read(archive)) as db:
        return [tuple(row) for row in db.execute(sql)]


@pytest.mark.slow
@pytest.mark.fault(
    "Pages",
    sent="bodies and headers that never end, a slow drip, resets, loops, a bomb, false lengths, between good pages",
    must="the good pages are archived, what was cut says so",
)
def test_among_all_troubles_the_good_are_had(paper, tmp_path, meter):
    archive = tmp_path / "archive.db"
    assert crawled(meter, archive, paper) == 0
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


PAGE, MORE = text("bomb"), b"<p>more</p>" * 100_000
"""The second is one megabyte."""


def gzipped(page, megabytes):
    yield gzip.compress(page)
    yield from itertools.repeat(gzip.compress(MORE, 9), megabytes)


def deflated(page, megabytes):
    packer = zlib.compressobj(9)
    yield packer.compress(page) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(MORE) + packer.flush(zlib.Z_FULL_FLUSH)  # which begins anew: it may stand many times
    yield from itertools.repeat(block, megabytes)
    yield packer.flush()


def zstandard(page, megabytes):
    yield zstd.compress(page)
    yield from itertools.repeat(zstd.compress(MORE), megabytes)


def brotlied(page, megabytes):
    packer = brotli.Compressor(quality=5)
    yield packer.process(page)
    for _ in range(megabytes):
        yield packer.process(MORE)
    yield packer.finish()


def answer(parts, *lines):
    yield head(None, *lines)
    yield from parts


def brotli_of(body):
    return brotli.compress(body, quality=1)


CODINGS = {"gzip": gzipped, "deflate": deflated, "zstd": zstandard, "br": brotlied}
NESTED = gzip.compress(gzip.compress(PAGE + MORE * 60, 9), 9)
BROKEN = {
    "br": b"\xff" * 1000,
    "zstd": b"\x28\xb5\x2f\xfd" + b"\xff" * 1000,
    "gzip": b"\x1f\x8b\x08" + b"\xff" * 1000,
    "deflate": b"\xff" * 1000,
    "gzip, gzip, br": brotli_of(NESTED),
    "gzip, gzip": NESTED,
    ", ".join(["gzip"] * 10): functools.reduce(lambda body, _: gzip.compress(body), range(10), PAGE),
}


@pytest.mark.slow
@pytest.mark.fault(
    "Pages",
    sent="bombs of gzip, deflate, zstd and brotli: 1 MB, 60 MB, 1 GB; in each other; broken; ten times over",
    must="1 MB is read; of the others the frontier says why, and the WARC has them as received",
)
def test_bombs(paper, tmp_path, meter):
    archive = tmp_path / "archive.db"
    for coding, bomb in CODINGS.items():
        for size in (1, 60, 1000):
            packed = list(bomb(text(f"{coding}-{size}"), size))  # now: in the run 1 GB of brotli may take over 2 s
            paper.troubles[f"{coding}-{size}"] = lambda path, packed=packed, coding=coding: answer(
                packed, f"Content-Encoding: {coding}"
            )
    for number, (coding, body) in enumerate(BROKEN.items()):
        paper.troubles[f"broken-{number}"] = lambda path, body=body, coding=coding: answer(
            [body], f"Content-Encoding: {coding}"
        )
    for slug in [slug for slug in paper.troubles if "-" not in slug or not slug[-1].isdigit()]:
        del paper.troubles[slug]
    assert crawled(meter, archive, paper) == 0
    had = {url.rstrip("/").rpartition("/")[2] for (url,) in rows(archive, "SELECT url FROM articles")}
    assert had == {*(slug for slug in paper.slugs() if slug.startswith("good")), *(f"{name}-1" for name in CODINGS)}
    waiting = rows(archive, "SELECT url, state, last_error FROM frontier WHERE state != 'archived'")
    assert len(waiting) == len(paper.troubles) - len(CODINGS)
    assert all(state == "failed" and error for _, state, error in waiting)
    kept = {url for (url,) in rows(archive, "SELECT url FROM captures")}
    assert kept >= {url for url, _, _ in waiting}


@pytest.mark.slow
@pytest.mark.parametrize("coding", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.fault(
    "Pages",
    sent="a sitemap that is a bomb or broken, in any coding, before another source",
    must="the run says so, and reads the other source",
    found="broken brotli and zstd raised errors that ended the run",
)
def test_lists_that_are_bombs(paper, tmp_path, meter, coding):
    archive = tmp_path / "archive.db"
    paper.troubles.clear()
    body = BROKEN[coding]
    paper.bend = lambda path: answer([body], f"Content-Encoding: {coding}") if path.startswith("/sitemap") else None
    assert crawled(meter, archive, paper, "Sitemap('/sitemap.xml.gz'), WordPress(),") == 0
    assert rows(archive, "SELECT count(*) FROM articles") == [(10,)]
    ((status, error),) = rows(archive, "SELECT status, error FROM source_answers WHERE url LIKE '%.xml.gz'")
    assert error
    assert status in (None, 200)


@pytest.mark.slow
@pytest.mark.fault(
    "Pages",
    sent="headers of 5 MB in one line, 100,000 headers, headers without a name, with NUL",
    must="the page, or the frontier says why; the other pages are archived",
)
def test_headers(paper, tmp_path, meter):
    archive, body = tmp_path / "archive.db", text("headers")
    paper.troubles = {
        f"headers-{number}": lambda path, lines=lines: whole(body, *lines)
        for number, lines in enumerate(
            [
                ["X-Long: " + "x" * 5_000_000],
                [f"X-{n}: {'x' * 50}" for n in range(100_000)],
                ["Set-Cookie: " + "a=b; " * 3000] * 100,
                [": nothing", "\0: \0", "X-Nul: a\0b", "\u00ff\u00fe: \u00ff"],
                ["Content-Type: text/html; charset=" + "x" * 10_000],
                ["Last-Modified: " + "9" * 10_000, "ETag: " + '"' * 5_000],
                ["Content-Length: 5", "Content-Length: 7"],
                ["Transfer-Encoding: chunked, chunked, gzip"],
            ]
        )
    }
    assert crawled(meter, archive, paper) == 0
    had = {url.rstrip("/").rpartition("/")[2] for (url,) in rows(archive, "SELECT url FROM articles")}
    assert had >= {slug for slug in paper.slugs() if slug.startswith("good")}
    waiting = rows(archive, "SELECT url, last_error FROM frontier WHERE state = 'failed'")
    assert len(had) + len(waiting) == len(paper.slugs())
    assert all(error for _, error in waiting)


@pytest.mark.slow
@pytest.mark.fault(
    "Pages",
    sent="a calendar that goes on for ever; sitemaps that each name a thousand more",
    must="the run ends in its time with what it found",
)
@pytest.mark.parametrize("trap", [endless_list, endless_sitemaps])
def test_a_list_without_an_end_takes_no_more_than_its_time(paper, tmp_path, trap):
    paper.bend, source = trap(paper)
    outlet = Outlet(slug="hostile", name="Hostile", home=paper.home, sources=(source,))
    (run,) = in_child(crawl, tmp_path / "archive.db", [outlet], CrawlOptions(max_minutes=0.1))
    assert run.outcome in ("out of time", "finished")
    assert run.failed == 0
    assert (run.new > 0) == (trap is endless_list)


@pytest.mark.fault("Pages", sent="a list whose every page is the same", must="read to its second page")
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
