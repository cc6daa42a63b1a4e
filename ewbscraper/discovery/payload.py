"""The bytes of a source: unpacked within bounds, and named where they are not what was asked for."""

import gzip
import io
import re
import zlib

from ewbscraper.errors import SourceUnreadable

LONGEST = 50_000_000
"""Bytes of one answer, unpacked: what the sitemap protocol allows one file."""

_GZIP = b"\x1f\x8b"
# A comment is matched atomically: a thousand empty ones would be split in every possible way.
_HTML = re.compile(
    rb"(<\?xml[^>]*>\s*)?((?><!--.*?-->)\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(rb"<[?!a-z]", re.IGNORECASE)


def unpacked(body: bytes) -> bytes:
    """The body without gzip (known by its first bytes, whatever the headers say), BOM and outer white space.

    Raises SourceUnreadable: empty, gzip that is broken or cut short, longer than `LONGEST`.
    """
    plain = _gunzip(body) if body.startswith(_GZIP) else body
    if len(plain) > LONGEST:
        raise SourceUnreadable(f"more than {LONGEST // 1_000_000} MB")
    plain = plain.removeprefix(b"\xef\xbb\xbf").strip()
    if not plain:
        raise SourceUnreadable("empty answer")
    return plain


def not_a(kind: str, body: bytes, reason: str = "") -> SourceUnreadable:
    """The error that says what was expected, what came instead, and why it could not be read."""
    return SourceUnreadable(f"not {kind}, but {_looks_like(body)}" + (f": {reason}" if reason else ""))


def is_html(body: bytes) -> bool:
    """Whether a page came where data was asked for."""
    return _HTML.match(body[:5000]) is not None


def _gunzip(body: bytes) -> bytes:
    """At most one byte more than `LONGEST`: a bomb goes no further."""
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            return packed.read(LONGEST + 1)
    except EOFError as error:
        raise SourceUnreadable("gzip that is cut short") from error
    except (OSError, zlib.error) as error:
        raise SourceUnreadable(f"broken gzip: {error}") from error


def _looks_like(body: bytes) -> str:
    if is_html(body):
        return "an HTML page"
    if body[:1] in b"{[":
        return "JSON"
    return "XML of another kind or broken" if _TAG.match(body) else "something else"
