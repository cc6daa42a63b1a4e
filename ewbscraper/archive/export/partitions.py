"""Parquet: the tables with texts partitioned by outlet and month, each other table one file.

`articles/outlet=ewb/month=2026-11/part-0.parquet`, as DuckDB, pandas, Spark and arrow read it; the month is that of
the article's `published_utc`. Each file keeps the SHA-256 of its rows, so that the next export into the same folder
writes only what has changed.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ewbscraper.archive.export import parquet
from ewbscraper.archive.export.aside import file_aside
from ewbscraper.archive.export.datapackage import NAME, resource, write_descriptor
from ewbscraper.archive.export.progress import Tell
from ewbscraper.archive.export.tables import Selection, Table, tables_of

UNFINISHED = ".unfinished"
"""Stands in the folder, in place of the descriptor, while it is written."""

_NO_MONTH = "__HIVE_DEFAULT_PARTITION__"
_DIGEST = b"ewbscraper.rows_sha256"


@dataclass(frozen=True, slots=True)
class Part:
    """One file."""

    path: str
    table: Table
    """With the columns of the file: `outlet` of a partition is in its path."""
    sql: str
    values: dict[str, str | None]
    always: bool
    """Also where it has no rows: a reader finds every table."""


def write(db: sqlite3.Connection, folder: Path, selection: Selection, tell: Tell) -> str:
    """Writes into a new folder, or brings that of an earlier export up to date; returns what was written, in words."""
    parquet.pyarrow()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / UNFINISHED).touch()
    (folder / NAME).unlink(missing_ok=True)
    tables = tables_of(db)
    parts = [part for table in tables for part in _parts(db, table, selection)]
    rows: dict[str, int] = {}
    written = 0
    for number, part in enumerate(parts, 1):
        size, digest = _digest(db, part)
        if size or part.always:
            rows[part.path] = size
            written += _write_where_changed(db, folder / part.path, part, digest)
        tell(number, len(parts))
    removed = _remove_others(folder, set(rows))
    write_descriptor(folder, [_resource(table, rows, selection) for table in tables], selection)
    (folder / UNFINISHED).unlink()
    return f"{written} files written, {len(rows) - written} unchanged, {removed} removed"


def _parts(db: sqlite3.Connection, table: Table, selection: Selection) -> Iterator[Part]:
    values = selection.values
    if "body" not in table.names:
        sql = f"{table.select()} {table.name} WHERE {selection.rows_of(table)}"
        yield Part(f"{table.name}/part-0.parquet", table, sql, values, always=True)
        return
    inside = replace(table, columns=tuple(column for column in table.columns if column.name != "outlet"))
    months = (
        "SELECT outlet, substr(published_utc, 1, 7) FROM articles"
        f" WHERE {selection.articles} GROUP BY 1, 2 ORDER BY 1, 2"
    )
    joined = "articles" if table.name == "articles" else f"articles CROSS JOIN {table.name} ON article = articles.id"
    for outlet, month in db.execute(months, values).fetchall():
        when = "published_utc >= :month AND published_utc < :month || '~'" if month else "published_utc IS NULL"
        yield Part(
            f"{table.name}/outlet={outlet}/month={month or _NO_MONTH}/part-0.parquet",
            inside,
            f"{inside.select()} {joined} WHERE articles.outlet = :part AND {when} AND {selection.articles}"
            f" ORDER BY {table.name}.id",
            {**values, "part": outlet, "month": month},
            always=False,
        )


def _digest(db: sqlite3.Connection, part: Part) -> tuple[int, str]:
    """How many rows, and the SHA-256 of their names and values."""
    digest, number = hashlib.sha256(repr(part.table.names).encode()), 0
    for number, row in enumerate(db.execute(part.sql, part.values), 1):  # noqa: B007
        digest.update(repr(row).encode())
    return number, digest.hexdigest()


def _digest_in(path: Path) -> str | None:
    arrow = parquet.pyarrow()
    try:
        metadata = arrow.parquet.read_schema(path).metadata or {}
    except (FileNotFoundError, arrow.ArrowInvalid):
        return None
    return str(metadata.get(_DIGEST, b""), "ascii")


def _write_where_changed(db: sqlite3.Connection, path: Path, part: Part, digest: str) -> bool:
    if digest == _digest_in(path):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    kinds = {column.name: column.kind for column in part.table.columns}
    with file_aside(path) as aside:
        columns = parquet.schema(kinds, {_DIGEST.decode(): digest})
        parquet.write_batches(aside, columns, db.execute(part.sql, part.values))
    return True


def _remove_others(folder: Path, wanted: set[str]) -> int:
    """Partitions that have no rows any more; half-written files of a run that was killed."""
    others = [
        path
        for pattern in ("*/part-0.parquet", "*/*/*/part-0.parquet", "*/.part-0.*", "*/*/*/.part-0.*")
        for path in folder.glob(pattern)
        if path.relative_to(folder).as_posix() not in wanted
    ]
    for path in others:
        path.unlink()
        for parent in list(path.relative_to(folder).parents)[:-1]:
            if not any((folder / parent).iterdir()):
                (folder / parent).rmdir()
    return len(others)


def _resource(table: Table, rows: dict[str, int], selection: Selection) -> dict[str, object]:
    paths = [path for path in rows if path.startswith(f"{table.name}/")]
    return resource(table, paths, "parquet", sum(rows[path] for path in paths), selection)
