"""A copy of the archive as it was at one moment, taken while a crawl writes."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from ewbscraper.archive import search
from ewbscraper.archive.articles.texts import WITHOUT_TEXT
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import read
from ewbscraper.archive.export.aside import file_aside
from ewbscraper.archive.times import utc_now
from ewbscraper.errors import InTheWay


def snapshot(archive: Path, out: Path, *, without_text: bool = False) -> None:
    """Writes a whole, compact archive to `out`, aside and renamed; the crawl does not wait for it.

    With the `warc/` folder beside it, it is the archive again. `without_text` leaves out standfirsts and bodies, of
    revisions too, and what the index had of them; the hashes stay. Raises NoArchive, NotAnArchive, InTheWay,
    OSError.
    """
    if out.exists():
        raise InTheWay(f"{out} is there already, and a snapshot replaces nothing: name another file")
    if not out.absolute().parent.is_dir():  # SQLite says only that it cannot open it
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out))
    with file_aside(out) as aside:
        aside.unlink(missing_ok=True)
        with closing(read(archive)) as db:
            db.execute("PRAGMA query_only = 0")  # it would refuse the copy; the archive itself is opened mode=ro
            db.execute("VACUUM INTO ?", [str(aside)])
        if without_text:
            _leave_out_text(aside)
        with aside.open("rb") as file:
            os.fsync(file.fileno())


def _leave_out_text(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        search.register(db)
        with transaction(db):
            db.execute("UPDATE articles SET standfirst = NULL, body = '', body_html = ''")
            db.execute("UPDATE revisions SET standfirst = NULL, body = ''")
            left_out = f"standfirst, body and body_html of articles and revisions were left out on {utc_now()}"
            db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", [WITHOUT_TEXT, left_out])
            search.reindex(db)
        db.execute("VACUUM")  # the pages that held the texts are gone, not only free
