"""Whether the clock of the machine that took captures was right: by now, and by the servers' own clocks.

Texts stand in the order of our time stamps, so a wrong clock puts one where it was not. Stamps are evidence and stay
as they are, and all texts are kept: whoever keeps the archive is told.
"""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from ewbscraper.archive.times import later, parse, utc_now
from ewbscraper.archive.warc.reader import read_capture
from ewbscraper.errors import RecordUnreadable

TOLERANCE = timedelta(minutes=10)
"""Servers' clocks are seconds off, and a page may take a minute to come."""
LOOKS = 3
"""Captures of a run that are looked at, the shortest: a cache may send one of them with an old date."""
_SHORTEST = f"""
SELECT fetched_at, warc, offset FROM captures WHERE run = ? AND origin IS NULL AND same_as IS NULL
ORDER BY length, id LIMIT {LOOKS}
"""


def wrong_clocks(db: sqlite3.Connection, folder: Path, outlet: str, runs: Iterable[int]) -> list[str]:
    """Sentences of captures that came with these runs; none where all is well."""
    said, last = list[str](), ""
    skews = list[timedelta]()
    for run in sorted(runs):
        skews += _skew(db, folder, run)
        newest = db.execute("SELECT max(fetched_at) FROM captures WHERE run = ? AND origin IS NULL", [run]).fetchone()
        last = max(last, newest[0] or "")
    if last > later(utc_now(), TOLERANCE):
        said.append(f"captures of {outlet} are dated until {last}, which is still to come: {_AHEAD}")
    if skews:
        most = max(skews, key=abs)
        how = f"{_say(abs(most))} {'later' if most > timedelta() else 'earlier'} than its server's clock says"
        said.append(f"captures of {len(skews)} runs of {outlet} are dated up to {how}: {_WRONG}")
    return said


_AHEAD = "that machine's clock was wrong, and until then their texts stand before what is newer; all texts are kept"
_WRONG = "that machine's clock was wrong, or the server's is, and texts may stand in another order; all are kept"


def _skew(db: sqlite3.Connection, folder: Path, run: int) -> list[timedelta]:
    """By how much the stamps of a run are off, where all that are looked at are, by the least of them."""
    found = list[timedelta]()
    for row in db.execute(_SHORTEST, [run]).fetchall():
        try:
            sent = _sent(dict(read_capture(folder, row["warc"], row["offset"]).response_headers))
        except (RecordUnreadable, OSError):
            continue
        if sent:
            found.append(parse(row["fetched_at"]) - sent)
    least = min(found, key=abs, default=timedelta())
    return [least] if abs(least) > TOLERANCE else []


def _sent(headers: dict[str, str]) -> datetime | None:
    """When an answer was sent by its server's clock; one from a cache says for how long it lay there."""
    named = {name.lower(): value for name, value in headers.items()}
    try:
        date, age = parsedate_to_datetime(named["date"]), timedelta(seconds=int(named.get("age", 0)))
    except (KeyError, ValueError, OverflowError):
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)) + age


def _say(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    return f"{gap.days} days" if gap.days > 1 else f"{hours:.0f} hours" if hours >= 2 else f"{60 * hours:.0f} minutes"
