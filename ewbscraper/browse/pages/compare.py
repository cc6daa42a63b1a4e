"""Outlets side by side: `/compare?q=words&outlet=ewb&outlet=n1&since=2024&by=share`; without words their output."""

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.side_by_side import side_by_side
from ewbscraper.archive.finding.teasers import with_passages
from ewbscraper.browse import asking
from ewbscraper.browse.rendering.charts import charts

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST, UNASKED = 12, 4
"""Outlets that are compared at most, and where none was chosen: those with most articles."""

_NEWEST, _WORDS = 3, 30
"""Articles shown of each, and words of a passage."""

_OUTLETS = """
SELECT slug, name, (SELECT count(*) FROM articles INDEXED BY articles_outlet WHERE outlet = slug) AS articles
FROM outlets ORDER BY articles DESC, name
"""


async def compare_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/compare`."""
    asked = asking.question(request).but(outlet="")
    wanted, by_share = request.args.getlist("outlet"), asking.by_share(request)
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
    return with_passages(db, asked, hits.ids(db, asked, _NEWEST), _WORDS)
