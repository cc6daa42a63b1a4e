"""WARC and WACZ files, ours and other tools', and bodies in any encoding, broken in every way: their named error."""

import gzip
import tempfile
import zlib
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from hypothesis import strategies as st
from other_tools import HOST, Warc, page, wacz
from scrapy.robotstxt import ProtegoRobotParser
from strange import broken, fuzz, texts

from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import Exchange, read_capture, whole_records
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.errors import PageUnreadable, RecordUnreadable, WarcUnreadable
from ewbscraper.import_pages.foreign.files import warcs_of
from ewbscraper.import_pages.foreign.page_list import PageList, where
from ewbscraper.import_pages.foreign.records import LONGEST_PAGE, ForeignWarc

FOLDER = tempfile.TemporaryDirectory()
HERE = Path(FOLDER.name)


def _theirs(**options):
    warc = (
        Warc(**options)
        .add("a/", page("A bridge"))
        .add("b/", page("A ferry"))
        .add("c.png", b"x", status="404 Not Found")
    )
    return warc.revisit("a/", "a/", "sha256:" + "0" * 64, "2019-05-02T08:00:00Z", "2020-05-02T08:00:00Z").bytes()


def _ours():
    writer = WarcWriter(HERE, "courier", 1)
    sent, got = [("User-Agent", "x")], [("Content-Type", "text/html"), ("Content-Type", "x")]
    kept = [writer.write(Exchange(f"https://{HOST}/{n}/", 200, sent, got, b"<p>text</p>" * n)) for n in (1, 2, 3)]
    writer.close()
    return kept, (HERE / kept[0].warc).read_bytes()


WARCS = [_theirs(), _theirs(gzip=False)]
WACZ = wacz(HERE / "site.wacz", {"data.warc.gz": WARCS[0]}).read_bytes()
KEPT, OURS = _ours()
TOKENS = [
    b"WARC/1.0\r\n", b"\r\n\r\n", b"Content-Length: 99999999999\r\n", b"Content-Length: -1\r\n",
    b"Content-Length: x\r\n",
    b"HTTP/1.1 abc\r\n", b"HTTP/1.1\r\n", b"WARC-Date: 0000\r\n", b"\x1f\x8b\x08", b"PK\x03\x04", b"PK\x05\x06",
    b"\xff", b":", b"\0",
    b"WARC-Target-URI: http://[\r\n", b"WARC-Type: resource\r\n", b"\x28\xb5\x2f\xfd",
    b"Transfer-Encoding: chunked\r\n",
]  # fmt: skip


@fuzz(
    sent="other tools' WARC and WACZ files with bits turned, parts cut, doubled, moved, bad heads thrown in",
    must="the pages that are whole, or WarcUnreadable; each page is found again where it is said to lie",
    body=broken([*WARCS, WACZ], *TOKENS),
    seconds=3,
    quick=80,
)
def test_foreign_files(body):
    file = HERE / "foreign"
    file.write_bytes(body)
    with closing(PageList()) as listed, tempfile.TemporaryDirectory() as scratch, suppress(WarcUnreadable):
        for number, warc in enumerate(warcs_of(file, Path(scratch))):
            _list(listed, number, warc.path)


def _list(listed, number, path):
    pages = list(ForeignWarc(path).pages())
    listed.add(number, pages)
    for host in listed.hosts():
        for one in listed.of(host):
            listed.nearest(one.capture.url, one.capture.fetched_at)
    for one in pages:
        assert len(one.captured) == 20
        assert one.bytes <= LONGEST_PAGE
        try:
            exchange = read_capture(path.parent, path.name, one.offset)
            kept_content(exchange.body, exchange.response_headers)
        except (RecordUnreadable, PageUnreadable):
            continue
        assert len(exchange.body) == one.bytes


@fuzz(
    sent="our own WARC files, broken in the same ways",
    must="each record as it was written, or RecordUnreadable: never another body",
    body=broken([OURS], *TOKENS),
    quick=80,
)
def test_our_files(body):
    file = HERE / "ours.warc.gz"
    file.write_bytes(body)
    for one in KEPT:
        with suppress(RecordUnreadable):
            assert read_capture(HERE, file.name, one.offset).body in {b"<p>text</p>" * n for n in (1, 2, 3)}
    with file.open("rb") as opened, suppress(RecordUnreadable):
        for offset, length, _ in whole_records(opened):
            assert 0 <= offset < offset + length <= len(body)


ENCODINGS = st.lists(st.sampled_from(["gzip", "x-gzip", "deflate", "br", "zstd", "identity", "rot13", " GZIP ,br", ""]))
TEXT = b"<html><p>The council met.</p></html>" * 9


@fuzz(
    sent="bodies packed in any way, broken, and headers that name any encodings",
    must="at most as many bytes as are allowed, or PageUnreadable",
    body=broken(
        [TEXT, gzip.compress(TEXT), zlib.compress(TEXT), brotli.compress(TEXT), b"5\r\nhello\r\n0\r\n\r\n"], b"\x1f\x8b"
    ),
    encodings=ENCODINGS,
    chunked=st.booleans(),
    quick=100,
)
def test_encodings_of_bodies(body, encodings, chunked):
    headers = [("Content-Encoding", one) for one in encodings] + [("Transfer-Encoding", "chunked")] * chunked
    with suppress(PageUnreadable):
        assert len(kept_content(body, headers, 1_000)) <= max(1_000, len(body))


ROBOTS = b"User-agent: *\nDisallow: /private/*.html$\nAllow: /\nCrawl-delay: 2\nSitemap: https://x.example/s.xml\n"


@fuzz(
    sent="robots.txt broken in every way",
    must="rules that say yes or no to any address",
    body=broken(
        [ROBOTS],
        b"*" * 300,
        b"Disallow: " + b"/*a" * 200 + b"$\n",
        b"Crawl-delay: 1e999\n",
        b"\xff\xfe",
        b"%",
        b"\0",
        b"\r",
    ),
    path=texts("/private/", ".html", "%", "*", "$", "?", "\n", halves=False),
    seconds=2,
)
def test_robots(body, path):
    rules = ProtegoRobotParser(body, None)
    assert rules.allowed(f"https://x.example/{path}", "ewbscraper/1 (archive of regional news)") in (True, False)


@fuzz(sent="any text as the address of a page in another tool's file", must="its host and place, or none", text=texts(
    "http://", "HTTPS://", "[", "]", "::1", "@", ":80", ":99999", ":x", "courier.example", "www.", "/", "?", "#", "%"
))  # fmt: skip
def test_addresses_in_files(text):
    host, place = where(text)
    assert place.startswith(host)


@pytest.mark.fault("Fuzz", sent="the same files, whole", must="all of their pages")
def test_whole_files_have_all_their_pages():
    for body in WARCS:
        (HERE / "whole").write_bytes(body)
        assert len(list(ForeignWarc(HERE / "whole").pages())) == 3
    assert len(list(whole_records(BytesReader(OURS)))) == 7


class BytesReader(BytesIO):
    """A file in memory that can be peeked into."""

    name = "ours"

    def peek(self, _):
        at = self.tell()
        part = self.read(1)
        self.seek(at)
        return part
