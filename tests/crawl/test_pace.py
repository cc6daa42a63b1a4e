"""The pace that a site asks for is kept."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ewbscraper.crawl.middlewares.pace import retry_after
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child, look
from ewbscraper.sample_site import server
from ewbscraper.sample_site.answer import Answer
from ewbscraper.sample_site.outlet import sample_outlet
from ewbscraper.sample_site.server import SampleSite

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, 0),
        ("120", 120),
        ("Mon, 23 Nov 2026 03:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 02:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(value, seconds):
    assert retry_after(value, NOW) == seconds


def test_a_site_that_asks_to_wait_is_not_asked_meanwhile(tmp_path, caplog):
    with SampleSite() as site:
        site.misbehave("/feed/", "429", times=1)
        outlet = sample_outlet(site.url)
        feed_only = replace(outlet, sources=tuple(s for s in outlet.sources if type(s).__name__ == "Feed"))
        (run,) = in_child(crawl, tmp_path / "archive.db", [feed_only], CrawlOptions())
        asked = [(request.path, request.status) for request in site.requests[2:4]]
    assert asked == [("/feed/", 429), ("/feed/", 200)]
    assert (run.new, run.failed) == (10, 0)
    assert run.seconds >= 1


@pytest.mark.slow
def test_a_crawl_delay_is_seen(tmp_path, monkeypatch):
    slow = Answer(b"User-agent: *\nCrawl-delay: 0.5\n", content_type="text/plain")
    monkeypatch.setattr(server, "robots", lambda paper: slow)
    with SampleSite() as site:
        outlet = sample_outlet(site.url)
        (found,) = in_child(look, tmp_path / "archive.db", [outlet], CrawlOptions(), 0)
        assert found.crawl_delay == 0.5
        (run,) = in_child(crawl, tmp_path / "archive.db", [outlet], CrawlOptions(limit=4))
    assert run.requests >= 5
    assert run.seconds >= 0.5 * (run.requests - 2)
