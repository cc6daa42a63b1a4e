"""The body of a page as other tools keep it: some without the encodings that the headers still name."""

from collections.abc import Sequence
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader

from ewbscraper.archive.content import LONGEST, content
from ewbscraper.errors import PageUnreadable


def kept_content(body: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """What a page says: without chunks and compression, where the body has them. Raises PageUnreadable."""
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        body = ChunkedDataReader(BytesIO(body)).read(LONGEST)
    try:
        return content(body, headers)
    except PageUnreadable:
        if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":  # it was decompressed when it was captured
            return body
        raise
