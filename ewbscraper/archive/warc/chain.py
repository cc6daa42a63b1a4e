"""Files to which lines are only added, each a JSON object that names the line before: seals.txt, withheld/log.txt.

`previous` is the SHA-256 of the line before, its line break included (what `sha256sum` says of it): whoever keeps one
line elsewhere can show that no line before it was changed since.
"""

import json
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

FIRST = "0" * 64
"""`previous` of the first line."""
LONGEST = 1 << 16
"""Bytes that no line reaches."""


def append(path: Path, lines: Iterable[Mapping[str, Any]]) -> str:
    """Chains and writes them, on the disk when it returns; SHA-256 of the last line. Raises OSError."""
    with FileLock(path.with_name(f".{path.name}.lock")), path.open("a+b") as file:
        previous = _end_of(file)
        for one in lines:
            line = as_line({**one, "previous": previous})
            file.write(line)
            previous = sha256(line).hexdigest()
        file.flush()
        os.fsync(file.fileno())
    return previous


def as_line(one: Mapping[str, Any]) -> bytes:
    """As it stands in the file."""
    return json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _end_of(file: Any) -> str:
    """SHA-256 of the last line. Half a one, of a writer that was killed, is cut off: nobody was told of it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2 * LONGEST))
    whole, _, torn = file.read().rpartition(b"\n")
    file.truncate(size - len(torn))
    return sha256(whole.rpartition(b"\n")[2] + b"\n").hexdigest() if whole else FIRST
