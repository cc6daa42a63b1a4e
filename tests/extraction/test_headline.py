"""Which words of a page are its headline, where the title alone says it."""

import pytest

from ewbscraper.extraction import extract

URL = "https://paper.example/2024/01/02/the-bridge-opens/"
TEXT = "<p>The bridge between the two towns was opened on Tuesday by both mayors, in the rain.</p>" * 3
SITE = '<meta property="og:site_name" content="The Courier">'


@pytest.mark.parametrize(
    "title", ["The bridge opens in the rain – The Courier", "The bridge opens in the rain | The Courier"]
)
def test_a_title_loses_the_bar_before_the_name_of_the_site_too(title: str) -> None:
    page = f"<html><head><title>{title}</title>{SITE}</head><body><article>{TEXT}</article></body></html>"
    assert extract(page, URL).headline == "The bridge opens in the rain"


def test_linked_data_agree_with_another_place_and_not_with_themselves() -> None:
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A short one"}</script>'
    marked = f'<article><h2 itemprop="headline">The bridge opens in the rain</h2>{TEXT}</article>'
    article = extract(f"<html><head>{data}</head><body>{marked}</body></html>", URL)
    assert (article.headline, article.found_by["headline"]) == ("The bridge opens in the rain", "heading")
