"""What the newspaper tells machines: feed, sitemaps, robots.txt."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader

from ewbscraper.sample_site.answer import Answer, conditional, xml_answer
from ewbscraper.sample_site.edition import HERE, SampleArticle
from ewbscraper.sample_site.newspaper import SECTIONS, Newspaper
from ewbscraper.sample_site.outlet import NAME

IN_FEED = 10
XML = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def feed(paper: Newspaper, headers: Mapping[str, str]) -> Answer:
    """RSS 2.0 of the newest; 304 to who holds it already."""
    newest = paper.readable[:IN_FEED]
    answer = _xml("feed.xml", paper, newest, "application/rss+xml")
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    return conditional(answer, headers, _newest(newest), etag)


def sitemap(paper: Newspaper, path: str) -> Answer | None:
    """The index, or one of the two sitemaps that it names."""
    if path == "/sitemap.xml":
        return _xml("sitemap_index.xml", paper, paper.articles)
    if path == "/sitemap-posts.xml":
        return _xml("sitemap_posts.xml", paper, paper.articles)
    if path == "/sitemap-pages.xml":
        return _xml("sitemap_pages.xml", paper, ())
    return None


def robots(paper: Newspaper) -> Answer:
    lines = "User-agent: *", "Disallow: /private/", "", f"Sitemap: {paper.address('/sitemap.xml')}", ""
    return Answer("\n".join(lines).encode(), "text/plain; charset=UTF-8")


def _xml(template: str, paper: Newspaper, articles: Any, kind: str = "application/xml") -> Answer:
    values = {"articles": articles, "name": NAME, "sections": SECTIONS, "newest": _newest(articles)}
    text = XML.get_template(template).render(paper=paper, rfc822=format_datetime, **values)
    return xml_answer(text, kind=kind)


def _newest(articles: Iterable[SampleArticle]) -> datetime:
    return max((article.modified for article in articles), default=datetime(2021, 1, 1, tzinfo=UTC))
