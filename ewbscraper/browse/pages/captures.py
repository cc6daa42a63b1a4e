"""A page as it was captured: shown where it can do nothing, beside when it was taken and how to prove it."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Forbidden, NotFound, Request, Response

from ewbscraper.archive.articles.rights import in_words
from ewbscraper.browse import asking
from ewbscraper.browse.archives import archives
from ewbscraper.browse.guards.publication import publication
from ewbscraper.browse.rendering.captured import POLICY, Captured, as_today, captured, inert

if TYPE_CHECKING:
    from datasette.app import Datasette

FRAMING = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'none'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Policy of the page around an archived one: nothing but our own addresses can stand in the frame."""

_UNLISTED = {"x-robots-tag": "noindex, nofollow, noarchive"}
_HEADERS = {**_UNLISTED, "content-security-policy": POLICY, "x-dns-prefetch-control": "off"}

_ABOUT = """
SELECT articles.id, headline, articles.url, articles.language, outlets.slug, outlets.name AS outlet_name,
  coalesce(outlets.timezone, 'UTC') AS timezone
FROM captures LEFT JOIN articles ON articles.id = coalesce(captures.article, captures.media_of)
LEFT JOIN runs ON runs.id = captures.run LEFT JOIN outlets ON slug = coalesce(articles.outlet, runs.outlet)
WHERE captures.id = ?
"""

_NEXT_LOOK = """
SELECT id, fetched_at FROM captures WHERE url = :url AND (fetched_at, id) {} (:fetched_at, :id)
ORDER BY fetched_at {order}, id {order} LIMIT 1
"""

_PROOF = r"""import gzip, hashlib

with open({body_warc!r}, "rb") as file:
    file.seek({body_offset})
    record = gzip.decompress(file.read({body_length}))
body = record.split(b"\r\n\r\n", 2)[2][:{bytes}]
print(hashlib.sha256(body).hexdigest() == {sha256!r})
"""


async def capture_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/archive/captures/12/page`."""
    _, folder, number = await _asked(datasette, request)
    answer = await asking.page(datasette, request, "ewb-capture.html", lambda db: read_capture(db, folder, number))
    answer.headers |= {**_UNLISTED, "content-security-policy": FRAMING}
    return answer


def read_capture(db: sqlite3.Connection, folder: Path | None, number: int) -> dict[str, Any] | None:
    """What the page around an archived one shows, by name; None where there is no such capture."""
    found = captured(db, folder, number)
    if found is None:
        return None
    row = dict(found.row)
    is_ours = row["origin"] is None and row["body_warc"].endswith(".gz")
    return {
        "capture": row,
        "found": found,
        "rights": in_words(db, [number])[number],
        "about": db.execute(as_today(db) + _ABOUT, [number]).fetchone(),
        "earlier": db.execute(_NEXT_LOOK.format("<", order="DESC"), row).fetchone(),
        "later": db.execute(_NEXT_LOOK.format(">", order="ASC"), row).fetchone(),
        "proof": _PROOF.format(**row) if is_ours else "",
    }


async def raw(datasette: "Datasette", request: Request) -> Response:
    """Answers `/archive/captures/12/raw`: a page or a text as the frame shows it, in UTF-8."""
    found = await _captured(datasette, request)
    if found.kind not in ("page", "text") or not found.content:
        return Response.text(f"Not shown: {found.problem or found.media_type}.", status=404, headers={**_HEADERS})
    body, kind = (inert(found.text), "html") if found.kind == "page" else (found.text, "plain")
    return Response(body.encode("utf-8", "replace"), headers={**_HEADERS}, content_type=f"text/{kind}; charset=utf-8")


async def picture(datasette: "Datasette", request: Request) -> Response:
    """Answers `/archive/captures/12/picture`: a picture of pixels, out of the archive."""
    found = await _captured(datasette, request)
    if found.picture_type is None:
        return Response.text(f"No picture: {found.problem or found.media_type}.", status=404, headers={**_HEADERS})
    return Response(found.content, headers={**_HEADERS}, content_type=found.picture_type)


async def received(datasette: "Datasette", request: Request) -> Response:
    """Answers `/archive/captures/12/bytes`: the body as it came, to take away and to digest."""
    found = await _captured(datasette, request)
    if found.exchange is None:
        return Response.text(f"Not there: {found.problem}.", status=404, headers={**_HEADERS})
    name = f'attachment; filename="capture-{found.row["id"]}.bin"'
    headers = {**_HEADERS, "content-disposition": name}
    return Response(found.exchange.body, headers=headers, content_type="application/octet-stream")


async def _captured(datasette: "Datasette", request: Request) -> Captured:
    name, folder, number = await _asked(datasette, request)
    found = await archives(datasette)[name].texts.execute_fn(lambda db: captured(db, folder, number))
    if found is None:
        await asking.refuse_withheld(datasette, request, name)
        raise NotFound(f"There is no capture {number}")
    return found  # type: ignore[no-any-return]


async def _asked(datasette: "Datasette", request: Request) -> tuple[str, Path | None, int]:
    """The archive, where its WARC files are, and the number of the capture. Raises NotFound, Forbidden."""
    name = await asking.allowed_archive(datasette, request)
    if not publication(datasette).with_texts:
        raise Forbidden("Pages as captured belong to their publishers, and are not shown to the public here.")
    return name, archives(datasette)[name].folder, int(request.url_vars["capture"])
