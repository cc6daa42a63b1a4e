"""What an export is of: the tables as the schema has them, their meaning out of tables.yml, and a selection."""

import sqlite3
from dataclasses import dataclass

from ewbscraper.archive.schema.described import tables as described
from ewbscraper.errors import BadQuery


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    kind: str
    """`integer`, `real` or `text`."""
    required: bool
    description: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    name: str
    title: str
    description: str | None
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...]
    """Column, table, column there."""

    @property
    def names(self) -> list[str]:
        """Of the columns, in order."""
        return [column.name for column in self.columns]

    def select(self, columns: list[str] | None = None) -> str:
        """The columns, each named, and FROM."""
        return f"SELECT {', '.join(f'{self.name}.{name}' for name in columns or self.names)} FROM"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles, and what hangs on them; None is any."""

    outlet: str | None = None
    since: str | None = None
    """First day, of `published_utc`."""
    until: str | None = None
    """Last day."""

    @property
    def articles(self) -> str:
        """A condition on `articles`."""
        conditions = [
            self.outlet and "articles.outlet = :outlet",
            self.since and "articles.published_utc >= :since",
            self.until and "articles.published_utc < date(:until, '+1 day')",
        ]
        return " AND ".join(filter(None, conditions)) or "1"

    @property
    def values(self) -> dict[str, str | None]:
        """Of the conditions' parameters."""
        return {"outlet": self.outlet, "since": self.since, "until": self.until}

    def rows_of(self, table: Table) -> str:
        """A condition on any table: what belongs to the articles, else to the outlet; names and places are whole."""
        if self == Selection():
            return "1"
        if table.name == "articles":
            return self.articles
        if table.name.startswith("withheld"):
            return self._tombstones(table)
        if "article" in table.names:
            return f"{table.name}.article IN (SELECT id FROM articles WHERE {self.articles})"
        if self.outlet and table.name == "outlets":
            return "outlets.slug = :outlet"
        if self.outlet and "outlet" in table.names:
            return f"{table.name}.outlet = :outlet"
        if self.outlet and "run" in table.names:
            return f"{table.name}.run IN (SELECT id FROM runs WHERE outlet = :outlet)"
        return "1"

    def _tombstones(self, table: Table) -> str:
        """Those of the outlet: of what they withhold nobody knows when it was published."""
        of_outlet = "(SELECT id FROM withheld WHERE outlet = :outlet)"
        if self.outlet is None:
            return "1"
        if table.name == "withheld_files":
            return f"withheld_files.warc IN (SELECT warc FROM withheld_records WHERE withheld IN {of_outlet})"
        return f"{table.name}.{'id' if table.name == 'withheld' else 'withheld'} IN {of_outlet}"

    def foreign_keys(self, table: Table) -> list[tuple[str, str, str]]:
        """Those that hold: a selection leaves out articles and captures that others point at."""
        return [
            (column, to, there)
            for column, to, there in table.foreign_keys
            if self == Selection() or to not in ("articles", "captures") or column in ("article", "capture")
        ]


def check_outlet(db: sqlite3.Connection, slug: str | None) -> None:
    """Raises BadQuery where the archive has no such outlet."""
    has = [name for (name,) in db.execute("SELECT slug FROM outlets ORDER BY slug")]
    if slug is not None and slug not in has:
        raise BadQuery(f"the archive has no outlet {slug}; it has: {', '.join(has) or 'none'}")


def tables_of(db: sqlite3.Connection) -> list[Table]:
    """Every table that a reader would want, in the order in which the schema made them."""
    names = db.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    made = {name: number for number, (name,) in enumerate(db.execute("SELECT name FROM sqlite_master"))}
    wanted = [name for (name,) in names if not name.startswith(("sqlite_", "_"))]
    return [_table(db, name) for name in sorted(wanted, key=lambda name: made[name])]


def _table(db: sqlite3.Connection, name: str) -> Table:
    meaning = described()["tables"].get(name, {})
    texts = meaning.get("columns", {})
    info = db.execute('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?)', [name]).fetchall()
    keys = db.execute('SELECT "from", "table", "to" FROM pragma_foreign_key_list(?) ORDER BY id DESC', [name])
    columns = [
        Column(column, kind.lower() or "text", bool(notnull or pk), texts.get(column))
        for column, kind, notnull, pk in info
    ]
    primary = sorted((pk, column) for column, _, _, pk in info if pk)
    return Table(
        name=name,
        title=meaning.get("title", name),
        description=meaning.get("description"),
        columns=tuple(columns),
        primary_key=tuple(column for _, column in primary),
        foreign_keys=tuple((column, to, there) for column, to, there in keys),
    )
