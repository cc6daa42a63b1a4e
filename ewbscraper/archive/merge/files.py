"""The WARC files of another archive, copied beside this one, each checked by its content."""

import os
from collections.abc import Callable, Iterator, Sequence
from hashlib import file_digest, sha256
from itertools import count
from pathlib import Path

from ewbscraper.archive.connection import unwritable
from ewbscraper.archive.takedown.copies import Hole, Prepare, blanked

BEGINNING = 512
"""Bytes: the warcinfo record, which has an id of its own, begins in them."""
_PART = 1 << 20


def bring(
    theirs: Path, ours: Path, warc: str, holes_at: Callable[[str], list[Hole]], prepare: Prepare
) -> tuple[str, bool]:
    """Copies a WARC into our folder; its name there, and whether anything was written.

    The same name with another content gets another name, but where only what one of us withholds differs. A file that
    its run has gone on to write is brought up to date. Raises OSError.
    """
    source = theirs / warc
    for name in _names(warc, source):
        target, but = ours / name, holes_at(name)
        if not target.exists() or (not is_part_of(source, target, but) and is_part_of(target, source, but)):
            copy(source, target, lambda part, name=name: prepare(part, name))  # type: ignore[misc]
            return name, True
        if is_part_of(source, target, but):
            return name, False
    raise AssertionError("names do not come to an end")


def is_part_of(short: Path, long: Path, but: Sequence[Hole] = ()) -> bool:
    """Whether a file begins with all that another one holds, but for ranges that are withheld in one of them."""
    if short.stat().st_size > long.stat().st_size:
        return False
    at = 0
    with short.open("rb") as one, long.open("rb") as other:
        while part := one.read(_PART):
            if blanked(other.read(len(part)), at, but) != blanked(part, at, but):
                return False
            at += len(part)
    return True


def _names(warc: str, source: Path) -> Iterator[str]:
    """Its own; then one by how it begins, which stays the same while it grows; then by all of it."""
    yield warc
    stem, dot, ending = warc.partition(".warc")
    with source.open("rb") as file:
        yield f"{stem}-{sha256(file.read(BEGINNING)).hexdigest()[:8]}{dot}{ending}"
    whole = digest_of(source)
    for number in count():
        yield f"{stem}-{whole[:16]}{f'-{number}' if number else ''}{dot}{ending}"


def digest_of(path: Path) -> str:
    """SHA-256 of all of it."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def copy(
    source: Path, target: Path, prepare: Callable[[Path], None] = lambda part: None, first: int | None = None
) -> None:
    """Whole, or its `first` bytes, and checked, or not at all; `prepare` may change it before it stands there."""
    part = target.with_name(f".{target.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    size, copied = 0, sha256()
    try:
        with source.open("rb") as read, part.open("wb") as written:
            while block := read.read(_PART if first is None else min(_PART, first - size)):
                written.write(block)
                copied.update(block)
                size += len(block)
            written.flush()
            os.fsync(written.fileno())
    except OSError as error:
        part.unlink(missing_ok=True)
        raise unwritable(target, error) from error
    if digest_of(part) != copied.hexdigest():
        part.unlink()
        raise unwritable(target, OSError(f"what was written of {source} is not what was read"))
    prepare(part)
    part.replace(target)
