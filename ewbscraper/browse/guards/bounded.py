"""SQL functions that do all their work in one step, which no time limit of Datasette interrupts: bounded by us.

`trim('aaa…', 'bbb…')` compares each letter with each, `printf('%.*c', 1e9, 'x')` writes them all before it counts. Of
megabytes that takes hours, and three such statements are all the threads there are. They answer as SQLite's own do, or
with its error of what is too big.
"""

import re
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

from ewbscraper.archive.search import match_expression
from ewbscraper.browse.guards.limits import LIMITS

Value = str | bytes | int | float | None

MOST_STEPS = 100_000_000
"""Comparisons, or letters written: some tenths of a second."""

LONGEST_SEARCH = 1000
"""Letters of an expression of the search: NEAR of thousands of words takes minutes."""

LONGEST = LIMITS[sqlite3.SQLITE_LIMIT_LENGTH]
TOO_BIG = bytes(LONGEST + 1)
"""What SQLite answers with `string or blob too big`."""

_WIDE = re.compile("[0-9]{6}")


def bound(conn: sqlite3.Connection) -> None:
    """Puts ours in the place of SQLite's on this connection."""
    native = sqlite3.connect(":memory:", check_same_thread=False)
    native.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    native.text_factory = lambda text: str(text, "utf-8", "replace")  # a blob can be read as text that is none
    ours: dict[str, tuple[int, Callable[..., Any]]] = {
        "instr": (2, _instr),
        "replace": (3, _replace),
        **dict.fromkeys(("trim", "ltrim", "rtrim"), (2, _trim)),
        **dict.fromkeys(("printf", "format"), (-1, _printf)),
    }
    for name, (arguments, function) in ours.items():
        conn.create_function(name, arguments, partial(function, partial(_ask, native, name)), deterministic=True)
    for name in ("search", "escape_fts"):
        conn.create_function(name, 1, _expression, deterministic=True)


def _ask(native: sqlite3.Connection, function: str, *values: Value) -> Any:
    """What SQLite's own function says."""
    return native.execute(f"SELECT {function}({', '.join('?' * len(values))})", values).fetchone()[0]


def _size(value: Value) -> int:
    return len(value) if isinstance(value, str | bytes) else 32


def _instr(native: Callable[..., Any], text: Value, part: Value) -> Any:
    if isinstance(text, str) and isinstance(part, str):
        return text.find(part) + 1
    return TOO_BIG if _size(text) * _size(part) > MOST_STEPS else native(text, part)


def _replace(native: Callable[..., Any], text: Value, old: Value, new: Value) -> Any:
    if isinstance(text, str) and isinstance(old, str) and isinstance(new, str) and old:
        grows = text.count(old) * (len(new) - len(old))
        return TOO_BIG if len(text) + grows > LONGEST else text.replace(old, new)
    return TOO_BIG if _size(text) * _size(old) > MOST_STEPS else native(text, old, new)


def _trim(native: Callable[..., Any], text: Value, letters: Value) -> Any:
    return TOO_BIG if _size(text) * _size(letters) > MOST_STEPS else native(text, letters)


def _printf(native: Callable[..., Any], *values: Value) -> Any:
    pattern, *rest = values or (None,)
    given = [str(pattern), *(map(_digits, rest) if "*" in str(pattern) else ())]
    return TOO_BIG if any(map(_WIDE.search, given)) else native(*values)


def _digits(value: Value) -> str:
    """A width as SQLite may read it."""
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def _expression(words: str | None) -> Any:
    return TOO_BIG if len(words or "") > LONGEST_SEARCH else match_expression(words or "")
