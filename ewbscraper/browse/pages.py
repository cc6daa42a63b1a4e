"""The front page, the search page and the citations to take away."""

import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from datasette.utils import sqlite_timelimit, tilde_decode
from datasette.utils.asgi import NotFound, Request, Response

from ewbscraper.archive import citations, lookup
from ewbscraper.archive.search import FOLD_VERSION, match_expression
from ewbscraper.browse.archives import archives, first_archive
from ewbscraper.browse.reading import MARK, UNMARK

if TYPE_CHECKING:
    from datasette.app import Datasette

PAGE = 20
"""Results of a search on one page."""

PATIENCE = 3000
"""Milliseconds that a search may take."""

FORMATS = {
    "bib": (citations.bibtex, "application/x-bibtex"),
    "ris": (citations.ris, "application/x-research-info-systems"),
    "json": (citations.csl_json, "application/vnd.citationstyles.csl+json"),
}

_FIGURES = """
SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM outlets) AS outlets,
  (SELECT min(published_utc) FROM articles) AS first, (SELECT max(published_utc) FROM articles) AS last,
  (SELECT count(*) FROM (SELECT DISTINCT article FROM revisions WHERE cause = 'outlet')) AS edited,
  (SELECT count(*) FROM articles WHERE gone_at IS NOT NULL) AS removed
"""

_NEWEST = """
SELECT articles.id, headline, standfirst, dateline, published, articles.language, gone_at, name AS outlet_name, timezone
FROM (SELECT id FROM articles ORDER BY published_utc DESC, id DESC LIMIT 8) AS newest
CROSS JOIN articles ON articles.id = newest.id JOIN outlets ON slug = outlet
"""

_OUTLETS = """
SELECT slug, name, home, language, (SELECT count(*) FROM articles WHERE outlet = slug) AS articles
FROM outlets ORDER BY articles DESC, name
"""

_RUNS = "SELECT runs.*, name AS outlet_name FROM runs JOIN outlets ON slug = outlet ORDER BY runs.id DESC LIMIT 1"

_FOLDED_ELSEWISE = "SELECT count(*) FROM about WHERE key = 'fold_version' AND value <> ?"

_FOUND = """
SELECT articles.id, published, articles.language, dateline, gone_at, name AS outlet_name, timezone,
  highlight(articles_fts, 0, :mark, :unmark) AS headline,
  snippet(articles_fts, 3, :mark, :unmark, '…', 44) AS passage
FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid JOIN outlets ON slug = outlet
WHERE articles_fts MATCH :expression AND articles_fts.rowid = :id
"""


def read_home(db: sqlite3.Connection) -> dict[str, Any]:
    """What the front page shows, by name."""
    return {
        "figures": db.execute(_FIGURES).fetchone(),
        "newest": db.execute(_NEWEST).fetchall(),
        "outlets": db.execute(_OUTLETS).fetchall(),
        "last_run": db.execute(_RUNS).fetchone(),
    }


def read_results(db: sqlite3.Connection, words: str, page: int) -> dict[str, Any]:
    """How many articles mention the words, and one page of them, the newest first, hits between MARK and UNMARK."""
    total = lookup.count(db, words)
    stale = db.execute(_FOLDED_ELSEWISE, [FOLD_VERSION]).fetchone()[0]
    asked = {"expression": match_expression(words), "mark": MARK, "unmark": UNMARK}
    ids = lookup.newest(db, words, PAGE, skip=(page - 1) * PAGE)
    results = [db.execute(_FOUND, {**asked, "id": number}).fetchone() for number in ids]
    return {"total": total, "results": results, "more": total > page * PAGE, "stale": bool(stale)}


async def search_page(datasette: "Datasette", request: Request) -> Response:
    """`/search?q=words&page=2`."""
    name = await _allowed_archive(datasette, request)
    words = (request.args.get("q") or "").strip()[:1000]
    number = request.args.get("page") or "1"
    page = max(int(number), 1) if re.fullmatch("[0-9]{1,7}", number) else 1
    context: dict[str, Any] = {"words": words, "page": page, "archive": name, "total": 0, "results": [], "more": False}
    if words:
        context |= await in_time(datasette, name, lambda db: read_results(db, words, page))
    return Response.html(await datasette.render_template("ewb-search.html", context, request=request))


async def citation(datasette: "Datasette", request: Request) -> Response:
    """`/-/cite/archive/12.bib`, `.ris` or `.json`: one record to take away."""
    name = await _allowed_archive(datasette, request)
    number, form = int(request.url_vars["article"]), request.url_vars["format"]
    of = await datasette.get_database(name).execute_fn(lambda db: citations.reference(db, number))
    if of is None:
        raise NotFound(f"There is no article {number}")
    write, media_type = FORMATS[form]
    headers = {"content-disposition": f'attachment; filename="{of.key}.{form}"'}
    return Response(write(of), content_type=f"{media_type}; charset=utf-8", headers=headers)


async def in_time(datasette: "Datasette", name: str, read: Callable[[sqlite3.Connection], dict[str, Any]]) -> Any:
    """What `read` reads, or `{"too_slow": True}` where it takes longer than PATIENCE."""

    def limited(db: sqlite3.Connection) -> dict[str, Any]:
        with sqlite_timelimit(db, PATIENCE):
            try:
                return read(db)
            except sqlite3.OperationalError as error:
                if str(error) != "interrupted":
                    raise
                return {"too_slow": True}

    return await datasette.get_database(name).execute_fn(limited)


async def _allowed_archive(datasette: "Datasette", request: Request) -> str:
    name = tilde_decode(request.url_vars.get("archive", "")) or first_archive(datasette)
    if name not in archives(datasette):
        raise NotFound("There is no archive here")
    await datasette.ensure_permissions(request.actor, [("view-database", name), "view-instance"])
    return name
