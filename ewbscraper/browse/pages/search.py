"""The search page: `/search?q=words&since=2024-01&place=Pristina&sort=rank&page=2`."""

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from ewbscraper.archive.database import names_of_outlets
from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.facets import COUNTED, facets
from ewbscraper.archive.finding.hits import Order
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.teasers import with_passages
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.archive.search import FOLD_VERSION
from ewbscraper.browse import asking
from ewbscraper.browse.exports.forms import LABELS
from ewbscraper.browse.rendering.charts import chart

if TYPE_CHECKING:
    from datasette.app import Datasette

PAGE = 20
"""Results on one page."""

_WORDS = 44
"""Of a passage."""

_FOLDED_ELSEWISE = "SELECT count(*) FROM about WHERE key = 'fold_version' AND value <> ?"


async def search_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/search`."""
    asked, number, by_share = asking.question(request), asking.page_number(request), asking.by_share(request)
    order: Order = "rank" if request.args.get("sort") == "rank" and asked.words else "date"
    return await asking.page(
        datasette,
        request,
        "ewb-search.html",
        lambda db: read_results(db, asked, number, order, by_share=by_share),
        asked=asked,
        page=number,
        order=order,
        by_share=by_share,
        size=PAGE,
        exports=LABELS,
    )


def read_results(
    db: sqlite3.Connection, asked: Question, page: int = 1, order: Order = "date", *, by_share: bool = False
) -> dict[str, Any]:
    """What the page shows, by name; of a question that asks nothing the outlets only."""
    outlets = names_of_outlets(db)
    if not asked:
        return {"outlets": outlets}
    total = hits.count(db, asked)
    newest = hits.newest(db, asked, COUNTED)
    chosen = hits.page_of(db, asked, newest, PAGE, (page - 1) * PAGE, order)
    return {
        "outlets": outlets,
        "total": total,
        "results": with_passages(db, asked, chosen, _WORDS),
        "facets": facets(db, newest, total) if total else None,
        "chart": chart(timeline(db, asked), by_share=by_share),
        "stale": bool(db.execute(_FOLDED_ELSEWISE, [FOLD_VERSION]).fetchone()[0]),
    }
