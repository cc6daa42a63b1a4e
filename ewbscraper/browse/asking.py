"""What every page of ours does first: find the archive that is asked, see that it may be read, read it in time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from datasette.utils import sqlite_timelimit, tilde_decode
from datasette.utils.asgi import NotFound, Request, Response

from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.tombstones import Tombstone, tombstone_of, tombstone_of_capture
from ewbscraper.browse.archives import archives, first_archive

if TYPE_CHECKING:
    from datasette.app import Datasette

PATIENCE = 3000
"""Milliseconds that a page may read."""

Read = Callable[[sqlite3.Connection], dict[str, Any] | None]


async def allowed_archive(datasette: "Datasette", request: Request) -> str:
    """Name of the archive in the address, else of the first one. Raises NotFound, Forbidden."""
    named = request.url_vars.get("archive") or request.url_vars.get("database") or ""
    name = tilde_decode(named) or first_archive(datasette)
    if name not in archives(datasette):
        raise NotFound("There is no archive here")
    permissions = [("view-table", (name, "articles")), ("view-database", name), "view-instance"]
    await datasette.ensure_permissions(request.actor, permissions)
    return name


async def in_time(datasette: "Datasette", name: str, read: Read) -> Any:
    """What `read` reads, or `{"too_slow": True}` where it takes longer than PATIENCE."""

    def limited(db: sqlite3.Connection) -> dict[str, Any] | None:
        with sqlite_timelimit(db, PATIENCE), _plain_rows(db):
            try:
                return read(db)
            except sqlite3.OperationalError as error:
                if str(error) != "interrupted":
                    raise
                return {"too_slow": True}

    return await archives(datasette)[name].texts.execute_fn(limited)


@contextmanager
def _plain_rows(db: sqlite3.Connection) -> Iterator[None]:
    """Pages of ours bound themselves what they read, tens of thousands of narrow rows: none is measured."""
    measured, db.row_factory = db.row_factory, sqlite3.Row
    try:
        yield
    finally:
        db.row_factory = measured


async def page(datasette: "Datasette", request: Request, template: str, read: Read, **also: Any) -> Response:
    """A page of ours: what `read` reads of the archive, shown by a template. Raises 404 or 410 where it reads None."""
    name = await allowed_archive(datasette, request)
    found = await in_time(datasette, name, read)
    if found is None:
        await refuse_withheld(datasette, request, name)
        raise NotFound("There is no such page")
    context = {"archive": name, "too_slow": False, **also, **found}
    return Response.html(await datasette.render_template(template, context, request=request))


async def refuse_withheld(datasette: "Datasette", request: Request, name: str) -> None:
    """Raises 410, with date and reason, where the article or the capture of an address was taken down."""
    from datasette.views.base import DatasetteError  # Datasette imports us while it is being imported

    asked = request.url_vars

    def find(db: sqlite3.Connection) -> Tombstone | None:
        if "capture" in asked:
            return tombstone_of_capture(db, int(asked["capture"]))
        number = asked.get("article") or asked.get("pks")
        return tombstone_of(db, int(number)) if number else None

    tombstone = await archives(datasette)[name].texts.execute_fn(find)
    if tombstone:
        raise DatasetteError(f"{str(tombstone)[0].upper()}{str(tombstone)[1:]}", title="Withheld", status=410)


def question(request: Request) -> Question:
    """What the address asks."""
    return Question.read({name: request.args.get(name) or "" for name in request.args})


def page_number(request: Request) -> int:
    """Which page of a list, from 1 on; the first where it says none."""
    given = request.args.get("page") or ""
    return max(int(given), 1) if given.isascii() and given.isdigit() and len(given) < 8 else 1


def by_share(request: Request) -> bool:
    """Whether a timeline shows the share of the output in place of the number of articles."""
    return bool(request.args.get("by") == "share")
