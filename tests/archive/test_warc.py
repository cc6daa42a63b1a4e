"""Pages as received: what goes into the WARC comes out of it, and other tools can read it."""

import gzip
from contextlib import closing
from hashlib import sha256

import pytest
from archives import new_archive
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.warc.reader import Exchange, read_capture, read_exchange, whole_records
from ewbscraper.archive.warc.writer import WarcWriter, payloads_in
from ewbscraper.errors import RecordUnreadable


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


@pytest.mark.parametrize("size", [0, 1, 65_531, 65_532, 65_535, 200_000])
def test_a_compressed_body_is_stored_as_it_came_and_every_reader_reads_on(writer, tmp_path, size):
    """65,535 bytes are one stored block, the line breaks behind the body included."""
    body = gzip.compress(b"<p>text</p>") + bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    body = body[-size:] if size else b""
    packed = {"response_headers": [("Content-Encoding", "gzip")]}
    captures = [writer.write(exchange(url=f"https://courier.example/{n}", body=body, **packed)) for n in range(2)]
    writer.close()
    assert [read_capture(tmp_path, one.warc, one.offset).body for one in captures] == [body, body]
    assert size < captures[0].length < size + 600
    path = tmp_path / captures[0].warc
    with path.open("rb") as file:
        assert len(list(ArchiveIterator(file))) == 5
    assert check(path) == 0
    assert len(gzip.decompress(path.read_bytes())) > 2 * size


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_a_body_that_did_not_come_compressed_is_compressed_here(writer, tmp_path, coding):
    body = b"<p>text</p>" * 10_000
    capture = writer.write(exchange(body=body, response_headers=[("Content-Encoding", coding)]))
    writer.sync()
    assert capture.length < 2_000
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


def test_the_answer_keeps_its_protocol_its_reason_and_where_it_came_from(writer, tmp_path):
    capture = writer.write(exchange(protocol="HTTP/1.0", status=203, reason="From a Cache"))
    writer.sync()
    back = read_capture(tmp_path, capture.warc, capture.offset)
    assert (back.protocol, back.status, back.reason, back.ip) == ("HTTP/1.0", 203, "From a Cache", "127.0.0.1")


def test_warcinfo_says_who_made_the_file_and_how(tmp_path):
    with closing(WarcWriter(tmp_path, "courier", 7, about={"operator": "https://archive.example/about"})) as writer:
        capture = writer.write(exchange())
    with (tmp_path / capture.warc).open("rb") as file:
        _, _, record = next(whole_records(file))
        text = record.raw_stream.read().decode()
    for line in ("software: ewbscraper/", "robots: obey", "isPartOf: courier", "description: run 7 of courier"):
        assert line in text
    assert "operator: https://archive.example/about" in text
    assert "WARC File Format 1.1" in text


def test_a_large_file_is_followed_by_another(tmp_path):
    with closing(WarcWriter(tmp_path, "courier", 7, largest=1500)) as writer:
        captures = [writer.write(exchange(url=f"https://courier.example/{n}", body=b"%d" % n)) for n in range(6)]
    files = list(dict.fromkeys(capture.warc for capture in captures))
    assert len(files) > 2
    for n, capture in enumerate(captures):
        assert read_capture(tmp_path, capture.warc, capture.offset).body == b"%d" % n
    assert check(*(tmp_path / file for file in files)) == 0


@pytest.fixture
def kept(tmp_path):
    """An archive, and what writes one exchange into a file of its own run."""
    db, run = new_archive(tmp_path / "archive.db")

    def keep(number, **changes):
        with closing(WarcWriter(tmp_path, "courier", number, earlier=payloads_in(db, tmp_path))) as writer:
            capture = writer.write(exchange(**changes))
        with transaction(db):
            store.save_captures(db, run, [capture])
        return capture

    keep.db = db
    yield keep
    db.close()


def test_the_same_body_again_is_a_revisit_that_leads_to_the_first(kept, tmp_path):
    first, again, third = kept(1), kept(2, response_headers=[("X-Seen", "twice")]), kept(3)
    assert (first.same_as, again.same_as, third.same_as) == (None, 1, 1)
    assert again.length < first.length + 300
    back = read_exchange(kept.db, tmp_path, 2)
    assert (back.body, back.response_headers) == (b"<p>text</p>", (("X-Seen", "twice"),))
    with pytest.raises(RecordUnreadable, match="same_as"):
        read_capture(tmp_path, again.warc, again.offset)
    with (tmp_path / again.warc).open("rb") as file:
        _, (_, _, record), _ = whole_records(file)
    head = record.rec_headers
    assert head["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert (head["WARC-Refers-To-Target-URI"], head["WARC-Refers-To-Date"]) == (first.url, first.fetched_at)
    with (tmp_path / first.warc).open("rb") as file:
        _, (_, _, original), _ = whole_records(file)
    assert head["WARC-Payload-Digest"] == original.rec_headers["WARC-Payload-Digest"]
    assert check(tmp_path / first.warc, tmp_path / again.warc) == 0


def test_what_differs_or_was_cut_or_is_lost_is_no_revisit(kept, tmp_path):
    assert kept(1).same_as is None
    assert kept(2, url="https://courier.example/b").same_as is None
    assert kept(3, body=b"other").same_as is None
    assert kept(4).same_as is None  # what the address sent last was another body
    cut = kept(5, truncated="length", body=b"cut")
    assert (cut.same_as, kept(6, body=b"cut").same_as) == (None, None)
    lost = kept(7, url="https://courier.example/c")
    (tmp_path / lost.warc).unlink()
    assert kept(8, url="https://courier.example/c").same_as is None


def test_a_torn_tail_is_no_record_and_stays_as_it_is(writer, tmp_path):
    captures = [writer.write(exchange(url=f"https://courier.example/{n}")) for n in range(3)]
    writer.close()
    path = tmp_path / captures[0].warc
    whole = path.read_bytes()
    for end in (captures[2].offset + 1, captures[2].offset + captures[2].length - 1):
        path.write_bytes(whole[:end])
        with path.open("rb") as file:
            kinds = [record.rec_type for _, _, record in whole_records(file)]
        assert kinds == ["warcinfo", *["response", "request"] * 2]
        assert read_capture(tmp_path, path.relative_to(tmp_path).as_posix(), captures[1].offset).status == 200
        with pytest.raises(RecordUnreadable, match="ends in the middle"):
            read_capture(tmp_path, captures[2].warc, captures[2].offset)
        assert path.read_bytes() == whole[:end]


def test_a_flipped_byte_is_seen(writer, tmp_path):
    capture = writer.write(exchange())
    writer.close()
    path = tmp_path / capture.warc
    raw = bytearray(path.read_bytes())
    raw[capture.offset + capture.length // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(RecordUnreadable):
        read_capture(tmp_path, capture.warc, capture.offset)


def check(*files):
    """What `warcio check` would exit with."""
    command = type("Command", (), {"inputs": list(map(str, files)), "verbose": False})
    checker = Checker(command)
    checker.process_all()
    return checker.exit_value


def test_warcio_finds_no_fault(writer, tmp_path):
    capture = writer.write(exchange())
    writer.close()
    assert check(tmp_path / capture.warc) == 0


def test_a_run_that_captures_nothing_leaves_no_file(tmp_path):
    WarcWriter(tmp_path, "courier", 7).close()
    assert not (tmp_path / "warc").exists()


def test_after_an_error_a_file_ends_with_its_last_safe_record_and_another_begins(tmp_path):
    writer = WarcWriter(tmp_path, "courier", 1)
    safe = writer.write(exchange())
    writer.sync()
    path = tmp_path / safe.warc
    size = path.stat().st_size
    writer.write(exchange())
    assert path.stat().st_size > size
    writer.give_up()
    assert path.stat().st_size == size
    later = writer.write(exchange())
    writer.close()
    assert later.warc != safe.warc
    for capture in (safe, later):
        assert read_capture(tmp_path, capture.warc, capture.offset).url == capture.url
