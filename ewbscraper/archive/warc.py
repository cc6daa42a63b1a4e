"""Pages as received, in WARC files beside the archive: `warc/<outlet>/<year>/<outlet>-<time>-<run>.warc.gz`.

One file per run and outlet, opened at its first capture, never rewritten. The body is kept as it came, before
decompression; header names have the case and order that the download handler gives them, repeated ones stay apart.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ewbscraper import __version__
from ewbscraper.archive.times import utc_now

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, as they went over the wire."""

    url: str
    status: int
    request_headers: Headers
    response_headers: Headers
    body: bytes
    method: str = "GET"
    reason: str = ""
    ip: str | None = None
    truncated: str | None = None
    """WARC's word for why the body is not whole: `length`, `time`, `disconnect`."""


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
    origin: str | None = None
    """The tool that captured it and its file; None: our own crawl."""


class WarcWriter:
    """Writes the captures of one run."""

    def __init__(self, folder: Path, outlet: str, run: int) -> None:
        self._folder, self._outlet, self._run = folder, outlet, run
        self._file: BinaryIO | None = None
        self._path = Path()
        self._safe = 0

    def write(self, exchange: Exchange) -> Capture:
        """Appends request and response; `sync` makes them safe. Raises OSError, and `give_up` is called for then."""
        file = self._file or self._open()
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        now, offset = utc_now(), file.tell()
        response = self._response(writer, exchange, now)
        writer.write_record(response)
        end = file.tell()
        writer.write_record(self._request(writer, exchange, now, response.rec_headers.get_header("WARC-Record-ID")))
        return Capture(
            url=exchange.url,
            fetched_at=now,
            status=exchange.status,
            content_type=_header(exchange.response_headers, "content-type"),
            sha256=sha256(exchange.body).hexdigest(),
            bytes=len(exchange.body),
            truncated=exchange.truncated,
            warc=self._path.relative_to(self._folder).as_posix(),
            offset=offset,
            length=end - offset,
        )

    def sync(self) -> None:
        """All that was written is on the disk when this returns: called before a row that points at it commits."""
        if self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._safe = self._file.tell()

    def give_up(self) -> None:
        """After an OSError: the file ends with its last safe record, half a one is cut off."""
        if self._file:
            os.ftruncate(self._file.fileno(), self._safe)
            self._file.raw.close()  # type: ignore[attr-defined]  # closing the buffer would write it once more
            self._file = None

    def close(self) -> None:
        """Syncs and closes; nothing happens where nothing was captured."""
        if self._file:
            self.sync()
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        now = datetime.now(UTC)
        name = f"{self._outlet}-{now:%Y%m%dT%H%M%SZ}-{self._run}.warc.gz"
        self._path = self._folder / "warc" / self._outlet / f"{now:%Y}" / name
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("xb")
        info = {
            "software": f"ewbscraper/{__version__}",
            "format": "WARC File Format 1.1",
            "isPartOf": self._outlet,
        }
        writer = WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
        writer.write_record(writer.create_warcinfo_record(name, info))
        return self._file

    def _response(self, writer: WARCWriter, exchange: Exchange, now: str):  # type: ignore[no-untyped-def]
        extra = {"WARC-Date": now}
        if exchange.ip:
            extra["WARC-IP-Address"] = exchange.ip
        if exchange.truncated:
            extra["WARC-Truncated"] = exchange.truncated
        status = f"{exchange.status} {exchange.reason}".strip()
        return writer.create_warc_record(
            exchange.url,
            "response",
            payload=BytesIO(exchange.body),
            length=len(exchange.body),  # else warcio makes a temporary file of it
            http_headers=StatusAndHeaders(status, list(exchange.response_headers), protocol="HTTP/1.1"),
            warc_headers_dict=extra,
        )

    def _request(self, writer: WARCWriter, exchange: Exchange, now: str, response_id: str):  # type: ignore[no-untyped-def]
        path = exchange.url.split("/", 3)[3] if exchange.url.count("/") > 2 else ""
        line = StatusAndHeaders(
            f"{exchange.method} /{path} HTTP/1.1", list(exchange.request_headers), is_http_request=True
        )
        return writer.create_warc_record(
            exchange.url,
            "request",
            http_headers=line,
            warc_headers_dict={"WARC-Date": now, "WARC-Concurrent-To": response_id},
        )


def read_capture(folder: Path, warc: str, offset: int) -> Exchange:
    """The exchange at an offset of a WARC, body as received. Raises OSError where the file cannot be read."""
    with (folder / warc).open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file, ensure_http_headers=True)))  # a `resource` record has none
        head = record.http_headers
        code, _, reason = head.statusline.partition(" ")
        return Exchange(
            url=record.rec_headers.get_header("WARC-Target-URI"),
            status=int(code),
            reason=reason,
            request_headers=(),
            response_headers=tuple(head.headers),
            body=record.raw_stream.read(),
            ip=record.rec_headers.get_header("WARC-IP-Address"),
            truncated=record.rec_headers.get_header("WARC-Truncated"),
        )


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)
