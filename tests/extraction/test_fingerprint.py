"""It is known which rules read a page: other rules, another fingerprint; what no rule reads does not count."""

from dataclasses import replace

import pytest

from ewbscraper.extraction.fingerprint import fingerprint
from ewbscraper.outlet import Feed, Outlet
from ewbscraper.outlets import read_outlet

OUTLET = Outlet(slug="courier", name="The Courier", home="https://courier.example/")
WITH_A_FUNCTION = """
from ewbscraper.outlet import Outlet

WORD = "{word}"


def headline(page):
    return WORD


OUTLET = Outlet(slug="courier", name="The Courier", home="https://courier.example/", headline=headline)
"""


@pytest.mark.parametrize(
    "change",
    [{"headline": "h2"}, {"body": (".a", ".b")}, {"timezone": "Europe/Athens"}, {"language": "sq"}, {"name": "Other"}],
    ids=lambda change: next(iter(change)),
)
def test_what_a_rule_reads_counts(change):
    assert fingerprint(replace(OUTLET, **change)) != fingerprint(OUTLET)


@pytest.mark.parametrize(
    "change",
    [{"home": "https://www.courier.example/"}, {"sources": (Feed(),)}, {"look_again": 2}, {"tried_live": "2026-01-01"}],
    ids=lambda change: next(iter(change)),
)
def test_what_no_rule_reads_does_not_count(change):
    assert fingerprint(replace(OUTLET, **change)) == fingerprint(OUTLET)


def test_a_selector_that_is_a_function_counts_with_all_of_its_file(tmp_path):
    found = []
    for number, word in enumerate(("one", "one", "two")):
        file = tmp_path / str(number) / "courier.py"
        file.parent.mkdir()
        file.write_text(WITH_A_FUNCTION.format(word=word))
        found.append(fingerprint(read_outlet(file)))
    assert found[0] == found[1] != found[2]
