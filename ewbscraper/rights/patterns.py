"""Patterns of paths as robots.txt (RFC 9309, 2.2.3) and tdmrep.json have them: `*` is anything, `$` the end.

Matched piece by piece from left to right, never by a regular expression: the first place where a piece is found is as
good as any later one, so the time grows with the length of path and pattern, and no pattern is a bomb.
"""

import re
import string
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, taken apart once."""

    pieces: tuple[str, ...]
    """Between the stars."""
    to_the_end: bool
    """It ends in `$`."""

    def matches(self, path: str) -> bool:
        """Whether a path (of `path_of`) is meant."""
        first, *rest = self.pieces
        if not path.startswith(first):
            return False
        if not rest:
            return path == first or not self.to_the_end
        at = len(first)
        *middle, last = rest
        for piece in middle:
            at = path.find(piece, at)
            if at < 0:
                return False
            at += len(piece)
        return path.endswith(last) and len(path) - len(last) >= at if self.to_the_end else path.find(last, at) >= 0


def pattern(text: str) -> Pattern:
    """Of a pattern as written."""
    to_the_end = text.endswith("$")
    return Pattern(tuple(_normal(text.removesuffix("$")).split("*")), to_the_end)  # `%2A` stays escaped


def path_of(url: str) -> str:
    """Path and query of an address, as patterns are compared with it."""
    parts = urlsplit(url)
    return _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _normal(text: str) -> str:
    """Letters that need no escape without one, all others with one in capitals; JSON may bring half a letter."""
    return _ESCAPED.sub(_plain, quote(text, safe=string.punctuation, errors="surrogatepass"))


def _plain(escaped: re.Match[str]) -> str:
    letter = chr(int(escaped[1], 16))
    return letter if letter in _UNRESERVED else escaped[0].upper()
