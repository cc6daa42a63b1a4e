"""The tables of archive.db, as migrations. A change is a new function at the bottom, never an edit above.

Times are ISO 8601. What we stamp ourselves (first_seen, fetched_at, started ...) is UTC, `2026-11-23T03:00:00Z`;
what the outlet says (published, modified) keeps its offset.
"""

from importlib.resources import files

from sqlite_utils import Database, Migrations

migrations = Migrations("ewbscraper")


@migrations()
def m001_the_first_tables(db: Database) -> None:
    """Everything a crawl writes. Text columns stand last, so that counting and sorting never read them."""
    for statement in files(__package__).joinpath("first_tables.sql").read_text("utf-8").split(";\n\n"):
        db.execute(statement)


@migrations()
def m002_until_when_a_site_is_left_alone(db: Database) -> None:
    """What Retry-After asked for outlives the run that was told."""
    db.execute("ALTER TABLE runs ADD COLUMN wait_until TEXT")


@migrations()
def m003_outlets_that_a_crawl_found(db: Database) -> None:
    """Sources that nobody has written down, and what the looks at live sites saw."""
    for statement in FOUND_OUTLETS.split(";\n\n"):
        db.execute(statement)


@migrations()
def m006_what_other_tools_captured(db: Database) -> None:
    """Pages that `import` brought in: the tool and its file; null where our own crawl captured."""
    db.execute("ALTER TABLE captures ADD COLUMN origin TEXT")


FOUND_OUTLETS = """
ALTER TABLE outlets ADD COLUMN found_at TEXT;

ALTER TABLE outlets ADD COLUMN sources TEXT;

CREATE TABLE looks (
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL,
  looked TEXT NOT NULL,
  answered INTEGER NOT NULL,
  sources TEXT NOT NULL,
  articles INTEGER NOT NULL,
  coverage TEXT NOT NULL
);

CREATE INDEX looks_outlet ON looks(outlet, looked)
"""
