"""What an outlet says of keeping and mining its pages: read, kept per capture, and respected where it is so defined."""

import gzip
import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from browse_data import page as shown
from browse_data import text
from click.testing import CliRunner
from kept import by_hand
from small_paper import SmallPaper, page

from ewbscraper.archive.database import read
from ewbscraper.archive.merge.archives import merge
from ewbscraper.browse.serve import reading_room
from ewbscraper.cli import main
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.errors import BadOutlet
from ewbscraper.outlet import RECORD, RESPECT, Outlet
from ewbscraper.reparse.run import reparse

ROBOTS, TDMREP = "/robots.txt", "/.well-known/tdmrep.json"
POST = "/2024/01/01/post-{}/"
WORDS = "Text of the post, long enough to read, with a word or two more."
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def paper(tmp_path):
    paper = SmallPaper(posts=2)
    paper.archive = tmp_path / "archive.db"
    paper.answers = {}
    paper.bend = paper.answers.get
    yield paper
    paper.close()


def run(paper, rights=RECORD, **options):
    paper.asked.clear()
    (ended,) = in_child(crawl, paper.archive, [replace(paper.outlet, rights=rights)], CrawlOptions(**options))
    if isinstance(ended, Exception):
        raise ended
    return ended


def rows(paper, sql):
    with closing(read(paper.archive)) as db:
        return [tuple(row) for row in db.execute(sql)]


def said(paper, number=0):
    """Source, signal, value of the newest capture of a post."""
    sql = "SELECT id FROM captures WHERE url LIKE '%{}' AND article IS NOT NULL ORDER BY id DESC LIMIT 1"
    ((capture,),) = rows(paper, sql.format(POST.format(number)))
    return rows(paper, f"SELECT source, signal, value FROM rights WHERE capture = {capture} ORDER BY 1, 2, 3")


def with_meta(**named):
    tags = "".join(f'<META NAME="{name.replace("_", "-")}" content="{content}">' for name, content in named.items())
    return 200, {}, page("Headline of a post", f"{WORDS} {' '.join(named)}", head=tags)


def kept_in_warcs(paper):
    return b"".join(gzip.decompress(one.read_bytes()) for one in paper.archive.parent.rglob("*.warc.gz"))


def test_headers_of_the_answer(paper):
    paper.answers[POST.format(0)] = 200, {
        "X-Robots-Tag": "noarchive, max-image-preview:large",
        "x-robots-tag": "otherbot: noai, nosnippet, ewbscraper: noimageai",
        "TDM-Reservation": "1",
        "tdm-policy": "https://paper.example/policy.json",
        "Content-Usage": "train-ai=n",
    }, page("Headline of a post", WORDS)  # fmt: skip
    run(paper)
    assert said(paper) == [
        ("header", "content-usage", "train-ai=n"),
        ("header", "noarchive", ""),
        ("header", "noimageai", ""),
        ("header", "tdm-policy", "https://paper.example/policy.json"),
        ("header", "tdm-reservation", "1"),
    ]
    assert said(paper, 1) == []


def test_meta_tags_of_the_page(paper):
    paper.answers[POST.format(0)] = with_meta(
        ROBOTS="NoArchive,noimageai index", ewbscraper="noai", otherbot="noml", tdm_reservation="1", tdm_policy="/p"
    )
    paper.answers[POST.format(1)] = with_meta(robots="max-image-preview:large", tdm_reservation="2")
    run(paper)
    assert said(paper) == [
        ("meta", "noai", ""),
        ("meta", "noarchive", ""),
        ("meta", "noimageai", ""),
        ("meta", "tdm-policy", "/p"),
        ("meta", "tdm-reservation", "1"),
    ]
    assert said(paper, 1) == []


def test_the_robots_txt_of_the_day_is_kept_and_named_by_each_capture(paper):
    lines = (
        "User-agent: *\nContent-Signal: search=yes,  ai-train=no\nContent-Usage: /2024 train-ai=n\nDisallow: /private/"
    )
    paper.answers[ROBOTS] = 200, {"Content-Type": "text/plain"}, lines
    run(paper)
    ((file, found),) = rows(paper, "SELECT id, count(*) FROM captures WHERE url LIKE '%/robots.txt'")
    captures = "SELECT DISTINCT robots, robots_in FROM captures WHERE article IS NOT NULL"
    assert (found, rows(paper, captures)) == (1, [("allowed", file)])
    assert said(paper) == [
        ("robots.txt", "content-signal", "search=yes, ai-train=no"),
        ("robots.txt", "content-usage", "train-ai=n"),
    ]
    assert rows(paper, "SELECT DISTINCT said_in FROM rights") == [(file,)]
    assert lines.encode() in kept_in_warcs(paper)


def test_without_a_robots_txt_the_capture_says_so(paper):
    run(paper)
    assert rows(paper, "SELECT DISTINCT robots FROM captures WHERE article IS NOT NULL") == [("none",)]
    assert rows(paper, "SELECT robots FROM captures WHERE url LIKE '%robots.txt' OR url LIKE '%tdmrep.json'") == [
        (None,),
        (None,),
    ]


def test_tdmrep_json_is_asked_once_and_its_first_rule_that_matches_holds(paper):
    rules = [
        {"location": "/2024/*/post-1/$", "tdm-reservation": 0},
        {"location": "/2024", "tdm-reservation": 1, "tdm-policy": "https://paper.example/p"},
    ]
    paper.answers[TDMREP] = 200, JSON, json.dumps(rules)
    run(paper)
    assert paper.asked[:2] == [ROBOTS, TDMREP]
    assert paper.asked.count(TDMREP) == 1
    assert said(paper) == [
        ("tdmrep.json", "tdm-policy", "https://paper.example/p"),
        ("tdmrep.json", "tdm-reservation", "1"),
    ]
    assert said(paper, 1) == [("tdmrep.json", "tdm-reservation", "0")]
    ((file,),) = rows(paper, "SELECT id FROM captures WHERE url LIKE '%/tdmrep.json'")
    assert rows(paper, "SELECT DISTINCT said_in FROM rights") == [(file,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, "busy"),
        (200, "<html>Our front page</html>"),
    ],
)
def test_a_host_without_rules_is_usual(paper, status, body):
    paper.answers[TDMREP] = status, {}, body
    ended = run(paper)
    assert (ended.new, ended.needs_a_look, paper.asked.count(TDMREP)) == (2, None, 1)
    assert said(paper) == []


def test_half_a_letter_in_tdmrep_json_stops_no_run(paper):
    half = {"location": "/\ud800", "tdm-reservation": 1}
    paper.answers[TDMREP] = (
        200,
        JSON,
        json.dumps([half, {"location": "/", "tdm-reservation": 0, "tdm-policy": "\udfff"}]),
    )
    assert run(paper).new == 2
    assert said(paper) == [("tdmrep.json", "tdm-policy", "?"), ("tdmrep.json", "tdm-reservation", "0")]


def test_what_robots_txt_forbids_is_not_asked_for_tdmrep_json_either(paper):
    paper.answers[ROBOTS] = 200, {"Content-Type": "text/plain"}, "User-agent: *\nDisallow: /.well-known/"
    assert run(paper).new == 2
    assert TDMREP not in paper.asked


RESERVED = {
    "header": (200, {"X-Robots-Tag": "noarchive"}, page("Headline of a post", f"{WORDS} One.")),
    "tdm-header": (200, {"TDM-Reservation": "1"}, page("Headline of a post", f"{WORDS} Two.")),
    "meta": with_meta(robots="noarchive"),
    "tdm-meta": with_meta(tdm_reservation="1"),
}


@pytest.fixture
def reserving(paper):
    """A post for each way to reserve it, and one that nobody reserves."""
    paper.posts = {f"post-{number}": 0 for number in range(len(RESERVED) + 1)}
    paper.answers |= {POST.format(number): answer for number, answer in enumerate(RESERVED.values())}
    return paper


def test_what_is_reserved_is_not_kept_where_that_is_respected(reserving):
    ended = run(reserving, RESPECT)
    assert (ended.new, ended.failed, ended.not_articles) == (1, 0, 4)
    assert WORDS.encode() not in kept_in_warcs(reserving)
    assert b"Text of post-4" in kept_in_warcs(reserving)
    assert rows(reserving, "SELECT count(*) FROM captures WHERE url LIKE '%/post-_/'") == [(1,)]
    states = rows(reserving, "SELECT state, last_error FROM frontier WHERE article IS NULL ORDER BY url")
    assert states == [
        ("protected", f"the outlet reserves it: {why}")
        for why in ("noarchive (header)", "tdm-reservation 1 (header)", "noarchive (meta)", "tdm-reservation 1 (meta)")
    ]
    assert "4 pages are not kept, for the first time" in ended.needs_a_look
    assert run(reserving, RESPECT).needs_a_look is None
    assert [path for path in reserving.asked if path.startswith("/2024")] == []


def test_what_is_reserved_is_kept_and_marked_where_it_is_recorded(reserving):
    ended = run(reserving)
    assert (ended.new, ended.needs_a_look) == (5, None)
    assert WORDS.encode() in kept_in_warcs(reserving)
    assert [len(said(reserving, number)) for number in range(5)] == [1, 1, 1, 1, 0]


def test_a_reservation_for_a_path_is_respected_and_what_is_said_nearer_to_the_page_wins(paper):
    paper.answers[TDMREP] = 200, JSON, json.dumps([{"location": "/", "tdm-reservation": 1}])
    paper.answers[POST.format(1)] = with_meta(tdm_reservation="0")
    assert run(paper, RESPECT).new == 1
    assert rows(paper, "SELECT url LIKE '%post-1/' FROM articles") == [(1,)]
    assert rows(paper, "SELECT count(*) FROM captures WHERE url LIKE '%/wp-json%'") == [(0,)]


@pytest.mark.slow
def test_robots_txt_is_obeyed_under_both(paper):
    paper.answers[ROBOTS] = 200, {"Content-Type": "text/plain"}, f"User-agent: *\nDisallow: {POST.format(0)}"
    for policy in (RECORD, RESPECT):
        assert run(paper, policy).new in (0, 1)
        assert POST.format(0) not in paper.asked


@pytest.mark.slow
def test_a_compressed_page_is_looked_into_before_it_is_kept(paper):
    body = gzip.compress(RESERVED["meta"][2].encode())
    paper.answers[POST.format(0)] = 200, {"Content-Encoding": "gzip"}, body
    assert run(paper, RESPECT).new == 1
    assert body not in kept_in_warcs(paper)
    assert run(paper, RECORD).new == 1
    assert body in kept_in_warcs(paper)


NOARCHIVE = '<meta name="robots" content="noarchive">'


@pytest.mark.slow
@pytest.mark.parametrize(
    "head",
    [f"{'<!-- -->' * 130_000}{NOARCHIVE}", f"{NOARCHIVE}{'<!-- -->' * 1_260_000}"],
    ids=["behind a megabyte", "in a page too long to be read"],
)
def test_a_reservation_is_found_in_a_long_head(paper, head):
    paper.answers[POST.format(0)] = 200, {}, page("Headline of a post", WORDS, head=head)
    assert run(paper, RESPECT).new == 1
    assert WORDS.encode() not in kept_in_warcs(paper)


@pytest.mark.slow
def test_an_article_that_is_reserved_later_stays_as_it_was(paper):
    run(paper, RESPECT)
    paper.posts["post-0"] += 1
    paper.answers[POST.format(0)] = RESERVED["header"]
    ended = run(paper, RESPECT)
    assert (ended.changed, ended.gone) == (0, 0)
    assert rows(paper, "SELECT body FROM articles WHERE url LIKE '%post-0/'") == [
        ("Text of post-0, version 0, long enough to read.",)
    ]


@pytest.mark.slow
def test_what_was_not_kept_is_asked_for_once_the_definition_records(paper):
    paper.answers[POST.format(0)] = RESERVED["header"]
    run(paper, RESPECT)
    assert run(paper, RECORD).new == 1
    assert rows(paper, "SELECT DISTINCT state FROM frontier") == [("archived",)]


@pytest.mark.slow
def test_recheck_asks_again_whether_it_is_still_reserved(paper):
    paper.answers[POST.format(0)] = RESERVED["header"]
    run(paper, RESPECT)
    del paper.answers[POST.format(0)]
    ended = run(paper, RESPECT, recheck=True)
    assert (ended.new, ended.needs_a_look) == (1, None)


@pytest.mark.slow
def test_a_signal_that_is_new_needs_a_look_once(paper):
    run(paper)
    paper.answers[TDMREP] = 200, JSON, json.dumps([{"location": "/2024", "tdm-reservation": 1}])
    looks = []
    for _ in range(2):
        for slug in paper.posts:
            paper.posts[slug] += 1
        looks.append(run(paper).needs_a_look)
    assert looks == [
        "the outlet says for the first time: tdm-reservation 1 (tdmrep.json), of 2 of the pages captured now: "
        "docs/rights.md says what that means",
        None,
    ]


@pytest.mark.slow
def test_after_an_import_the_first_crawl_has_no_news(paper):
    """An import leaves what robots.txt said unknown: nobody had looked at tdmrep.json either."""
    run(paper)
    with closing(sqlite3.connect(paper.archive)) as db, db:
        db.execute("UPDATE captures SET robots = 'unknown'")
    paper.answers[TDMREP] = 200, JSON, json.dumps([{"location": "/2024", "tdm-reservation": 1}])
    paper.posts["post-0"] += 1
    assert run(paper).needs_a_look is None


def status_of(paper):
    return CliRunner().invoke(main, ["status", "--archive", str(paper.archive)]).output


def test_what_the_outlet_said_is_shown_in_show_status_and_the_reading_room(paper):
    paper.answers[ROBOTS] = 200, {"Content-Type": "text/plain"}, "User-agent: *\nDisallow: /private/"
    paper.answers[POST.format(0)] = RESERVED["header"]
    run(paper)
    ((article, capture),) = rows(paper, "SELECT article, id FROM captures WHERE article AND url LIKE '%post-0/'")
    told = "allowed (robots.txt), noarchive (header)"
    read_by = CliRunner().invoke(main, ["show", str(article), "--archive", str(paper.archive)]).output
    assert f"    the outlet said: {told}" in read_by
    assert "  rights     noarchive (header), last " in status_of(paper)
    room = reading_room(paper.archive)
    lines = text(shown(room, f"/archive/articles/{article}"), ".captures .meta")
    assert f"The outlet said: {told}" in lines
    tree = shown(room, f"/archive/captures/{capture}/page")
    assert any(line.startswith(f"The outlet said then: {told}") for line in text(tree, "dd"))
    (robots,) = [link for link in tree.cssselect("dd a") if "robots.txt" in link.text_content()]
    assert "/private/" in text(shown(room, robots.get("href").replace("/page", "/raw")), "*")[0]


def test_what_was_not_kept_is_counted_in_status(paper):
    paper.answers[POST.format(0)] = RESERVED["meta"]
    run(paper, RESPECT)
    assert "  reserved   1 pages are not kept" in status_of(paper)


def forget(paper):
    """As an archive of before has it."""
    by_hand(paper.archive, "DELETE FROM rights", "UPDATE captures SET robots = NULL, robots_in = NULL")


def everything(paper):
    return (
        rows(paper, "SELECT * FROM rights ORDER BY 1, 2, 3, 4"),
        rows(paper, "SELECT id, robots, robots_in FROM captures WHERE article IS NOT NULL ORDER BY id"),
    )


@pytest.mark.slow
def test_reparse_looks_where_nobody_has_looked(paper, tmp_path):
    paper.answers[ROBOTS] = 200, {"Content-Type": "text/plain"}, "User-agent: *\nContent-Signal: ai-train=no"
    paper.answers[TDMREP] = 200, JSON, json.dumps([{"location": "/2024/01/01/post-1", "tdm-reservation": 1}])
    paper.answers[POST.format(0)] = with_meta(robots="noarchive")
    run(paper)
    run(paper, recheck=True)  # a capture whose body is that of an earlier one
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "small.py").write_text(
        f"from ewbscraper.outlet import Outlet\nOUTLET = Outlet(slug='small', name='Small', home='{paper.home}')\n"
    )
    by_hand(
        paper.archive, "DELETE FROM rights WHERE capture NOT IN (SELECT id FROM captures WHERE article IS NOT NULL)"
    )
    before = everything(paper)
    assert len(before[1]) == 4
    forget(paper)
    assert shown(reading_room(paper.archive), "/archive/articles/1") is not None
    reparse(paper.archive, "small", again=True, jobs=1)
    assert everything(paper) == before


@pytest.mark.slow
def test_merge_brings_it_with_the_captures(paper, tmp_path):
    paper.answers[ROBOTS] = 200, {"Content-Type": "text/plain"}, "User-agent: *\nContent-Signal: ai-train=no"
    paper.answers[POST.format(0)] = RESERVED["header"]
    run(paper)
    other = tmp_path / "other" / "archive.db"
    for _ in range(2):
        merge(other, paper.archive, lambda length: None, lambda step: None)
    said_there = (
        "SELECT url, source, signal, value FROM rights JOIN captures ON captures.id = capture ORDER BY 1, 2, 3, 4"
    )
    held = (
        "SELECT one.url, one.robots, file.url FROM captures one"
        " LEFT JOIN captures file ON file.id = one.robots_in ORDER BY 1"
    )
    with closing(sqlite3.connect(other)) as db:
        for sql in (said_there, held):
            assert db.execute(sql).fetchall() == rows(paper, sql) != []


def test_a_policy_that_is_none_is_named():
    with pytest.raises(BadOutlet, match="rights is 'record' or 'respect', not 'ignore'"):
        Outlet(slug="small", name="Small", home="https://paper.example/", rights="ignore")
