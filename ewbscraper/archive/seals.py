"""seals.txt beside the archive: each line seals what one run captured into one WARC file, and names the line before.

A line is a JSON object: the run (`outlet`, `run`, `started`), its WARC file with that file's SHA-256 and size, how many
captures of the run lie in it, the root of a Merkle tree over them, and `previous`: SHA-256 of the line before, its line
break included (what `sha256sum` says of it). Whoever keeps one line elsewhere can show that no line before it, and
nothing that those lines seal, was changed since. docs/evidence.md checks all of it without us.

The tree is RFC 6962's: SHA-256, leaves with 0x00 before them, nodes with 0x01. A leaf is the capture as a compact JSON
array `[url, fetched_at, status, sha256, warc, offset, length]`, leaves stand in the order of their offsets; no row
has its number in it, so that archives can be merged.
"""

import json
import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

from ewbscraper.archive.database import transaction
from ewbscraper.archive.times import utc_now

FILE = "seals.txt"
FIRST = "0" * 64
"""`previous` of the first line."""
LONGEST = 1 << 16
"""Bytes that no line reaches."""

_LEAVES = """
SELECT json_array(url, fetched_at, status, sha256, warc, offset, length) AS leaf
FROM captures WHERE run = ? AND warc = ? ORDER BY offset
"""
_NOT_SEALED = """
SELECT DISTINCT run, started, warc FROM captures JOIN runs ON runs.id = run
WHERE outlet = ? AND runs.id > ? ORDER BY run, warc
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A line of seals.txt."""

    sealed: str
    """When (our time stamp): later than the captures where the run was killed, and another one sealed them."""
    outlet: str
    run: int
    """Its number in the archive that sealed it."""
    started: str
    """With `outlet`, what finds the run again where archives were merged."""
    warc: str
    """File, relative to the archive's folder."""
    sha256: str | None
    """Of the whole file; None where it was not there any more."""
    size: int
    """Of that file, in bytes."""
    captures: int
    root: str
    """Of the Merkle tree over the captures, hex."""
    previous: str

    def line(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def seal(db: sqlite3.Connection, archive: Path, outlet: str) -> None:
    """Seals what this outlet's runs captured since the last line, those that were killed included.

    The caller holds the outlet's lock, and has committed the rows and synced the WARC. Raises OSError.
    """
    folder, (last, _) = archive.absolute().parent, sealed_until(db).get(outlet, (0, ""))
    waiting = db.execute(_NOT_SEALED, [outlet, last]).fetchall()
    if not waiting:
        return
    seals = [_of(db, folder, outlet, *row) for row in waiting]
    with FileLock(folder / f".{FILE}.lock"), (folder / FILE).open("a+b") as file:
        line_hash = _append(file, seals)
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO about VALUES (?, ?)", [f"sealed {outlet}", f"{waiting[-1]['run']} {line_hash}"]
        )


def sealed_until(db: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """By outlet: the last run that has a line, and the SHA-256 of its last line."""
    rows = db.execute(
        "SELECT substr(key, 8), CAST(value AS INTEGER), substr(value, -64) FROM about WHERE key LIKE 'sealed %'"
    )
    return {outlet: (run, line_hash) for outlet, run, line_hash in rows}


def remember_chains(db: sqlite3.Connection, folder: Path) -> None:
    """The last line of each chain that came with a merged archive, in the caller's transaction: its end is missed."""
    for path in folder.glob("seals-*.txt"):
        with path.open("rb") as file:
            last = deque((line for line in file if line.endswith(b"\n")), maxlen=1)
        for line in last:
            db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", [f"chain {path.name}", sha256(line).hexdigest()])


def remembered_chains(db: sqlite3.Connection) -> dict[str, str]:
    """By file: the SHA-256 of the last line that it had when it came."""
    return dict(db.execute("SELECT substr(key, 7), value FROM about WHERE key LIKE 'chain seals-%'").fetchall())


def merkle_root(leaves: Iterable[bytes]) -> tuple[int, str]:
    """How many leaves, and the root of RFC 6962's tree over them, hex; in memory for the logarithm of their number."""
    count, peaks = 0, list[tuple[int, bytes]]()
    for leaf in leaves:
        count += 1
        size, node = 1, sha256(b"\0" + leaf).digest()
        while peaks and peaks[-1][0] == size:
            size, node = 2 * size, sha256(b"\1" + peaks.pop()[1] + node).digest()
        peaks.append((size, node))
    root = peaks.pop()[1] if peaks else sha256(b"").digest()
    while peaks:
        root = sha256(b"\1" + peaks.pop()[1] + root).digest()
    return count, root.hex()


def root_of(db: sqlite3.Connection, run: int, warc: str) -> tuple[int, str]:
    """Number and root of a run's captures in a WARC file, as the archive has them now."""
    return merkle_root(row["leaf"].encode() for row in db.execute(_LEAVES, [run, warc]))


def root_of_all(db: sqlite3.Connection, outlet: str, warc: str) -> tuple[int, str]:
    """The same of all runs of an outlet: a file that two archives imported has its captures in one run of either."""
    sql = _LEAVES.replace("run = ?", "run IN (SELECT id FROM runs WHERE outlet = ?)")
    return merkle_root(row["leaf"].encode() for row in db.execute(sql, [outlet, warc]))


def digest(path: Path) -> tuple[int, str | None]:
    """Size and SHA-256 of a file; 0 and None where there is none."""
    try:
        with path.open("rb") as file:
            whole = file_digest(file, "sha256").hexdigest()
            return file.tell(), whole
    except FileNotFoundError:
        return 0, None


def read_seals(path: Path) -> Iterator[tuple[int, bytes, Seal | None]]:
    """Line by line its number, its bytes, and the seal; None where the line is none."""
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
            yield number, line, _parsed(line)


def _parsed(line: bytes) -> Seal | None:
    try:
        return Seal(**json.loads(line)) if line.endswith(b"\n") else None
    except (ValueError, TypeError):
        return None


def _of(db: sqlite3.Connection, folder: Path, outlet: str, run: int, started: str, warc: str) -> Seal:
    captures, root = root_of(db, run, warc)
    size, whole = digest(folder / warc)
    return Seal(
        sealed=utc_now(),
        outlet=outlet,
        run=run,
        started=started,
        warc=warc,
        sha256=whole,
        size=size,
        captures=captures,
        root=root,
        previous=FIRST,
    )


def _append(file: BinaryIO, seals: Iterable[Seal]) -> str:
    """Chains and writes them, on the disk when it returns; SHA-256 of the last line."""
    previous = _end_of(file)
    for one in seals:
        line = replace(one, previous=previous).line()
        file.write(line)
        previous = sha256(line).hexdigest()
    file.flush()
    os.fsync(file.fileno())
    return previous


def _end_of(file: BinaryIO) -> str:
    """SHA-256 of the last line. Half a one, of a writer that was killed, is cut off: nobody was told of it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2 * LONGEST))
    whole, _, torn = file.read().rpartition(b"\n")
    file.truncate(size - len(torn))
    return sha256(whole.rpartition(b"\n")[2] + b"\n").hexdigest() if whole else FIRST
