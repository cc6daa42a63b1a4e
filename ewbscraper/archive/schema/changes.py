"""Which parts of a table changed: each has a random stamp, and gets another one at every change, whoever makes it.

Triggers keep them, in plain SQL, so that merges, takedowns and edits by hand count as a crawl does. Equal stamps mean
equal rows, also of two copies of an archive: an export need not read what has the stamp of its last time. Where a
trigger is missing (`sqlite-utils transform` drops them), the table has no stamps. To save an article takes 6 % more
instructions with them.
"""

import sqlite3

BLOCK = 12
"""A block is 4,096 numbers in a row, of articles, captures or runs: 2 to the 12th."""
NUMBERED = {
    "article_authors": "article",
    "article_places": "article",
    "article_sections": "article",
    "article_tags": "article",
    "captions": "article",
    "captures": "id",
    "found_by": "article",
    "links": "article",
    "media": "article",
    "readings": "article",
    "related_posts": "article",
    "rights": "capture",
    "runs": "id",
    "source_answers": "run",
}
"""Tables in blocks, and by which number."""
BY_OUTLET = ("frontier",)
BY_MONTH = ("articles", "revisions")
"""By outlet and month, both those of the article: `ewb 2026-11`."""

_TABLE = """
CREATE TABLE _changes (
  name TEXT NOT NULL,
  part NOT NULL,
  stamp INTEGER NOT NULL,
  PRIMARY KEY (name, part)
) WITHOUT ROWID
"""
_MONTH = "{0}.outlet || ' ' || ifnull(substr({0}.published_utc, 1, 7), '')"
_STAMP = "INSERT INTO _changes SELECT '{0}', {1}, random() {2} ON CONFLICT DO UPDATE SET stamp = random()"
"""A conflict clause of its own: `OR REPLACE` would give way to the `OR IGNORE` of the statement that fires."""


def begin(db: sqlite3.Connection) -> None:
    """The stamps of each table that is there: of one that a later migration makes that migration begins them."""
    db.execute(_TABLE)
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for name in (*NUMBERED, *BY_OUTLET, *BY_MONTH):
        if name in there:
            begin_table(db, name)
    db.execute("INSERT INTO _changes VALUES ('archive', '', random())")


def begin_table(db: sqlite3.Connection, name: str) -> None:
    """A stamp for all that is there of a table, and the triggers."""
    rows = "revisions JOIN articles ON articles.id = article" if name == "revisions" else name
    part = _MONTH.format("articles") if name in BY_MONTH else _part(name, name)
    db.execute(f"INSERT INTO _changes SELECT '{name}', part, random() FROM (SELECT DISTINCT {part} part FROM {rows})")
    for statement in triggers(name).values():
        db.execute(statement)


def archive_stamp(db: sqlite3.Connection) -> int | None:
    """One that never changes, and is that of copies too."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = '_changes'").fetchone():
        return None  # of an earlier version, which is only read
    row = db.execute("SELECT stamp FROM _changes WHERE name = 'archive'").fetchone()
    return row[0] if row else None


def stamps(db: sqlite3.Connection, name: str) -> dict[str | int, int] | None:
    """By part, in order; None where the archive keeps none of this table, or not all."""
    if name not in (*NUMBERED, *BY_OUTLET, *BY_MONTH):
        return None
    there = dict(map(tuple, db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")))
    if any(there.get(trigger) != sql for trigger, sql in triggers(name).items()):
        return None
    return dict(map(tuple, db.execute("SELECT part, stamp FROM _changes WHERE name = ? ORDER BY part", [name])))


def triggers(name: str) -> dict[str, str]:
    """Those that keep the stamps of a table, by name."""
    made = [*_own(name), *_of_replaced(name), *(_moved() if name == "revisions" else ())]
    return {
        f"_changes_{name}_{number}": f"CREATE TRIGGER _changes_{name}_{number} {when} BEGIN {stamp}; END"
        for number, (when, stamp) in enumerate(made)
    }


def _part(name: str, row: str) -> str:
    if name in BY_MONTH:
        return _MONTH.format("articles" if name == "revisions" else row)
    return f"{row}.outlet" if name in BY_OUTLET else f"{row}.{NUMBERED[name]} >> {BLOCK}"


def _stamp(name: str, row: str) -> str:
    where = f"FROM articles WHERE id = {row}.article" if name == "revisions" else "WHERE true"
    return _STAMP.format(name, _part(name, row), where)


def _own(name: str) -> list[tuple[str, str]]:
    key = {"articles": "outlet, published", "revisions": "article", "frontier": "outlet"}.get(name) or NUMBERED[name]
    return [
        (f"AFTER INSERT ON {name}", _stamp(name, "NEW")),
        (f"AFTER UPDATE ON {name}", _stamp(name, "NEW")),
        (f"AFTER UPDATE OF {key} ON {name}", _stamp(name, "OLD")),
        (f"AFTER DELETE ON {name}", _stamp(name, "OLD")),
    ]


def _of_replaced(name: str) -> list[tuple[str, str]]:
    """What `OR REPLACE` takes away fires nothing, and may be of another part: its keys are of the whole table.

    Of `media` the same block is stamped by the row that comes; a page that names an old picture must stamp none.
    """
    found = {
        "articles": ("id, url", "articles WHERE id = NEW.id OR url = NEW.url"),
        "revisions": ("id", "articles WHERE id = (SELECT article FROM revisions WHERE id = NEW.id)"),
        "media": (
            "outlet, url",
            f"media WHERE outlet = NEW.outlet AND url = NEW.url AND article >> {BLOCK} != NEW.article >> {BLOCK}",
        ),
    }
    if name not in found:
        return []
    key, rows = found[name]
    stamp = _STAMP.format(name, _part(name, name), f"FROM {rows}")
    return [(f"BEFORE INSERT ON {name}", stamp), (f"BEFORE UPDATE OF {key} ON {name}", stamp)]


def _moved() -> list[tuple[str, str]]:
    """Revisions go with their article into another month, and with its row where they outlive it for a moment."""
    found = " ON articles WHEN EXISTS (SELECT 1 FROM revisions WHERE article = {0}.id)"
    revised = "EXISTS (SELECT 1 FROM revisions WHERE article = articles.id)"
    replaced = f"FROM articles WHERE (id = NEW.id OR url = NEW.url) AND {revised}"
    before = _STAMP.format("revisions", _MONTH.format("articles"), replaced)
    new, old = (_STAMP.format("revisions", _MONTH.format(row), "WHERE true") for row in ("NEW", "OLD"))
    return [
        ("BEFORE INSERT ON articles", before),
        ("BEFORE UPDATE OF id, url ON articles", before),
        ("AFTER INSERT" + found.format("NEW"), new),
        ("AFTER UPDATE OF id, outlet, published" + found.format("NEW"), new),
        ("AFTER UPDATE OF id, outlet, published" + found.format("OLD"), old),
        ("AFTER DELETE" + found.format("OLD"), old),
    ]
