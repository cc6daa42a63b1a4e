"""The key under which web archives sort an address: `rs,paper)/2026/a?x=1` (SURT), so that replay tools find it."""

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_AS_THEY_ARE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"


def surt(url: str) -> str:
    """The key of an http(s) address as requests have it: host reversed, all lower case, query in order.

    As the `surt` package has it, session numbers apart; without the two libraries that one brings.
    """
    parts = urlsplit(url)
    host = re.sub(r"^www\d*\.", "", (parts.hostname or "").rstrip("."))
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    path, query = _path(_escaped(parts.path)), _escaped(parts.query)
    ordered = "&".join(sorted(query.split("&"), key=lambda pair: tuple(pair.split("=", 1))))
    return f"{','.join(reversed(host.split('.')))}{port}){path}" + (f"?{ordered}" if ordered else "")


def _escaped(text: str) -> str:
    """Escaped once, however often it was, in lower case."""
    raw = text.encode()
    while (bare := unquote_to_bytes(raw)) != raw:
        raw = bare
    return quote_from_bytes(raw, safe=_AS_THEY_ARE).lower()


def _path(path: str) -> str:
    """Without empty parts, `.` and `..`, and without a slash at the end."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == ".." and kept:
            kept.pop()
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept)
