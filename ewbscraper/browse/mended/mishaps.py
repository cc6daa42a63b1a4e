"""What goes wrong while a page is made: an address that Datasette cannot read is the reader's mistake, not a fault.

Datasette answers those with 500, writes a traceback for each, and shows words of the error that may name paths of this
machine. What goes wrong in code of ours stays a 500 with its traceback in the log.
"""

import sqlite3
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

if TYPE_CHECKING:
    from datasette.app import Datasette

_UNREADABLE = (sqlite3.Error, ValueError, LookupError, TypeError, OverflowError, RecursionError)
"""What parameters like `_through=[]`, `_timelimit=x`, `id__in=[` or `words__gt=²` raise in Datasette."""

_NO_SUCH_METHOD = (AssertionError, AttributeError)
"""What a POST to a page that is only read raises there."""

_CURE = "Datasette cannot read this address. Take away what stands behind its question mark, then add it bit by bit."

_HANDS_ON = "ewbscraper.browse.mended.ties"
"""Statements of Datasette's go through it, and are as right or wrong as they came."""

Told = tuple[int, str]
"""HTTP status, and a sentence for who asked."""


def said_of(exception: Exception, method: str) -> Told | None:
    """How an exception of Datasette's own is answered in place of a 500; None where it is answered as it is."""
    from datasette.database import QueryInterrupted
    from datasette.views.base import DatasetteError  # Datasette imports us while it is being imported

    if isinstance(exception, DatasetteError):
        return (400, str(exception.message)) if exception.status == 500 else None
    if isinstance(exception, QueryInterrupted):
        return 400, "This takes too long. Ask for less: fewer rows, fewer columns to count by, longer words"
    if _is_ours(exception.__traceback__):
        return None
    if method not in ("GET", "HEAD") and isinstance(exception, _NO_SUCH_METHOD):
        return 405, "This page is only read"
    return (400, _CURE) if isinstance(exception, _UNREADABLE) else None


def _is_ours(trace: TracebackType | None) -> bool:
    while trace:
        handed_on = _module(trace) == _HANDS_ON and _module(trace.tb_next).startswith("datasette.")
        if _module(trace).startswith("ewbscraper.") and not handed_on:
            return True
        trace = trace.tb_next
    return False


def _module(trace: TracebackType | None) -> str:
    return trace.tb_frame.f_globals.get("__name__", "") if trace else ""


def answered(datasette: "Datasette", request: Request, told: Told) -> Callable[[], Any]:
    """The answer: a page, or JSON where the address wants JSON."""

    async def answer() -> Response:
        status, why = told
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": why, "status": status, "title": None}, status=status)
        page = await datasette.render_template("error.html", {"error": why, "status": status}, request=request)
        return Response.html(page, status=status)

    return answer
