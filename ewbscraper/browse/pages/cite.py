"""The citation of one article to take away: `/-/cite/archive/12.bib`."""

from typing import TYPE_CHECKING

from datasette.utils.asgi import NotFound, Request, Response

from ewbscraper.archive.finding import citations
from ewbscraper.browse import asking
from ewbscraper.browse.exports.forms import MEDIA_TYPES

if TYPE_CHECKING:
    from datasette.app import Datasette

FORMATS = {
    "bib": (citations.bibtex, MEDIA_TYPES["bib"]),
    "ris": (citations.ris, MEDIA_TYPES["ris"]),
    "json": (citations.csl_json, MEDIA_TYPES["csl.json"]),
}


async def citation(datasette: "Datasette", request: Request) -> Response:
    """Answers with one record in one of FORMATS."""
    name = await asking.allowed_archive(datasette, request)
    number, form = int(request.url_vars["article"]), request.url_vars["format"]
    of = await datasette.get_database(name).execute_fn(lambda db: citations.reference(db, number))
    if of is None:
        await asking.refuse_withheld(datasette, request, name)
        raise NotFound(f"There is no article {number}")
    write, media_type = FORMATS[form]
    headers = {"content-disposition": f'attachment; filename="{of.key}.{form}"'}
    return Response(write(of), content_type=media_type, headers=headers)
