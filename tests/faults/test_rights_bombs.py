"""What an outlet may write about its rights to hurt who reads it: patterns, lists, nests, megabytes."""

import json

import pytest

from ewbscraper.page import Page
from ewbscraper.rights.directives import in_headers, in_page
from ewbscraper.rights.patterns import path_of, pattern
from ewbscraper.rights.robots import RobotsTxt
from ewbscraper.rights.tdmrep import tdmrep

LONG = f"https://paper.example/{'a' * 8000}"
BOMBS = [
    "/" + "*a" * 4000 + "*b$",
    "/" + "a*" * 200_000 + "b$",
    "/" + "*" * 400_000 + "$",
    "/(a+)+$",
    "/" + "%61*" * 100_000 + "%zz$",
    "*" + "a" * 4000 + "b*" * 1000 + "$",
]


def matched(location):
    return [pattern(location).matches(path_of(LONG)) for _ in range(3)]


@pytest.mark.fault(
    "Pages",
    sent="patterns of paths in tdmrep.json and robots.txt made to be matched for years: thousands of stars",
    must="matched in a time that grows with their length",
)
def test_a_pattern_is_no_bomb(meter):
    assert meter.calls(matched, BOMBS, seconds=2, megabytes=60) == [[False] * 3] * 2 + [[True] * 3] + [[False] * 3] * 3


def rules(body):
    return len(tdmrep(body).of(LONG))


@pytest.mark.fault(
    "Pages",
    sent="a tdmrep.json that is broken, nested without end, full of numbers, of rules or of megabytes",
    must="says nothing, or what the first rule that matches says",
)
def test_a_file_of_rules_that_is_none(meter):
    many = [{"location": f"/{number}*a*b", "tdm-reservation": 1} for number in range(9000)]
    bodies = [
        b"[" * 400_000,
        b'{"a":' * 80_000,
        b"[" + b"9" * 500_000 + b"]",
        b'[{"location": "/", "tdm-reservation": ' + b"1" * 400_000 + b"}]",
        b"\xff" * 500_000,
        b" " * 50_000_000,
        json.dumps(many).encode(),
        json.dumps([*many, {"location": "/", "tdm-reservation": 1}]).encode(),
    ]
    assert meter.calls(rules, bodies, seconds=3, megabytes=200) == [0, 0, 0, 0, 0, 0, 0, 1]


def said(bomb):
    where, what = bomb
    if where == "robots.txt":
        return len(RobotsTxt(what.encode()).of(LONG))
    if where == "header":
        return len(in_headers([("X-Robots-Tag", what), ("TDM-Policy", what)]))
    return len(in_page(Page(f'<html><head><meta name="robots" content="{what}"><title>A</title>', LONG)))


@pytest.mark.slow
@pytest.mark.fault(
    "Pages",
    sent="megabytes of directives in a header, a meta tag or robots.txt, each made to cost the square of its length",
    must="read as far as a few lines go",
)
def test_directives_without_end(meter):
    bombs = [
        ("robots.txt", "User-agent: *\n" * 20_000 + "Content-Signal: ai-train=no\n" * 8_000),
        ("robots.txt", "User-agent: *\n" + ("Content-Usage: /" + "*a" * 200 + "*b$ train-ai=n\n") * 1_000),
        ("robots.txt", "Content-Signal: " + "a" * 5_000_000),
        ("header", "unavailable_after: 1, " + "1 1, " * 1_000_000),
        ("header", ":" * 3_000_000),
        ("meta", "noarchive, " * 500_000),
        ("meta", "a" * 5_000_000 + ":"),
    ]
    found = meter.calls(said, bombs, seconds=5, megabytes=300)
    assert [isinstance(one, int) and one <= 2_000 for one in found] == [True] * len(bombs), found
