"""Pages that mean harm: each is taken apart, or refused, in little time and memory."""

import pytest

from ewbscraper.extraction.article import extract_article
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page

OUTLET = Outlet(slug="hostile", name="Hostile", home="https://hostile.example/")


def extracted(body):
    """The headline of a page."""
    return extract_article(Page(body, "https://hostile.example/a/", "text/html; charset=utf-8"), OUTLET).headline


@pytest.mark.fault("Pages", sent="JSON-LD 100 and 100,000 levels deep", must="an article, without what it says")
def test_linked_data_without_a_bottom(meter):
    bodies = [
        b'<script type="application/ld+json">' + b'{"@graph":[' * depth + b"]}" * depth + b"</script><h1>Headline</h1>"
        for depth in (100, 100_000)
    ]
    assert meter.calls(extracted, bodies, seconds=2, megabytes=100) == ["Headline", "Headline"]
