"""What ran when and what it found, fields over time, outlets that went silent: `/runs?outlet=ewb&page=2`."""

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from ewbscraper.archive.database import names_of_outlets
from ewbscraper.archive.fields import A_MONTH, MONTHS, fields_over_time
from ewbscraper.archive.runs import FIELDS_WATCHED, silence
from ewbscraper.browse import asking

if TYPE_CHECKING:
    from datasette.app import Datasette

PAGE = 30
"""Runs on one page."""

OF_ONE = 36
"""Months that the page of one outlet shows."""

_RUNS = """
SELECT runs.*, name AS outlet_name FROM runs JOIN outlets ON slug = outlet
WHERE :outlet = '' OR outlet = :outlet ORDER BY runs.id DESC LIMIT :size OFFSET :skip
"""

_COUNT = "SELECT count(*) FROM runs WHERE :outlet = '' OR outlet = :outlet"


async def runs_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/runs`. Raises NotFound for an outlet that is not there."""
    outlet, number = request.args.get("outlet") or "", asking.page_number(request)
    return await asking.page(
        datasette,
        request,
        "ewb-runs.html",
        lambda db: read_runs(db, outlet, number),
        outlet=outlet,
        page=number,
        size=PAGE,
        fields=FIELDS_WATCHED,
        a_month=A_MONTH,
    )


def read_runs(db: sqlite3.Connection, outlet: str = "", page: int = 1) -> dict[str, Any] | None:
    """What the page shows, by name; None where there is no such outlet."""
    names = names_of_outlets(db)
    if outlet and outlet not in names:
        return None
    shown = [slug for slug in names if outlet in ("", slug)]
    values = {"outlet": outlet, "size": PAGE, "skip": (page - 1) * PAGE}
    return {
        "names": names,
        "runs": db.execute(_RUNS, values).fetchall(),
        "total": db.execute(_COUNT, values).fetchone()[0],
        "silent": {slug: found for slug in shown if (found := silence(db, slug))},
        "coverage": {slug: fields_over_time(db, slug, OF_ONE if outlet else MONTHS) for slug in shown},
    }
