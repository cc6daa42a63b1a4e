"""seals.txt beside the archive: each line seals what one run captured into one WARC file, and names the line before.

A line is a JSON object: the run (`outlet`, `run`, `started`), its WARC file with that file's SHA-256 and size, how many
captures of the run lie in it, the root of a Merkle tree over them, and `previous`: SHA-256 of the line before, its line
break included (what `sha256sum` says of it). Whoever keeps one line elsewhere can show that no line before it, and
nothing that those lines seal, was changed since. docs/evidence.md checks all of it without us. A line speaks of the
file as it was captured, also where some of it has been withheld since (docs/rights.md). A run that was merged while
it went on has a line for each time: those before the last speak of its first `captures` and its file's first `size`.

The tree is RFC 6962's: SHA-256, leaves with 0x00 before them, nodes with 0x01. A leaf is the capture as a compact JSON
array `[url, fetched_at, status, sha256, warc, offset, length]`, leaves stand in the order of their offsets; no row
has its number in it, so that archives can be merged.
"""

import json
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from ewbscraper.archive.connection import transaction
from ewbscraper.archive.times import utc_now
from ewbscraper.archive.tombstones import as_captured, has_tombstones
from ewbscraper.archive.warc.chain import FIRST, LONGEST, append

FILE = "seals.txt"

LEAF = "json_array(url, fetched_at, status, sha256, warc, offset, length)"
"""What a row of `captures` is as a leaf."""

_LEAVES = f"""
SELECT offset, {LEAF.replace("warc", ":sealed_as")} AS leaf, NULL AS hashed
FROM captures WHERE run = :run AND warc = :warc
"""
_WITHHELD = """
UNION ALL SELECT offset, NULL, leaf FROM withheld_records WHERE run = :run AND warc = :warc AND leaf IS NOT NULL
"""
_NOT_SEALED = """
SELECT DISTINCT run, started, warc FROM
  (SELECT run, warc FROM captures UNION SELECT run, warc FROM withheld_records WHERE leaf IS NOT NULL)
  JOIN runs ON runs.id = run
WHERE outlet = ? AND runs.id > ? ORDER BY run, warc
"""
_GROWN = _NOT_SEALED.replace("runs.id > ?", "runs.id IN (SELECT value FROM json_each(?))")


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


def seal(db: sqlite3.Connection, archive: Path, outlet: str) -> None:
    """Seals what this outlet's runs captured since the last line, those that were killed included.

    The caller holds the outlet's lock, and has committed the rows and synced the WARC. Raises OSError.
    """
    folder, (last, _) = archive.absolute().parent, sealed_until(db).get(outlet, (0, ""))
    waiting = db.execute(_NOT_SEALED, [outlet, last]).fetchall()
    if grown := db.execute("SELECT value FROM about WHERE key = ?", [f"grown {outlet}"]).fetchone():
        waiting = db.execute(_GROWN, [outlet, grown["value"]]).fetchall() + waiting
    if not waiting:
        return
    seals = [_of(db, folder, outlet, *row) for row in waiting]
    line_hash = append(folder / FILE, map(asdict, seals))
    with transaction(db):
        until = max(last, waiting[-1]["run"])
        db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", [f"sealed {outlet}", f"{until} {line_hash}"])
        db.execute("DELETE FROM about WHERE key = ?", [f"grown {outlet}"])


def has_grown(db: sqlite3.Connection, outlet: str, run: int) -> None:
    """A run that was merged while it went on there has more captures now: it gets a further line, of all of them.

    The line before speaks of its first captures, and the first bytes of its file. In the caller's transaction.
    """
    last, _ = sealed_until(db).get(outlet, (0, ""))
    if run <= last:
        db.execute("INSERT OR IGNORE INTO about VALUES (?, '[]')", [f"grown {outlet}"])
        grown = "UPDATE about SET value = json_insert(value, '$[#]', ?) WHERE key = ?"
        db.execute(grown, [run, f"grown {outlet}"])


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


def leaf_hash(leaf: bytes) -> bytes:
    """What the tree has of a leaf: it stays where the row is withheld."""
    return sha256(b"\0" + leaf).digest()


def merkle_root(nodes: Iterable[bytes]) -> tuple[int, str]:
    """How many leaves, and the root of RFC 6962's tree over them, hex; in memory for the logarithm of their number."""
    count, peaks = 0, list[tuple[int, bytes]]()
    for node in nodes:
        count += 1
        size = 1
        while peaks and peaks[-1][0] == size:
            size, node = 2 * size, sha256(b"\1" + peaks.pop()[1] + node).digest()
        peaks.append((size, node))
    root = peaks.pop()[1] if peaks else sha256(b"").digest()
    while peaks:
        root = sha256(b"\1" + peaks.pop()[1] + root).digest()
    return count, root.hex()


def root_of(
    db: sqlite3.Connection, run: int, warc: str, sealed_as: str | None = None, first: int = -1
) -> tuple[int, str]:
    """Number and root of a run's captures in a WARC file, as the archive has them now, or withholds them.

    `sealed_as` is the name that the file had where it was sealed, before it came here; `first` so many of them.
    """
    return _root_of(db, lambda sql: sql, {"run": run, "warc": warc, "sealed_as": sealed_as or warc, "first": first})


def root_of_all(db: sqlite3.Connection, outlet: str, warc: str) -> tuple[int, str]:
    """The same of all runs of an outlet: a file that two archives imported has its captures in one run of either."""
    of_all = "run IN (SELECT id FROM runs WHERE outlet = :outlet)"
    values = {"outlet": outlet, "warc": warc, "sealed_as": warc, "first": -1}
    return _root_of(db, lambda sql: sql.replace("run = :run", of_all), values)


def _root_of(db: sqlite3.Connection, of: Callable[[str], str], values: dict[str, Any]) -> tuple[int, str]:
    sql = of(_LEAVES + (_WITHHELD if has_tombstones(db) else "")) + " ORDER BY offset LIMIT :first"
    rows = db.execute(sql, values)
    return merkle_root(
        bytes.fromhex(row["hashed"]) if row["hashed"] else leaf_hash(row["leaf"].encode()) for row in rows
    )


def digest(path: Path, first: int | None = None) -> tuple[int, str | None]:
    """Size and SHA-256 of a file, or of its `first` bytes; 0 and None where there is none."""
    try:
        with path.open("rb") as file:
            if first is not None:
                whole = sha256()
                while block := file.read(min(1 << 20, first - file.tell())):
                    whole.update(block)
                return file.tell(), whole.hexdigest()
            return os.fstat(file.fileno()).st_size, file_digest(file, "sha256").hexdigest()
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
    size, now = digest(folder / warc)
    whole = as_captured(db, warc, now)
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
