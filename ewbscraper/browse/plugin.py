"""The Datasette plugin: every hook, each one a call of a function with a plain test."""

# mypy: disable-error-code="untyped-decorator"

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from jinja2 import Environment
from markupsafe import Markup

from ewbscraper import __version__
from ewbscraper.archive import search
from ewbscraper.browse.archives import archives, find_archives, first_archive
from ewbscraper.browse.headers import Asgi, with_headers
from ewbscraper.browse.mending import mended
from ewbscraper.browse.pages.article import read_article
from ewbscraper.browse.publication import publication
from ewbscraper.browse.reading import address, direction, marked, safe_url, shown_time
from ewbscraper.browse.routes import ROUTES

if TYPE_CHECKING:
    from datasette.app import Datasette

LENGTH_LIMIT = 5_000_000
"""Bytes of one value or row: without it one GET of `zeroblob(1e9)` takes 24 GB."""

LONG_CELLS = {"body", "body_html", "standfirst", "captions"}
SHOWN_OF_A_LONG_CELL = 160
"""Characters of a text in a table of articles."""

TemplateVars = dict[str, Any] | Callable[[], Awaitable[dict[str, Any]]]


@hookimpl
def startup(datasette: "Datasette") -> Callable[[], Awaitable[None]]:
    """Looks at the attached databases once; an error here (a broken queries.yml, no length limit) stops the start."""
    return lambda: find_archives(datasette)


@hookimpl(trylast=True)  # after Datasette's own, whose escape_fts does not fold
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Limits what one query can take, and makes Datasette's own search box fold scripts."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH_LIMIT)
    search.register(conn)
    conn.create_function("escape_fts", 1, search.match_expression, deterministic=True)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """The filters of our templates."""
    env.filters.update(safe_url=safe_url, shown_time=shown_time, marked=marked, direction=direction, address=address)
    env.filters["mended"] = mended


@hookimpl
def extra_template_vars(
    datasette: "Datasette", template: str, database: str | None, table: str | None, request: Request | None
) -> TemplateVars:
    """`article` on the row page of an article, `archive` everywhere."""
    name = first_archive(datasette)
    title = datasette.metadata("title") or "Datasette"
    common: dict[str, Any] = {"archive": name, "site_title": title, "ewbscraper_version": __version__}
    common["publication"] = publication(datasette)
    row = request.url_vars.get("pks", "") if request else ""
    if template.startswith("row") and table == "articles" and database in archives(datasette) and row.isdecimal():
        return lambda: _article(datasette, database, int(row), common)
    return common


async def _article(datasette: "Datasette", name: str, number: int, common: dict[str, Any]) -> dict[str, Any]:
    article = await archives(datasette)[name].texts.execute_fn(lambda db: read_article(db, number))
    return {**common, "archive": name, "article": article, "cite": f"/-/cite/{tilde_encode(name)}/{number}"}


@hookimpl
def render_cell(datasette: "Datasette", value: Any, column: str, table: str | None, database: str) -> Any:
    """Texts cut short in tables of articles, and numbers of articles in query results as links."""
    if database not in archives(datasette):
        return None
    if table is None and column == "article" and isinstance(value, int):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, "articles", str(value)), value)
    if table == "articles" and column in LONG_CELLS and isinstance(value, str) and len(value) > SHOWN_OF_A_LONG_CELL:
        return f"{value[:SHOWN_OF_A_LONG_CELL]}…"
    return None


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Our pages."""
    return [(f"^{path}$", page) for path, page in ROUTES]


@hookimpl
def asgi_wrapper(datasette: "Datasette") -> Callable[[Asgi], Asgi]:
    """Safe headers on every answer."""
    return lambda app: with_headers(app, datasette.setting("base_url"))
