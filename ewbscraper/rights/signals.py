"""Signals: what an outlet says of one page, and whether that reserves it.

What is read, and after which text (`docs/rights.md` has the law):

    header        X-Robots-Tag, as Google's robots meta tag specification has it; TDM-Reservation, TDM-Policy
    meta          <meta name="...">: robots, ewbscraper, tdm-reservation, tdm-policy
    robots.txt    RFC 9309 for whom a line is meant; Content-Signal, Content-Usage as they stand
    tdmrep.json   W3C TDM Reservation Protocol, final Community Group report of 10 May 2024
"""

from collections.abc import Iterable
from dataclasses import dataclass

BOT = "ewbscraper"
"""Our product token, lower case: what is said to another robot is not said to us."""

HEADER, META, ROBOTS, TDMREP = "header", "meta", "robots.txt", "tdmrep.json"
NOARCHIVE, RESERVATION, POLICY = "noarchive", "tdm-reservation", "tdm-policy"

LONGEST_VALUE = 1_000
"""Characters of a value that are kept."""

_MOST_TRUSTED = (META, HEADER, TDMREP)
"""Of several reservations the one nearest to the page holds (TDMRep, Processing priority)."""


@dataclass(frozen=True, slots=True, order=True)
class Signal:
    """One thing that was said of a page."""

    source: str
    """Where: `header`, `meta`, `robots.txt`, `tdmrep.json`."""
    signal: str
    """`noarchive`, `tdm-reservation`, `content-signal` ...: lower case."""
    value: str = ""
    """As written, white space made one blank; empty where the name says all."""

    def __str__(self) -> str:
        return f"{' '.join(filter(None, (self.signal, self.value)))} ({self.source})"


def signal(source: str, name: str, value: str = "") -> Signal:
    """A signal with its value on one line, cut where it is too long; half a letter (JSON's `\\ud800`) becomes `?`."""
    whole = value.encode("utf-8", "replace").decode()
    return Signal(source, name, " ".join(whole.split())[:LONGEST_VALUE])


def reservation(source: str, value: str) -> list[Signal]:
    """`0` and `1` count; anything else is an error of the protocol, and then nothing is said (TDMRep, 4.1)."""
    return [Signal(source, RESERVATION, value.strip())] if value.strip() in ("0", "1") else []


def why_reserved(said: Iterable[Signal]) -> str | None:
    """What reserves a page, in words: `noarchive` anywhere, a TDM reservation that holds; None where nothing does."""
    signals = sorted(said)
    kept_out = [one for one in signals if one.signal == NOARCHIVE]
    for source in _MOST_TRUSTED:
        values = [one for one in signals if (one.signal, one.source) == (RESERVATION, source)]
        if values:  # said twice in one place: the stricter one
            kept_out += [one for one in values if one.value == "1"]
            break
    return str(kept_out[0]) if kept_out else None
