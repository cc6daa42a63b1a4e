"""The frontier: every link that an outlet's sources named, and when it is to be asked for next.

A link is committed here before it is asked for and leaves only with its article committed; the rules are in
`docs/run-it-every-hour.md`. States:

    waiting          discovered, not asked yet
    archived         its article is in the archive
    failed           asked, not had: attempts and last error say how often and why
    given up         failed too often: looked at once a month; a change that the outlet announces wakes it up
    gone             the outlet answers 404 or 410, or leads to its front page
    not an article   a page, but no article
    protected        a password, or a reservation that is respected: waits until the outlet says that it changed
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ewbscraper.archive.frontier.again import BACK_OFF, DECAY, LONGEST, SECOND_LOOKS, Link, decayed, is_back, is_news
from ewbscraper.archive.times import later, utc_now
from ewbscraper.archive.tombstones import withheld_among

TELL_CHANGES = ("WordPress", "Sitemap")
"""Sources whose times are of the last change; a feed's are mostly of the publication, so its articles are looked at."""

SHARE = 5
"""One link in so many is the one that is due for longest: an old backfill gets its share of a bounded run."""

FIRST_MISSING = 2
"""Links missing from a complete list that are asked for in the run that misses them; the others in the next run."""

_NO_LIST = "no list any more"
"""`source` of a link that its complete list no longer names, until one names it again: it is missed once."""

_TO_BE_MISSED = -1
"""`looks` of a link that its list no longer names, until it was asked for."""


RESERVED = "the outlet reserves it: "
"""How `last_error` begins where a reservation is respected."""

IS_RESERVED = f"(state = 'protected' AND last_error LIKE '{RESERVED}%')"
"""A condition on `frontier`."""


@dataclass(frozen=True, slots=True)
class Due:
    """A link to ask for now, with what makes the request conditional."""

    url: str
    etag: str | None
    last_modified: str | None
    article: int | None


class Frontier:
    """The frontier of one outlet during one run. Writes need an open transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection, outlet: str, run: int) -> None:
        self._db, self._outlet, self._run = connection, outlet, run
        self._started = utc_now()
        self.withheld = set[str]()
        """Addresses that sources named in this run, and that are withheld: not asked for."""
        self._reserved_before, _ = self._reserved()

    def discover(self, links: Iterable[Link], source: str, *, complete: bool) -> list[Link]:
        """Takes in what a source lists; returns the links that were unknown until now.

        A link is due when it is new, when the source says it changed after what we know, or when it is listed
        again after it was gone. One that is withheld never comes in.
        """
        now, new = utc_now(), list[Link]()
        for link in self._allowed(links):
            known = self._find(link.url)
            if known is None:
                new.append(link)
                self._insert(link, source, now)
            else:
                self._listed_again(known, link, source, now, complete=complete)
        return new

    def _insert(self, link: Link, source: str, now: str) -> None:
        state, due = ("protected", None) if link.protected else ("waiting", now)
        self._db.execute(
            "INSERT INTO frontier (url, outlet, source, state, discovered, changed, listed_in_run, next_look, ready)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [link.url, self._outlet, source, state, now, link.changed, self._run, due, not link.protected],
        )

    def _listed_again(self, known: sqlite3.Row, link: Link, source: str, now: str, *, complete: bool) -> None:
        news = is_news(link, known, now)
        values = self._listed(known, link, source, complete=complete)
        if news:  # asked for without conditions: a stale cache answers 304 to them
            values |= {"changed": link.changed, "attempts": 0, "etag": None, "last_modified": None}
        if (news or is_back(known, now)) and not link.protected:
            values["next_look"] = now
        elif complete and known["looks"] == _TO_BE_MISSED and known["state"] == "archived":
            # Its list had lost it for one run only.
            wait = timedelta(hours=DECAY[-1] if link.changed else decayed(0))
            values |= {"looks": 0, "next_look": later(now, wait)}
        self._update(link.url, **values)

    def _listed(self, known: sqlite3.Row, link: Link, source: str, *, complete: bool) -> dict[str, str | int | None]:
        """Which list names a link, and when it changed by that list: of a complete one without times nobody tells."""
        changed = known["changed"] or link.changed
        if complete:
            return {"changed": link.changed and changed, "source": source, "listed_in_run": self._run}
        if known["source"] in TELL_CHANGES and known["state"] != "gone":
            return {"changed": changed}  # a feed that goes on naming it must not hide that the complete list does not
        return {"changed": changed, "listed_in_run": self._run}

    def knows(self, links: Iterable[Link]) -> bool:
        """True where every link is known and none of them changed since."""
        now = utc_now()
        known = [(link, self._find(link.url)) for link in self._allowed(links)]
        return all(row and not is_back(row, now) and not is_news(link, row, now) for link, row in known)

    def _allowed(self, links: Iterable[Link]) -> list[Link]:
        named = list(links)
        withheld = withheld_among(self._db, (link.url for link in named))
        self.withheld |= withheld
        return [link for link in named if link.url not in withheld]

    def adopt(self, url: str, article: int, instead_of: str) -> None:
        """The address that an article moved to, where no source named it: due now."""
        self._db.execute(
            "INSERT OR IGNORE INTO frontier (url, outlet, source, article, state, discovered, listed_in_run, next_look)"
            " SELECT ?, outlet, source, ?, 'waiting', ?, ?, ? FROM frontier WHERE outlet = ? AND url = ?",
            [url, article, utc_now(), self._run, utc_now(), self._outlet, instead_of],
        )

    def wake_another(self, article: int, url: str) -> bool:
        """Whether an article has a further address that is not known to be gone; one that slept is due now."""
        cursor = self._db.execute(
            "UPDATE frontier SET next_look = coalesce(next_look, ?) WHERE outlet = ? AND article = ? AND url != ?"
            " AND state IN ('waiting', 'archived', 'failed')",
            [utc_now(), self._outlet, article, url],
        )
        return cursor.rowcount > 0

    def look_for_missing(self, source: str, since: int) -> int:
        """After a complete listing, begun in the run `since`: what it no longer names is due; returns how many.

        FIRST_MISSING of them now, the others in the next run, unless it is listed again: a list that is broken for
        a moment costs next to nothing. Where one is still there, nobody tells its changes from now on: its looks
        decay from the start.
        """
        missing = "outlet = :outlet AND source = :source AND listed_in_run < :since AND state IN ('archived', 'failed')"
        values = {"outlet": self._outlet, "source": source, "run": self._run, "since": since, "started": self._started}
        cursor = self._db.execute(
            f"UPDATE frontier SET source = '{_NO_LIST}', next_look = :started, changed = NULL, looks = {_TO_BE_MISSED},"
            " asked_in_run = CASE WHEN rowid IN"
            f" (SELECT rowid FROM frontier WHERE {missing} ORDER BY coalesce(changed, discovered) DESC, rowid"
            f" LIMIT {FIRST_MISSING}) THEN asked_in_run ELSE :run END WHERE {missing}",
            values,
        )
        return cursor.rowcount

    def look_at_all(self) -> None:
        """Everything is due that needs no password (`--recheck`)."""
        self._db.execute(
            f"UPDATE frontier SET next_look = ? WHERE outlet = ? AND (state != 'protected' OR {IS_RESERVED})",
            [self._started, self._outlet],
        )

    def due(self, limit: int, since: str | None = None) -> list[Due]:
        """The links to ask for now, newest first, then those due for longest (one in SHARE).

        Each at most once a run; marked as asked in this run.
        """
        now = utc_now()
        self._db.execute(  # where the clock was wrong; an OR of it below would read every link: 30 ms of 300,000
            "UPDATE frontier SET next_look = ? WHERE outlet = ? AND next_look > ?",
            [now, self._outlet, later(now, LONGEST)],
        )
        self._db.execute(
            "UPDATE frontier SET ready = 1 WHERE outlet = ? AND NOT ready AND next_look <= ?", [self._outlet, now]
        )
        newest = self._take("newest", "coalesce(changed, discovered) DESC", limit - limit // SHARE, since)
        return newest + self._take("due", "next_look", limit - len(newest), since)

    def _take(self, index: str, order: str, limit: int, since: str | None) -> list[Due]:
        now = utc_now()
        values = {"outlet": self._outlet, "now": now, "run": self._run, "since": since}
        rows = self._db.execute(
            # By name, or 300,000 that wait are sorted for each batch: 1.5 ms a link.
            f"SELECT url, etag, last_modified, article FROM frontier INDEXED BY frontier_{index}"
            " WHERE outlet = :outlet AND ready AND next_look <= :now AND asked_in_run IS NOT :run"
            f" AND (:since IS NULL OR changed IS NULL OR changed >= :since) ORDER BY {order}, rowid LIMIT :limit",
            {**values, "limit": limit},
        ).fetchall()
        self._db.executemany(
            "UPDATE frontier SET asked_in_run = ?, last_asked = ? WHERE outlet = ? AND url = ?",
            [(self._run, now, self._outlet, row["url"]) for row in rows],
        )
        return [Due(*row) for row in rows]

    def archived(self, url: str, article: int, *, changed: bool, etag: str | None, last_modified: str | None) -> None:
        """The page was had and its article is in the archive."""
        row = self._row(url)
        looks = 0 if changed else row["looks"] + 1
        due = _next_look(row, looks)
        told = {"etag": etag, "last_modified": last_modified, "last_error": None}
        self._update(url, state="archived", article=article, attempts=0, looks=looks, next_look=due, **told)
        self._look_at_one(article, due)

    def _look_at_one(self, article: int, due: str) -> None:
        """Of several addresses of one article one is looked at, its own where a source names it.

        `/a` of the feed and `/a/` of the sitemap: the other one is asked for when its source says that it changed.
        """
        self._db.execute(
            "UPDATE frontier SET next_look = CASE WHEN rowid ="
            " (SELECT frontier.rowid FROM frontier JOIN articles ON articles.id = article"
            " WHERE frontier.outlet = :outlet AND article = :article AND state = 'archived'"
            " ORDER BY frontier.url = articles.url DESC, frontier.rowid)"
            " THEN coalesce(next_look, :due) END WHERE outlet = :outlet AND article = :article AND state = 'archived'",
            {"outlet": self._outlet, "article": article, "due": due},
        )

    def unchanged(self, url: str) -> None:
        """The outlet answered 304: its article is as we have it, also where it had failed or was gone meanwhile."""
        row = self._row(url)
        looks = row["looks"] + 1
        due = _next_look(row, looks)
        self._update(url, state="archived", attempts=0, looks=looks, next_look=due, last_error=None)
        self._look_at_one(row["article"], due)

    def failed(self, url: str, error: str) -> None:
        """Asked, not had: due again later, given up after the last of BACK_OFF."""
        attempts = self._row(url)["attempts"] + 1
        over = attempts - len(BACK_OFF)
        minutes = 60 * SECOND_LOOKS[-1] if over > 0 else BACK_OFF[attempts - 1]
        state = "given up" if over > 0 else "failed"
        due = later(utc_now(), timedelta(minutes=minutes))
        self._update(url, state=state, attempts=attempts, next_look=due, last_error=error)

    def gone(self, url: str, why: str) -> None:
        """The outlet answers that it is not there: looked at again after a day, a week, each month."""
        row = self._row(url)
        looks = row["looks"] + 1 if row["state"] == "gone" else 0
        due = later(utc_now(), timedelta(hours=SECOND_LOOKS[min(looks, len(SECOND_LOOKS) - 1)]))
        self._update(url, state="gone", attempts=0, looks=looks, next_look=due, last_error=why)

    def set_aside(self, url: str, state: str, why: str) -> None:
        """`not an article` or `protected`: not asked again until the outlet says that it changed."""
        self._update(url, state=state, attempts=0, next_look=None, last_error=why)

    def reserved(self, url: str, why: str) -> None:
        """The outlet reserves it, which is respected: not asked again until it says that it changed."""
        self.set_aside(url, "protected", f"{RESERVED}{why}")

    def look_at_reserved(self) -> None:
        """What was not kept for its reservation is due: they are not respected any more."""
        self._db.execute(
            f"UPDATE frontier SET next_look = ? WHERE outlet = ? AND next_look IS NULL AND {IS_RESERVED}",
            [self._started, self._outlet],
        )

    def newly_reserved(self) -> list[str]:
        """A sentence where this run is the first in which pages were not kept for their reservation."""
        pages, why = self._reserved()
        if self._reserved_before or not pages:
            return []
        return [f"{pages} pages are not kept, for the first time, as the outlet reserves them ({why}): docs/rights.md"]

    def _reserved(self) -> tuple[int, str]:
        """How many pages were not kept, and by what the first of them is reserved."""
        sql = (
            f"SELECT count(*), coalesce(min(last_error), '') FROM frontier WHERE outlet = ? AND {IS_RESERVED}"
            " AND (next_look IS NULL OR next_look <= ?)"  # as an index has them: 44 ms of 300,000 without
        )
        pages, why = self._db.execute(sql, [self._outlet, utc_now()]).fetchone()
        return pages, why.removeprefix(RESERVED)

    def _row(self, url: str) -> sqlite3.Row:
        row = self._find(url)
        assert row is not None, f"{url} was never discovered"
        return row

    def _find(self, url: str) -> sqlite3.Row | None:
        sql = "SELECT * FROM frontier WHERE outlet = ? AND url = ?"
        row: sqlite3.Row | None = self._db.execute(sql, [self._outlet, url]).fetchone()
        return row

    def _update(self, url: str, **values: str | int | None) -> None:
        values |= {"ready": 0} if "next_look" in values else {}
        names = ", ".join(f"{name} = :{name}" for name in values)
        sql = f"UPDATE frontier SET {names} WHERE outlet = :outlet AND url = :url"
        self._db.execute(sql, {**values, "outlet": self._outlet, "url": url})


def _next_look(known: sqlite3.Row, looks: int) -> str:
    told = known["changed"] and known["source"] in TELL_CHANGES
    return later(utc_now(), timedelta(hours=DECAY[-1] if told else decayed(looks)))
