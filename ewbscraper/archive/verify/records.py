"""Every record of a WARC file read from its first byte to its last, whether rows point at it or not."""

import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a row of `captures` says of a record."""

    url: str
    offset: int
    length: int
    sha256: str
    size: int
    """Of the payload, in bytes."""
    fetched_at: str
    status: int


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a record."""

    kind: Literal["damage", "not pointed at", "torn tail"]
    offset: int
    url: str | None
    """The record's, the pointer's, or that of the record before it; None where nobody knows."""
    what: str = ""


@dataclass(frozen=True, slots=True)
class _Record:
    url: str | None
    kind: str
    date: str
    status: int | None
    sha256: str
    size: int
    length: int | None = None
    """In the file, in bytes; None in a file that is not compressed."""
    end: int = 0


class _Unreadable(Exception):
    """The message says why."""


def check_warc(path: Path, pointers: Iterable[Pointer]) -> Iterator[Remark]:
    """Remarks on a file, in its order; `pointers` come in that order. Raises OSError.

    Behind what cannot be read it goes on where the next row points.
    """
    with path.open("rb") as file:
        compressed, size = file.read(2) == b"\x1f\x8b", file.seek(0, io.SEEK_END)
        at, before = 0, None
        for pointer in pointers:
            yield from _between(file, compressed, at, min(pointer.offset, size), before)
            try:
                record = _read(file, compressed, pointer.offset)
                at, what = record.end, _what_is_wrong(record, pointer)
            except _Unreadable as error:
                at, what = size, str(error)
            if what:
                yield Remark("damage", pointer.offset, pointer.url, what)
            before = pointer.url
        yield from _between(file, compressed, at, size, before, tail=True)


def _what_is_wrong(record: _Record, pointer: Pointer) -> str:
    if record.url != pointer.url:
        return f"the record there is of {record.url}"
    if record.length not in (None, pointer.length):
        return f"the record is {record.length} bytes long, its row says {pointer.length}"
    if record.kind != "revisit" and (record.sha256, record.size) != (pointer.sha256, pointer.size):
        return f"the page there has SHA-256 {record.sha256}, its row says {pointer.sha256}"
    if record.date[:19] != pointer.fetched_at[:19] or record.status not in (None, pointer.status):
        said, there = f"{pointer.fetched_at}, {pointer.status}", f"{record.date}, {record.status}"
        return f"the page there was received {there} (when, with which status), its row says {said}"
    return ""


def _between(
    file: BinaryIO, compressed: bool, at: int, end: int, before: str | None, *, tail: bool = False
) -> Iterator[Remark]:
    """The records that no row points at: requests, the file's own, and pages of a run that was killed."""
    while at < end:
        try:
            record = _read(file, compressed, at)
        except _Unreadable as error:
            yield Remark("torn tail" if tail else "damage", at, before, f"a record that no row points at: {error}")
            return
        if record.kind in ("response", "revisit"):
            yield Remark("not pointed at", at, record.url)
        at = record.end


def _read(file: BinaryIO, compressed: bool, offset: int) -> _Record:
    """The record at an offset, its digests checked. Raises _Unreadable."""
    file.seek(offset)
    if not compressed:
        return replace(_parsed(file), end=file.tell() + len("\r\n\r\n"))
    member = _Member(file)
    stream = io.BufferedReader(member, CHUNK)
    try:
        record = _parsed(stream)
    finally:
        while stream.read(CHUNK):  # its CRC says best what is wrong
            pass
    return replace(record, length=member.length, end=offset + member.length)


def _parsed(stream: BinaryIO | io.BufferedReader) -> _Record:
    try:
        record = ArcWarcRecordLoader().parse_record_stream(stream, check_digests=True)
    except EOFError as error:
        raise _Unreadable("there is no record") from error
    except (ArchiveLoadFailed, StatusAndHeadersParserException, ValueError) as error:
        raise _Unreadable("no record starts there") from error
    whole, size = sha256(), 0
    while chunk := record.raw_stream.read(CHUNK):
        whole.update(chunk)
        size += len(chunk)
    if record.digest_checker.passed is False:
        raise _Unreadable(", ".join(record.digest_checker.problems))
    said, head = record.rec_headers.get_header, record.http_headers
    status = head.get_statuscode() if head and record.rec_type == "response" else ""
    return _Record(
        url=said("WARC-Target-URI"),
        kind=record.rec_type,
        date=said("WARC-Date") or "",
        status=int(status) if status.isdecimal() else None,
        sha256=whole.hexdigest(),
        size=size,
    )


class _Member(io.RawIOBase):
    """One member of a gzip file, decompressed. Raises _Unreadable.

    warcio's own reader takes what it cannot decompress for the end of the record, and does not look at its CRC.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._start = file, file.tell()
        self._gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def length(self) -> int:
        """In the file, in bytes, once it is read to its end."""
        return self._file.tell() - len(self._gzip.unused_data) - self._start

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Decompresses into the buffer."""
        while not self._gzip.eof:
            compressed = self._gzip.unconsumed_tail or self._file.read(CHUNK)
            if not compressed:
                raise _Unreadable("the file ends in the middle of it")
            try:
                data = self._gzip.decompress(compressed, len(buffer))
            except zlib.error as error:
                raise _Unreadable(f"its bytes were changed ({error})") from error
            if data:
                buffer[: len(data)] = data
                return len(data)
        return 0
