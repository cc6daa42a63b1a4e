"""Sitemaps and indexes of sitemaps (sitemaps.org), with the times that news sitemaps add.

Half a sitemap is none: an article that it no longer names would look as if the outlet had removed it.
"""

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from ewbscraper.discovery.link import Answer, Link, articles_among, further, no_articles
from ewbscraper.discovery.moment import from_iso
from ewbscraper.discovery.payload import is_html, not_a
from ewbscraper.outlet import Outlet, Sitemap


def read(source: Sitemap, outlet: Outlet, body: bytes, url: str) -> Answer:
    """The links of a sitemap, or the sitemaps of an index."""
    root = _root(body)
    kind = etree.QName(root).localname
    if kind == "sitemapindex":
        addresses = (_text(entry, "{*}loc") for entry in root.iterchildren("{*}sitemap"))
        return Answer(more=tuple(loc for loc in further(addresses, outlet, url) if _wanted(loc, source)))
    if kind == "urlset":
        zone = ZoneInfo(outlet.timezone)
        entries = list(root.iterchildren("{*}url"))
        links = [Link(_text(entry, "{*}loc"), _changed(entry, zone)) for entry in entries]
        news = bool(entries) and all(entry.find("{*}news") is not None for entry in entries)
        return Answer(articles_among(links, outlet, url), newest_only=news)
    raise not_a("a sitemap", body, f"its root is <{kind}>")


def _root(body: bytes) -> etree._Element:
    if is_html(body):
        raise not_a("a sitemap", body)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise not_a("a sitemap", body, error.msg or "") from error


def _wanted(address: str, source: Sitemap) -> bool:
    """Whether a sub-sitemap may list articles: as the outlet says, or else by what such files are called."""
    if source.only is not None:
        return re.search(source.only, address) is not None
    return not no_articles().search(urlsplit(address).path)


def _changed(entry: etree._Element, zone: ZoneInfo) -> str | None:
    return from_iso(_text(entry, "{*}lastmod") or _text(entry, "{*}news/{*}publication_date"), zone)


def _text(entry: etree._Element, path: str) -> str:
    return entry.findtext(path) or ""
