"""Bytes of a WARC file: where records lie, what stands there, and putting others of the same length in their place."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from ewbscraper.archive.takedown.filler import Stood, filler
from ewbscraper.archive.tombstones import Tombstone
from ewbscraper.archive.warc.reader import whole_records
from ewbscraper.errors import RecordUnreadable

_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A range of a file that a filler takes: a row of `withheld_records`."""

    warc: str
    """File, relative to the archive's folder."""
    offset: int
    length: int
    before: str | None
    """SHA-256 of what stood there, hex; None where the file was not there."""
    after: str | None
    """SHA-256 of the filler."""
    capture: int | None = None
    """The number that the row in `captures` had; None for a record that no row named."""
    run: int | None = None
    leaf: str | None = None
    """What the seal's tree has of it, hex."""


def withdrawn(path: Path, warc: str, offset: int, length: int, of: Tombstone) -> Withdrawn:
    """The range with its digests before and after. Raises OSError, RecordUnreadable."""
    if not path.is_file():
        return Withdrawn(warc, offset, length, None, None)
    stood = bytes_at(path, offset, length)
    if len(stood) < length:
        raise RecordUnreadable(f"{warc} ends before the record at {offset} does: bring that file back from a backup")
    before = sha256(stood).hexdigest()
    one = Withdrawn(warc, offset, length, before, None)
    return replace(one, after=sha256(filler_of(path, one, of)).hexdigest())


def filler_of(path: Path, one: Withdrawn, of: Tombstone) -> bytes:
    """The bytes that take the place of a range that was there."""
    assert one.before is not None
    stood = Stood(of.withheld_at, of.url_sha256, one.before, one.length)
    piece = filler(stood, compressed=is_compressed(path))
    assert len(piece) == one.length, "a byte more would be of the next record"
    return piece


def with_request(path: Path, offset: int, length: int, url: str) -> int:
    """The length of a record of ours and of the request that follows it."""
    with path.open("rb") as file:
        file.seek(offset + length)
        with suppress(RecordUnreadable):
            for _, more, record in whole_records(file):
                about = record.rec_headers.get_header
                if record.rec_type == "request" and about("WARC-Target-URI") == url:
                    return length + more
                break
    return length


def records_of(path: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    """Offset, length and address of each record whose address is wanted, whether rows name it or not.

    A torn one at the end is taken to the end of the file. What comes after a damaged record is not found.
    """
    with path.open("rb") as file:
        records = ArchiveIterator(file, no_record_parse=True)
        with suppress(ArchiveLoadFailed, EOFError, ValueError):
            for record in records:
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                offset = records.get_record_offset()
                length = records.get_record_length()  # reads to its end
                if wanted(url.strip("<>")):
                    yield offset, length, url.strip("<>")


def bytes_at(path: Path, offset: int, length: int) -> bytes:
    """What stands there; less at the end of the file."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


def overwrite(path: Path, pieces: Mapping[int, bytes]) -> int:
    """Puts each piece at its offset, on the disk when it returns; how many differed. The file keeps its length."""
    written = 0
    with path.open("r+b") as file:
        for offset, piece in pieces.items():
            file.seek(offset)
            if file.read(len(piece)) != piece:
                file.seek(offset)
                file.write(piece)
                file.flush()
                written += 1
        os.fsync(file.fileno())
    return written


def digests(path: Path, pieces: Mapping[int, bytes]) -> tuple[str, str]:
    """SHA-256 of a file as it is, and as it will be with each piece at its offset."""
    now, then, at = sha256(), sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_STEP):
            now.update(block)
            changed = bytearray(block)
            for offset, piece in pieces.items():
                first, last = max(offset, at), min(offset + len(piece), at + len(block))
                if first < last:
                    changed[first - at : last - at] = piece[first - offset : last - offset]
            then.update(changed)
            at += len(block)
    return now.hexdigest(), then.hexdigest()


def is_compressed(path: Path) -> bool:
    """By how the file begins: a filler begins so too."""
    return bytes_at(path, 0, 2) == b"\x1f\x8b"
