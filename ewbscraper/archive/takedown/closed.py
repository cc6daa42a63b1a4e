"""The closed folder `withheld/` beside the archive: what was taken down, so that it can be put back, and the log.

Nobody but its owner may enter it. Each takedown has a folder named by the hash of its address: `records/` has the bytes
that stood in WARC files, each named by its SHA-256, `rows-*.json` the rows of archive.db. `erase` leaves nothing of it.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from ewbscraper.errors import NotWithheld

FOLDER = "withheld"


class Closed:
    """What is kept of one takedown."""

    def __init__(self, beside: Path, url_sha256: str) -> None:
        self.path = beside / FOLDER / url_sha256

    def keep(self, rows: dict[str, Any], pieces: Iterable[bytes]) -> None:
        """Bytes and rows, on the disk when it returns; the same ones again change nothing. Raises OSError."""
        records = closed(self.path / "records")
        for piece in pieces:
            _write(records / sha256(piece).hexdigest(), piece)
        text = json.dumps(rows, ensure_ascii=False).encode()
        _write(self.path / f"rows-{sha256(text).hexdigest()[:16]}.json", text)
        for folder in (records, self.path, self.path.parent):
            _sync(folder)

    def rows(self) -> Iterator[dict[str, Any]]:
        """What was kept of archive.db, by takedown and by each page that came later."""
        for path in sorted(self.path.glob("rows-*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name)):
            yield json.loads(path.read_bytes())

    def piece(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises NotWithheld where they are not there, or others."""
        path = self.path / "records" / digest
        found = path.read_bytes() if path.is_file() else b""
        if sha256(found).hexdigest() != digest:
            raise NotWithheld(f"{path} is not what was withheld: bring {self.path.parent} back from a backup")
        return found

    def destroy(self) -> bool:
        """Nothing of it stays; whether there was anything."""
        if not self.path.exists():
            return False
        shutil.rmtree(self.path)
        _sync(self.path.parent)
        return True


def closed(folder: Path) -> Path:
    """The folder, made where it is not there; nobody else may enter `withheld/`, nor what is in it."""
    if folder.name != FOLDER:
        closed(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _write(path: Path, data: bytes) -> None:
    """Whole, or not under its name."""
    if path.exists():
        return
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync(folder: Path) -> None:
    """A name in a folder is on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
