"""Places, authors, tags, sections, outlets: lists at `/places`, one at `/places/12`, an outlet at `/outlets/ewb`."""

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import Request, Response

from ewbscraper.archive.database import names_of_outlets
from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.facets import COUNTED, facets
from ewbscraper.archive.finding.subjects import KINDS, Order, question_of, subject, subjects
from ewbscraper.archive.finding.teasers import teasers
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.browse import asking
from ewbscraper.browse.rendering.charts import chart

if TYPE_CHECKING:
    from datasette.app import Datasette

PAGE, LISTED = 20, 100
"""Articles on a page, and names on a page of a list."""


async def subjects_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/places?sort=name&named=pri&page=2` and its like."""
    kind, number = request.url_vars["kind"], asking.page_number(request)
    order: Order = "name" if request.args.get("sort") == "name" else "number"
    named = " ".join((request.args.get("named") or "").split())[:200]
    return await asking.page(
        datasette,
        request,
        "ewb-subjects.html",
        lambda db: {"listed": subjects(db, kind, order=order, named=named, size=LISTED, skip=(number - 1) * LISTED)},
        kind=kind,
        one=KINDS[kind],
        order=order,
        named=named,
        page=number,
        size=LISTED,
    )


async def subject_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/places/12?page=2&by=share` and its like."""
    kind, key = request.url_vars["kind"], tilde_decode(request.url_vars["key"])
    number, by_share = asking.page_number(request), asking.by_share(request)
    return await asking.page(
        datasette,
        request,
        "ewb-subject.html",
        lambda db: read_subject(db, kind, key, number, by_share=by_share),
        kind=kind,
        page=number,
        size=PAGE,
        by_share=by_share,
    )


def read_subject(
    db: sqlite3.Connection, kind: str, key: str, page: int = 1, *, by_share: bool = False
) -> dict[str, Any] | None:
    """What the page of a subject shows, by name; None where there is none of this key."""
    found = subject(db, kind, key)
    if found is None:
        return None
    asked = question_of(kind, found)
    total = hits.count(db, asked)
    newest = hits.newest(db, asked, COUNTED)
    goes_with = facets(db, newest, total)
    within = list(goes_with.counts["outlet"])
    if len(within) == 1 and goes_with.whole:  # so that a share is one of this outlet's output
        asked = asked.but(outlet=within[0])
    chosen = hits.page_of(db, asked, newest, PAGE, (page - 1) * PAGE)
    return {
        "subject": found,
        "asked": question_of(kind, found),
        "total": total,
        "goes_with": goes_with,
        "outlets": names_of_outlets(db),
        "chart": chart(timeline(db, asked), by_share=by_share),
        "share_of": asked.outlet,
        "articles": teasers(db, chosen),
    }
