"""Robots directives, robots.txt lines and TDM rules, as their specifications have them; what wins where they differ."""

import pytest

from ewbscraper.page import Page
from ewbscraper.rights.directives import in_headers, in_page
from ewbscraper.rights.patterns import path_of, pattern
from ewbscraper.rights.robots import RobotsTxt
from ewbscraper.rights.signals import HEADER, META, RESERVATION, TDMREP, Signal, why_reserved
from ewbscraper.rights.tdmrep import tdmrep

URL = "https://paper.example/2026/a-page/"


def words(signals):
    return [str(one) for one in signals]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("noarchive", ["noarchive (header)"]),
        ("NoIndex , NOARCHIVE", ["noindex (header)", "noarchive (header)"]),
        ("noarchive nosnippet", ["noarchive (header)", "nosnippet (header)"]),
        ("none", ["none (header)"]),
        ("index, follow, max-snippet:-1, max-image-preview:large", []),
        ("googlebot: noarchive", []),
        ("googlebot: noarchive, noai", []),
        ("otherbot: noai, ewbscraper: noarchive, nosnippet", ["noarchive (header)", "nosnippet (header)"]),
        ("EWBScraper: noarchive", ["noarchive (header)"]),
        ("otherbot: noai, *: noarchive", ["noarchive (header)"]),
        ("max-snippet:20, noarchive", ["noarchive (header)"]),
        (
            "unavailable_after: Saturday, 25 Jun 2030 15:00:00 PST, noarchive",
            ["unavailable_after Saturday, 25 Jun 2030 15:00:00 PST (header)", "noarchive (header)"],
        ),
        ("unavailable_after: 2030-06-25, otherbot: noai", ["unavailable_after 2030-06-25 (header)"]),
        ("", []),
        (",,:,: noarchive", []),
    ],
)
def test_x_robots_tag_is_read_as_it_is_spelt(value, found):
    assert words(in_headers([("x-robots-TAG", value)])) == found


def test_several_headers_are_read_apart():
    """`otherbot:` of one holds for that one only."""
    headers = [("X-Robots-Tag", "otherbot: noai"), ("X-Robots-Tag", "noarchive"), ("Server", "noai")]
    assert words(in_headers(headers)) == ["noarchive (header)"]


@pytest.mark.parametrize("value", ["2", "", "yes", "1, 1", "-1", "٣"])
def test_a_reservation_that_is_neither_0_nor_1_is_none(value):
    assert in_headers([("TDM-Reservation", value)]) == []


def test_meta_tags_wherever_they_stand():
    page = Page('<html><body><meta name="robots" content="noarchive"><meta property="tdm-policy" content=" ">', URL)
    assert words(in_page(page)) == ["noarchive (meta)"]


def test_a_comment_says_nothing():
    page = Page('<html><head><!-- <meta name="robots" content="noarchive"> --><title>A</title>', URL)
    assert in_page(page) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], None),
        ([Signal(HEADER, "noai"), Signal(HEADER, "noindex")], None),
        ([Signal(META, "noarchive")], "noarchive (meta)"),
        ([Signal(TDMREP, RESERVATION, "1")], "tdm-reservation 1 (tdmrep.json)"),
        ([Signal(TDMREP, RESERVATION, "1"), Signal(HEADER, RESERVATION, "0")], None),
        ([Signal(HEADER, RESERVATION, "1"), Signal(META, RESERVATION, "0")], None),
        ([Signal(TDMREP, RESERVATION, "0"), Signal(META, RESERVATION, "1")], "tdm-reservation 1 (meta)"),
        ([Signal(HEADER, RESERVATION, "0"), Signal(HEADER, RESERVATION, "1")], "tdm-reservation 1 (header)"),
        ([Signal(META, RESERVATION, "0"), Signal(HEADER, "noarchive")], "noarchive (header)"),
    ],
)
def test_what_reserves_a_page(said, why):
    assert why_reserved(said) == why


@pytest.mark.parametrize(
    ("robots", "says"),
    [
        (None, "none"),
        (b"", "allowed"),
        (b"User-agent: *\nDisallow: /2026/", "forbidden"),
        (b"\xef\xbb\xbfUser-agent: ewbscraper\nAllow: /\n\nUser-agent: *\nDisallow: /", "allowed"),
        (b"\xff\xfe\x00 no text at all", "allowed"),
    ],
)
def test_what_robots_txt_says_of_a_path(robots, says):
    assert RobotsTxt(robots).says(URL) == says


@pytest.mark.parametrize(
    ("robots", "found"),
    [
        ("Content-Signal: ai-train=no\nUser-agent: *\nAllow: /", ["content-signal ai-train=no (robots.txt)"]),
        ("User-agent: other\nContent-Signal: ai-train=no", []),
        (
            "User-agent: other\nUser-agent: *\nContent-Signal: search=yes,   ai-train=no # said",
            ["content-signal search=yes, ai-train=no (robots.txt)"],
        ),
        (
            "User-agent: *\nContent-Signal: a=no\n\nUser-agent: EWBscraper/1.0\nContent-Signal: b=no",
            ["content-signal b=no (robots.txt)"],
        ),
        ("User-agent: *\nContent-Signal: a=no\nUser-agent: ewbscraper\nDisallow:", []),
        ("User-agent: *\nDisallow: /x\nUser-agent: other\nContent-Signal: a=no", []),
        (
            "User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /2026/ train-ai=y\nContent-Usage: /b train-ai=n",
            ["content-usage train-ai=y (robots.txt)"],
        ),
        ("User-agent: *\ncontent-usage:\nContent-Signal:", []),
    ],
)
def test_lines_about_the_use_of_content(robots, found):
    assert words(RobotsTxt(robots.encode()).of(URL)) == found


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/", "/any/thing", True),
        ("/2026/", "/2026/a", True),
        ("/2026/", "/2026", False),
        ("/A", "/a", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/*.jpg", "/images/b.jpg?c", True),
        ("/*.jpg$", "/images/b.jpg?c", False),
        ("/*.jpg$", "/a.jpg/b.jpg", True),
        ("/a*a$", "/a", False),
        ("*", "/", True),
        ("/a**b", "/a--b", True),
        ("/path/foo-%24", "/path/foo-$", False),
        ("/path/foo-%24", "/path/foo-%24", True),
        ("/%61b", "/ab", True),
        ("/ć", "/%c4%87", True),
        ("/a b", "/a%20b", True),
        ("/a?c=", "/a?c=1", True),
        ("a", "/a", False),
    ],
)
def test_a_pattern_matches_the_paths_that_its_rule_means(location, path, matches):
    assert pattern(location).matches(path_of(f"https://paper.example{path}")) is matches


def of(body, url=URL):
    return words(tdmrep(body.encode()).of(url))


def test_the_first_rule_that_matches_holds():
    rules = (
        '[{"location": "/2026/a", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1, "tdm-policy": "P"}]'
    )
    assert of(rules) == ["tdm-reservation 0 (tdmrep.json)"]
    assert of(rules, "https://paper.example/other") == ["tdm-reservation 1 (tdmrep.json)", "tdm-policy P (tdmrep.json)"]
    assert of('[{"location": "/2026/", "tdm-reservation": 2}, {"location": "/", "tdm-reservation": 1}]') == []
    assert of('[{"location": "/", "tdm-reservation": "1"}]') == ["tdm-reservation 1 (tdmrep.json)"]


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "{}", "[", "[null, 1, [], {}]", '[{"location": 1, "tdm-reservation": 1}]',
        '[{"location": "", "tdm-reservation": 1}]', '[{"tdm-reservation": 1}]', '[{"location": "/"}]',
        '[{"location": "/", "tdm-reservation": true}]', '[{"location": "/", "tdm-reservation": 1.0}]',
        '[{"location": "/", "tdm-reservation": {"a": 1}, "tdm-policy": ["b"]}]', "\x00", "<html>",
    ],
)  # fmt: skip
def test_what_is_no_rule_says_nothing(body):
    assert of(body) == []
