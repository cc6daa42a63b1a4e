"""Which newspaper is meant: a slug, or an address of which nobody has written a definition."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from ewbscraper.archive.frontier.found import found_outlets
from ewbscraper.archive.frontier.looks import tried
from ewbscraper.errors import BadOutlet, NoSuchOutlet
from ewbscraper.outlet import Outlet
from ewbscraper.outlets import DEMO, get_outlet, load_outlets, outlet_at, refuse_unusable

_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gov", "net", "org"))
"""`meta.com.mk` is called meta, as `meta.mk` is."""


def outlet_named(name: str, archive: Path) -> Outlet:
    """1. a definition, 2. what an earlier crawl found, 3. of an address what a crawl is to find: no sources yet.

    A definition that states no sources gets those that an earlier crawl found. Raises NoSuchOutlet, BadOutlet.
    """
    found = found_outlets(archive)
    outlet = refuse_unusable(_at(name, archive, found) if "://" in name else _called(name, archive, found))
    if outlet.sources or outlet.slug not in found:
        return outlet
    known = found[outlet.slug]
    return replace(outlet, sources=known.sources, found_at=known.found_at, look_again=known.look_again)


def all_outlets(archive: Path, broken: list[BadOutlet] | None = None) -> dict[str, Outlet]:
    """Every outlet that is defined or was found, with the day on which its live site was last seen.

    Raises BadOutlet, which names the file, where one cannot be used; or puts it into the list that is given.
    """
    days = tried(archive)
    outlets = found_outlets(archive) | load_outlets(archive.absolute().parent, broken)
    return {slug: replace(one, tried_live=days.get(slug, one.tried_live)) for slug, one in sorted(outlets.items())}


def is_defined(slug: str, archive: Path) -> bool:
    """Whether someone has written a definition, be it one that cannot be used."""
    try:
        get_outlet(slug, archive.absolute().parent)
    except NoSuchOutlet:
        return False
    except BadOutlet:
        return True
    return True


def _called(slug: str, archive: Path, found: dict[str, Outlet]) -> Outlet:
    try:
        return get_outlet(slug, archive.absolute().parent)
    except NoSuchOutlet:
        if slug in found:
            return found[slug]
        raise


def _at(address: str, archive: Path, found: dict[str, Outlet]) -> Outlet:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise BadOutlet(f"{address!r} is no address: {error}") from error
    home = urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", "", ""))
    new = Outlet(slug="new", name=parts.netloc, home=home)
    beside = archive.absolute().parent
    known = outlet_at(new.place, beside) or next((one for one in found.values() if one.place == new.place), None)
    return known or replace(new, slug=_free_slug(new, beside, found))


def _free_slug(outlet: Outlet, beside: Path, found: dict[str, Outlet]) -> str:
    """The name in the host; the whole host where another newspaper has that."""
    slug = slug_of(outlet)
    try:
        get_outlet(slug, beside)
    except NoSuchOutlet:
        taken = slug in found or slug == DEMO
    except BadOutlet:
        taken = False
    else:
        taken = True
    return whole_host(outlet) if taken else slug


def slug_of(outlet: Outlet) -> str:
    """`paper` of `www.paper.co.uk`; an address in numbers is kept whole, with its port."""
    labels = outlet.place.split(".")
    if outlet.on_this_machine or len(labels) < 2 or not labels[-1].isalpha():
        return whole_host(outlet)
    labels = labels[:-1]
    while len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    return _hyphens("-".join(labels))


def whole_host(outlet: Outlet) -> str:
    """A slug that no other newspaper has: `paper-rs`."""
    return _hyphens(outlet.place)


def _hyphens(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text).strip("-")
