"""What several strategies ask of one page is found once, and forgotten with the page."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from ewbscraper.extraction.structure.view import View

Found = TypeVar("Found")


def once(find: Callable[[View], Found]) -> Callable[[View], Found]:
    """Keeps what was found for as long as the view is held. A cache of the last view would hold its tree: to parse the
    next page beside it, and not in the same memory, took a twentieth more."""
    known: WeakKeyDictionary[View, Found] = WeakKeyDictionary()

    @wraps(find)
    def found(view: View) -> Found:
        if view not in known:
            known[view] = find(view)
        return known[view]

    return found
