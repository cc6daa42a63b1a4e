"""What stands in a WARC in place of a withheld record: a `metadata` record of exactly the same length.

So every other byte stays where it is, and every reader of WARC reads on. The same tombstone gives the same bytes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from ewbscraper.errors import RecordUnreadable

_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""The head of a gzip member: deflated, no name, no time, no system."""
_AROUND = len(_GZIP) + 8
"""Bytes of a member's head, and of its check sum and size."""
_BLOCK = 65_535
"""Bytes that a stored block holds; five more stand before them."""
_ENDS = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Stood:
    """What a filler says of the bytes whose place it takes."""

    withheld_at: str
    url_sha256: str
    sha256: str
    """Of the bytes that stood there, hex."""
    length: int


def filler(stood: Stood, *, compressed: bool) -> bytes:
    """A gzip member, or in a file that is not compressed a plain record without the line breaks behind it.

    Raises RecordUnreadable where nothing can be said in so few bytes: no record with a page is so short.
    """
    if not compressed:
        return _record(stood, stood.length)
    blocks = -(-(stood.length - _AROUND) // (_BLOCK + 5))
    size = stood.length - _AROUND - 5 * blocks
    data = _record(stood, size - len(_ENDS)) + _ENDS
    trailer = crc32(data).to_bytes(4, "little") + size.to_bytes(4, "little")
    return b"".join([_GZIP, *_stored(data, blocks), trailer])


def _stored(data: bytes, blocks: int) -> Iterator[bytes]:
    """So many stored blocks (RFC 1951, 3.2.4); the last one may be empty."""
    for number in range(blocks):
        part = data[number * _BLOCK : (number + 1) * _BLOCK]
        size = len(part)
        yield bytes([number == blocks - 1]) + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + part


def _record(stood: Stood, size: int) -> bytes:
    """The record in so many bytes: the tombstone where it fits, and blanks."""
    head = _head(stood)
    left = size - len(head % 0)
    tombstone = {"withheld": stood.withheld_at, "url_sha256": stood.url_sha256, "sha256": stood.sha256}
    said = json.dumps(tombstone, separators=(",", ":")).encode()
    if left < 0:
        raise RecordUnreadable(f"a record of {stood.length} bytes is too short to be withheld")
    return head % left + (said if len(said) <= left else b"").ljust(left)


def _head(stood: Stood) -> bytes:
    return (
        "WARC/1.1\r\nWARC-Type: metadata\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, f'{stood.url_sha256}/{stood.sha256}')}>\r\n"
        f"WARC-Date: {stood.withheld_at}\r\nContent-Type: application/json\r\nContent-Length: %9d\r\n\r\n"
    ).encode()
