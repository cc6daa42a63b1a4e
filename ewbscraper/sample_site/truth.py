"""What an extractor should find on each article: taken from the articles' files, not from the pages."""

from typing import Any

from ewbscraper.sample_site.edition import Picture, SampleArticle
from ewbscraper.sample_site.newspaper import Newspaper, related_author


def truth(paper: Newspaper) -> list[dict[str, Any]]:
    """One dict per readable article, newest first."""
    return [_truth(paper, article) for article in paper.readable]


def _truth(paper: Newspaper, article: SampleArticle) -> dict[str, Any]:
    """Keys as in `Article.to_dict`, and three of its own.

    `paragraphs`: the text without the standfirst; `related_posts`: the pool, in the order of the page where
    `related_fixed`, else any three of it.
    """
    paragraphs = list(article.paragraphs)
    standfirst = article.standfirst
    return {
        "url": paper.address(article.path),
        "headline": article.headline,
        "standfirst": standfirst,
        "dateline": _dateline(article),
        "byline": article.byline,
        "authors": list(article.authors),
        "published": article.published.isoformat(),
        "modified": article.modified.isoformat() if article.modified != article.published else None,
        "sections": [article.section],
        "tags": list(article.tags),
        "language": article.language,
        "body": "\n\n".join(([standfirst] if standfirst else []) + paragraphs),
        "paragraphs": paragraphs,
        "captions": [_caption(paper, picture) for picture in _in_page_order(article)],
        "related_posts": [_related(paper, other) for other in paper.related_pool(article)],
        "related_fixed": article.names_related,
        "kind": article.head["kind"],
    }


def _dateline(article: SampleArticle) -> dict[str, Any] | None:
    stated = article.head.get("dateline")
    return {"places": [], "date": None, "agency": None, **stated} if stated else None


def _in_page_order(article: SampleArticle) -> list[Picture]:
    placed = [
        number for page in article.pages for block in page if block.kind == "pictures" for number in block.numbers
    ]
    lead = [picture for picture in article.pictures if picture.role == "lead"]
    return lead + [article.pictures[number - 1] for number in placed]


def _caption(paper: Newspaper, picture: Picture) -> dict[str, Any]:
    return {
        "caption": picture.caption,
        "credit": picture.credit,
        "image_url": paper.address(f"/images/{picture.name}"),
        "alt": picture.alt or None,
        "role": picture.role,
    }


def _related(paper: Newspaper, other: SampleArticle) -> dict[str, Any]:
    return {"title": other.headline, "url": paper.address(other.path), "author": related_author(other)}
