"""Pages as received: what goes into the WARC comes out of it, and other tools can read it."""

import gzip
from hashlib import sha256

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from ewbscraper.archive.warc import Exchange, WarcWriter, read_capture


@pytest.fixture
def writer(tmp_path):
    writer = WarcWriter(tmp_path, "courier", 7)
    yield writer
    writer.close()


def exchange(**changes):
    values = {
        "url": "https://courier.example/a?q=1",
        "status": 200,
        "reason": "OK",
        "request_headers": [("User-Agent", "us")],
        "response_headers": [("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")],
        "body": b"<p>text</p>",
        "ip": "127.0.0.1",
    }
    return Exchange(**{**values, **changes})


def test_an_exchange_comes_back_with_its_repeated_headers(writer, tmp_path):
    captures = [writer.write(exchange()), writer.write(exchange(url="https://courier.example/b", body=b"two"))]
    writer.sync()
    back = read_capture(tmp_path, captures[1].warc, captures[1].offset)
    assert (back.url, back.body, back.status, back.reason) == ("https://courier.example/b", b"two", 200, "OK")
    assert [value for name, value in back.response_headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert captures[1].sha256 == sha256(b"two").hexdigest()


def test_a_compressed_body_is_kept_as_it_came(writer, tmp_path):
    body = gzip.compress(b"<p>text</p>")
    capture = writer.write(exchange(body=body, response_headers=[("Content-Encoding", "gzip")]))
    writer.sync()
    assert read_capture(tmp_path, capture.warc, capture.offset).body == body


def test_a_cut_page_says_so(writer, tmp_path):
    capture = writer.write(exchange(truncated="disconnect"))
    writer.sync()
    assert read_capture(tmp_path, capture.warc, capture.offset).truncated == "disconnect"


def test_the_file_has_warcinfo_response_and_request_with_its_query(writer, tmp_path):
    capture = writer.write(exchange())
    writer.close()
    with (tmp_path / capture.warc).open("rb") as file:
        records = [(r.rec_type, r.http_headers and r.http_headers.statusline) for r in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["warcinfo", "response", "request"]
    assert records[2][1] == "/a?q=1 HTTP/1.1"


def test_warcio_finds_no_fault(writer, tmp_path):
    capture = writer.write(exchange())
    writer.close()
    command = type("Command", (), {"inputs": [str(tmp_path / capture.warc)], "verbose": False})
    checker = Checker(command)
    checker.process_all()
    assert checker.exit_value == 0


def test_a_run_that_captures_nothing_leaves_no_file(tmp_path):
    WarcWriter(tmp_path, "courier", 7).close()
    assert not (tmp_path / "warc").exists()
