"""When a link is asked for again: the waits, and what counts as news of a link that is known."""

import sqlite3
from datetime import timedelta
from typing import Protocol

from ewbscraper.archive.times import later

BACK_OFF = (0, 10, 60, 6 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""Minutes after the first, second ... failure until the link is due again; after the last it is given up."""

SECOND_LOOKS = (24, 7 * 24, 30 * 24)
"""Hours until a link that was gone or given up is looked at again, once, twice, and from then on."""

DECAY = (1, 6, 24, 7 * 24, 30 * 24)
"""Hours after the first, second ... look that found no change until the next; the last one stays."""

LONGEST = timedelta(hours=24 + DECAY[-1])
"""No link is due later than this, but where the clock was wrong when it was asked for."""


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


def decayed(looks: int) -> int:
    """Hours until the look after so many that found no change."""
    return DECAY[min(max(looks, 0), len(DECAY) - 1)]


def is_back(known: sqlite3.Row, now: str) -> bool:
    """Whether a link that was gone, and is listed, is worth a look.

    At once where the list had dropped it; where the list named the dead link all along, as often as looks decay.
    """
    if known["state"] != "gone":
        return False
    dropped: bool = known["listed_in_run"] < known["asked_in_run"]
    return dropped or known["last_asked"] <= later(now, -timedelta(hours=decayed(known["looks"])))


def is_news(link: Link, known: sqlite3.Row, now: str) -> bool:
    """Whether the source says that the page changed after what we know.

    A time in the future, once told, must neither be news at each run nor hide what comes until then.
    """
    if link.changed is None:
        return False
    before = known["changed"] or known["last_asked"] or ""
    return link.changed > before or (before > now and link.changed != before)
