"""A page becomes an Article. Pure: no network, no database, no Scrapy."""

from pathlib import Path

from ewbscraper.article import Article


def extract(html: str | bytes, url: str, outlet: str | None = None) -> Article:
    """The article of a page: `html` as received or as text, `url` where it came from, `outlet` a slug (of ours, or of
    a file in `outlets/` of the current folder).

    Always gives an article, however thin the page. Raises PageUnreadable where no tree can be made of it,
    NoSuchOutlet where there is no such outlet, BadOutlet where its definition cannot be used.
    """
    from ewbscraper.extraction.article import extract_article
    from ewbscraper.outlets import get_outlet, refuse_unusable
    from ewbscraper.page import Page

    definition = refuse_unusable(get_outlet(outlet, Path.cwd())) if outlet is not None else None
    return extract_article(Page(html, url), definition)
