"""RSS and Atom feeds, as they are found: feedparser reads the half-broken ones too."""

import io
import re
from calendar import timegm
from datetime import UTC, datetime

import feedparser
from w3lib.url import add_or_replace_parameter, url_query_parameter

from ewbscraper.discovery.link import Answer, Link, articles_among, further
from ewbscraper.discovery.moment import utc
from ewbscraper.discovery.payload import is_html, not_a
from ewbscraper.errors import SourceUnreadable
from ewbscraper.outlet import Feed, Outlet

LONGEST = 5_000_000
"""Bytes of a feed: a broken one takes feedparser five seconds a megabyte."""

_LETTERS = re.compile(rb"&#([1-9]\d{4,}|x[1-9a-f][0-9a-f]{3,});", re.IGNORECASE)
"""Letters as numbers: no address has them, and feedparser falls over half an emoji (`&#55357;`)."""


def read(source: Feed, outlet: Outlet, body: bytes, url: str) -> Answer:
    """The entries of a feed, and its page of older ones. `atom:link rel="self"` and its like are never followed."""
    if is_html(body):
        raise not_a("a feed", body)
    if len(body) > LONGEST:
        raise SourceUnreadable(f"a feed of {len(body) / 1e6:.0f} MB; the newest articles take less than 5")
    feed = _parsed(_LETTERS.sub(b"", body))
    if not feed.version:
        raise not_a("a feed", body)
    links = [Link(_address(entry), _changed(entry)) for entry in feed.entries]
    more = further([_older(url)], outlet, url) if source.older and links else ()
    return Answer(articles_among(links, outlet, url), more)


def _older(url: str) -> str:
    page = url_query_parameter(url, "paged") or "1"
    return add_or_replace_parameter(url, "paged", str(int(page) + 1 if page.isdecimal() and len(page) < 10 else 2))


def _parsed(body: bytes) -> feedparser.FeedParserDict:
    # feedparser takes a bare string for an address or a file name, and opens it
    stream = io.BytesIO(body)
    try:
        return feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, OverflowError) as error:
        raise not_a("a feed", body, str(error)) from error


def _address(entry: feedparser.FeedParserDict) -> str:
    """The article's own address, also where a feed service counts clicks on its way."""
    return entry.get("feedburner_origlink") or entry.get("link") or ""


def _changed(entry: feedparser.FeedParserDict) -> str | None:
    # the entry's own `get` passes `published` off as `updated`, with a DeprecationWarning
    moment = dict.get(entry, "updated_parsed") or dict.get(entry, "published_parsed")
    try:
        return utc(datetime.fromtimestamp(timegm(moment), UTC)) if moment else None
    except (ValueError, OverflowError):  # a year that is none
        return None
