"""What is known and what is archived: `/coverage`, one outlet by months at `/coverage?outlet=ewb`."""

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from ewbscraper.archive.finding.coverage import add, coverage
from ewbscraper.browse import asking

if TYPE_CHECKING:
    from datasette.app import Datasette


async def coverage_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/coverage`. Raises NotFound for an outlet that is not there."""
    outlet = request.args.get("outlet") or ""
    return await asking.page(
        datasette, request, "ewb-coverage.html", lambda db: read_coverage(db, outlet), outlet=outlet
    )


def read_coverage(db: sqlite3.Connection, outlet: str = "") -> dict[str, Any] | None:
    """What the page shows, by name; None where there is no such outlet."""
    found = coverage(db, outlet)
    if outlet and not found:
        return None
    return {"outlets": found, "total": add("", (one.total for one in found))}
