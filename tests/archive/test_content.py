"""A page out of the WARC is the page that the crawl read, whatever encoding it had on the wire."""

import gzip
import zlib

import brotli
import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from ewbscraper.archive.warc import content
from ewbscraper.archive.warc.content import zstd
from ewbscraper.crawl.middlewares.decompression import DecompressionMiddleware
from ewbscraper.errors import PageUnreadable

PAGE = b"<html><body>" + b"<p>A sentence that is long enough to be read.</p>" * 5_000 + b"</body></html>"
RAW = zlib.compressobj(wbits=-15)
WAYS = {
    "plain": ("", PAGE),
    "gzip": ("gzip", gzip.compress(PAGE)),
    "capitals": ("X-GZIP", gzip.compress(PAGE)),
    "two members": ("gzip", gzip.compress(PAGE[:1000]) + gzip.compress(PAGE[1000:])),
    "cut": ("gzip", gzip.compress(PAGE)[:-100]),
    "wrong checksum": ("gzip", gzip.compress(PAGE)[:-8] + bytes(8)),
    "deflate": ("deflate", zlib.compress(PAGE)),
    "deflate without head": ("deflate", RAW.compress(PAGE) + RAW.flush()),
    "brotli": ("br", brotli.compress(PAGE)),
    "brotli cut": ("br", brotli.compress(PAGE)[:-10]),
    "zstd": ("zstd", zstd.compress(PAGE)),
    "twice": ("deflate, gzip", gzip.compress(zlib.compress(PAGE))),
    "unknown": ("rot13", PAGE),
    "unknown below": ("rot13, gzip", gzip.compress(PAGE)),
}


@pytest.mark.parametrize(("encoding", "body"), WAYS.values(), ids=WAYS)
def test_the_content_is_what_the_crawl_made_of_it(encoding, body):
    headers = {"Content-Type": "text/html", **({"Content-Encoding": encoding} if encoding else {})}
    request = Request("https://courier.example/")
    response = HtmlResponse(request.url, headers=headers, body=body, request=request)
    crawled = DecompressionMiddleware(crawler=get_crawler()).process_response(request, response)
    assert content.content(body, list(headers.items())) == crawled.body


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_what_cannot_be_decompressed_is_unreadable(encoding):
    with pytest.raises(PageUnreadable, match="cannot be decompressed"):
        content.content(b"no such thing at all", [("content-encoding", encoding)])


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress, brotli.compress, zstd.compress])
def test_a_bomb_does_not_go_off(compress):
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate", brotli.compress: "br"}.get(compress, "zstd")
    with pytest.raises(PageUnreadable, match="longer than"):
        content.content(compress(bytes(10_000_000)), [("Content-Encoding", encoding)], 100_000)
