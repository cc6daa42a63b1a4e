"""Whether an archive is whole: every digest, every pointer, every text, the index, the chain of seals.

Read-only, from one snapshot, also while a crawl writes; in memory for one record, however many there are.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from ewbscraper.archive.database import read
from ewbscraper.archive.schema.upgrade import pending
from ewbscraper.archive.verify import tables
from ewbscraper.archive.verify.files import Files, chains
from ewbscraper.archive.verify.findings import ARCHIVE, Finding
from ewbscraper.archive.verify.takedowns import takedowns

Progress = Callable[[int, int], None]
"""Called with how many articles and captures are done, and how many there are."""

COUNTED = ("articles", "revisions", "captures")


class Verification:
    """One reading of an archive; what it counts is right once its findings are read to their end."""

    def __init__(self, archive: Path, *, quick: bool = False, progress: Progress = lambda done, total: None) -> None:
        self._archive, self._quick, self._progress = archive, quick, progress
        self.counts = Counter[str]()
        self._done = 0

    def findings(self) -> Iterator[Finding]:
        """Damage and notes. Raises NoArchive, NotAnArchive, Unwritable; `quick`: without reading the WARC files."""
        folder = self._archive.absolute().parent
        lengths = chains(folder)
        with closing(read(self._archive)) as db:
            db.execute("PRAGMA query_only = 0")  # the file is opened read-only; temporary tables are wanted
            db.execute("BEGIN")
            files = Files(db, folder, quick=self._quick)
            checks: list[Callable[[], Iterator[Finding]]] = [
                partial(self._count, db),
                partial(tables.sqlite_itself, db),
                partial(tables.texts, db, self._step),
                partial(tables.revisions, db),
                partial(tables.payloads, db),
                partial(tables.index, db),
                partial(files.seals, lengths),
                partial(takedowns, db, self._archive, quick=self._quick),
            ]
            if not self._quick:
                checks.append(partial(files.warcs, self._step))
            said = set[str]()
            for check in checks:
                try:
                    yield from check()
                except sqlite3.DatabaseError as error:
                    if str(error) not in said:
                        yield Finding("the archive", f"SQLite cannot read it: {error}", ARCHIVE)
                    said.add(str(error))
            self.counts += files.counts

    def _count(self, db: sqlite3.Connection) -> Iterator[Finding]:
        for table in COUNTED:
            self.counts[table] = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        self._total = self.counts["articles"] + (0 if self._quick else self.counts["captures"])
        if pending(db):
            yield Finding("the archive", "an older version made it: the next run upgrades it", None)

    def _step(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)
