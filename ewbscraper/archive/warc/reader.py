"""Pages as received, out of the WARC files beside the archive; `writer.py` is how they came in.

Each record is a gzip member of its own. What a kill tore at the end of a file is no record: it is told by its missing
end, passed over by every reader, and never repaired in place. A `revisit` has the head of its answer; its body is that
of an earlier record, to which `captures.same_as` leads.
"""

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeaders

from ewbscraper.errors import RecordUnreadable

Headers = Sequence[tuple[str, str]]

_GZIP = b"\x1f\x8b"
_STEP = 1 << 16


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, as they went over the wire."""

    url: str
    status: int
    request_headers: Headers
    response_headers: Headers
    body: bytes
    method: str = "GET"
    protocol: str = "HTTP/1.1"
    """Of the response."""
    reason: str = ""
    ip: str | None = None
    truncated: str | None = None
    """WARC's word for why the body is not whole: `length`, `time`, `disconnect`."""

    @property
    def content_type(self) -> str | None:
        """The header of that name."""
        return next((value for name, value in self.response_headers if name.lower() == "content-type"), None)


@dataclass(frozen=True, slots=True)
class Capture:
    """Where an exchange lies in the WARC: a row of `captures`."""

    url: str
    fetched_at: str
    """Our time stamp (UTC)."""
    status: int
    content_type: str | None
    sha256: str
    """Of the body as received, before decompression; hex."""
    bytes: int
    """Length of that body."""
    truncated: str | None
    warc: str
    """File, relative to the archive's folder."""
    offset: int
    length: int
    """Of the compressed response record, in bytes from `offset`."""
    same_as: int | None = None
    """Id of the capture that holds the very same body; None where the record has it."""
    origin: str | None = None
    """The tool that captured it and its file; None: our own crawl."""


def folder_of(connection: sqlite3.Connection) -> Path:
    """The folder of an open archive, with its WARC files."""
    return Path(connection.execute("PRAGMA database_list").fetchone()["file"]).parent


def read_exchange(db: sqlite3.Connection, folder: Path, capture: int) -> Exchange:
    """The exchange of a row of `captures`, wherever its body lies; the body is as received.

    Raises RecordUnreadable, and OSError where a file cannot be read.
    """
    row = db.execute("SELECT * FROM captures WHERE id = ?", [capture]).fetchone()
    if "same_as" not in row.keys() or row["same_as"] is None:  # noqa: SIM118 -- an archive that is older
        return read_capture(folder, row["warc"], row["offset"])
    first = db.execute("SELECT warc, offset FROM captures WHERE id = ?", [row["same_as"]]).fetchone()
    return read_again(folder, (row["warc"], row["offset"]), (first["warc"], first["offset"]))


def read_again(folder: Path, head: tuple[str, int], body: tuple[str, int]) -> Exchange:
    """The exchange whose head and body lie at these places, which may be one. Raises as `read_exchange` does."""
    whole = read_capture(folder, *body)
    if head == body:
        return whole
    again = _record_at(folder, *head)
    if again.http_headers is None:  # other tools' revisits have no head of their own
        return whole
    return replace(_exchange(again, head[0]), body=whole.body)


def read_capture(folder: Path, warc: str, offset: int) -> Exchange:
    """The exchange at an offset of a WARC, body as received.

    Raises RecordUnreadable where no whole record with a payload lies there, OSError where the file cannot be read.
    """
    record = _record_at(folder, warc, offset)
    if record.rec_type == "revisit":
        raise RecordUnreadable(f"{warc} at {offset}: the body lies in an earlier record (captures.same_as)")
    return _exchange(record, warc)


def whole_records(file: BinaryIO) -> Iterator[tuple[int, int, Any]]:
    """Offset, length and warcio's record of each whole record, from where the file stands; a torn tail is no record.

    Raises RecordUnreadable at the first one that is damaged.
    """
    while file.peek(1):  # type: ignore[attr-defined]
        offset = file.tell()
        try:
            raw = _member(file)
        except EOFError:
            return
        except zlib.error as error:
            raise RecordUnreadable(f"{file.name} at {offset}: damaged: {error}") from error
        yield offset, file.tell() - offset, _parsed(BytesIO(raw), f"{file.name} at {offset}")


def _record_at(folder: Path, warc: str, offset: int) -> Any:
    where = f"{warc} at {offset}"
    with (folder / warc).open("rb") as file:
        file.seek(offset)
        if not _GZIP.startswith(file.peek(2)[:2]):
            return _read_now(_parsed(file, where), where)
        try:
            return _parsed(BytesIO(_member(file)), where)
        except EOFError as error:
            raise RecordUnreadable(f"{where}: the file ends in the middle of the record, or before it") from error
        except zlib.error as error:
            raise RecordUnreadable(f"{where}: damaged: {error}") from error


def _read_now(record: Any, where: str) -> Any:
    """The record of a file that is not compressed, with its body: the file is closed before anybody asks for it."""
    left: LimitReader = record.raw_stream
    if not isinstance(left, LimitReader):
        raise RecordUnreadable(f"{where}: a record without its length")
    body = left.read()
    record.raw_stream = LimitReader(BytesIO(body), len(body) + left.limit)
    return record


def _member(file: BinaryIO) -> bytes:
    """The gzip member that begins here, its check sum checked; the file stands behind it then. Raises EOFError."""
    unpacked, parts = zlib.decompressobj(16 + zlib.MAX_WBITS), []
    while not unpacked.eof:
        chunk = file.read(_STEP)
        if not chunk:
            raise EOFError
        parts.append(unpacked.decompress(chunk))
    file.seek(-len(unpacked.unused_data), 1)
    return b"".join(parts)


def _parsed(stream: BinaryIO, where: str) -> Any:
    try:
        return next(ArchiveIterator(stream))
    except (ArchiveLoadFailed, StopIteration) as error:
        raise RecordUnreadable(f"{where}: no WARC record") from error


def _exchange(record: Any, warc: str) -> Exchange:
    head, about = record.http_headers, record.rec_headers
    if record.rec_type == "resource":  # a page that another tool kept without its headers
        head = StatusAndHeaders("200 OK", [("Content-Type", record.content_type or "")], protocol="HTTP/1.1")
    if head is None:
        raise RecordUnreadable(f"{warc}: a record of type {record.rec_type}, not of a response")
    code, _, reason = head.statusline.partition(" ")
    if not (code.isascii() and code.isdecimal()):
        raise RecordUnreadable(f"{warc}: a record of {about['WARC-Target-URI']} without a status")
    body = record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0):
        raise RecordUnreadable(f"{warc}: the file ends in the middle of the record of {about['WARC-Target-URI']}")
    return Exchange(
        url=about["WARC-Target-URI"],
        status=int(code),
        protocol=head.protocol,
        reason=reason,
        request_headers=(),
        response_headers=tuple(head.headers),
        body=body,
        ip=about.get_header("WARC-IP-Address"),
        truncated=about.get_header("WARC-Truncated"),
    )
