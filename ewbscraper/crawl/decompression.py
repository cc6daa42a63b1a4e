"""Scrapy's decompression, with a broken body as what it is: a page that was not had."""

import struct
import zlib

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class DecompressionMiddleware(HttpCompressionMiddleware):
    """A body that lies about its encoding raised EOFError or zlib.error, which nothing above expects."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Raises IgnoreRequest where the body cannot be decompressed, or is a bomb."""
        try:
            return super().process_response(request, response)
        except (EOFError, OSError, zlib.error, struct.error) as error:
            raise IgnoreRequest(f"the body cannot be decompressed: {error}") from error
