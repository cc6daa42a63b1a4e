"""The body of a page as other tools keep it: some without the encodings that the headers still name."""

from collections.abc import Sequence
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader

from ewbscraper.archive.content import LONGEST, content
from ewbscraper.errors import PageUnreadable


def kept_content(body: bytes, headers: Sequence[tuple[str, str]], longest: int = LONGEST) -> bytes:
    """What a page says: without chunks and compression, where the body has them.

    Raises PageUnreadable where nothing can be made of it, or more than `longest` bytes.
    """
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        body = ChunkedDataReader(BytesIO(body)).read(longest)
    try:
        return content(body, headers, longest)
    except PageUnreadable:
        if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":  # it was decompressed when it was captured
            return body
        raise
