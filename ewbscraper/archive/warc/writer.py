"""Pages as received, into WARC files beside the archive: `warc/<outlet>/<year>/<outlet>-<time>-<run>.warc.gz`.

One file per run and outlet, opened at its first capture, a further one after each gigabyte, none ever rewritten. The
body is kept as it came, before decompression; header names have the case and order that the download handler gives
them, repeated ones stay apart. A body that the same address sent before is kept once: a `revisit` record leads to it.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ewbscraper import __version__
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.warc.reader import Capture, Exchange
from ewbscraper.archive.warc.record import digest, http_head, named, record

LARGEST = 1_000_000_000
"""Bytes after which a file is followed by another."""

FORMAT = {
    "software": f"ewbscraper/{__version__}",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "robots": "obey",
}
"""What a `warcinfo` says of every file; `robots.txt` has no switch here (docs/run-it-every-hour.md)."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A body that an earlier record has."""

    capture: int
    url: str
    fetched_at: str


Earlier = Callable[[str, str], Payload | None]
"""The record that has this body (SHA-256, hex) of this address already."""


def payloads_in(db: sqlite3.Connection, folder: Path) -> Earlier:
    """Looks among the captures of an archive: what an address sent last is compared."""

    def earlier(url: str, digest: str) -> Payload | None:
        last = db.execute(
            "SELECT coalesce(same_as, id) AS id, sha256 FROM captures WHERE url = ? ORDER BY fetched_at DESC LIMIT 1",
            [url],
        ).fetchone()
        if last is None or last["sha256"] != digest:
            return None
        first = db.execute("SELECT * FROM captures WHERE id = ?", [last["id"]]).fetchone()
        return Payload(first["id"], first["url"], first["fetched_at"]) if _is_there(folder, first) else None

    return earlier


def _is_there(folder: Path, row: sqlite3.Row) -> bool:
    """What is lost, or cut, must not be leaned on."""
    file = folder / row["warc"]
    return row["truncated"] is None and file.is_file() and file.stat().st_size >= row["offset"] + row["length"]


class WarcWriter:
    """Writes the captures of one run; `about` is what its `warcinfo` says beside FORMAT."""

    def __init__(
        self,
        folder: Path,
        outlet: str,
        run: int,
        *,
        about: Mapping[str, str] | None = None,
        earlier: Earlier = lambda url, digest: None,
        largest: int = LARGEST,
    ) -> None:
        self._folder, self._outlet, self._run = folder, outlet, run
        self._about, self._earlier, self._largest = about or {}, earlier, largest
        self._file: BinaryIO | None = None
        self._path, self._opened, self._safe = Path(), 0, 0

    def write(self, exchange: Exchange) -> Capture:
        """Appends request and response; `sync` makes them safe. Raises OSError, and `give_up` is called for then."""
        if self._file and self._file.tell() >= self._largest:
            self.close()
        file = self._file or self._open()
        sha = sha256(exchange.body).hexdigest()
        known = self._earlier(exchange.url, sha) if exchange.body and not exchange.truncated else None
        now, offset = utc_now(), file.tell()
        number, response = _response(exchange, now, known)
        file.write(response + _request(exchange, now, number))
        file.flush()
        return Capture(
            url=exchange.url,
            fetched_at=now,
            status=exchange.status,
            content_type=exchange.content_type,
            sha256=sha,
            bytes=len(exchange.body),
            truncated=exchange.truncated,
            warc=self._path.relative_to(self._folder).as_posix(),
            offset=offset,
            length=len(response),
            same_as=known.capture if known else None,
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
        self._opened, self._safe = self._opened + 1, 0
        further = f"-{self._opened}" if self._opened > 1 else ""
        # No two machines give a file the same name: their timers go off in the same second.
        name = f"{self._outlet}-{now:%Y%m%dT%H%M%S%fZ}-{self._run}{further}.warc.gz"
        self._path = self._folder / "warc" / self._outlet / f"{now:%Y}" / name
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("xb")
        about = {**FORMAT, "isPartOf": self._outlet, "description": f"run {self._run} of {self._outlet}", **self._about}
        lines = "".join(f"{key}: {value}\r\n" for key, value in about.items())
        fields = named("warcinfo", f"{now:%Y-%m-%dT%H:%M:%S.%fZ}", Filename=name)
        self._file.write(record("warcinfo", fields, lines.encode()))
        return self._file


def _response(exchange: Exchange, now: str, known: Payload | None) -> tuple[str, bytes]:
    """The number of the record, and its bytes; of a `revisit` the body is where `known` says."""
    kind = "revisit" if known else "response"
    fields = named(kind, now, exchange.url, IP_Address=exchange.ip, Truncated=exchange.truncated)
    if known:
        fields |= {
            "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            "WARC-Refers-To-Target-URI": known.url,
            "WARC-Refers-To-Date": known.fetched_at,
            "WARC-Payload-Digest": digest(exchange.body),
        }
    status = f"{exchange.status} {exchange.reason}".strip()
    head = http_head(exchange.protocol, status, exchange.response_headers)
    body = b"" if known else exchange.body
    return fields["WARC-Record-ID"], record(kind, fields, head, body, packed=not known and _is_packed(exchange))


def _is_packed(exchange: Exchange) -> bool:
    codings = (value.strip().lower() for name, value in exchange.response_headers if name.lower() == "content-encoding")
    return any(coding not in ("", "identity") for coding in codings)


def _request(exchange: Exchange, now: str, response: str) -> bytes:
    path = exchange.url.split("/", 3)[3] if exchange.url.count("/") > 2 else ""
    head = http_head(exchange.method, f"/{path} HTTP/1.1", exchange.request_headers)
    return record("request", named("request", now, exchange.url, Concurrent_To=response), head)
