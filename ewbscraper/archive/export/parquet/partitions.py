"""Parquet: a folder for each table, of files that the next export writes again only where their rows have changed.

`articles/outlet=ewb/month=2026-11/part-0.parquet`, as DuckDB, pandas, Spark and arrow read it; the month is that of
the article's `published_utc`. What hangs on articles, captures and runs has a file for each 4,096 of them,
`captions/part-7.parquet`, the frontier one for each outlet. What has changed the archive's stamps tell (`changes.py`);
where it has none, of small tables and of a selection, all rows are read for their SHA-256.
"""

import re
import sqlite3
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from filelock import FileLock, Timeout

from ewbscraper.archive.export.aside import file_aside
from ewbscraper.archive.export.datapackage import NAME, resource, write_descriptor
from ewbscraper.archive.export.parquet import left
from ewbscraper.archive.export.parquet import writer as parquet
from ewbscraper.archive.export.parquet.left import Left
from ewbscraper.archive.export.parquet.parts import Part, blocks_of, no_rows_of, parts_of
from ewbscraper.archive.export.progress import Tell
from ewbscraper.archive.export.tables import Selection, tables_of
from ewbscraper.archive.schema.changes import archive_stamp
from ewbscraper.errors import ArchiveBusy

UNFINISHED = ".unfinished"
"""Stands in the folder, in place of the descriptor, while it is written, and is locked."""


NAMED = 3
"""Files that are named where they were not as the last export had left them."""


def write(db: sqlite3.Connection, folder: Path, selection: Selection, tell: Tell) -> str:
    """Writes into a new folder, or brings that of an earlier export up to date; returns what was written, in words.

    Raises ArchiveBusy where another export writes there: a timer's may take longer than its hour.
    """
    parquet.pyarrow()
    folder.mkdir(parents=True, exist_ok=True)
    new, whole = not any(folder.iterdir()), (folder / NAME).exists()
    alone = FileLock(folder / UNFINISHED)
    try:
        alone.acquire(timeout=0)
    except Timeout as error:
        raise ArchiveBusy(f"another export into {folder} goes on: let it end") from error
    try:
        update, files, removed = _bring_up_to_date(db, folder, selection, tell)
        (folder / UNFINISHED).unlink()
    finally:
        alone.release()
    said = f"{update.written} files written, {len(files) - update.written} unchanged, {removed} removed"
    if update.anew and not new:
        return f"{said}; all anew: the folder was of another archive, or of an earlier version"
    return said + (_mended(update.mended) if whole else "")


def _bring_up_to_date(
    db: sqlite3.Connection, folder: Path, selection: Selection, tell: Tell
) -> tuple["_Update", set[str], int]:
    """What was done, the files, and how many others were removed."""
    (folder / NAME).unlink(missing_ok=True)
    archive = archive_stamp(db)
    known = left.read(folder, archive)
    if known is None:
        left.write(folder, archive, ())
    with (folder / left.NAME).open("a", encoding="utf-8") as told:
        update = _Update(db, folder, known, told)
        files = update.bring_all(selection, tell)
    removed = _remove_others(folder, files)
    left.write(folder, archive, update.parts.values())
    write_descriptor(folder, update.resources(selection), selection)
    return update, files, removed


class _Update:
    """Brings file after file up to date."""

    def __init__(self, db: sqlite3.Connection, folder: Path, known: dict[str, Left] | None, told: TextIO) -> None:
        self._db, self._folder, self._known, self._told = db, folder, known or {}, told
        self.anew = known is None
        self._tables = tables_of(db)
        self.parts: dict[str, Left] = {}
        self.written = 0
        self.mended: list[str] = []

    def bring_all(self, selection: Selection, tell: Tell) -> set[str]:
        """Every table; returns the files."""
        blocks = {table.name: blocks_of(self._db, table, selection) for table in self._tables}
        done, total = 0, sum(max(1, len(of)) for of in blocks.values())
        for table in self._tables:
            some = 0
            for part in parts_of(table, blocks[table.name], selection):
                some += self._bring(part)
                done += 1
                tell(done, total)
            if not some:
                self._bring(no_rows_of(table))
            if not blocks[table.name]:
                done += 1
                tell(done, total)
        return {path for path, one in self.parts.items() if one.bytes}

    def resources(self, selection: Selection) -> list[dict[str, object]]:
        """Of the descriptor."""
        found: dict[str, list[Left]] = {table.name: [] for table in self._tables}
        for path, one in self.parts.items():
            if one.bytes:
                found[path.partition("/")[0]].append(one)
        return [
            resource(table, [one.path for one in ours], "parquet", sum(one.rows for one in ours), selection)
            for table, ours in zip(self._tables, found.values(), strict=True)
        ]

    def _bring(self, part: Part) -> bool:
        """Whether there is a file of it."""
        had, seen = self._known.get(part.path), part.seen(self._db)
        as_left = had is not None and had.is_in(self._folder)
        if had and as_left and had.seen == seen:
            now = had
        else:
            if had and not as_left:
                self.mended.append(part.path)
            rows = self._write(part)
            now = Left(part.path, 0, seen) if rows is None else left.left(part.path, rows, seen, self._folder)
            left.add(now, self._told)
            self.written += bool(now.bytes)
        self.parts[part.path] = now
        return bool(now.bytes)

    def _write(self, part: Part) -> int | None:
        rows, path = part.read(self._db), self._folder / part.path
        first = list(islice(rows, 1))
        if not first and not part.always:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = parquet.schema({column.name: column.kind for column in part.table.columns})
        with file_aside(path) as aside:
            return parquet.write_batches(aside, columns, chain(first, rows))


def _mended(paths: list[str]) -> str:
    if not paths:
        return ""
    more = f" and {len(paths) - NAMED:,} more" * (len(paths) > NAMED)
    return f"; mended, as they were missing or changed: {', '.join(paths[:NAMED])}{more}"


_OURS = re.compile(r"part--?\d+\.parquet|\.part--?\d+\.parquet\.part")
"""Not what Spark wrote there, `part-00000-6e1f.snappy.parquet`."""


def _remove_others(folder: Path, wanted: set[str]) -> int:
    """Partitions that have no rows any more; half-written files of a run that was killed."""
    others = [
        path
        for inside in ("*", "*/outlet=*", "*/outlet=*/month=*")
        for path in folder.glob(f"{inside}/*part-*")
        if _OURS.fullmatch(path.name) and path.relative_to(folder).as_posix() not in wanted
    ]
    for path in others:
        path.unlink()
        for parent in list(path.relative_to(folder).parents)[:-1]:
            if not any((folder / parent).iterdir()):
                (folder / parent).rmdir()
    return len(others)
