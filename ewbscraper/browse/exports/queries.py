"""All rows of a named query, or of any SELECT: `/-/export/archive/query/datelines.csv?place=Pristina`."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from datasette.utils import InvalidSql, tilde_decode, validate_sql_select
from datasette.utils.asgi import NotFound, Request

from ewbscraper.archive.export import rows
from ewbscraper.browse import asking
from ewbscraper.browse.archives import archives
from ewbscraper.browse.exports import forms
from ewbscraper.browse.exports.connection import as_datasette
from ewbscraper.browse.exports.stream import Receive, Send, refused, stream
from ewbscraper.browse.exports.work import Answer, Job
from ewbscraper.browse.guards.publication import publication
from ewbscraper.errors import BadQuery

if TYPE_CHECKING:
    from datasette.app import Datasette

PATIENCE = 300.0
"""Seconds of computing, the writing included: 300,000 whole articles take a minute."""


async def export_query(datasette: "Datasette", request: Request, send: Send, receive: Receive) -> None:
    """Answers with all rows of a named query. Raises NotFound, Forbidden."""
    name, query = await asking.allowed_archive(datasette, request), tilde_decode(request.url_vars["query"])
    found = await datasette.get_canned_query(name, query, request.actor)
    if not found or found.get("write"):
        raise NotFound(f"There is no query {query}")
    await datasette.ensure_permissions(request.actor, [("view-query", (name, query)), ("view-database", name)])
    from datasette.views.database import MagicParameters  # above, it would load the plugins while we are one of them

    ours, given = archives(datasette)[name].queries.get(query), _given(request)
    try:
        values = ours.bind(given) if ours else given
    except BadQuery as error:
        return await refused(send, error)
    magic = _OrEmpty(MagicParameters(values, request, datasette))
    job = Job(partial(as_datasette, datasette, name), _all_rows(datasette, found["sql"], magic, request), PATIENCE)
    return await stream(datasette, request, send, receive, job, forms.headers(request.url_vars["form"], name, query))


async def export_sql(datasette: "Datasette", request: Request, send: Send, receive: Receive) -> None:
    """Answers with all rows of the SELECT in `sql`, its parameters beside it. Raises Forbidden."""
    name = await asking.allowed_archive(datasette, request)
    await datasette.ensure_permissions(request.actor, [("execute-sql", name)])
    sql = (request.args.get("sql") or "").strip()
    try:
        validate_sql_select(sql)
    except InvalidSql as error:
        return await refused(send, error)
    given = {parameter: value for parameter, value in _given(request).items() if parameter != "sql"}
    prepare = _all_rows(datasette, sql, _OrEmpty(given), request)
    job = Job(partial(as_datasette, datasette, name), prepare, PATIENCE)
    return await stream(datasette, request, send, receive, job, forms.headers(request.url_vars["form"], name, "sql"))


class _OrEmpty(dict[str, Any]):
    """Values of parameters, `""` where there is none: as Datasette's own pages ask."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__()
        self._given = given

    def __missing__(self, name: str) -> Any:
        try:
            return self._given[name]
        except KeyError:
            return ""


def _given(request: Request) -> dict[str, str]:
    return {name: request.args.get(name) or "" for name in request.args if not name.startswith("_")}


def _all_rows(
    datasette: "Datasette", sql: str, values: Mapping[str, Any], request: Request
) -> Callable[[sqlite3.Connection], Answer]:
    write = rows.WRITERS[forms.ROWS[request.url_vars["form"]]]
    said = {"ewbscraper-rows": "all"}
    if not publication(datasette).with_texts:
        said["ewbscraper-left-out"] = "the publishers' texts, where the query asks for them"

    def prepare(db: sqlite3.Connection) -> Answer:
        db.row_factory = None
        return Answer(said, partial(write, *rows.run(db, sql, values)))

    return prepare
