"""How far a source that lists everything was read: when the rest of its list may be skipped.

The list comes newest change first, so a page on which all is known ends it, where three things hold: the last
reading came to its end (a broken one has shown changes of its first pages only), the number that the source names
is the last one plus what is new since (else something was removed), and the whole list was read within a day (a
removal and an addition that we do not see cancel each other out in the number).
"""

import sqlite3
from datetime import timedelta

from ewbscraper.archive.times import later, utc_now

WHOLE_LIST_EVERY = timedelta(days=1)


class Listing:
    """One source of one outlet. Writes need an open transaction of the caller."""

    def __init__(self, db: sqlite3.Connection, outlet: str, source: str) -> None:
        self._db, self._key = db, {"outlet": outlet, "source": source}
        row = db.execute("SELECT * FROM listings WHERE outlet = :outlet AND source = :source", self._key).fetchone()
        fresh = row is not None and (row["whole_at"] or "") > later(utc_now(), -WHOLE_LIST_EVERY)
        self.was_read = row is not None and not row["reading"]
        """The last reading came to its end."""
        self._last_total = row["total"] if fresh and not row["reading"] else None

    def begin(self) -> None:
        """From here to `end` the list counts as half read."""
        self._db.execute(
            "INSERT INTO listings (outlet, source, reading) VALUES (:outlet, :source, 1)"
            " ON CONFLICT (outlet, source) DO UPDATE SET reading = 1",
            self._key,
        )

    def may_end(self, *, known: bool, total: int | None, new: int) -> bool:
        """Whether the pages behind this one can hold no news; `new` links were unknown until this reading."""
        return known and total is not None and self._last_total is not None and total == self._last_total + new

    def end(self, total: int | None, *, whole: bool) -> None:
        """The reading came to its end, of the `whole` list or where `may_end` allowed it."""
        self._db.execute(
            "UPDATE listings SET reading = 0, total = :total, whole_at = iif(:whole, :now, whole_at)"
            " WHERE outlet = :outlet AND source = :source",
            {**self._key, "total": total, "whole": whole, "now": utc_now()},
        )
