"""The seals of another archive, beside ours as a chain of their own: as far as the rows that came with them."""

import sqlite3
from hashlib import sha256
from pathlib import Path

from ewbscraper.archive.merge.files import copy, digest_of, is_part_of
from ewbscraper.archive.warc.chain import FIRST
from ewbscraper.archive.warc.seals import FILE, Seal, read_seals, sealed_until

AGAIN = "copy archive.db, then seals.txt, then warc/ again, and merge again"


_CAPTURES = """
SELECT finished,
  (SELECT count(*) FROM captures WHERE run = runs.id AND (warc = :warc OR instr(warc, :stem) = 1))
  + (SELECT count(*) FROM withheld_records
     WHERE run = runs.id AND leaf IS NOT NULL AND (warc = :warc OR instr(warc, :stem) = 1)) AS captures
FROM runs WHERE outlet = :outlet AND started = :started ORDER BY captures DESC
"""


def bring_seals(theirs: sqlite3.Connection, there: Path, here: Path) -> tuple[list[str], list[str]]:
    """Copies them as `seals-<digest of its first line>.txt`; those that changed, and sentences: what is wrong there."""
    changed, wrong, missed = list[str](), list[str](), {line: what for what, line in _last_lines(theirs)}
    for source in sorted([*there.glob(FILE), *there.glob("seals-*.txt")]):
        length, said = _sound(theirs, source, missed)
        wrong += said
        if not length or ((here / FILE).exists() and is_part_of(source, here / FILE)):
            continue
        with source.open("rb") as file:
            own = f"seals-{sha256(file.readline(1 << 16)).hexdigest()[:8]}.txt"
        for name in (own, f"seals-{digest_of(source)[:16]}.txt"):
            target = here / name
            if target.exists() and (is_part_of(source, target) or _has(target, source, length)):
                break
            if not target.exists() or is_part_of(target, source):
                copy(source, target, first=length)
                changed.append(name)
                break
    wrong += [f"{there / FILE} lacks the line {what}: {AGAIN}" for what in missed.values()]
    return changed, wrong


def _last_lines(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(f"of run {run} of {outlet}", line) for outlet, (run, line) in sealed_until(db).items()]


def _has(target: Path, source: Path, length: int) -> bool:
    return target.stat().st_size >= length and is_part_of(target, source)


def _sound(db: sqlite3.Connection, path: Path, missed: dict[str, str]) -> tuple[int, list[str]]:
    """How many bytes may come, and what is wrong; lines that are there are missed no more.

    A line of a run that went on when archive.db was copied comes with its rows, next time.
    """
    length, wrong, previous, ends = 0, list[str](), FIRST, False
    for number, line, seal in read_seals(path):
        if line.endswith(b"\n") and (seal is None or seal.previous != previous):
            wrong.append(f"line {number} of {path} does not follow what stands before it: {AGAIN}")
        previous = sha256(line).hexdigest()
        missed.pop(previous, None)
        if seal and not ends and (run := _run_that_lacks(db, seal)):
            ends = True
            if run["finished"]:
                said = f"line {number} of {path} seals {seal.captures} captures of run {seal.run} of {seal.outlet}"
                wrong.append(f"{said}, and archive.db has {run['captures']}: {AGAIN}")
        ends = ends or not line.endswith(b"\n")
        length += 0 if ends else len(line)
    return length, wrong


def _run_that_lacks(db: sqlite3.Connection, seal: Seal) -> sqlite3.Row | None:
    """The run of a line, where the archive has fewer captures of it than that says; None where it has no such run."""
    stem, _, _ = seal.warc.partition(".warc")
    values = {"outlet": seal.outlet, "started": seal.started, "warc": seal.warc, "stem": f"{stem}-"}
    run: sqlite3.Row | None = db.execute(_CAPTURES, values).fetchone()
    return run if run and run["captures"] < seal.captures else None
