"""One file per newspaper, each with an `OUTLET`. Adding a file is all it takes.

Outlets are read from this folder and from `outlets/` beside the archive; a file there wins over one of ours.
"""

import difflib
import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from ewbscraper.errors import BadOutlet, NoSuchOutlet
from ewbscraper.outlet import SELECTORS, Listing, Outlet, Selector, Sitemap

HERE = Path(__file__).parent

DEMO = "sample"
"""Slug of the invented newspaper, which never shares an archive with a real one."""


def load_outlets(beside: Path | None = None, broken: list[BadOutlet] | None = None) -> dict[str, Outlet]:
    """All outlets by slug: ours, and those in `outlets/` of the folder `beside`.

    Raises BadOutlet, which names the file, where one cannot be used; or puts it into the list that is given.
    """
    outlets, found = _read_all(beside)
    if broken is not None:
        broken += found
    elif found:
        raise found[0]
    return outlets


def get_outlet(slug: str, beside: Path | None = None) -> Outlet:
    """One outlet, also where the file of another is broken. Raises NoSuchOutlet with the nearest names, BadOutlet."""
    outlets, broken = _read_all(beside)
    if slug in outlets:
        return outlets[slug]
    if broken:
        raise broken[0]
    if "." in slug:
        raise NoSuchOutlet(f"no outlet {slug!r}; an address begins with its scheme: https://{slug}")
    near = difflib.get_close_matches(slug, outlets, n=3, cutoff=0.4) or sorted(outlets)
    raise NoSuchOutlet(f"no outlet {slug!r}; there is: {', '.join(near)} (`ewbscraper outlets` lists all)")


def outlet_at(host: str, beside: Path | None = None) -> Outlet | None:
    """The outlet whose home is on a host (with or without `www.`, with its port), also where a file is broken."""
    return next((outlet for outlet in _read_all(beside)[0].values() if outlet.place == host), None)


def refuse_unusable(outlet: Outlet) -> Outlet:
    """The outlet, to be asked or read. Raises BadOutlet where one of its selectors or expressions is none: its field.

    Not where definitions are only listed: to compile those of five hundred outlets takes a second.
    """
    from ewbscraper.page import compiled

    for source in outlet.sources:
        if isinstance(source, Listing):
            _try(outlet, "links", source.links, compiled)
            _try(outlet, "next", source.next, compiled)
        if isinstance(source, Sitemap):
            _try(outlet, "only", source.only, re.compile)
    _try(outlet, "article_url", outlet.article_url, re.compile)
    for name in SELECTORS:
        _try(outlet, name, getattr(outlet, name), compiled)
    return outlet


def _try(outlet: Outlet, field: str, given: Selector | None, read: Callable[[str], object]) -> None:
    if given is None or callable(given):
        return
    for text in (given,) if isinstance(given, str) else given:
        try:
            read(text)
        except BadOutlet as error:
            raise BadOutlet(f"{outlet.slug}: {field}: {error}") from error
        except re.error as error:
            raise BadOutlet(f"{outlet.slug}: {field}: not a regular expression: {text!r} ({error})") from error


def _read_all(beside: Path | None) -> tuple[dict[str, Outlet], list[BadOutlet]]:
    outlets: dict[str, Outlet] = {}
    broken: list[BadOutlet] = []
    for folder in (HERE, *([beside / "outlets"] if beside else [])):
        for path in sorted(folder.glob("[a-z0-9]*.py")):
            try:
                outlet = read_outlet(path)
            except BadOutlet as error:
                broken.append(error)
            else:
                outlets[outlet.slug] = outlet
    return outlets, broken


def read_outlet(path: Path) -> Outlet:
    """The `OUTLET` of one file. Raises BadOutlet."""
    module = _import(path)
    outlet = getattr(module, "OUTLET", None)
    if not isinstance(outlet, Outlet):
        raise BadOutlet(f"{path}: no OUTLET = Outlet(...) in it")
    if outlet.slug == DEMO:
        raise BadOutlet(f"{path}: the slug {DEMO!r} is the demo newspaper's")
    return outlet


def _edition(path: Path) -> tuple[Path, int]:
    """A file as it is today: a process that lives for days reads it again where it was changed."""
    return path, path.stat().st_mtime_ns if path.exists() else 0


def _import(path: Path) -> ModuleType:
    name = f"ewbscraper.outlets.{path.stem}" if path.parent == HERE else f"_outlet_{abs(hash(_edition(path)))}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise BadOutlet(f"{path}: {type(error).__name__}: {error}") from error
    sys.modules[name] = module
    return module
