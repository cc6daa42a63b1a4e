"""`crawl --media`: what a page needs to look like itself is kept with it, politely, and never in its way."""

import os
import signal
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from picture_paper import SHARED, PicturePaper
from small_paper import page

from ewbscraper.archive.database import read
from ewbscraper.archive.warc.reader import read_capture, read_exchange
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.extraction.needs import needed_by, needed_by_style
from ewbscraper.page import Page
from ewbscraper.processes import fresh


@pytest.fixture
def paper(tmp_path):
    paper = PicturePaper(posts=4)
    paper.archive = tmp_path / "archive.db"
    yield paper
    paper.close()


def run(paper, outlet=None, **options):
    paper.asked.clear()
    (ended,) = in_child(crawl, paper.archive, [outlet or paper.outlet], CrawlOptions(media=True, **options))
    if isinstance(ended, Exception):
        raise ended
    return ended


def rows(paper, sql):
    with closing(read(paper.archive)) as db:
        return [tuple(row) for row in db.execute(sql)]


def pictures_asked(paper):
    return [path for path in paper.asked if ".svg" in path or ".css" in path]


def own_pictures(paper):
    return {f"/img/{slug}-{size}.svg" for slug in paper.posts for size in (300, 900)}


def test_pictures_and_styles_are_kept_each_once_beside_the_articles(paper):
    ended = run(paper)
    wanted = SHARED | own_pictures(paper)
    assert sorted(pictures_asked(paper)) == sorted(wanted)
    assert (ended.new, ended.media, ended.failed, ended.not_articles, ended.needs_a_look) == (
        4,
        len(wanted),
        0,
        0,
        None,
    )
    kept = rows(paper, "SELECT url, warc, offset, article FROM captures WHERE media_of IS NOT NULL")
    assert {url for url, *_ in kept} == {paper.home.rstrip("/") + path for path in wanted}
    assert {article for *_, article in kept} == {None}
    for url, warc, offset, _ in kept:
        assert read_capture(paper.archive.parent, warc, offset).url == url
    assert rows(paper, "SELECT count(*) FROM articles") == [(4,)]
    again = run(paper, recheck=True)
    assert (pictures_asked(paper), again.media, again.unchanged) == ([], 0, 4)


def test_a_page_that_comes_again_is_kept_once_and_read_back_twice(paper):
    run(paper)
    run(paper, recheck=True)
    looks = rows(paper, "SELECT url, id, same_as, bytes, length FROM captures WHERE article ORDER BY url, id")
    with closing(read(paper.archive)) as db:
        bodies = [read_exchange(db, paper.archive.parent, number).body for _, number, *_ in looks]
    for (first, again), (body, same) in zip(batched(looks), batched(bodies), strict=True):
        assert (first[2], again[2], body) == (None, first[1], same)
        assert len(body) == first[3] == again[3]


def batched(things):
    return list(zip(things[::2], things[1::2], strict=True))


def test_without_the_option_no_picture_is_asked_for(paper):
    (ended,) = in_child(crawl, paper.archive, [paper.outlet], CrawlOptions())
    assert (ended.new, ended.media, pictures_asked(paper)) == (4, 0, [])


@pytest.mark.slow
def test_articles_from_before_get_their_pictures_by_a_recheck(paper):
    in_child(crawl, paper.archive, [paper.outlet], CrawlOptions())
    assert run(paper, recheck=True).media == len(SHARED | own_pictures(paper))


def test_other_hosts_are_left_out_by_name_unless_the_definition_names_them(paper):
    with closing(PicturePaper(posts=0)) as elsewhere:
        cdn = elsewhere.home.removeprefix("http://").rstrip("/")
        paper.bend = lambda path: picture_at(elsewhere.home) if "post-1" in path and ".svg" not in path else None
        run(paper, limit=4)
        assert elsewhere.asked == []
        left = rows(paper, "SELECT url FROM media WHERE state = 'elsewhere' ORDER BY url")
        assert left == [(f"{elsewhere.home}there.svg",), ("https://ads.example/pixel.svg",)]
        run(paper, replace(paper.outlet, media_hosts=(cdn,)), recheck=True)
        assert elsewhere.asked == ["/robots.txt", "/.well-known/tdmrep.json", "/there.svg"]


@pytest.mark.slow
def test_a_host_of_pictures_that_asks_to_wait_does_not_stop_the_pages(paper):
    """It is left after three pictures, and asked again in the next run."""
    with closing(PicturePaper(posts=0)) as elsewhere:
        cdn = elsewhere.home.removeprefix("http://").rstrip("/")
        elsewhere.bend = lambda path: (429, {"Retry-After": "7200"}, "") if path.endswith(".svg") else None
        pictures = "".join(f"<img src='{elsewhere.home}{number}.svg'>" for number in range(9))
        text = page("Headline of post-3", f"Text of post-3, version 0.</p>{pictures}<p>More of it.")
        paper.bend = lambda path: (200, {}, text) if path.endswith("/post-3/") else None
        ended = run(paper, replace(paper.outlet, media_hosts=(cdn,)))
        assert (ended.new, ended.outcome, ended.wait_until) == (4, "finished", None)
        assert len(elsewhere.asked) == 2 + 3


def picture_at(home):
    return 200, {}, page("Headline of post-1", f"Text of post-1, version 0.</p><img src='{home}there.svg'><p>More.")


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [(500, {}, ""), (404, {}, ""), (302, {"Location": "http://else.example/"}, "")])
def test_pictures_that_cannot_be_had_harm_nothing_and_are_given_up(paper, trouble):
    paper.posts = {"post-0": 0}
    paper.bend = lambda path: trouble if path.startswith("/img/") else None
    ended = run(paper)
    assert (ended.new, ended.outcome, ended.failed, ended.needs_a_look) == (1, "finished", 0, None)
    for _ in range(3):  # a host that does not answer is asked for three pictures a run
        run(paper)
    assert rows(paper, "SELECT DISTINCT state FROM media WHERE url LIKE '%/img/%'") == [("given up",)]
    run(paper)
    assert pictures_asked(paper) == []


def test_robots_txt_counts_for_pictures_too(paper):
    robots = "User-agent: *\nDisallow: /img/\n"
    paper.bend = lambda path: (200, {"Content-Type": "text/plain"}, robots) if path == "/robots.txt" else None
    assert run(paper).new == 4
    assert not [path for path in paper.asked if path.startswith("/img/")]


@pytest.mark.slow
def test_a_run_killed_among_the_pictures_loses_none(paper):
    """kill -9 while a picture is on its way: its article is archived, the next run takes the picture up."""
    hit, dead = threading.Event(), threading.Event()

    def kill(path):
        if path == "/img/post-2-900.svg":
            hit.set()
            dead.wait(60)

    paper.bend = kill
    processes = fresh()
    process = processes.Process(target=crawl, args=(paper.archive, [paper.outlet], CrawlOptions(media=True)))
    process.start()
    assert hit.wait(60)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    dead.set()
    paper.bend = lambda path: None
    first = set(pictures_asked(paper))
    run(paper)
    assert first & set(pictures_asked(paper)) == {"/img/post-2-900.svg"}
    kept = {url for (url,) in rows(paper, "SELECT url FROM captures WHERE media_of IS NOT NULL")}
    assert kept == {paper.home.rstrip("/") + path for path in SHARED | own_pictures(paper)}


@pytest.mark.slow
def test_pictures_that_earlier_runs_have_left_come_after_the_news(paper):
    paper.bend = lambda path: (500, {}, "") if path.startswith("/img/") else None
    run(paper)
    paper.bend = lambda path: None
    paper.posts |= {"fresh-1": 1, "fresh-2": 1}
    run(paper)
    mine = [path for path in paper.asked if "fresh" in path]
    left = [path for path in pictures_asked(paper) if path not in mine]
    assert paper.asked[-len(left) :] == left
    assert len(left) > 3
    assert len(mine) == 2 * 3


def test_what_a_page_names():
    html = """<html><head><base href="https://paper.example/in/"><style>h1 { background: url("h1.png") }</style>
      <link rel="alternate" href="feed.xml"><link rel="preload stylesheet" href="a.css"></head><body>
      <img src="data:image/gif;base64,R0" data-src="lazy.jpg"><img srcset="s.jpg, s2.jpg 2x">
      <picture><source srcset="w.webp 400w, w8.webp 800w"><img src="w.jpg"></picture>
      <video poster="poster.jpg"><source src="film.mp4"></video>
      <p style="background-image: url(p.png)">text</p><img src="http://[broken"><img src="#here"></body></html>"""
    found = needed_by(Page(html, "https://paper.example/a/"))
    names = ["h1.png", "a.css", "lazy.jpg", "s2.jpg", "w8.webp", "w.jpg", "poster.jpg", "p.png"]
    assert found == [f"https://paper.example/in/{name}" for name in names]


def test_of_a_font_only_the_file_that_browsers_take():
    css = (
        "@font-face { src: url(a.eot); src: url('a.woff2') format('woff2'), url(a.ttf) } @font-face { src: url(b.ttf) }"
    )
    assert needed_by_style(css, "https://p.example/c/") == ["https://p.example/c/a.woff2", "https://p.example/c/b.ttf"]
