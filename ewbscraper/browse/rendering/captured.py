"""What lies in the WARC for a capture, in bounds, and the forms in which a browser may have it: none that can act.

A page is shown without what it would load or run: POLICY forbids the browser all of it. Its mark-up is stilled besides,
as a browser opens a connection for a frame before it sees that the frame is forbidden, connects ahead where a `<link>`
says so, follows links inside the frame, and complains of each picture.
"""

import re
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Literal

from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import Exchange, read_exchange
from ewbscraper.errors import PageUnreadable, RecordUnreadable
from ewbscraper.markup.charset import decode

LONGEST = 50_000_000
"""Bytes of a body that are read at all."""

SHOWN = 8_000_000
"""Bytes of a page or a picture that are shown, without its compression; a page has far less, a bomb has not."""

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""Of everything that comes out of a WARC file."""

Kind = Literal["page", "text", "picture", "other"]

_PAGES = ("text/html", "application/xhtml+xml")
_TEXTS = re.compile(r"text/.+|.+[/+](?:json|xml)|application/(?:x-)?(?:java|ecma)script")
_PICTURES = {
    "image/jpeg": rb"\xff\xd8\xff",
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF.{4}WEBP",
    "image/avif": rb".{4}ftypavi[fs]",
}
"""Pictures that are nothing but pixels, by their first bytes; SVG is a page that can act."""

_STILLED = {
    "a": 'target="_blank" ping=""',
    "area": 'target="_blank" ping=""',
    "audio": 'src=""',
    "body": 'background=""',
    "embed": 'src=""',
    "frame": 'src="about:blank"',
    "iframe": 'srcdoc="" src="about:blank"',
    "image": 'href="" xlink:href="" src=""',
    "img": 'src="" srcset=""',
    "input": 'src=""',
    "link": 'rel="left-out"',
    "object": 'data=""',
    "script": 'type="text/plain" src=""',
    "source": 'src="" srcset=""',
    "table": 'background=""',
    "td": 'background=""',
    "track": 'src=""',
    "use": 'href="" xlink:href=""',
    "video": 'src="" poster=""',
}
"""What is put before the attributes of a tag: of one that is there twice a browser takes the first.

A link leads to a new window, as it can open none.
"""

_TAG = re.compile(rf"<({'|'.join(_STILLED)})(?=[\s/>])", re.IGNORECASE)
# a browser ends a style at the end of the page where nothing else ends it; without \Z each of a million would be sought
_STYLE = re.compile(
    r"<style[\s/>].*?(?:</style|\Z)|[\s\"'/]style\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE | re.DOTALL
)
_NAMED_IN_STYLE = re.compile(r"url\(|@import", re.IGNORECASE)

_ROW = """
SELECT captures.*, body.warc AS body_warc, body.offset AS body_offset, body.length AS body_length
FROM captures JOIN captures body ON body.id = coalesce(captures.same_as, captures.id) WHERE captures.id = ?
"""


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture and its answer, read."""

    row: sqlite3.Row
    exchange: Exchange | None
    """None where it cannot be read: `problem` says why."""
    problem: str = ""
    content: bytes = b""
    """The body without its compression; empty where it is not for showing: `problem` says why."""

    @property
    def media_type(self) -> str:
        """As the server said, lower case, without parameters."""
        return (self.row["content_type"] or "").partition(";")[0].strip().lower()

    @property
    def picture_type(self) -> str | None:
        """Media type by the first bytes, whatever the server said; None where it is no picture of pixels."""
        kinds = (name for name, start in _PICTURES.items() if re.match(start, self.content, re.DOTALL))
        return next(kinds, None)

    @property
    def kind(self) -> Kind:
        """How it can be shown."""
        if self.picture_type:
            return "picture"
        if self.media_type in _PAGES or (not self.media_type and self.content.lstrip()[:1] == b"<"):
            return "page"
        return "text" if _TEXTS.fullmatch(self.media_type) else "other"

    @property
    def text(self) -> str:
        """What a page or a text says."""
        return decode(self.content, self.row["content_type"])


def captured(db: sqlite3.Connection, folder: Path | None, number: int) -> Captured | None:
    """The capture of this number, as far as it can be read; None where there is none."""
    row = db.execute(as_today(db) + _ROW, [number]).fetchone()
    if row is None:
        return None
    try:
        exchange = _received(db, folder, row)
    except RecordUnreadable as error:
        return Captured(row, None, str(error))
    try:
        content = kept_content(exchange.body, exchange.response_headers, SHOWN)
    except PageUnreadable as error:
        return Captured(row, exchange, str(error))
    if len(content) > SHOWN:
        return Captured(row, exchange, f"longer than the {SHOWN:,} bytes that are shown here")
    return Captured(row, exchange, "" if content else "the answer has no body", content)


def as_today(db: sqlite3.Connection) -> str:
    """What stands before a query of captures where an archive of an older version lacks columns of theirs."""
    known = {row[0] for row in db.execute("SELECT name FROM pragma_table_info('captures')")}
    lacking = [f"NULL AS {name}" for name in ("same_as", "media_of", "origin", "robots_in") if name not in known]
    return f"WITH captures AS (SELECT *, {', '.join(lacking)} FROM main.captures)" if lacking else ""


def inert(page: str) -> str:
    """A page that asks a browser for nothing: pictures, frames and scripts have no address left, links lead nowhere."""
    page = _TAG.sub(lambda tag: f"{tag[0]} {_STILLED[tag[1].lower()]}", page)
    return _STYLE.sub(lambda style: _NAMED_IN_STYLE.sub(_unnamed, style[0]), page)


def _unnamed(said: re.Match[str]) -> str:
    return "left-out(" if said[0].endswith("(") else "@left-out"


def _received(db: sqlite3.Connection, folder: Path | None, row: sqlite3.Row) -> Exchange:
    if row["bytes"] > LONGEST:
        raise RecordUnreadable(f"longer than the {LONGEST:,} bytes that are read here")
    if folder is None or not all(map(_is_beside, (row["warc"], row["body_warc"]))):
        raise RecordUnreadable("its WARC file is not beside the archive")
    try:
        exchange = read_exchange(db, folder, row["id"])
    except OSError as error:
        name = Path(error.filename or "").name
        raise RecordUnreadable(f"the WARC file {name} cannot be read: {error.strerror}") from error
    if sha256(exchange.body).hexdigest() != row["sha256"]:
        raise RecordUnreadable("damaged: the SHA-256 of what lies in the WARC file is another")
    return exchange


def _is_beside(warc: str) -> bool:
    path = PurePosixPath(warc)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in warc
