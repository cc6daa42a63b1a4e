"""Outlet: what we know of one newspaper, and the kinds of source that it can have.

A field of the page is found by a selector: CSS or XPath (whatever starts with `/`, `./` or `(`), a tuple of
them tried in order, or a function of the `Page` in the same file. What is not stated is found by linked data,
meta tags and the shape of the page; state only what those get wrong.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from w3lib.url import safe_url_string

from ewbscraper.errors import BadOutlet

_LOOPBACK = re.compile(r"127(?:\.\d{1,3}){3}|::1|localhost", re.ASCII)

RECORD, RESPECT = "record", "respect"
"""What is done about an outlet's reservations."""

Selector = str | tuple[str, ...] | Callable[[Any], Any]
"""The function gets the `Page` and gives the field's value."""


@dataclass(frozen=True, slots=True)
class WordPress:
    """WordPress' REST list of posts: complete, newest change first, with the time of each change."""

    path: str = "/wp-json/wp/v2/posts"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or an index of sitemaps, plain or gzip."""

    path: str = "/sitemap.xml"
    only: str | None = None
    """Regular expression that a sub-sitemap's address must match: `r"posts-post"`."""
    more: tuple[str, ...] = ()
    """Paths of further sitemaps that belong to the same list, where robots.txt names several."""
    news: bool = False
    """A news sitemap: the last two days only, so what it no longer names is not gone."""


@dataclass(frozen=True, slots=True)
class Feed:
    """RSS 2.0, RSS 1.0 or Atom: the newest articles only."""

    path: str = "/feed/"
    older: bool = False
    """Older ones are at `?paged=2` and so on, as WordPress has it: for a site that lists them nowhere else."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists articles: a category, a date archive, the front page."""

    path: str = "/"
    links: str | None = None
    """CSS or XPath of the links to articles; None: those that look like it (`discovery/shape.py`)."""
    next: str | None = None
    """CSS or XPath of the link to the next (older) page; None: the one that looks like it."""


Source = WordPress | Sitemap | Feed | Listing


def key_of(source: Source) -> tuple[str, str]:
    """Kind and path: what one source is."""
    return type(source).__name__, source.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One newspaper, as a filled-in form."""

    slug: str
    """Short name for commands, tables and folders: letters, digits, hyphens."""
    name: str
    home: str
    """Address of the front page; also the host that a crawl stays on."""
    language: str | None = None
    """BCP 47; None where articles come in several languages and each page says which."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    timezone: str = "Europe/Belgrade"
    """IANA name: dates without an offset are in it."""
    sources: tuple[Source, ...] = ()
    article_url: str | None = None
    """Regular expression that the path of an article matches; None: any page of the host may be one."""
    media_hosts: tuple[str, ...] = ()
    """Further hosts that its pictures and styles come from (`crawl --media`), those below its own apart."""
    private: bool = False
    """Its host, and its media_hosts, may be at addresses that are not public: a newspaper on an intranet."""
    any_certificate: bool = False
    """Its certificate is not checked, and each WARC file says so: anybody on the way could have written the pages."""
    found_at: str | None = None
    """When a crawl found the sources by itself (UTC); None: someone filled this form in."""
    look_again: int = 0
    """Runs that still look for the sources anew, as one that may be better had an error that may pass."""
    rights: str = RECORD
    """`record`: what it says of noarchive and TDM reservations is kept beside the pages; `respect`: pages that it so
    reserves are not kept at all. robots.txt is obeyed under both (docs/rights.md)."""
    tried_live: str | None = None
    """ISO day on which `outlets check` saw the live site; None: not yet."""

    headline: Selector | None = None
    standfirst: Selector | None = None
    dateline: Selector | None = None
    """Where the place stands apart from the text, or without a dash behind it: `<span>PODGORICA</span>`."""
    byline: Selector | None = None
    authors: Selector | None = None
    published: Selector | None = None
    modified: Selector | None = None
    sections: Selector | None = None
    tags: Selector | None = None
    body: Selector | None = None
    """The element (or elements) that hold the text."""
    leave_out: Selector | None = None
    """Elements inside `body` that are no text: share buttons, a newsletter box."""
    captions: Selector | None = None
    """The pictures' elements (`figure`), or a function that returns `Caption`s."""
    related_posts: Selector | None = None
    """The entries' elements, or a function that returns `RelatedPost`s."""
    next_pages: Selector | None = None
    """Links to the further pages of an article that has several."""

    def __post_init__(self) -> None:
        try:
            home = urlsplit(safe_url_string(self.home))
        except ValueError as error:
            raise BadOutlet(f"{self.home!r} is no address: {error}") from error
        if home.scheme not in ("http", "https") or not home.hostname or "@" in home.netloc:
            raise BadOutlet(f"home must be an http(s) address without user and password, not {self.home!r}")
        if not self.slug.replace("-", "").isalnum() or self.slug != self.slug.lower():
            raise BadOutlet(f"{self.slug!r}: a slug has lower-case letters, digits and hyphens only")
        if self.rights not in (RECORD, RESPECT):
            raise BadOutlet(f"{self.slug}: rights is {RECORD!r} or {RESPECT!r}, not {self.rights!r} (docs/rights.md)")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise BadOutlet(f"{self.slug}: {self.timezone!r} is no IANA time zone (Europe/Belgrade is one)") from error

    @property
    def host(self) -> str:
        """Host of the front page, without port."""
        return urlsplit(self.home).hostname or ""

    @property
    def place(self) -> str:
        """Host and port, by which two addresses are of one newspaper: as requests have them, without `www.`."""
        return urlsplit(safe_url_string(self.home)).netloc.lower().removeprefix("www.")

    @property
    def on_this_machine(self) -> bool:
        """A newspaper on loopback: the demo's, a test's."""
        return _LOOPBACK.fullmatch(self.host) is not None

    def address(self, path: str) -> str:
        """An absolute address of a path on this outlet."""
        return urljoin(self.home, path)


SELECTORS = tuple(one.name for one in fields(Outlet) if one.type == Selector | None)
"""Names of the fields that find something on a page."""

LONGEST_LINE = 110


def as_code(outlet: Outlet) -> str:
    """The file that defines an outlet; what is the default is not stated. Selectors must not be functions."""
    stated = {name: value for name, value in _stated(outlet).items() if name not in ("found_at", "look_again")}
    kinds = sorted({type(source).__name__ for source in outlet.sources} | {"Outlet"})
    form = "".join(f"    {name}={_code(value)},\n" for name, value in stated.items())
    about = " ".join(outlet.name.replace("\\", "").replace('"', "'").split())
    return (
        f'"""{about}, {outlet.home}."""\n\n'
        f"from ewbscraper.outlet import {', '.join(kinds)}\n\nOUTLET = Outlet(\n{form})\n"
    )


def _stated(value: Any) -> dict[str, Any]:
    """Fields of a dataclass that are not its defaults."""
    return {one.name: getattr(value, one.name) for one in fields(value) if getattr(value, one.name) != one.default}


def _code(value: Any) -> str:
    if isinstance(value, Source):
        stated = _stated(value)
        first = [_code(stated.pop("path"))] if "path" in stated else []
        return f"{type(value).__name__}({', '.join([*first, *(f'{k}={_code(v)}' for k, v in stated.items())])})"
    if isinstance(value, tuple):
        items = list(map(_code, value))
        if sum(map(len, items)) > LONGEST_LINE:
            return "(\n" + "".join(f"        {item},\n" for item in items) + "    )"
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
