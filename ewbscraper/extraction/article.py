"""One page becomes one article: a line per field, each field a cascade, the most trusted way first."""

from collections.abc import Callable
from dataclasses import replace

from ewbscraper.article import Article, Dateline
from ewbscraper.extraction.body.text import Body, clean_html, find_body
from ewbscraper.extraction.fields import headline, labels, people, related, times
from ewbscraper.extraction.fields.dateline import parse_dateline
from ewbscraper.extraction.pictures import gather as pictures
from ewbscraper.extraction.structure.view import View
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page

DATELINE_PARAGRAPHS = 3
HEADLINE: tuple[tuple[str, Callable[[View], str | None]], ...] = (
    ("outlet", headline.by_outlet),
    ("agreement", headline.by_agreement),
    ("heading", headline.by_heading),
    ("linked_data", headline.by_linked_data),
    ("meta", headline.by_meta),
)


def extract_article(page: Page, outlet: Outlet | None = None) -> Article:
    """Everything we keep of a page, however thin it is. Raises PageUnreadable where there is no tree."""
    view = View(page, outlet)
    title, title_by = find_headline(view)
    body = find_body(view, title)
    dateline, dateline_by = find_dateline(body, view)
    byline, byline_by = people.byline(view)
    authors, authors_by = people.authors(view)
    published, published_by = times.published(view)
    modified, modified_by = times.modified(view)
    sections, sections_by = labels.sections(view)
    tags, tags_by = labels.tags(view)
    captions, captions_by = pictures.captions(view, body)
    related_posts, related_by = related.related_posts(view)
    found_by = {
        "headline": title_by,
        "standfirst": body.standfirst_found_by,
        "dateline": dateline_by,
        "byline": byline_by,
        "authors": authors_by,
        "published": published_by,
        "modified": modified_by,
        "sections": sections_by,
        "tags": tags_by,
        "body": view.body_found_by if body.kept else "",
        "captions": captions_by if captions else "",
        "related_posts": related_by,
    }
    return Article(
        url=page.canonical,
        outlet=outlet.slug if outlet else None,
        headline=title,
        standfirst=body.standfirst,
        dateline=dateline,
        byline=byline,
        authors=authors,
        published=published,
        modified=modified,
        sections=sections,
        tags=tags,
        language=view.language,
        body=body.text,
        body_html=clean_html(body, page.url),
        captions=captions,
        related_posts=related_posts,
        found_by={field: how for field, how in found_by.items() if how},
    )


def find_headline(view: View) -> tuple[str | None, str]:
    """The first that any way gives, and which way it was."""
    return next(((said, how) for how, way in HEADLINE if (said := way(view))), (None, ""))


def find_dateline(body: Body, view: View) -> tuple[Dateline | None, str]:
    """1. The outlet's selector. 2. At the head of the first paragraph, or of one just after a standfirst or a note."""
    paragraphs = [block.text for block in body.kept if block.kind == "paragraph"]
    if view.outlet and view.outlet.dateline and (said := headline.first_text(view, view.outlet.dateline)):
        rest = next(iter(paragraphs), "").removeprefix(said).lstrip()
        for text in (said, f"{said} – {rest}"):
            if dateline := parse_dateline(text, view.language):
                return replace(dateline, text=said), "outlet"
    for position, text in enumerate(paragraphs[:DATELINE_PARAGRAPHS], 1):
        if dateline := parse_dateline(text, view.language):
            return dateline, f"paragraph {position}"
    return None, ""
