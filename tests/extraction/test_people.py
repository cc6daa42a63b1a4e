"""Who wrote an article, where a page names several."""

from ewbscraper.extraction import extract

URL = "https://paper.example/2024/01/02/the-bridge-opens/"
TEXT = "<p>The bridge between the two towns was opened on Tuesday by both mayors, in the rain.</p>" * 3


def page(author: str, site: str, byline: str) -> str:
    return (
        f'<html><head><meta property="og:site_name" content="{site}"><script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "author": {{"@type": "Organization", "name": "{author}"}}}}</script></head>'
        f'<body><article><h1>The bridge opens</h1><div class="author-name">{byline}</div>{TEXT}</article></body></html>'
    )


def test_the_name_of_the_site_is_no_author_beside_a_person_though_its_host_says_otherwise() -> None:
    name = "Long River Weekly News"
    assert extract(page(name, name, "Ana Kos"), URL).authors == ("Ana Kos",)
    assert extract(page(name, "Another", "Ana Kos"), URL).authors == (name,)
