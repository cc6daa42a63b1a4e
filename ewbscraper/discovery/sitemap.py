"""Sitemaps and indexes of sitemaps (sitemaps.org) through Scrapy's reader, with the times that news sitemaps add."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree
from scrapy.utils.sitemap import Sitemap as Reader

from ewbscraper.discovery.link import Answer, Link, articles_among, further, lists_none
from ewbscraper.discovery.moment import from_iso
from ewbscraper.discovery.payload import is_html, not_a
from ewbscraper.outlet import Outlet, Sitemap

Entry = dict[str, Any]
"""Texts of an entry's elements by their names; of `news` the time of publication."""


def read(source: Sitemap, outlet: Outlet, body: bytes, url: str) -> Answer:
    """The links of a sitemap, or the sitemaps of an index."""
    kind, entries = _entries(body)
    if kind == "sitemapindex":
        addresses = further((entry["loc"] for entry in entries), outlet, url)
        return Answer(more=tuple(address for address in addresses if _wanted(address, source)))
    if kind == "urlset":
        zone = ZoneInfo(outlet.timezone)
        links = [Link(entry["loc"], _changed(entry, zone)) for entry in entries]
        news = bool(entries) and all("news" in entry for entry in entries)
        return Answer(articles_among(links, outlet, url), newest_only=news)
    raise not_a("a sitemap", body, f"its root is <{kind}>")


def _entries(body: bytes) -> tuple[str, list[Entry]]:
    """The root's name and all entries.

    Half a sitemap is none: an article that it no longer names would look as if the outlet had removed it. Scrapy's
    reader goes on where XML breaks off, so its log is asked.
    """
    if is_html(body):
        raise not_a("a sitemap", body)
    try:
        reader = Reader(body)
        events = reader.xmliter
        reader.xmliter = _with_times_of_news(events)
        entries = list(reader)
    except (etree.XMLSyntaxError, StopIteration, UnicodeDecodeError) as error:  # half an emoji as a number
        raise not_a("a sitemap", body, str(error) or "no element in it") from error
    if broken := events.error_log.filter_from_fatals():
        raise not_a("a sitemap", body, broken[0].message)
    return reader.type, entries


def _with_times_of_news(events: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Scrapy's reader keeps the text of an entry's own elements only: what is inside of `news` becomes its text."""
    for event, element in events:
        if event == "end" and element.tag.endswith("}news"):
            element.text = element.findtext("{*}publication_date")
        yield event, element


def _wanted(address: str, source: Sitemap) -> bool:
    """Whether a sub-sitemap may list articles: as the outlet says, or else by what such files are called."""
    return not lists_none(address) if source.only is None else re.search(source.only, address) is not None


def _changed(entry: Entry, zone: ZoneInfo) -> str | None:
    return from_iso(entry.get("lastmod") or entry.get("news"), zone)
