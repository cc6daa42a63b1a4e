"""Link and Answer: what a source names, as absolute canonical addresses on the outlet's host."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import SplitResult, urljoin, urlsplit

from w3lib.url import safe_url_string

from ewbscraper.outlet import Outlet
from ewbscraper.page import clean_url

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Link:
    """One address that may be an article."""

    url: str
    """Absolute, without fragment and tracking parts."""
    changed: str | None = None
    """The page was changed at this time at the latest, as the source says: UTC, `2026-11-23T03:00:00Z`.
    A bare day is its first moment, so that exact times of the same day win."""
    protected: bool = False
    """The outlet wants a password for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer of a source names."""

    links: tuple[Link, ...] = ()
    """In the order of the source, each address once."""
    more: tuple[str, ...] = ()
    """Further addresses of the same source, to be asked next."""
    total: int | None = None
    """How many articles the whole source says it has."""
    newest_only: bool = False
    """The source lists the last days only, as a news sitemap does."""


def articles_among(links: Iterable[Link], outlet: Outlet, base: str) -> tuple[Link, ...]:
    """Those links that may be articles of the outlet; `base` is what relative addresses are relative to."""
    found: dict[str, Link] = {}
    asked = address_on(outlet, base, base)
    for link in links:
        url = address_on(outlet, link.url, base)
        if url and url != asked and _may_be_article(url, outlet):
            found.setdefault(url, Link(url, link.changed, link.protected))
    return tuple(found.values())


def further(addresses: Iterable[str], outlet: Outlet, base: str) -> tuple[str, ...]:
    """Those addresses that may be asked next: on the outlet's host, each once, not the one just asked."""
    urls = dict.fromkeys(address_on(outlet, address, base) for address in addresses)
    asked = address_on(outlet, base, base)
    return tuple(url for url in urls if url and url != asked)


def address_on(outlet: Outlet, address: str, base: str) -> str | None:
    """The canonical form of an address on the outlet's host; None where it is elsewhere, or no address.

    A link with `http:` on an outlet whose home has `https:` is an old spelling of the same page.
    """
    try:
        url = clean_url(safe_url_string(urljoin(base, address.strip())))
        there, home = urlsplit(url), _home(outlet.home)
        if _host(there) != _host(home):
            return None
    except ValueError:
        return None
    return url.replace("http:", "https:", 1) if home.scheme == "https" else url


def gives_media(outlet: Outlet, url: str) -> bool:
    """Whether pictures may be asked for there: the outlet's host, one below it, one that its definition names.

    At the port that web servers have, unless the definition names another.
    """
    if address_on(outlet, url, url):
        return True
    try:
        there = urlsplit(url)
        host = _host(there)
    except ValueError:
        return False
    if host is None or there.netloc in outlet.media_hosts:
        return host is not None
    below = (there.hostname or "").endswith(f".{outlet.host.removeprefix('www.')}")
    return host[1] is None and (below or there.hostname in outlet.media_hosts)


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header, however its name is written; empty where there is none."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


@lru_cache(maxsize=64)
def _home(address: str) -> SplitResult:
    """A front page's address as requests have it: `вести.срб` is `xn--...` there."""
    return urlsplit(safe_url_string(address))


def _host(parts: SplitResult) -> tuple[str, int | None] | None:
    """Host without `www.`, and a port that is not the scheme's own; None where the scheme is not http(s)."""
    if parts.scheme not in _DEFAULT_PORTS:
        return None
    port = None if parts.port == _DEFAULT_PORTS[parts.scheme] else parts.port
    return (parts.hostname or "").removeprefix("www."), port


def _may_be_article(url: str, outlet: Outlet) -> bool:
    parts = urlsplit(url)
    if outlet.article_url is not None and not re.search(outlet.article_url, parts.path):
        return False
    return (parts.path != "/" or bool(parts.query)) and not lists_none(url)


def lists_none(url: str) -> bool:
    """Whether an address is by its path, or its path and query, no article and no sitemap of articles."""
    parts = urlsplit(url)
    return any(_no_articles().search(text) for text in (parts.path, f"{parts.path}?{parts.query}"))


@lru_cache(maxsize=1)
def _no_articles() -> re.Pattern[str]:
    """What is neither, on any newspaper (`no_articles.txt`)."""
    lines = files(__package__).joinpath("no_articles.txt").read_text("utf-8").splitlines()
    return re.compile("|".join(line for line in lines if line and not line.startswith("#")), re.IGNORECASE)
