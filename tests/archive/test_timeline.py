"""The texts of an article in order of time."""

import pytest

from ewbscraper.archive.articles.timeline import Text, in_order

SECOND = "2026-11-17T06:00:00Z"


@pytest.mark.parametrize("hashes", [("a", "b"), ("b", "a")])
def test_two_texts_of_one_second_do_not_lose_the_one_that_stands(hashes):
    """Two crawls in one second: `merge` of such an archive failed for one of two orders of the hashes."""
    before, standing = (Text(SECOND, SECOND, one, None, "[]", None, one) for one in hashes)
    timeline, read_otherwise = in_order([before, standing], standing)
    assert [text.content_hash for text in timeline] == [standing.content_hash]
    assert [(text.content_hash, text.cause) for text in read_otherwise] == [(before.content_hash, "extraction")]
