"""WARC files that other tools wrote, read record by record: whatever they hold, memory stays bounded.

A page is a `response` with status 200 (or a `resource`) that is HTML, or a `revisit` of one. What a damaged file still
holds is found: after a record that cannot be read, reading goes on at the next one that can.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed

from ewbscraper.archive.times import FORMAT
from ewbscraper.errors import WarcUnreadable

LONGEST_PAGE = 10_000_000
"""Bytes of a body, as in a crawl; a longer one is no article."""
LONGEST_LINE = 1 << 16
LONGEST_HEAD = 1 << 20
"""Bytes of all header lines of a record."""
MOST_TRIES = 100
"""Records that cannot be read, after which a file is given up."""
LONGEST_ORIGIN = 200
"""Characters."""

_PART = 1 << 16
_ZSTD = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
"""A frame, and the dictionary that some tools put before the first."""
_RECORD_BEGINS = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/1\.")


@dataclass(frozen=True, slots=True)
class ForeignPage:
    """An HTML page in the file, or a revisit of one: then `refers_to` says which."""

    offset: int
    length: int
    url: str
    captured: str
    """UTC, as our own time stamps."""
    content_type: str | None
    sha256: str | None
    """Of the body as it lies in the record; None of a revisit."""
    bytes: int
    truncated: str | None
    record_id: str | None
    digest: str | None
    """As the tool wrote it: finds what a revisit refers to."""
    software: str | None
    refers_to: str | None = None
    """A record's id; empty where the revisit names none."""


class ForeignWarc:
    """One file. `skipped` and `damage` are whole when `pages` has come to its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._software: str | None = None
        self.skipped = Counter[str]()
        """How many records were no pages, by reason."""
        self.damage: list[str] = []
        self._tries = 0

    def pages(self) -> Iterator[ForeignPage]:
        """All pages in the order of the file. Raises WarcUnreadable with the cure where we cannot read its kind."""
        with self._path.open("rb") as file:
            _refuse(file.read(_PART), self._path.name)
            begin: int | None = 0
            while begin is not None:
                file.seek(begin)
                records = _Records(file)
                try:
                    for record in records:
                        page = self._page(record, records)
                        if page:
                            yield page
                    return
                except (ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
                    if "non-chunked gzip" in str(error):
                        raise WarcUnreadable(
                            f"{self._path.name} is compressed as a whole, so that no record can be found again: "
                            f"`warcio recompress {self._path.name} NEW.warc.gz` makes one that can be imported"
                        ) from error
                    begin = self._after(records.begins, begin, file, error)

    def _after(self, at: int, begin: int, file: BinaryIO, error: Exception) -> int | None:
        """Where reading goes on after a record that cannot be read; None at the end of the file."""
        self._tries += 1
        following = _next_record(file, at + 1) if self._tries < MOST_TRIES else None
        if at == 0 and following is None:
            raise WarcUnreadable(f"{self._path.name} is no WARC file: {_said(error)}") from error
        if at > begin or not self.damage:  # else it is what looked like the next record, and is none
            self.damage.append(f"byte {at} on: {_said(error)}")
        return following

    def _page(self, record: Any, records: "_Records") -> ForeignPage | None:
        if record.format == "arc":
            raise WarcUnreadable(
                f"{self._path.name} is an ARC file: "
                f"`warcio recompress {self._path.name} NEW.warc.gz` makes a WARC of it"
            )
        if record.rec_type == "warcinfo":
            self._software = _software(record.raw_stream.read(min(_PART, record.length or 0)))
        reason = _why_no_page(record)
        body, size = sha256(), 0
        while part := record.raw_stream.read(_PART):
            size += len(part)
            if reason is None:
                body.update(part)
        if getattr(record.raw_stream, "limit", 1):
            raise EOFError("the record ends before its length, or has none")
        if reason is None and size > LONGEST_PAGE:
            reason = f"longer than {LONGEST_PAGE:,} bytes"
        if reason is not None:
            self.skipped[reason] += reason != ""
            return None
        head = record.rec_headers.get_header
        revisit = record.rec_type == "revisit"
        return ForeignPage(
            offset=records.offset,
            length=records.length,
            url=head("WARC-Target-URI"),
            captured=_captured(record) or "",
            content_type=record.http_headers.get_header("Content-Type") if record.http_headers else None,
            sha256=None if revisit else body.hexdigest(),
            bytes=size,
            truncated=head("WARC-Truncated"),
            record_id=head("WARC-Record-ID"),
            digest=head("WARC-Payload-Digest"),
            software=self._software,
            refers_to=(head("WARC-Refers-To") or "") if revisit else None,
        )


class _Records:
    """warcio's iterator, whose header lines come to an end and whose complaints do not reach stderr."""

    def __init__(self, file: BinaryIO) -> None:
        self._iterator = ArchiveIterator(file, ensure_http_headers=True)
        self._iterator.reader = self._reader = _Reader(file)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        self._reader.head = 0
        try:
            with redirect_stderr(StringIO()):
                return next(self._iterator)
        except AttributeError as error:  # warcio looks into the address of a record that has none
            raise ArchiveLoadFailed("a record without the address of a page") from error

    @property
    def begins(self) -> int:
        """Where the record begins that is being read."""
        return int(self._iterator.offset)

    @property
    def offset(self) -> int:
        with redirect_stderr(StringIO()):
            return int(self._iterator.get_record_offset())

    @property
    def length(self) -> int:
        return int(self._iterator.get_record_length())


class _Reader(DecompressingBufferedReader):  # type: ignore[misc]
    """Only heads are read by lines."""

    head = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or LONGEST_LINE, LONGEST_LINE))
        self.head += len(line)
        if len(line) >= LONGEST_LINE or self.head > LONGEST_HEAD:
            raise ArchiveLoadFailed("a record's head that does not end")
        return line


def _refuse(begin: bytes, name: str) -> None:
    if not begin:
        raise WarcUnreadable(f"{name} is no WARC file: it is empty")
    if begin.startswith(_ZSTD):
        raise WarcUnreadable(
            f"{name} is compressed with zstd: `zstd -d {name}` makes a .warc that can be imported "
            f"(one with a dictionary: `warcat export`, or the tool that wrote it)"
        )


def _next_record(file: BinaryIO, begin: int) -> int | None:
    """The next place where a record may begin."""
    at, tail = begin, b""
    file.seek(begin)
    while part := file.read(_PART * 16):
        found = _RECORD_BEGINS.search(tail + part)
        if found:
            return at - len(tail) + found.start()
        at, tail = at + len(part), (tail + part)[-8:]
    return None


def _why_no_page(record: Any) -> str | None:
    """A reason; empty where it goes without saying; None: a page, or a revisit of one."""
    kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or ""
    if kind in ("warcinfo", "request", "metadata"):
        return ""
    if kind not in ("response", "resource", "revisit"):
        return f"WARC-Type {kind}: no page as received" if kind == "conversion" else f"WARC-Type {kind}"
    if not url.startswith(("http://", "https://")):
        return f"{url.partition(':')[0] or 'no'}: addresses"
    if _captured(record) is None:
        return "no WARC-Date"
    if kind == "revisit":
        return None
    status = (record.http_headers.get_statuscode() or "none") if record.http_headers else "none"
    if status != "200":
        return f"status {status}"
    content_type = record.http_headers.get_header("Content-Type")
    return None if content_type is None or "html" in content_type.lower() else "not HTML"


def _captured(record: Any) -> str | None:
    try:
        moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).strftime(FORMAT)
    except (ValueError, OverflowError):
        return None


def _software(info: bytes) -> str | None:
    for line in info.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "software" and value.strip():
            return " ".join(value.split())[:LONGEST_ORIGIN]
    return None


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
