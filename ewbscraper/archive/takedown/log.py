"""withheld/log.txt: who asked for what, when and why, in a chain of lines to which is only added.

A line is a JSON object. `withhold`, `erase` and `restore` are written before anything is done, `withheld`, `also`,
`erased` and `restored` once it is. The requester stands here and nowhere else.
"""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from ewbscraper.archive.connection import transaction
from ewbscraper.archive.takedown.closed import FOLDER, closed
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.warc.chain import LONGEST, append

NAME = "log.txt"
_LAST = "withheld log"
"""Key in `about`: SHA-256 of the last line, so that its end is missed."""


def tell(db: sqlite3.Connection, archive: Path, action: str, **said: Any) -> None:
    """Adds a line, on the disk when it returns. Raises OSError."""
    path = closed(archive.absolute().parent / FOLDER) / NAME
    line_hash = append(path, [{"at": utc_now(), "archive": archive.name, "action": action, **said}])
    path.chmod(0o600)
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", [_LAST, line_hash])


def last_line(db: sqlite3.Connection) -> str | None:
    """SHA-256 of the last line that this archive wrote."""
    row = db.execute("SELECT value FROM about WHERE key = ?", [_LAST]).fetchone()
    return row["value"] if row else None


def read_log(folder: Path) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Line by line its number, its SHA-256, and what it says; None where it is no whole line of ours."""
    with (folder / FOLDER / NAME).open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
            yield number, sha256(line).hexdigest(), _parsed(line)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
