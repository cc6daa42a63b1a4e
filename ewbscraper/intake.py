"""A captured page becomes an article in the archive: steps 7 to 9, without Scrapy.

Crawl, reparse, import and Dask share it.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.kept import KeptArticle, extraction_of, has_text, kept_articles, read_page
from ewbscraper.archive.articles.store import Cause, Change
from ewbscraper.archive.articles.timeline import name_captures, save_at_its_time, seen_at
from ewbscraper.archive.tombstones import refuse_withheld
from ewbscraper.archive.warc.reader import Capture, folder_of
from ewbscraper.article import Article
from ewbscraper.errors import NotAnArticle, NotHad, PageUnreadable, RecordUnreadable
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.fields.times import ADDRESS
from ewbscraper.extraction.fingerprint import fingerprint
from ewbscraper.extraction.pages import join_pages
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
    """What the outlet did."""
    restored: bool
    """It was marked as gone, and is back."""
    reread: bool = False
    """The text before differs by our extraction from what we had, whatever the outlet did."""


def read_pages(pages: Sequence[Page], outlet: Outlet) -> Article:
    """The article of its pages, first page first. Raises NotAnArticle with the reason, PageUnreadable."""
    articles = [extract_article(page, outlet) for page in pages]
    reason = why_not_an_article(pages[0], articles[0], outlet)
    if reason:
        raise NotAnArticle(reason)
    return join_pages(articles)


def kept_pages(folder: Path, kept: KeptArticle) -> list[Page]:
    """Captured pages out of the WARC, as the crawl had them. Raises RecordUnreadable, PageUnreadable."""
    if not kept.pages:
        raise RecordUnreadable(f"{kept.url} has no captured page")
    return [Page(read_page(folder, one), one.url, one.content_type) for one in kept.pages]


def take_in(
    db: sqlite3.Connection,
    outlet: Outlet,
    run: int,
    pages: Sequence[CapturedPage],
    *,
    known: int | None = None,
    address: str | None = None,
) -> Taken:
    """The pages of one article, first page first, into the archive, in the caller's open transaction.

    `known` is the article that the same address gave before; `address` its own, where the page gives an old spelling
    of it. The WARC must be synced by now.
    Raises NotAnArticle with the reason, Withheld, NotHad for a page that stands in for the article: nothing is written
    then.
    """
    read = read_pages([captured.page for captured in pages], outlet)
    refuse_withheld(db, read.url)
    article = _at_its_own_address(db, replace(read, url=address or read.url), pages[0].page, known)
    _refuse_what_stands_in(db, article, known)
    captures = [captured.capture for captured in pages]
    taken = (_save_imported if captures[0].origin else _save)(db, outlet, run, article, captures[0].fetched_at, known)
    store.save_captures(db, run, captures, article=taken.article)
    if captures[0].origin:
        name_captures(db, taken.article)
    return taken


def _save(
    db: sqlite3.Connection, outlet: Outlet, run: int, article: Article, captured: str, known: int | None
) -> Taken:
    cause: Cause = "outlet"
    try:
        reread = _read_again_first(db, outlet, run, article, known)
    except (RecordUnreadable, PageUnreadable):  # nobody can say that the outlet changed anything
        cause, reread = "extraction", True
    number, change = store.save_article(
        db,
        article,
        outlet=outlet.slug,
        run=run,
        captured=captured,
        known=known,
        cause=cause,
        extraction=fingerprint(outlet),
    )
    restored = store.mark_seen(db, number)
    return Taken(number, change if cause == "outlet" else "unchanged", restored, reread)


def _save_imported(
    db: sqlite3.Connection, outlet: Outlet, run: int, article: Article, captured: str, known: int | None
) -> Taken:
    number, change = save_at_its_time(
        db,
        article,
        outlet=outlet.slug,
        run=run,
        captured=captured,
        known=known,
        extraction=fingerprint(outlet),
    )
    return Taken(number, change, seen_at(db, number, captured))


def take_again(db: sqlite3.Connection, run: int, number: int, article: Article, extraction: str) -> Change:
    """What these rules make of the pages that an archived article was made of, in the caller's open transaction.

    A text that differs is no change by the outlet, and no time stamp moves: nobody saw the site.
    """
    outlet = article.outlet or ""
    _, change = store.save_article(
        db, article, outlet=outlet, run=run, captured=None, known=number, cause="extraction", extraction=extraction
    )
    return change


def _read_again_first(db: sqlite3.Connection, outlet: Outlet, run: int, article: Article, known: int | None) -> bool:
    """Where other rules made the text before: the page before, as today's read it, so that only the rest is an edit.

    True where that is another text. Raises RecordUnreadable, PageUnreadable where the page before cannot be read.
    """
    number = known if known is not None else store.article_at(db, article.url)
    if number is None or has_text(db, number, article.content_hash):
        return False
    rules = fingerprint(outlet)
    if extraction_of(db, number) == rules:
        return False
    (kept,) = kept_articles(db, [number])
    pages = kept_pages(folder_of(db), kept)
    before = replace(join_pages([extract_article(page, outlet) for page in pages]), url=kept.url)
    return take_again(db, run, number, before, rules) == "changed"


def _at_its_own_address(db: sqlite3.Connection, article: Article, page: Page, known: int | None) -> Article:
    """A canonical address is not believed where another article with another text has it already."""
    holder = store.article_at(db, article.url)
    if holder in (None, known) or (known is None and holder in store.twins(db, article, known)):
        return article
    return replace(article, url=clean_url(page.url))


def _refuse_what_stands_in(db: sqlite3.Connection, article: Article, known: int | None) -> None:
    """Raises NotHad for a page that stands in for the article: "We will be back soon", "Page not found" with 200."""
    if len(store.twins(db, article, known)) >= MOST_TWINS:
        raise NotHad(f"its address shows what {MOST_TWINS} others show too: an error page?")
    old = db.execute("SELECT strategy FROM found_by WHERE article = ? AND field = 'published'", [known]).fetchone()
    if old and old["strategy"] != ADDRESS and article.found_by.get("published", ADDRESS) == ADDRESS:
        raise NotHad("its address shows something else: a page without a time")
