"""Parquet, in row groups of a bounded size; pyarrow is the extra `ewbscraper[parquet]` and imported only here."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from ewbscraper.errors import NotInstalled

Rows = Iterable[tuple[Any, ...]]

ROW_GROUP = 16_000_000
"""Bytes of Arrow's memory after which a row group is written."""
CHUNK = 1_000
"""Rows that become columns at a time."""


def pyarrow() -> Any:
    """The library. Raises NotInstalled with the command that installs it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise NotInstalled.of("parquet", f"Parquet needs pyarrow ({error})") from error
    return pyarrow


def schema(kinds: dict[str, str]) -> Any:
    """Arrow's schema of columns by name, each `integer`, `real`, `text` or `blob`."""
    arrow = pyarrow()
    types = {"integer": arrow.int64(), "real": arrow.float64(), "text": arrow.string(), "blob": arrow.binary()}
    return arrow.schema([(name, types[kind]) for name, kind in kinds.items()])


def write_rows(names: list[str], rows: Rows, out: Path) -> None:
    """Rows of unknown types, as a query has them: each column's type is read off its values.

    Whole numbers and fractions in one column are fractions; any other mixture is text (bytes as hex), a column without
    a value too. The rows wait in a temporary database of SQLite's until the last has shown its types.
    """
    pyarrow()
    with closing(sqlite3.connect("", isolation_level=None)) as waiting:
        columns = [f"c{number}" for number in range(len(names))]
        waiting.execute(f"CREATE TABLE waiting ({', '.join(columns)})")
        waiting.execute("BEGIN")
        waiting.executemany(f"INSERT INTO waiting VALUES ({', '.join('?' * len(columns))})", rows)
        seen = waiting.execute(f"SELECT DISTINCT {', '.join(f'typeof({column})' for column in columns)} FROM waiting")
        kinds = [_kind(set(types) - {"null"}) for types in zip(*seen, strict=True)] or ["text"] * len(names)
        read = ", ".join(map(_as_kind, columns, kinds))
        typed = schema(dict(zip(names, kinds, strict=True)))
        write_batches(out, typed, waiting.execute(f"SELECT {read} FROM waiting"))


def _kind(types: set[str]) -> str:
    if types == {"integer", "real"}:
        return "real"
    return types.pop() if len(types) == 1 else "text"


def _as_kind(column: str, kind: str) -> str:
    if kind == "real":
        return f"CAST({column} AS REAL)"
    as_text = f"CASE typeof({column}) WHEN 'blob' THEN lower(hex({column})) ELSE CAST({column} AS TEXT) END"
    return as_text if kind == "text" else column


def write_batches(out: Path, columns: Any, rows: Rows) -> int:
    """Rows of a known schema, streamed into row groups; returns how many."""
    arrow = pyarrow()
    held, size, number = [], 0, 0
    with arrow.parquet.ParquetWriter(out, columns, compression="zstd") as writer:
        for chunk in _chunks(rows):
            by_column = zip(zip(*chunk, strict=True), columns.types, strict=True)
            arrays = [arrow.array(values, kind) for values, kind in by_column]
            held.append(arrow.RecordBatch.from_arrays(arrays, schema=columns))
            size += held[-1].nbytes
            number += len(chunk)
            if size > ROW_GROUP:
                writer.write_table(arrow.Table.from_batches(held))
                held, size = [], 0
        if held:
            writer.write_table(arrow.Table.from_batches(held))
    return number


def _chunks(rows: Rows) -> Iterator[list[tuple[Any, ...]]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
