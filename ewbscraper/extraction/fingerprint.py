"""Which rules read a page: a fingerprint, so that it is known which texts other rules would read in another way."""

import inspect
from dataclasses import fields
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ewbscraper.outlet import Outlet

_HERE = Path(__file__).parent
_BESIDE = (
    "address.py", "article.py", "markup/charset.py", "markup/crowded.py", "outlet.py", "page.py", "places.py",
    "places.csv",
)  # fmt: skip
_LIBRARIES = ("lxml", "nh3", "parsel", "python-dateutil", "w3lib")
_NOT_OF_A_PAGE = (
    "any_certificate", "country", "found_at", "home", "look_again", "media_hosts", "next_pages", "private", "rights",
    "sources", "tried_live",
)  # fmt: skip
"""Fields of an outlet that no rule for a page reads."""


@lru_cache(maxsize=1000)
def fingerprint(outlet: Outlet) -> str:
    """16 hex digits over our code and data, the libraries' versions and the outlet's definition."""
    stated = {one.name: _said(getattr(outlet, one.name)) for one in fields(outlet) if one.name not in _NOT_OF_A_PAGE}
    return sha256(f"{_software()} {stated}".encode()).hexdigest()[:16]


@cache
def _software() -> str:
    data = (path for path in sorted(_HERE.rglob("*")) if path.suffix in (".py", ".csv", ".txt"))
    files = [*data, *(_HERE.parent / name for name in _BESIDE)]
    parts = [f"{path.name} {_digest(path)}" for path in files] + [f"{name} {version(name)}" for name in _LIBRARIES]
    return sha256("\n".join(parts).encode()).hexdigest()


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _said(value: Any) -> str:
    """A selector as it stands; of a function the file that it is in, whose constants and helpers it may use."""
    if not callable(value):
        return repr(value)
    file = inspect.getsourcefile(value if inspect.isroutine(value) else type(value))
    return f"{getattr(value, '__qualname__', type(value).__qualname__)} {_digest(Path(file)) if file else ''}"
