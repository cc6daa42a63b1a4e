"""A search as it is cited: `/search/cite?q=KFOR&since=2024`, and for programs `/search/cite.json?...`."""

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from ewbscraper.archive.finding.cited import cited, paragraph
from ewbscraper.archive.finding.question import Question
from ewbscraper.browse import asking
from ewbscraper.browse.rendering.reading import address

if TYPE_CHECKING:
    from datasette.app import Datasette


async def cite_search(datasette: "Datasette", request: Request) -> Response:
    """Answers with the page, or with the same as JSON."""
    asked = asking.question(request)
    path = f"{datasette.urls.path('/search')}?{address(asked.given)}".rstrip("?")
    where = str(datasette.absolute_url(request, path))
    title = datasette.metadata("title") or "Archive"

    def read(db: sqlite3.Connection) -> dict[str, Any]:
        return read_citation(db, asked, title, where)

    if not request.url_vars["form"]:
        return await asking.page(datasette, request, "ewb-cite-search.html", read, asked=asked)
    found = await asking.in_time(datasette, await asking.allowed_archive(datasette, request), read)
    if found.get("too_slow"):
        return Response.json({"error": "this search takes too long"}, status=503)
    return Response(found["as_json"], content_type="application/json; charset=utf-8")


def read_citation(db: sqlite3.Connection, asked: Question, title: str, where: str) -> dict[str, Any]:
    """What the page shows: the citation as facts, as a paragraph, as JSON."""
    of = cited(db, asked)
    said = paragraph(of, title, where)
    facts = {"citation": said, "archive": title, "address": where, **of.as_json()}
    return {"of": of, "paragraph": said, "as_json": json.dumps(facts, ensure_ascii=False, indent=2) + "\n"}
