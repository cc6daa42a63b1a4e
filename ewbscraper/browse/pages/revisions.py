"""Every text of an article that the archive has seen, and any two of them side by side, word by word."""

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from ewbscraper.archive.articles.compared import Patience
from ewbscraper.archive.articles.revisions import Change, count, text, texts
from ewbscraper.browse import asking
from ewbscraper.browse.guards.publication import publication
from ewbscraper.browse.rendering.differing import passages
from ewbscraper.errors import NoSuchRevision

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST = 2000
"""Passages of a field that are shown; no article has so many."""

_ARTICLE = """
SELECT articles.id, articles.language, headline, url, gone_at, slug AS outlet, name AS outlet_name, timezone
FROM articles JOIN outlets ON slug = outlet WHERE articles.id = ?
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text in the list of all."""

    number: int
    """1 is the oldest."""
    seen_from: str
    seen_until: str
    headline: str
    cause: str = ""
    """Why it took the place of the one before, as `revisions.cause`; empty for the first."""
    fields: tuple[str, ...] = ()
    """What differs from the one before."""
    words: tuple[int, int] | None = None
    """Added and removed since the one before; None where that was too much to count."""


async def revisions_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/archive/articles/12/revisions?from=1&to=3`."""
    number = int(request.url_vars["article"])
    chosen = (request.args.get("from") or "", request.args.get("to") or "")
    with_texts = publication(datasette).with_texts
    return await asking.page(
        datasette, request, "ewb-revisions.html", lambda db: read_revisions(db, number, *chosen, with_texts=with_texts)
    )


def read_revisions(
    db: sqlite3.Connection, number: int, first: str = "", second: str = "", *, with_texts: bool = True
) -> dict[str, Any] | None:
    """What the page shows, by name; None where there is no such article, or not so many texts of it.

    `first` and `second` are numbers as they were typed; an empty one means the last but one, and the last.
    """
    row = db.execute(_ARTICLE, [number]).fetchone()
    if row is None:
        return None
    many = count(db, number) + 1
    try:
        old, new = _which(first, max(many - 1, 1)), _which(second, many)
        compared = Change(text(db, number, old), text(db, number, new)) if with_texts else None
    except NoSuchRevision:
        return None
    return {
        "article": dict(row),
        "entries": entries(db, number),
        "old": old,
        "new": new,
        **(_compared(compared) if compared else {}),
    }


def entries(db: sqlite3.Connection, article: int) -> list[Entry]:
    """All texts of an article, the newest first."""
    found, before, patience = list[Entry](), None, Patience()
    for number, after in enumerate(texts(db, article), 1):
        seen = number, after.seen_from, after.seen_until, after.headline
        if before is None:
            found.append(Entry(*seen))
        else:
            step = Change(before, after)
            fields = tuple(name for name, *_ in step.parts)
            words = None if patience.is_lost else step.counted(patience)
            found.append(Entry(*seen, before.cause, fields, words))
        before = after
    return found[::-1]


def _which(given: str, otherwise: int) -> int:
    if not given:
        return otherwise
    if not (given.isascii() and given.isdigit() and 0 < len(given) < 8 and int(given)):
        raise NoSuchRevision(f"texts have numbers from 1 on, not {given}")
    return int(given)


def _compared(change: Change) -> dict[str, Any]:
    patience = Patience()
    fields = [(name, passages(before, after, patience, MOST + 1)) for name, before, after in change.parts]
    return {
        "fields": [(name, shown[:MOST]) for name, shown in fields],
        "is_cut": any(len(shown) > MOST for _, shown in fields),
        "is_rough": patience.is_lost,
        "before": change.before,
        "after": change.after,
    }
