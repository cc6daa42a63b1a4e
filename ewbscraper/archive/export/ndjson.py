"""A file per table, an object a line."""

import sqlite3
from pathlib import Path

from ewbscraper.archive.export.datapackage import resource, write_descriptor
from ewbscraper.archive.export.progress import Tell, counted
from ewbscraper.archive.export.rows import write_lines
from ewbscraper.archive.export.tables import Selection, tables_of


def write(db: sqlite3.Connection, folder: Path, selection: Selection, tell: Tell) -> str:
    """Writes into an empty folder; returns what was written, in words."""
    tables, values = tables_of(db), selection.values
    from_where = {table.name: f"{table.name} WHERE {selection.rows_of(table)}" for table in tables}
    sizes = {name: _number(db, f"SELECT count(*) FROM {rows}", values) for name, rows in from_where.items()}
    done, total = 0, sum(sizes.values())
    for table in tables:
        rows = db.execute(f"{table.select()} {from_where[table.name]}", values)
        with (folder / f"{table.name}.ndjson").open("w", encoding="utf-8", newline="\n") as file:
            write_lines(table.names, counted(rows, done, total, tell), file)
        done += sizes[table.name]
    written = [resource(table, f"{table.name}.ndjson", "ndjson", sizes[table.name], selection) for table in tables]
    write_descriptor(folder, written, selection)
    return f"{sizes['articles']} articles, {total} rows in {len(tables)} tables"


def _number(db: sqlite3.Connection, sql: str, values: dict[str, str | None]) -> int:
    return int(db.execute(sql, values).fetchone()[0])
