"""The frontier: every link that an outlet's sources named, and when it is to be asked for next.

A link is committed here before it is asked for and leaves only with its article committed; `docs/frontier.md` has the
rules on one page. States:

    waiting          discovered, not asked yet
    archived         its article is in the archive
    failed           asked, not had: attempts and last error say how often and why
    given up         failed too often: looked at once a month; a change that the outlet announces wakes it up
    gone             the outlet answers 404 or 410, or leads to its front page
    not an article   a page, but no article
    protected        the outlet wants a password: waits until the outlet says that it changed
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from ewbscraper.archive.times import later, utc_now

BACK_OFF = (0, 10, 60, 6 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""Minutes after the first, second ... failure until the link is due again; after the last it is given up."""

SECOND_LOOKS = (24, 7 * 24, 30 * 24)
"""Hours until a link that was gone or given up is looked at again, once, twice, and from then on."""

DECAY = (1, 6, 24, 7 * 24, 30 * 24)
"""Hours after the first, second ... look that found no change until the next; the last one stays."""

LONGEST = timedelta(hours=24 + DECAY[-1])
"""No link is due later than this, but where the clock was wrong when it was asked for."""

TELL_CHANGES = ("WordPress", "Sitemap")
"""Sources whose times are of the last change; a feed's are mostly of the publication, so its articles are looked at."""

SHARE = 5
"""One link in so many is the one that is due for longest: an old backfill gets its share of a bounded run."""


class Link(Protocol):
    """A link as a source lists it."""

    @property
    def url(self) -> str:
        """Absolute, canonical."""

    @property
    def changed(self) -> str | None:
        """The page changed at this time at the latest (UTC, like our own time stamps)."""

    @property
    def protected(self) -> bool:
        """The outlet wants a password for it."""


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

    def discover(self, links: Iterable[Link], source: str, *, complete: bool) -> list[Link]:
        """Takes in what a source lists; returns the links that were unknown until now.

        A link is due when it is new, when the source says it changed after what we know, or when it is listed
        again after it was gone.
        """
        now, new = utc_now(), list[Link]()
        for link in links:
            known = self._find(link.url)
            if known is None:
                new.append(link)
                self._insert(link, source, now)
            else:
                self._listed_again(known, link, source if complete else known["source"], now)
        return new

    def _insert(self, link: Link, source: str, now: str) -> None:
        state, due = ("protected", None) if link.protected else ("waiting", now)
        self._db.execute(
            "INSERT INTO frontier (url, outlet, source, state, discovered, changed, listed_in_run, next_look)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [link.url, self._outlet, source, state, now, link.changed, self._run, due],
        )

    def _listed_again(self, known: sqlite3.Row, link: Link, source: str, now: str) -> None:
        news = _is_news(link, known, now)
        changed = link.changed if news else known["changed"] or link.changed
        due = now if (news or _is_back(known, now)) and not link.protected else known["next_look"]
        # A change that is announced is asked for without conditions: a stale cache answers 304 to them.
        self._update(link.url, source=source, changed=changed, listed_in_run=self._run, next_look=due)
        if news:
            self._update(link.url, attempts=0, etag=None, last_modified=None)

    def knows(self, links: Iterable[Link]) -> bool:
        """True where every link is known and none of them changed since."""
        now = utc_now()
        known = [(link, self._find(link.url)) for link in links]
        return all(row and not _is_back(row, now) and not _is_news(link, row, now) for link, row in known)

    def adopt(self, url: str, article: int, instead_of: str) -> None:
        """The address that an article moved to, where no source named it: due now."""
        self._db.execute(
            "INSERT OR IGNORE INTO frontier (url, outlet, source, article, state, discovered, listed_in_run, next_look)"
            " SELECT ?, outlet, source, ?, 'waiting', ?, ?, ? FROM frontier WHERE outlet = ? AND url = ?",
            [url, article, utc_now(), self._run, utc_now(), self._outlet, instead_of],
        )

    def has_another(self, article: int, url: str) -> bool:
        """Whether an article has a further address that is not known to be gone."""
        sql = (
            "SELECT 1 FROM frontier WHERE outlet = ? AND article = ? AND url != ?"
            " AND state IN ('waiting', 'archived', 'failed')"
        )
        return self._db.execute(sql, [self._outlet, article, url]).fetchone() is not None

    def look_for_missing(self, source: str) -> int:
        """After a complete listing: what it no longer names is due, to see whether it is gone; returns how many.

        Where it is still there, nobody tells its changes from now on: its looks decay from the start.
        """
        cursor = self._db.execute(
            "UPDATE frontier SET next_look = ?, changed = NULL, looks = -1 WHERE outlet = ? AND source = ?"
            " AND listed_in_run < ? AND state IN ('archived', 'failed') AND asked_in_run <= listed_in_run",
            [self._started, self._outlet, source, self._run],
        )
        return cursor.rowcount

    def look_at_all(self) -> None:
        """Everything is due that needs no password (`--recheck`)."""
        self._db.execute(
            "UPDATE frontier SET next_look = ? WHERE outlet = ? AND state != 'protected'",
            [self._started, self._outlet],
        )

    def due(self, limit: int, since: str | None = None) -> list[Due]:
        """The links to ask for now, newest first, then those due for longest (one in SHARE).

        Each at most once a run; marked as asked in this run.
        """
        newest = self._take("coalesce(changed, discovered) DESC, rowid", limit - limit // SHARE, since)
        return newest + self._take("next_look, rowid", limit - len(newest), since)

    def _take(self, order: str, limit: int, since: str | None) -> list[Due]:
        now = utc_now()
        values = {"outlet": self._outlet, "now": now, "never": later(now, LONGEST), "run": self._run, "since": since}
        rows = self._db.execute(
            "SELECT url, etag, last_modified, article FROM frontier"
            " WHERE outlet = :outlet AND (next_look <= :now OR next_look > :never) AND asked_in_run IS NOT :run"
            f" AND (:since IS NULL OR changed IS NULL OR changed >= :since) ORDER BY {order} LIMIT :limit",
            {**values, "limit": limit},
        ).fetchall()
        self._db.executemany(
            "UPDATE frontier SET asked_in_run = ?, last_asked = ? WHERE outlet = ? AND url = ?",
            [(self._run, now, self._outlet, row["url"]) for row in rows],
        )
        return [Due(*row) for row in rows]

    def archived(self, url: str, article: int, *, changed: bool, etag: str | None, last_modified: str | None) -> None:
        """The page was had and its article is in the archive."""
        looks = 0 if changed else self._row(url)["looks"] + 1
        self._update(
            url,
            state="archived",
            article=article,
            attempts=0,
            looks=looks,
            next_look=self._next_look(url, looks),
            etag=etag,
            last_modified=last_modified,
            last_error=None,
        )

    def unchanged(self, url: str) -> None:
        """The outlet answered 304: its article is as we have it, also where it had failed or was gone meanwhile."""
        looks = self._row(url)["looks"] + 1
        due = self._next_look(url, looks)
        self._update(url, state="archived", attempts=0, looks=looks, next_look=due, last_error=None)

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

    def _next_look(self, url: str, looks: int) -> str:
        row = self._row(url)
        told = row["changed"] and row["source"] in TELL_CHANGES
        return later(utc_now(), timedelta(hours=DECAY[-1] if told else _decayed(looks)))

    def _row(self, url: str) -> sqlite3.Row:
        row = self._find(url)
        assert row is not None, f"{url} was never discovered"
        return row

    def _find(self, url: str) -> sqlite3.Row | None:
        sql = "SELECT * FROM frontier WHERE outlet = ? AND url = ?"
        row: sqlite3.Row | None = self._db.execute(sql, [self._outlet, url]).fetchone()
        return row

    def _update(self, url: str, **values: str | int | None) -> None:
        names = ", ".join(f"{name} = :{name}" for name in values)
        sql = f"UPDATE frontier SET {names} WHERE outlet = :outlet AND url = :url"
        self._db.execute(sql, {**values, "outlet": self._outlet, "url": url})


def _decayed(looks: int) -> int:
    return DECAY[min(max(looks, 0), len(DECAY) - 1)]


def _is_back(known: sqlite3.Row, now: str) -> bool:
    """Whether a link that was gone, and is listed, is worth a look.

    At once where the list had dropped it; where the list named the dead link all along, as often as looks decay.
    """
    if known["state"] != "gone":
        return False
    dropped: bool = known["listed_in_run"] < known["asked_in_run"]
    return dropped or known["last_asked"] <= later(now, -timedelta(hours=_decayed(known["looks"])))


def _is_news(link: Link, known: sqlite3.Row, now: str) -> bool:
    """Whether the source says that the page changed after what we know.

    A time in the future, once told, must neither be news at each run nor hide what comes until then.
    """
    if link.changed is None:
        return False
    before = known["changed"] or known["last_asked"] or ""
    return link.changed > before or (before > now and link.changed != before)
