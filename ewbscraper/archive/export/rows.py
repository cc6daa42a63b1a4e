"""The rows of any SELECT as JSON, JSON lines, CSV or Parquet: read-only, streamed, no row limit."""

import csv
import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from ewbscraper.archive.database import read
from ewbscraper.archive.export.aside import file_aside
from ewbscraper.archive.export.parquet import writer as parquet
from ewbscraper.archive.export.sample import Sample, Stratum, draw
from ewbscraper.errors import BadQuery

Rows = Iterable[tuple[Any, ...]]


def export_query(
    out: TextIO | Path, archive: Path, sql: str, values: Mapping[str, str], shape: str, sample: Sample | None = None
) -> list[Stratum]:
    """Runs one SELECT and writes all its rows, or a sample, as `json`, `nl`, `csv` or (to a path) `parquet`.

    A file is written aside and renamed. Returns the strata of the sample. Raises BadQuery, InTheWay, NoArchive,
    NotAnArchive, NotInstalled.
    """
    if not isinstance(out, Path):
        return _export(archive, sql, values, sample, lambda names, rows: WRITERS[shape](names, rows, out))
    with file_aside(out) as aside:
        if shape == "parquet":
            return _export(archive, sql, values, sample, lambda names, rows: parquet.write_rows(names, rows, aside))
        with aside.open("w", encoding="utf-8", newline="") as file:
            return _export(archive, sql, values, sample, lambda names, rows: WRITERS[shape](names, rows, file))


def _export(
    archive: Path,
    sql: str,
    values: Mapping[str, str],
    sample: Sample | None,
    write: Callable[[list[str], Rows], None],
) -> list[Stratum]:
    with closing(read(archive)) as db:
        db.row_factory = None
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        db.execute("BEGIN")  # a sample reads twice: both times the same rows
        try:
            names, cursor = run(db, sql, _complete(sql, values))
            if sample is None:
                write(names, cursor)
                return []
            chosen, strata = draw(sample, names, cursor, lambda: db.execute(sql, values))
            write(names, chosen)
            return strata
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise BadQuery(f"the query does not run: {error}") from error


def run(db: sqlite3.Connection, sql: str, values: Mapping[str, str]) -> tuple[list[str], sqlite3.Cursor]:
    """The names of a query's columns, and its rows as they are read. Raises sqlite3.Error, sqlite3.Warning."""
    cursor = db.execute(sql, values)
    return _unique([column[0] for column in cursor.description or ()]), cursor


def _complete(sql: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """Raises BadQuery where a parameter has no value: SQLite's own words name only a number."""
    bare = re.sub(r"""'[^']*'|"[^"]*"|--[^\n]*|/\*.*?(?:\*/|\Z)""", "", sql, flags=re.DOTALL)
    missing = sorted(set(re.findall(r":([A-Za-z_]\w*)", bare)) - set(values))
    if missing:
        raise BadQuery(f"the query wants a value for {', '.join(missing)}: add -p {missing[0]} VALUE")
    return values


def write_json(names: list[str], rows: Rows, out: TextIO) -> None:
    """One array, an object a line."""
    write_array((_dumps(names, row) for row in rows), out)


def write_array(objects: Iterable[str], out: TextIO) -> None:
    """One JSON array of what is JSON already, each on its line."""
    number = 0
    out.write("[")
    for number, one in enumerate(objects, 1):
        out.write(("," if number > 1 else "") + "\n" + one)
    out.write("\n]\n" if number else "]\n")


def write_lines(names: list[str], rows: Rows, out: TextIO) -> None:
    """An object a line, nothing around them."""
    out.writelines(_dumps(names, row) + "\n" for row in rows)


def write_csv(names: list[str], rows: Rows, out: TextIO) -> None:
    """A header line, then a record a row; a cell that a spreadsheet would run as a formula gets an apostrophe.

    A list is joined by `; `, the values of an object in it by ` – `; bytes are hex.
    """
    writer = csv.writer(out)
    writer.writerow(map(_no_formula, names))
    for row in rows:
        writer.writerow([_no_formula(_cell(value)) for value in row])


WRITERS: dict[str, Callable[[list[str], Rows, TextIO], None]] = {
    "json": write_json,
    "nl": write_lines,
    "csv": write_csv,
}


def _unique(names: list[str]) -> list[str]:
    """Two columns of one name are two columns: `a`, `a_2`."""
    return [f"{name}_{names[:i].count(name) + 1}" if name in names[:i] else name for i, name in enumerate(names)]


def _dumps(names: list[str], row: tuple[Any, ...]) -> str:
    values = dict(zip(names, row, strict=True))
    try:
        text = json.dumps(values, ensure_ascii=False, allow_nan=False, default=_bytes)
    except ValueError:  # SQLite has infinity, JSON has not
        infinite = {name: str(value) for name, value in values.items() if value in (math.inf, -math.inf)}
        text = json.dumps({**values, **infinite}, ensure_ascii=False, default=_bytes)
    for line_break in _LINE_BREAKS:
        if line_break in text:
            text = text.replace(line_break, f"\\u{ord(line_break):04x}")
    return text


_LINE_BREAKS = "\x85\u2028\u2029"
"""What some readers take for the end of a line beside those that JSON escapes anyway."""


def _bytes(value: bytes) -> str:
    return value.hex()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(str(_cell(one)) for one in value)
    if isinstance(value, dict):
        return " – ".join(str(one) for one in value.values() if one)
    return value.hex() if isinstance(value, bytes) else value


def _no_formula(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
