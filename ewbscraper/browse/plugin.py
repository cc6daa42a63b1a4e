"""The Datasette plugin: every hook, each one a call of a function with a plain test."""

# mypy: disable-error-code="untyped-decorator"

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from jinja2 import Environment
from markupsafe import Markup

from ewbscraper import __version__
from ewbscraper.archive import search
from ewbscraper.browse.archives import PRIVATE, archives, find_archives, first_archive, is_question
from ewbscraper.browse.guards.bounded import bound
from ewbscraper.browse.guards.door import Asgi, below, with_door
from ewbscraper.browse.guards.headers import with_headers
from ewbscraper.browse.guards.limits import limit
from ewbscraper.browse.guards.measured import measure
from ewbscraper.browse.guards.publication import publication
from ewbscraper.browse.guards.withheld import INDEX, is_archive, withhold
from ewbscraper.browse.mended.mending import mended
from ewbscraper.browse.mended.mishaps import answered, said_of
from ewbscraper.browse.rendering import reading
from ewbscraper.browse.routes import ROUTES, is_ours

if TYPE_CHECKING:
    from datasette.app import Datasette

LONG_CELLS = {"body", "body_html", "standfirst", "captions"}
SHOWN_OF_A_LONG_CELL = 160
"""Characters of a text in a table of articles."""

FILTERS = (
    reading.address,
    reading.contact_url,
    reading.direction,
    reading.many,
    reading.marked,
    reading.number,
    reading.safe_url,
    reading.shown_time,
    mended,
)
"""Of our templates, under their own names."""

TemplateVars = dict[str, Any] | Callable[[], Awaitable[dict[str, Any]]]


@hookimpl
def startup(datasette: "Datasette") -> Callable[[], Awaitable[None]]:
    """Looks at the attached databases once; an error here (a broken queries.yml, no length limit) stops the start."""
    return lambda: find_archives(datasette)


@hookimpl(trylast=True)  # after Datasette's own, whose escape_fts does not fold
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: "Datasette") -> None:
    """Limits what one query can take and see, and makes Datasette's own search box fold scripts. Raises NoLimits."""
    limit(conn, attach=database == "_memory" and datasette.crossdb)
    search.register(conn)
    bound(conn)
    measure(conn)
    withheld = not publication(datasette).with_texts and not database.startswith(PRIVATE)
    withhold(conn, texts=withheld and is_archive(conn))


@hookimpl
def permission_allowed(datasette: "Datasette", actor: dict[str, Any] | None, action: str, resource: Any) -> bool | None:
    """The public writes no SQL of its own, and does not read the index, which has the words of the texts."""
    chosen = publication(datasette)
    if action == "execute-sql" and chosen.public and not actor:
        return False
    if action == "view-table" and not chosen.with_texts and resource[0] in archives(datasette):
        return False if resource[1] in INDEX else None
    return None


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """The filters of our templates."""
    env.filters |= {ours.__name__: ours for ours in FILTERS}
    env.filters |= {"tilde": tilde_encode}


@hookimpl
def extra_template_vars(
    datasette: "Datasette", template: str, database: str | None, table: str | None, request: Request | None
) -> TemplateVars:
    """What every page may say: of the archive, of who reads it."""
    name = first_archive(datasette)
    title = datasette.metadata("title") or "Datasette"
    common: dict[str, Any] = {"archive": name, "site_title": title, "ewbscraper_version": __version__}
    common |= {"publication": publication(datasette), "is_archive": database in archives(datasette)}
    common["contact"] = archives(datasette)[name].contact if name else ""
    return common


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


@hookimpl(hookwrapper=True)  # around Datasette's own, which would write a traceback for each
def handle_exception(datasette: "Datasette", request: Request, exception: Exception) -> Iterator[None]:
    """An address that Datasette cannot read is no fault of the server."""
    outcome: Any = yield
    if told := said_of(exception, request.method):
        outcome.force_result([answered(datasette, request, told)])


@hookimpl
def asgi_wrapper(datasette: "Datasette") -> Callable[[Asgi], Asgi]:
    """The door, and safe headers on every answer, its own too."""
    base_url, chosen = datasette.setting("base_url"), publication(datasette)

    def runs_no_script(path: str) -> bool:
        # A named query's page is Datasette's, its template ours.
        return is_ours(path) or is_question(datasette, path)

    def wrapped(app: Asgi) -> Asgi:
        guarded = with_door(app, base_url, chosen)
        headed = with_headers(guarded, base_url, runs_no_script, index=chosen.index)
        return below(headed, base_url)

    return wrapped
