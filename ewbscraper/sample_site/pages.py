"""The newspaper's HTML pages: an answer for each address that a reader can open."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ewbscraper.sample_site.answer import Answer, conditional, redirect
from ewbscraper.sample_site.edition import WORDS, SampleArticle
from ewbscraper.sample_site.markup import inline_html
from ewbscraper.sample_site.newspaper import Newspaper, related_author, slug_of
from ewbscraper.sample_site.outlet import NAME
from ewbscraper.sample_site.pictures import png

PER_PAGE = 6
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def archive_path(name: str, kind: str) -> str:
    """Address of a tag's or author's page, percent-encoded."""
    return f"/{kind}/{quote(slug_of(name))}/"


TEMPLATES.filters["archive_path"] = archive_path


def page(paper: Newspaper, path: str, headers: Mapping[str, str]) -> Answer:
    """The page at a path (percent-decoded); a 404 page where there is none."""
    if path == "/about/":
        return _html("about.html", paper, language="en")
    if path.startswith("/images/"):
        return Answer(png(path.removeprefix("/images/")), "image/png")
    if not path.endswith("/") and paper.is_page(path + "/"):
        return redirect(paper.address(f"{quote(path)}/"))
    return _article_at(paper, path, headers) or _listing_at(paper, path) or _not_found(paper, path)


def _article_at(paper: Newspaper, path: str, headers: Mapping[str, str]) -> Answer | None:
    first, number = path, 1
    if further := re.fullmatch(r"(/\d{4}/\d\d/\d\d/[\w-]+/)(\d+)/", path):
        first, number = further[1], int(further[2])
    article = paper.by_path(first)
    if article is None or not 1 <= number <= len(article.pages):
        return None
    if article.protected:
        return _html("protected.html", paper, article.language, article=article)
    answer = article_page(paper, article, number)
    return conditional(answer, headers, article.modified) if article.names_related else answer


def article_page(paper: Newspaper, article: SampleArticle, number: int) -> Answer:
    """One page of an article; the related posts are drawn anew each time."""
    return _html(
        "article.html",
        paper,
        article.language,
        article=article,
        number=number,
        inline=lambda line: inline_html(line, lambda slug: paper.address(paper.by_slug(slug).path)),
        related=[(other, related_author(other)) for other in paper.related(article)],
        linked_data=_linked_data(paper, article),
    )


def _linked_data(paper: Newspaper, article: SampleArticle) -> dict[str, Any]:
    publisher = {"@type": "NewsMediaOrganization", "name": NAME, "url": paper.address("/")}
    data = {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle" if article.head["section"] == "opinion" else "NewsArticle",
        "mainEntityOfPage": paper.address(article.path),
        "headline": article.headline,
        "datePublished": article.published.isoformat(),
        "dateModified": article.modified.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "articleSection": article.section,
        "keywords": list(article.tags),
        "inLanguage": article.language,
        "publisher": publisher,
    }
    return data | ({"image": paper.address(f"/images/{article.lead.name}")} if article.lead else {})


def _listing_at(paper: Newspaper, path: str) -> Answer | None:
    base, number = path, 1
    if further := re.fullmatch(r"(.*/)page/(\d+)/", path):
        base, number = further[1], int(further[2])
    listed, title = _listed(paper, base)
    pages = -(-len(listed) // PER_PAGE)
    if not 1 <= number <= pages:
        return None
    shown = listed[(number - 1) * PER_PAGE : number * PER_PAGE]
    return _html("listing.html", paper, "en", shown=shown, title=title, base=base, number=number, pages=pages)


def _listed(paper: Newspaper, base: str) -> tuple[Sequence[SampleArticle], str]:
    if base == "/":
        return paper.articles, NAME
    for kind in ("category", "tag", "author"):
        if match := re.fullmatch(f"/{kind}/([^/]+)/", base):
            return paper.listed(kind, match[1])
    return (), ""


def _not_found(paper: Newspaper, path: str) -> Answer:
    status = 410 if path in paper.edition.gone else 404
    return _html("not_found.html", paper, "en", status)


def _html(template: str, paper: Newspaper, language: str, status: int = 200, **values: Any) -> Answer:
    html = TEMPLATES.get_template(template).render(
        paper=paper, name=NAME, language=language, words=WORDS[language], status=status, **values
    )
    return Answer(html.encode(), status=status)
