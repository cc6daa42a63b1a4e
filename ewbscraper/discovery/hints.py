"""What a newspaper says of itself to machines: on its front page and in the root of its REST API."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ewbscraper.address import join, split
from ewbscraper.discovery.link import further, header
from ewbscraper.discovery.shape import sections
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page

USUAL_FEEDS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml")
USUAL_SITEMAPS = ("/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml", "/sitemap.xml.gz", "/news-sitemap.xml")
USUAL_REST = ("/wp-json/", "/?rest_route=/")

_API = "https://api.w.org/"
_LINK_HEADER = re.compile(rf'<([^<>]+)>;\s*rel="?{re.escape(_API)}')
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_COMMENTS = re.compile(r"/comments?/feed|comments/default")
_BETWEEN = re.compile(r"\s[|–—·»:-]\s")
_SITE_TYPES = ("WebSite", "NewsMediaOrganization", "Organization")


@dataclass(frozen=True, slots=True)
class Hints:
    """Where the lists of a newspaper may be, as paths with query, most trusted first."""

    name: str | None = None
    language: str | None = None
    """Primary subtag: the pages know more."""
    rest: tuple[str, ...] = USUAL_REST
    feeds: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    """The front page itself, and the sections of its menu."""


@dataclass(frozen=True, slots=True)
class RestRoot:
    """What a WordPress says of itself."""

    name: str | None = None
    timezone: str | None = None


def hints_of(page: Page, outlet: Outlet, headers: Mapping[str, str]) -> Hints:
    """What the front page names."""

    def here(addresses: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path_of(url) for url in further(addresses, outlet, page.url)))

    rest = [*page.select(f"//link[@rel='{_API}']/@href"), *_LINK_HEADER.findall(header(headers, "Link"))]
    listings = (path_of(page.url), *here(sections(page)))
    return Hints(_name(page), _language(page), here([*rest, *USUAL_REST]), here(_feeds(page)), listings)


def rest_root(body: bytes) -> RestRoot:
    """Name and zone of the site; nothing where the answer is no REST root."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return RestRoot()
    if not isinstance(said, dict):
        return RestRoot()
    name, zone = said.get("name"), said.get("timezone_string")
    zone = zone if isinstance(zone, str) and zone else _etc_zone(said.get("gmt_offset"))
    return RestRoot(" ".join(name.split()) if isinstance(name, str) else None, zone)


def path_of(url: str) -> str:
    """Path and query: what stays the same when a site moves to `www.` or `https:`."""
    parts = split(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _etc_zone(offset: Any) -> str | None:
    """Whole hours east of Greenwich as a zone; its name has the sign the other way round."""
    try:
        hours = float(offset)
    except (TypeError, ValueError):
        return None
    return f"Etc/GMT{-int(hours):+d}" if hours.is_integer() and -12 <= hours <= 14 else None


def _feeds(page: Page) -> list[str]:
    """Feeds of articles that the head names, the shortest address first: that of the whole site."""
    links = page.select("//link[contains(concat(' ', @rel, ' '), ' alternate ')][@href]")
    named = [link.get("href") for link in links if (link.get("type") or "").lower() in _FEED_TYPES]
    return sorted((href for href in named if not _COMMENTS.search(href)), key=lambda href: len(join(page.url, href)))


def _language(page: Page) -> str | None:
    said = next(iter(page.select("/html/@lang")), "").replace("_", "-").split("-")[0].strip().lower()
    return said if re.fullmatch("[a-z]{2,3}", said) else None


def _name(page: Page) -> str | None:
    """1. `og:site_name`, 2. linked data, 3. the part of the title that the host is made of."""
    return next(iter(page.meta.get("og:site_name", ())), None) or next(_named_in_data(page), None) or _in_title(page)


def _named_in_data(page: Page) -> Iterator[str]:
    for node in page.linked_data:
        if node.get("@type") in _SITE_TYPES and isinstance(node.get("name"), str) and node["name"].strip():
            yield " ".join(node["name"].split())


def _in_title(page: Page) -> str | None:
    host = (split(page.url).hostname or "").removeprefix("www.").replace("-", "")
    parts = [part for part in _BETWEEN.split(page.title) if part]
    return next((part for part in parts if part.lower().replace(" ", "") in host), parts[0] if parts else None)
