"""Pictures and styles that archived pages need to look like themselves: each is asked for once (`crawl --media`).

An address is committed with its article and leaves `waiting` only with its capture committed. States:

    waiting     to be asked for, by this run or the next one
    kept        in the WARC; its row in `captures` names the article in `media_of`
    given up    asked for in MOST_TRIES runs, not had
    elsewhere   on a host that is neither the outlet's nor named in its definition: not asked for
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ewbscraper.address import split
from ewbscraper.archive.tombstones import withheld_among

MOST_TRIES = 3
"""Runs that ask for a picture that cannot be had."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture or a style to ask for now."""

    url: str
    article: int
    """The first article that needs it."""
    depth: int
    """0 where the page names it, 1 where a style of the page does."""


class MediaList:
    """The pictures and styles of one outlet during one run. Writes need an open transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection, outlet: str, run: int) -> None:
        self._db, self._outlet, self._run = connection, outlet, run
        self.elsewhere = Counter[str]()
        """How many were left out in this run, by host."""

    def need(self, article: int, urls: Iterable[str], elsewhere: Iterable[str], depth: int = 0) -> None:
        """What a page, or a style, names. What is known stays as it is, unless its host may be asked by now."""
        rows = [(url, "waiting") for url in urls] + [(url, "elsewhere") for url in elsewhere]
        withheld = withheld_among(self._db, (url for url, _ in rows))
        for url, state in (row for row in rows if row[0] not in withheld):
            new = self._db.execute(
                # What stays is not inserted in vain: that would stamp the block of the article that named it first.
                "INSERT INTO media (outlet, url, article, depth, state) SELECT :outlet, :url, :article, :depth, :state"
                " WHERE NOT EXISTS (SELECT 1 FROM media WHERE outlet = :outlet AND url = :url"
                " AND (state != 'elsewhere' OR :state = 'elsewhere')) ON CONFLICT DO UPDATE SET state = excluded.state",
                {"outlet": self._outlet, "url": url, "article": article, "depth": depth, "state": state},
            )
            if new.rowcount and state == "elsewhere":
                self.elsewhere[split(url).netloc] += 1

    def next(self, article: int | None) -> Wanted | None:
        """The next one, of this article or of any, marked as asked for in this run; None where there is none."""
        row = self._db.execute(
            "SELECT url, article, depth FROM media WHERE outlet = ? AND state = 'waiting' AND asked_in_run IS NOT ?"
            f" {'AND article = ?' if article else ''} ORDER BY attempts, article DESC, depth LIMIT 1",
            [self._outlet, self._run, *([article] if article else [])],
        ).fetchone()
        if row is None:
            return None
        self._update(row["url"], asked_in_run=self._run)
        return Wanted(*row)

    def kept(self, url: str) -> None:
        """It is in the WARC."""
        self._update(url, state="kept", last_error=None)

    def failed(self, url: str, why: str) -> None:
        """Asked for, not had: again in the next run, up to MOST_TRIES."""
        attempts = (
            1
            + self._db.execute(
                "SELECT attempts FROM media WHERE outlet = ? AND url = ?", [self._outlet, url]
            ).fetchone()["attempts"]
        )
        state = "waiting" if attempts < MOST_TRIES else "given up"
        self._update(url, state=state, attempts=attempts, last_error=why)

    def _update(self, url: str, **values: str | int | None) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(
            f"UPDATE media SET {names} WHERE outlet = ? AND url = ?", [*values.values(), self._outlet, url]
        )
