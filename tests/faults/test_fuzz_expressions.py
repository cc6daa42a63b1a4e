"""Texts made to let each regular expression of ours go back and forth: none takes the square of a text's length."""

import re

import pytest
from patterns import patterns, steep

LENGTH = 5_000
"""Characters: what takes the square of that takes hours of a long page."""
SHORT = {
    "fields.captions.": (1_000, "a line is cut there"),
    "fields.dateline.": (200, "the head of a paragraph"),
    "fields.dates.": (150, "a line with a date"),
    "fields.people._BEFORE_DATE": (150, "the longest byline"),
}
"""Expressions that see so many characters at most."""
USED = {
    "guards.door._FILE": "match",
    "guards/door:": "match",
    "rendering.captured._TEXTS": "match",
    "discovery.payload._HTML": "match",
    "fields.captions._ADDRESS": "match",
    "page._TRACKING": "match",
    "reading:": "match",
    "fields.headline._SEPARATOR": "spoken",
    "extraction.words.joiners": "spoken",
}
"""Those that are tried at one place only, and those that see no two blanks beside each other."""


def _of(name, table, otherwise):
    return next((said for part, said in table.items() if part in name), otherwise)


@pytest.mark.slow
@pytest.mark.fault(
    "Fuzz",
    sent="each of our regular expressions a text of its own parts, repeated, that fails at the end",
    must="twice the text takes about twice the time",
    found="eight that took the square: a byline of semicolons, styles and tags that do not end, a Link header",
)
def test_no_expression_takes_the_square_of_a_text(meter):
    asked = [(name, *_of(name, SHORT, (LENGTH, ""))[:1], _of(name, USED, "")) for name in sorted(patterns())]
    assert len(asked) > 150
    assert [part for part in (*SHORT, *USED) if not any(part in name for name, *_ in asked)] == []
    found = meter.calls(steep, asked, seconds=20, megabytes=100)
    slow = [(name, one) for (name, *_), one in zip(asked, found, strict=True) if one]
    assert slow == [], "\n".join(map(str, slow))


@pytest.mark.slow
@pytest.mark.fault("Fuzz", sent="an expression that is known to take the square", must="the check above sees it")
def test_a_bad_expression_is_seen():
    for bad in (r"\s+x", r"<style>.*?</style", r"[\s;,.]+(?:by|with)"):
        patterns()["bad"] = re.compile(bad, re.DOTALL)
        try:
            assert steep(("bad", LENGTH, "")), bad
        finally:
            del patterns()["bad"]
