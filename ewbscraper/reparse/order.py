"""What a process has to know to read pages of an outlet, and whether it may, on whatever machine it runs.

It opens no archive.db, whose WAL is for processes of one machine: the WARC files are enough, and the definitions.
"""

import os
import socket
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

from ewbscraper import __version__
from ewbscraper.errors import NoCluster
from ewbscraper.extraction.fingerprint import fingerprint
from ewbscraper.outlet import Outlet
from ewbscraper.outlets import get_outlet

BEGINNING = 500
"""Bytes of a WARC file by which it is known: its `warcinfo` has an id and a time of its own."""


@dataclass(frozen=True, slots=True)
class Order:
    """Pages of one outlet are to be read, out of these files and by these rules."""

    folder: Path
    """The archive's, under the same path on every machine."""
    outlet: Outlet | str
    """Its slug where functions are part of it, which cannot be sent: its file is read where the pages are."""
    version: str
    """Of ewbscraper."""
    rules: str
    """Their fingerprint."""
    seen: tuple[str, bytes] | None = None
    """A WARC file below the folder, and how it begins: what another machine must see, too."""


def order_for(folder: Path, outlet: Outlet) -> Order:
    """The order as this process gives it."""
    sent = outlet.slug if any(callable(getattr(outlet, one.name)) for one in fields(outlet)) else outlet
    return Order(folder, sent, __version__, fingerprint(outlet))


def for_others(order: Order) -> Order:
    """The same, for machines of which nobody knows whether they share the folder."""
    for file in (order.folder / "warc").rglob("*.warc*"):
        try:
            return replace(order, seen=(str(file.relative_to(order.folder)), _beginning(file)))
        except OSError:  # `reparse` names it, with its pages
            continue
    return order


@lru_cache(maxsize=100)
def accept(order: Order) -> Outlet:
    """The outlet, in a process that may read for this order. Raises NoCluster, which says why it may not; BadOutlet."""
    if order.version != __version__:
        raise NoCluster(f"{_who()} has ewbscraper {__version__}, and we {order.version}: install that, start it again")
    look(order)
    outlet = get_outlet(order.outlet, order.folder) if isinstance(order.outlet, str) else order.outlet
    if fingerprint(outlet) != order.rules:
        raise NoCluster(
            f"{_who()} reads by other rules, with the same ewbscraper {__version__}: start it again with the same code,"
            f" the same versions of its libraries and, where {outlet.slug} has one, the same definition"
        )
    return outlet


def look(order: Order) -> None:
    """Raises NoCluster where this process does not see the files that the order is about."""
    if order.seen is None:
        return
    warc, beginning = order.seen
    try:
        same = _beginning(order.folder / warc).startswith(beginning)
    except OSError as error:
        raise NoCluster(f"{_who()} cannot read {order.folder / warc} ({error.strerror}): {_SHARE}") from error
    if not same:
        raise NoCluster(f"{_who()} has another {order.folder / warc}: {_SHARE}")


_SHARE = "share the archive's folder with it, under the same path"


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(BEGINNING)


def _who() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
