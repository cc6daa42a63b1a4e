"""`/.well-known/tdmrep.json`: an outlet's rules for text and data mining, by path.

After the W3C TDM Reservation Protocol, final Community Group report of 10 May 2024: an array of rules; the first whose
`location` matches the path holds. A file that cannot be had, or is none, says nothing: many sites answer every address
with a page of theirs.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ewbscraper.rights.patterns import Pattern, path_of, pattern
from ewbscraper.rights.signals import POLICY, TDMREP, Signal, reservation, signal

PATH = "/.well-known/tdmrep.json"
LONGEST = 512_000
"""Bytes; a longer file is not read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the file."""

    location: Pattern
    said: tuple[Signal, ...]
    """Nothing where its reservation is neither 0 nor 1; it still hides the rules behind it."""


@dataclass(frozen=True, slots=True)
class TdmRep:
    """The rules in their order."""

    rules: tuple[Rule, ...] = ()

    def of(self, url: str) -> tuple[Signal, ...]:
        """What the first rule that matches says of an address."""
        path = path_of(url)
        return next((rule.said for rule in self.rules if rule.location.matches(path)), ())


NO_RULES = TdmRep()


def tdmrep(body: bytes) -> TdmRep:
    """The rules of a file as received, of anything else none."""
    if len(body) > LONGEST:
        return NO_RULES
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return NO_RULES
    return TdmRep(tuple(_rules(found if isinstance(found, list) else [])))


def _rules(found: list[Any]) -> Iterator[Rule]:
    for one in found:
        location = one.get("location") if isinstance(one, dict) else None
        if isinstance(location, str) and location:
            said, policy = reservation(TDMREP, _written(one.get("tdm-reservation"))), one.get(POLICY)
            if said and isinstance(policy, str) and policy.strip():
                said.append(signal(TDMREP, POLICY, policy))
            yield Rule(pattern(location), tuple(said))


def _written(value: Any) -> str:
    """`true` is no 1; some write the number as text."""
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
