"""A captured page becomes an article in the archive: steps 7 to 9, without Scrapy.

Crawl, reparse, import and Dask share it.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ewbscraper.archive import store
from ewbscraper.archive.store import Cause, Change
from ewbscraper.archive.timeline import name_captures, save_at_its_time, seen_at
from ewbscraper.archive.warc import Capture
from ewbscraper.article import Article
from ewbscraper.errors import NotAnArticle, NotHad
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.pages import join_pages
from ewbscraper.extraction.times import ADDRESS
from ewbscraper.extraction.verdict import why_not_an_article
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page, clean_url

MOST_TWINS = 2
"""Articles of the very same text: one more is an error page that the server calls 200."""


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """One page of an article and where it lies in the WARC."""

    page: Page
    capture: Capture


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a captured page."""

    article: int
    """Its id in the archive."""
    change: Change
    restored: bool
    """It was marked as gone, and is back."""


def take_in(
    db: sqlite3.Connection,
    outlet: Outlet,
    run: int,
    pages: Sequence[CapturedPage],
    *,
    known: int | None = None,
    cause: Cause = "outlet",
    address: str | None = None,
) -> Taken:
    """The pages of one article, first page first, into the archive, in the caller's open transaction.

    `known` is the article that the same address gave before; `address` its own, where the page gives an old spelling
    of it. The WARC must be synced by now.
    Raises NotAnArticle with the reason, NotHad for a page that stands in for the article: nothing is written then.
    """
    first = pages[0]
    articles = [extract_article(captured.page, outlet) for captured in pages]
    reason = why_not_an_article(first.page, articles[0], outlet)
    if reason:
        raise NotAnArticle(reason)
    joined = join_pages(articles)
    article = _at_its_own_address(db, replace(joined, url=address or joined.url), first.page, known)
    _refuse_what_stands_in(db, article, known)
    captured = first.capture.fetched_at
    if first.capture.origin:
        number, change = save_at_its_time(db, article, outlet=outlet.slug, run=run, captured=captured, known=known)
        restored = seen_at(db, number, captured)
    else:
        number, change = store.save_article(
            db, article, outlet=outlet.slug, run=run, captured=captured, known=known, cause=cause
        )
        restored = store.mark_seen(db, number)
    store.save_captures(db, run, [captured.capture for captured in pages], article=number)
    if first.capture.origin:
        name_captures(db, number)
    return Taken(number, change, restored)


def _at_its_own_address(db: sqlite3.Connection, article: Article, page: Page, known: int | None) -> Article:
    """A canonical address is not believed where another article with another text has it already."""
    holder = store.article_at(db, article.url)
    if holder in (None, known) or (known is None and holder in store.twins(db, article.content_hash, known)):
        return article
    return replace(article, url=clean_url(page.url))


def _refuse_what_stands_in(db: sqlite3.Connection, article: Article, known: int | None) -> None:
    """Raises NotHad for a page that stands in for the article: "We will be back soon", "Page not found" with 200."""
    if len(store.twins(db, article.content_hash, known)) >= MOST_TWINS:
        raise NotHad(f"its address shows what {MOST_TWINS} others show too: an error page?")
    old = db.execute("SELECT strategy FROM found_by WHERE article = ? AND field = 'published'", [known]).fetchone()
    if old and old["strategy"] != ADDRESS and article.found_by.get("published", ADDRESS) == ADDRESS:
        raise NotHad("its address shows something else: a page without a time")
