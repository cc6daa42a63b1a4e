"""Addresses as pages write them: what is none (`http://[`, `http://ex℀ample/`, a port of letters) has no parts.

`urllib.parse` raises ValueError for those, in the middle of a page that is otherwise well.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

PLAIN = re.compile(r"https?://[a-z0-9.-]+/[A-Za-z0-9._~/%,-]*")
"""What half of all links are: absolute, with nothing to be put in order. To take one apart and put it together again,
once to join and once to clean it, takes 12 µs; to see that there is no need 0.7."""
_ROOTED = re.compile(r"/[A-Za-z0-9._~%,/-]*")
"""What most others are: a path from the root on. To set the site's address before it takes a tenth of joining them."""
_NONE = SplitResult("", "", "", "", "")


def split(address: str) -> SplitResult:
    """The parts of an address, all empty where it is none. No part of it raises when it is read."""
    try:
        parts = urlsplit(address)
        if ":" in parts.netloc:
            parts.port  # noqa: B018 -- the one part that is looked at when it is asked for
    except ValueError:
        return _NONE
    return parts


def join(base: str, address: str) -> str:
    """An address as absolute one, white space around it taken off; empty where it is none."""
    address = address.strip()
    if PLAIN.fullmatch(address):
        return address
    if _ROOTED.fullmatch(address) and address[:2] != "//" and "/." not in address and (site := _site(base)):
        return site + address
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


@lru_cache(maxsize=100)
def _site(address: str) -> str:
    """Scheme and host of an address, empty where it is none of the web."""
    parts = split(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""


def is_number(key: str) -> bool:
    """Whether what a person names an article by is its number, as SQLite can hold one; else it is an address."""
    return key.isascii() and key.isdecimal() and len(key) < 19
