"""What the searches of test_fuzz_*.py found, each by itself: small enough to read."""

import pytest
from archives import article, new_archive, save
from click.testing import CliRunner

from ewbscraper.address import join
from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.search import is_expression, match_expression
from ewbscraper.archive.warc.reader import read_capture
from ewbscraper.cli import main
from ewbscraper.discovery.answer import links_from
from ewbscraper.errors import BadQuery, RecordUnreadable, SourceUnreadable, WarcUnreadable
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.needs import needed_by, needed_by_style
from ewbscraper.extraction.pages import next_pages
from ewbscraper.import_pages.foreign.files import warcs_of
from ewbscraper.import_pages.foreign.records import ForeignWarc
from ewbscraper.markup.charset import decode
from ewbscraper.outlet import Listing, Outlet, Sitemap
from ewbscraper.page import Page

HOME = "https://paper.example/"
OUTLET = Outlet(slug="paper", name="Paper", home=HOME)
NO_DEFAULTS = "a: {title: a, description: b, sql: c, defaults: }"
TEXT = "<p>" + "The council met on Tuesday, and nobody said why. " * 5 + "</p>"


def page(inside, head=""):
    return Page(
        f"<html><head>{head}</head><body><article><h1>Bridge</h1>{inside}</article></body></html>", f"{HOME}a/b/"
    )


@pytest.mark.fault(
    "Fuzz",
    sent="half an emoji and NUL in linked data, as a text cut in the middle has them",
    must="an article that can be kept",
    found="it could not be hashed or stored: the page counted as a fault of ours, at every run",
)
def test_half_an_emoji_in_linked_data(tmp_path):
    headline, author = r"Br\ud83didge \ud83d\ude00", r'{"name":"Ana\ude00 Kos"}'
    told = rf'{{"@type":"NewsArticle","headline":"{headline}","author":{author},"keywords":"a\u0000b"}}'
    found = extract_article(page(TEXT, f'<script type="application/ld+json">{told}</script>'))
    assert (found.authors, found.tags) == (("Ana\ufffd Kos",), ("a\ufffdb",))
    db, run = new_archive(tmp_path / "archive.db")
    save(db, run, found)
    db.close()
    said = extract_article(Page(f'<script type="application/ld+json">{told}</script><p>x</p>', HOME)).headline
    assert said == "Br\ufffdidge 😀"


@pytest.mark.parametrize("address", ["//[", "http://[::1", "http://\u2100.example/"])
@pytest.mark.fault(
    "Fuzz",
    sent="addresses that are none (`//[`) in links, pictures, `canonical`, `base`, and in a list of articles",
    must="the rest of the page is read",
    found="one such link, and the page was not had",
)
def test_an_address_that_is_none(address, tmp_path):
    assert join(HOME, address) == ""
    head = f'<link rel="canonical" href="{address}"><base href="{address}">'
    one = page(
        f'<p>A <a href="{address}" rel="tag">b</a></p><h2><a href="{address}">c</a></h2><img src="{address}">{TEXT}',
        head,
    )
    found = extract_article(one, OUTLET)
    assert (found.headline, found.url) == ("Bridge", f"{HOME}a/b/")
    assert needed_by(one) == next_pages(one, OUTLET) == []
    listed = f'<a href="{address}">x</a><h2><a href="/2024/03/01/a-b/">A</a></h2>'.encode()
    (link,) = links_from(Listing("/"), OUTLET, listed, HOME, {}).links
    assert link.url == f"{HOME}2024/03/01/a-b/"
    db, run = new_archive(tmp_path / "archive.db")
    save(db, run, article(body_html=f'<p>A <a href="{address}">b</a></p>'))
    db.close()


@pytest.mark.parametrize("named", ["hex", "idna", "punycode", "rot13", "undefined"])
@pytest.mark.fault(
    "Fuzz",
    sent="a page whose encoding is a codec of Python's that is none of a text",
    must="the page is read as if none were named",
    found="one such page ended the reading of it with an exception that nobody caught",
)
def test_an_encoding_of_no_text(named):
    assert decode(b"<p>text</p>", f"text/html; charset={named}") == "<p>text</p>"
    assert "b" in decode(b"\xe8b", f"text/html; charset={named}")


@pytest.mark.parametrize("srcset", ["/a.jpg 1.2.3w", "/a.jpg ²w", "/a.jpg ..x"])
@pytest.mark.fault(
    "Fuzz",
    sent="widths of pictures that are no numbers",
    must="the picture by its other address",
    found="such a picture cost the whole page",
)
def test_a_width_that_is_no_number(srcset):
    one = page(f'{TEXT}<figure><img src="/b.jpg" srcset="{srcset}"><figcaption>A ferry</figcaption></figure>')
    assert [caption.image_url for caption in extract_article(one).captions] == [f"{HOME}b.jpg"]


@pytest.mark.parametrize("number", ["²", "9" * 5_000, "٢"])
@pytest.mark.fault(
    "Fuzz",
    sent="page numbers of an article that are no numbers",
    must="no further page",
    found="such a link cost the whole page",
)
def test_a_page_number_that_is_none(number):
    assert next_pages(page(f'{TEXT}<a rel="next" href="?page={number}">2</a>')) == []
    assert next_pages(page(f'{TEXT}<a rel="next" href="?page=2">2</a>')) == [f"{HOME}a/b/?page=2"]


@pytest.mark.fault(
    "Fuzz",
    sent="pages whose text is marked outside of body, and whose only date is in the outermost tag",
    must="an article",
    found="such a page was not had",
)
def test_pages_of_hardly_any_text():
    link = f"<p><a href=/a/>{'A line that is nothing but a link to elsewhere. ' * 2}</a></p>"
    marked = f"<nav class=entry-content><p>{'A sentence that goes on for a while here. ' * 2}</p><i></i></nav>"
    unread = "<style class=entry-content>x"
    twice = f"<html class=entry-content><html class=a>{unread}</style>{marked}</html></html>"
    for body in (f"<html>{twice}<div class=a>{unread}{link}</style></div></html>", "></body>2.3"):
        assert extract_article(Page(body, HOME)).url == HOME


@pytest.mark.fault(
    "Fuzz",
    sent="search words that are no UTF-8, on the command line",
    must="a search",
    found="a traceback instead of an answer",
)
def test_words_that_are_no_text(tmp_path):
    db, _ = new_archive(tmp_path / "archive.db")
    db.close()
    assert match_expression("\udcff AND b") == "? AND b" or is_expression("\udcff") is False
    assert Question.read({"q": "\udcff", "place": "\ud800"}).given == {"q": "?", "place": "?"}
    ran = CliRunner().invoke(main, ["search", "\udcff", "--archive", str(tmp_path / "archive.db")])
    assert (ran.exit_code, ran.exception) == (0, None) or isinstance(ran.exception, SystemExit)


@pytest.mark.fault(
    "Fuzz",
    sent="records without length, status or address, and a WACZ whose directory lies before its beginning",
    must="WarcUnreadable or RecordUnreadable, or the pages that are whole",
    found="an AttributeError twice, a ValueError and an OSError",
)
def test_records_without_length_or_address(tmp_path):
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-03-01T10:00:00Z\r\n"
    (tmp_path / "no-length").write_bytes(
        head + b"WARC-Target-URI: http://x.example/\r\n\r\nHTTP/1.1 200 OK\r\n\r\ntext"
    )
    with pytest.raises(RecordUnreadable):
        read_capture(tmp_path, "no-length", 0)
    (tmp_path / "no-status").write_bytes(
        head + b"WARC-Target-URI: http://x.example/\r\nContent-Length: 19\r\n\r\nHTTP/1.1 /3/ OK\r\n\r\n\r\n\r\n"
    )
    with pytest.raises(RecordUnreadable):
        read_capture(tmp_path, "no-status", 0)
    (tmp_path / "no-address").write_bytes(head + b"Content-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n")
    with pytest.raises(WarcUnreadable):
        list(ForeignWarc(tmp_path / "no-address").pages())
    end = (
        b"PK\x05\x06"
        + bytes(4)
        + b"\x01\x00\x01\x00"
        + (46 + 9).to_bytes(4, "little")
        + (99).to_bytes(4, "little")
        + bytes(2)
    )
    entry = b"PK\x01\x02" + bytes(24) + (9).to_bytes(2, "little") + bytes(16) + b"data.warc"
    (tmp_path / "early.wacz").write_bytes(entry + end)
    with pytest.raises(WarcUnreadable):
        list(warcs_of(tmp_path / "early.wacz", tmp_path))


@pytest.mark.fault(
    "Fuzz",
    sent="200,000 characters of comments, fonts, addresses and bylines that do not end",
    must="read in less than a second each",
    found="hours: each beginning looked for its end to the end of the text",
)
def test_what_does_not_end(meter):
    styles = [one * (200_000 // len(one)) for one in ("/*x", "@font-face{x", "url(", "url(" + " " * 9_999, "@import ")]
    assert meter.calls(styled, styles, seconds=1, megabytes=50) == [[]] * len(styles)
    assert meter.calls(signed, ["; " * 100_000, "Ana, " * 40_000, " and" * 50_000], seconds=2, megabytes=50)


def styled(css):
    return needed_by_style(css, HOME)


def signed(name):
    told = f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{{"name":"{name}"}}}}</script>'
    return extract_article(page(TEXT, told)).headline


@pytest.mark.fault(
    "Fuzz",
    sent="`title` and `lang` on the words of a text",
    must="body_html has no attribute but the addresses of links",
    found="they were kept, each made an address of the site",
)
def test_attributes_of_words():
    one = page(f'{TEXT}<p>The <em title="x" lang="sr">council</em> met on Tuesday, and nobody said why it had.</p>')
    assert "<em>council</em>" in extract_article(one).body_html


@pytest.mark.fault(
    "Fuzz", sent="a credit of one sign that is no letter", must="an article", found="such a line cost the whole page"
)
def test_a_credit_of_no_letter():
    assert extract_article(Page("<figcaption>><button><cite>½", HOME)).url == HOME


@pytest.mark.parametrize(
    "written",
    ["!!timestamp x", "!!int x", "a: 2024-99-99", "[" * 900, "a: {title: a, description: b, sql: c, defaults: }"],
)
@pytest.mark.fault(
    "Fuzz",
    sent="a queries.yml with dates and numbers that are none, 900 brackets, or no defaults after their name",
    must="BadQuery",
    found="an AttributeError, a ValueError and a RecursionError",
)
def test_queries_that_yaml_cannot_read(written, tmp_path):
    (tmp_path / "queries.yml").write_text(written)
    with pytest.raises(BadQuery):
        load_queries(tmp_path)


@pytest.mark.parametrize("half", ["&#xD83D;", "&#55357;"])
@pytest.mark.fault(
    "Fuzz", sent="half an emoji as a number in a sitemap", must="SourceUnreadable", found="such a sitemap ended the run"
)
def test_half_an_emoji_in_a_sitemap(half):
    body = f"<urlset><url><loc>{HOME}2024/a-{half}/</loc></url></urlset>".encode()
    with pytest.raises(SourceUnreadable):
        links_from(Sitemap(), OUTLET, body, HOME, {})
