"""Other tools' files beside the archive: `warc/imported/<digest>-<name>`, each once, never changed."""

import errno
import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from ewbscraper.archive.takedown.copies import Prepare
from ewbscraper.errors import WarcUnreadable

FOLDER = Path("warc/imported")
MOST_COMPRESSED = 100
"""Times that a WARC, which is compressed itself, may be larger than in its WACZ."""
LONGEST_DESCRIPTOR = 10_000_000


@dataclass(frozen=True, slots=True)
class WarcOf:
    """A WARC file to be read, and where it is from."""

    path: Path
    name: str
    """Of the file that was named; of a WACZ with the WARC's own name: `site.wacz/data.warc.gz`."""
    software: str | None
    """What the WACZ says that it was made with."""
    unpacked: bool = False
    """It lies in the scratch folder: kept by moving it."""


def warcs_of(file: Path, scratch: Path) -> Iterator[WarcOf]:
    """The file itself, or the WARCs of a WACZ, each unpacked into `scratch` when its turn comes.

    Raises WarcUnreadable, OSError.
    """
    if not is_zipfile(file):
        yield WarcOf(file, file.name, None)
        return
    try:
        with ZipFile(file) as packed:
            software = _software(packed)
            inside = [entry for entry in packed.infolist() if entry.filename.endswith((".warc.gz", ".warc"))]
            if not inside:
                raise WarcUnreadable(f"{file.name} holds no WARC file; one of several WACZ: unpack it and name those")
            for number, entry in enumerate(inside):
                yield WarcOf(
                    _unpack(packed, entry, scratch / f"{file.name}-{number}"), _name(file, entry), software, True
                )
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # else a place before the file's beginning
            raise
        raise WarcUnreadable(f"{file.name} cannot be unpacked: {error}") from error


def place(folder: Path, warc: WarcOf) -> str:
    """Where a file lies, or will, from the archive's folder: by its content, whatever its name."""
    with warc.path.open("rb") as file:
        whole = file_digest(file, "sha256").hexdigest()
    name = re.sub(r"[^\w.-]+", "_", warc.name)[-100:]
    known = next((folder / FOLDER).glob(f"{whole[:16]}-*"), None)
    return (FOLDER / (known.name if known else f"{whole[:16]}-{name}")).as_posix()


def keep(folder: Path, warc: WarcOf, kept: str, prepare: Prepare) -> None:
    """Copies a file to its place where it is not there yet, whole or not at all; `prepare` may change the copy."""
    target = folder / kept
    if target.exists():
        return
    part = target.with_name(f".{target.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    (shutil.move if warc.unpacked else shutil.copyfile)(warc.path, part)
    with part.open("r+b") as file:
        os.fsync(file.fileno())
    prepare(part, kept)
    part.replace(target)


def _name(file: Path, entry: ZipInfo) -> str:
    return f"{file.name}/{PurePosixPath(entry.filename).name}"


def _unpack(packed: ZipFile, entry: ZipInfo, into: Path) -> Path:
    if entry.file_size > MOST_COMPRESSED * max(entry.compress_size, 1):
        raise WarcUnreadable(f"{entry.filename} would be {entry.file_size:,} bytes unpacked: no WARC is so")
    with packed.open(entry) as source, into.open("wb") as target:
        shutil.copyfileobj(source, target)
    return into


def _software(packed: ZipFile) -> str | None:
    try:
        with packed.open("datapackage.json") as file:
            said = json.loads(file.read(LONGEST_DESCRIPTOR))
    except (KeyError, ValueError, RecursionError):
        return None
    software = said.get("software") if isinstance(said, dict) else None
    return " ".join(software.split())[:200] if isinstance(software, str) else None
