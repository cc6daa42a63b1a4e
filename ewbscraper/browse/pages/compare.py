"""Outlets side by side: `/compare?q=words&outlet=ewb&outlet=n1&since=2024&by=share`; without words their output."""

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.side_by_side import side_by_side
from ewbscraper.browse import asking
from ewbscraper.browse.charts import charts

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST, UNASKED = 12, 4
"""Outlets that are compared at most, and where none was chosen: those with most articles."""

_NEWEST, _WORDS = 3, 30

_OUTLETS = """
SELECT slug, name, (SELECT count(*) FROM articles INDEXED BY articles_outlet WHERE outlet = slug) AS articles
FROM outlets ORDER BY articles DESC, name
"""

_ROW = """
SELECT articles.id, published, articles.language, headline, dateline, gone_at, name AS outlet_name, timezone
FROM articles JOIN outlets ON slug = outlet WHERE articles.id = ?
"""


async def compare_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/compare`."""
    args = request.args
    asked = Question.read({name: args.get(name) or "" for name in args}).but(outlet="")
    wanted, by_share = args.getlist("outlet"), args.get("by") == "share"
    return await asking.page(
        datasette,
        request,
        "ewb-compare.html",
        lambda db: read_compared(db, asked, wanted, by_share=by_share),
        asked=asked,
        by_share=by_share,
        most=MOST,
    )


def read_compared(
    db: sqlite3.Connection, asked: Question, wanted: Sequence[str], *, by_share: bool = False
) -> dict[str, Any]:
    """What the page shows, by name: `outlets` to choose from, and `sides`, the chosen ones, in their order."""
    outlets = {row["slug"]: row["name"] for row in db.execute(_OUTLETS)}
    chosen = ([slug for slug in outlets if slug in wanted] or list(outlets)[:UNASKED])[:MOST]
    sides = side_by_side(db, asked, chosen)
    drawn = charts({slug: side.bars for slug, side in sides.items()}, by_share=by_share)
    return {
        "outlets": outlets,
        "sides": [
            {
                "slug": slug,
                "name": outlets[slug],
                "side": sides[slug],
                "chart": drawn[slug],
                "newest": _newest(db, asked.but(outlet=slug)) if sides[slug].articles else [],
            }
            for slug in chosen
        ],
        "left_out": max(0, len(set(wanted) & set(outlets)) - MOST),
        "same": urlencode([*asked.given.items(), *(("outlet", slug) for slug in chosen)]),
    }


def _newest(db: sqlite3.Connection, asked: Question) -> list[dict[str, Any]]:
    chosen = hits.ids(db, asked, _NEWEST)
    marked = hits.passages(db, asked, chosen, words=_WORDS, beside_headline=True)
    rows = [dict(db.execute(_ROW, [number]).fetchone()) for number in chosen]
    return [{**row, **found} for row, found in zip(rows, marked, strict=True)]
