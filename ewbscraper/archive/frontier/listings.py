"""How far a source was read: when the rest of its list may be skipped, and where a reading that broke off goes on.

The list comes newest change first, so a page on which all is known ends it, where three things hold: the last
reading came to its end (a broken one has shown changes of its first pages only), the number that the source names
is the last one plus what is new since (else something was removed), and the whole list was read within a day (a
removal and an addition that we do not see cancel each other out in the number).

A reading that a run could not bring to its end is brought there by the next ones: each reads from the top until all
is known, then what the others have left. One reading of several runs names as much as one of a single run.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import timedelta

from ewbscraper.archive.times import later, utc_now

WHOLE_LIST_EVERY = timedelta(days=1)


class Listing:
    """One source of one outlet in one run. Writes need an open transaction of the caller."""

    def __init__(self, db: sqlite3.Connection, outlet: str, source: str, run: int) -> None:
        self._db, self._key = db, {"outlet": outlet, "source": source}
        row = db.execute("SELECT * FROM listings WHERE outlet = :outlet AND source = :source", self._key).fetchone()
        fresh = row is not None and (row["whole_at"] or "") > later(utc_now(), -WHOLE_LIST_EVERY)
        self.was_read = row is not None and not row["reading"]
        """The last reading came to its end."""
        self.rest: tuple[str, ...] = tuple(json.loads(row["rest"] or "[]")) if row else ()
        """Addresses that the last reading has left for this run; none where this one begins anew."""
        self.began_in_run: int = row["began_in_run"] if self.rest else run
        self._last_total = row["total"] if fresh and not row["reading"] else None
        self._total: int | None = row["total"] if self.rest else None

    def begin(self) -> None:
        """From here to `end` the list counts as half read."""
        self._db.execute(
            "INSERT INTO listings (outlet, source, reading, began_in_run) VALUES (:outlet, :source, 1, :run)"
            " ON CONFLICT (outlet, source) DO UPDATE SET reading = 1, began_in_run = :run",
            {**self._key, "run": self.began_in_run},
        )

    def read(self, rest: Sequence[str], total: int | None, on_top: int = 0) -> None:
        """A page was read: what it leaves to be asked, the number that it names, the new links on top of the list.

        The number of a reading is that of its first page and what came on top since: what is removed meanwhile makes
        the next number another one.
        """
        self._total = total if self._total is None else self._total + on_top
        self._db.execute(
            "UPDATE listings SET rest = :rest, total = :total WHERE outlet = :outlet AND source = :source",
            {**self._key, "rest": json.dumps(rest) if rest else None, "total": self._total},
        )

    def may_end(self, *, known: bool, total: int | None, new: int) -> bool:
        """Whether the pages behind this one can hold no news; `new` links were unknown until this reading."""
        return known and total is not None and self._last_total is not None and total == self._last_total + new

    def end(self, *, whole: bool) -> None:
        """The reading came to its end, of the `whole` list or where `may_end` allowed it."""
        self._db.execute(
            "UPDATE listings SET reading = 0, rest = NULL, whole_at = iif(:whole, :now, whole_at)"
            " WHERE outlet = :outlet AND source = :source",
            {**self._key, "whole": whole, "now": utc_now()},
        )
