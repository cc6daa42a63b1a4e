"""What an export left in its folder, so that the next one knows which files it may leave as they are.

`.parts.ndjson`: a line with the archive's stamp, then one for each part of a table, added as soon as the part is there:
a killed export costs nothing of what it did. The last line of a path holds; one that a kill cut off is none.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

NAME = ".parts.ndjson"


@dataclass(frozen=True, slots=True)
class Left:
    """A part: a file, or none where it has no rows."""

    path: str
    rows: int
    seen: str
    """What the rows are: their stamp in the archive, or their SHA-256; and the columns."""
    bytes: int = 0
    mtime: int = 0
    """In nanoseconds; both 0 where there is no file."""

    def is_in(self, folder: Path) -> bool:
        """Whether the file is as it was left: a change by hand has another time, a file cut off another size."""
        return _stat(folder / self.path) == (self.bytes, self.mtime)


def left(path: str, rows: int, seen: str, folder: Path) -> Left:
    """A part that has just been written."""
    return Left(path, rows, seen, *_stat(folder / path))


def read(folder: Path, archive: int | None) -> dict[str, Left] | None:
    """By path; None where another archive was exported there, or by a version that kept no list."""
    try:
        first, *lines = (folder / NAME).read_text("utf-8").splitlines()
        if json.loads(first) != {"archive": archive}:
            return None
    except (OSError, ValueError):
        return None
    return {one.path: one for one in map(_parsed, lines) if one}


def write(folder: Path, archive: int | None, parts: Iterable[Left]) -> None:
    """The list anew."""
    aside = folder / f"{NAME}.part"
    with aside.open("w", encoding="utf-8") as file:
        print(json.dumps({"archive": archive}), file=file)
        for one in parts:
            add(one, file)
    aside.replace(folder / NAME)


def add(one: Left, file: TextIO) -> None:
    """One more line."""
    print(json.dumps(asdict(one)), file=file, flush=True)


def _parsed(line: str) -> Left | None:
    try:
        return Left(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _stat(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
