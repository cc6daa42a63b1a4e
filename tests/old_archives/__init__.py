"""Archives as earlier versions of the tables made them: `m003.sql` is of one that had seen three changes.

None is ever changed. `pytest tests/archive/test_migrations.py --update-pages` writes that of the newest version.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent


def kept() -> list[Path]:
    """The dumps, oldest first."""
    return sorted(HERE.glob("*.sql"))


def dump(db: sqlite3.Connection) -> str:
    """An archive as SQL, the search index as the tables that it consists of."""
    return "\n".join(line for line in db.iterdump() if not line.startswith('INSERT INTO "articles_fts" ')) + "\n"


def restore(sql: str, path: Path) -> Path:
    """The archive, as a file."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(sql)
        db.execute("PRAGMA journal_mode = WAL")
    return path
