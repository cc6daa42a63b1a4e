"""A captured page becomes an article in the archive: steps 7 to 9, without Scrapy.

Crawl, reparse, import and Dask share it.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from ewbscraper.archive import store
from ewbscraper.archive.store import Cause, Change
from ewbscraper.archive.warc import Capture
from ewbscraper.errors import NotAnArticle
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.pages import join_pages
from ewbscraper.extraction.verdict import why_not_an_article
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page


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
) -> Taken:
    """The pages of one article, first page first, into the archive, in the caller's open transaction.

    `known` is the article that the same address gave before. The WARC must be synced by now.
    Raises NotAnArticle with the reason: nothing is written then.
    """
    first = pages[0]
    articles = [extract_article(captured.page, outlet) for captured in pages]
    reason = why_not_an_article(first.page, articles[0], outlet)
    if reason:
        raise NotAnArticle(reason)
    number, change = store.save_article(
        db,
        join_pages(articles),
        outlet=outlet.slug,
        run=run,
        captured=first.capture.fetched_at,
        known=known,
        cause=cause,
    )
    restored = store.mark_seen(db, number)
    store.save_captures(db, run, [captured.capture for captured in pages], article=number)
    return Taken(number, change, restored)
