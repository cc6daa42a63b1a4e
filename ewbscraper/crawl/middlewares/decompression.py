"""Scrapy's decompression, with a broken body as what it is: a page that was not had."""

import struct
import sys
import zlib

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from ewbscraper.archive.warc.content import whole_gzip

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

try:
    import brotli
except ImportError:
    import brotlicffi as brotli

MOST_CODINGS = 4
"""Of one body; each may unpack to DOWNLOAD_MAXSIZE, and a header has room for thousands."""

_BROKEN = (EOFError, OSError, zlib.error, struct.error, brotli.error, zstd.ZstdError)


class DecompressionMiddleware(HttpCompressionMiddleware):
    """A body that lies about its encoding raised errors of its codec, which nothing above expects."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Raises IgnoreRequest where the body cannot be decompressed, or is a bomb."""
        codings = b",".join(response.headers.getlist("Content-Encoding")).count(b",") + 1
        if codings > MOST_CODINGS:
            raise IgnoreRequest(f"the body is compressed {codings} times over")
        try:
            return super().process_response(request, response)
        except _BROKEN as error:
            raise IgnoreRequest(f"the body cannot be decompressed: {error}") from error

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        whole = whole_gzip(body, max_size) if encoding in (b"gzip", b"x-gzip") and max_size else None
        return whole or HttpCompressionMiddleware._decode(body, encoding, max_size)
