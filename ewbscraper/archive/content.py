"""The body of a page without the encoding that it had on the wire.

As forgiving as the crawl, whose own way needs Scrapy: a stream that breaks off gives what came until then.
"""

import sys
import zlib
from collections.abc import Callable, Sequence
from gzip import GzipFile
from io import BytesIO
from typing import Any

import brotli  # this and zstd come with Scrapy, which therefore accepts both

from ewbscraper.errors import PageUnreadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LONGEST = 50_000_000
"""Bytes; a page is shorter, a decompression bomb is not."""
_PART = 65_536


def content(body: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """The body as its Content-Encoding says; as it is from the first encoding on that nobody knows.

    Raises PageUnreadable where nothing can be made of it, or more than LONGEST.
    """
    named = [
        one.strip().lower() for name, value in headers if name.lower() == "content-encoding" for one in value.split(",")
    ]
    for encoding in reversed(named):
        if encoding not in _WAYS:
            break
        try:
            body = _WAYS[encoding](body)
        except (OSError, EOFError, zlib.error, brotli.error, zstd.ZstdError) as error:
            raise PageUnreadable(f"the body cannot be decompressed: {error}") from error
        if len(body) > LONGEST:
            raise PageUnreadable(f"decompressed longer than {LONGEST} bytes")
    return body


def _gunzip(body: bytes) -> bytes:
    return _as_far_as_it_goes(GzipFile(fileobj=BytesIO(body)))


def _unzstd(body: bytes) -> bytes:
    return _as_far_as_it_goes(zstd.ZstdFile(BytesIO(body)))


def _as_far_as_it_goes(file: Any) -> bytes:
    parts, length = list[bytes](), 0
    try:
        while length <= LONGEST and (part := file.read1(_PART)):
            parts.append(part)
            length += len(part)
    except (OSError, EOFError):
        if not parts:
            raise
    return b"".join(parts)


def _inflate(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, LONGEST + 1)
    except zlib.error:  # without its head, as some servers of Microsoft's send it
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, LONGEST + 1)


def _unbrotli(body: bytes) -> bytes:
    whole: bytes = brotli.Decompressor().process(body, output_buffer_limit=LONGEST + 1)
    return whole


_WAYS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
