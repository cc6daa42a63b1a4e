"""Pages that mean harm: each is taken apart, or refused, in little time and memory."""

import codecs
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ewbscraper.discovery.hints import hints_of
from ewbscraper.discovery.shape import article_links, date_archives, next_page
from ewbscraper.errors import PageUnreadable
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.needs import needed_by
from ewbscraper.extraction.pages import next_pages
from ewbscraper.markup import trial
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page

URL = "https://hostile.example/2024/01/02/the-bridge-opens/"
OUTLET = Outlet(slug="hostile", name="Hostile", home="https://hostile.example/")
HEADLINE = "The bridge opens"
BEGIN = f"<html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>"
SENTENCE = "A sentence that is long enough to be counted as running text of an article."
LINK = '<a href="/2024/01/01/an-older-article-{n}/">The title of another</a>'


def read(body: str | bytes, content_type: str = "text/html; charset=utf-8"):
    """All that is ever done with a page; its article."""
    page = Page(body, URL, content_type)
    article = extract_article(page, OUTLET)
    for reading in (next_pages, needed_by, article_links, next_page, date_archives):
        reading(page)
    hints_of(page, OUTLET, {})
    return article


def headline(body: str | bytes):
    return read(body).headline


def size_of(made: tuple[str, str, str, int]):
    """Made where it is read: what is sent to the process is small."""
    begin, unit, end, size = made
    return headline(BEGIN + begin + repeated(unit, size) + end)


def repeated(unit: str, size: int) -> str:
    """A unit again and again up to a size, each `{n}` in it another number."""
    if "{n}" not in unit:
        return unit * (size // len(unit))
    return "".join(unit.replace("{n}", str(number)) for number in range(size // (len(unit) + 3)))


@pytest.mark.fault("Pages", sent="JSON-LD 100 and 100,000 levels deep", must="an article, without what it says")
def test_linked_data_without_a_bottom(meter):
    bodies = [
        b'<script type="application/ld+json">' + b'{"@graph":[' * depth + b"]}" * depth + b"</script><h1>Headline</h1>"
        for depth in (100, 100_000)
    ]
    assert meter.calls(headline, bodies, seconds=5, megabytes=100) == ["Headline", "Headline"]


LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"N{n}","author":{"name":"Ana {n}"}}</script>'


@pytest.mark.slow
@pytest.mark.fault("Pages", sent="JSON-LD: 2 MB, 15,000 blocks, 50 MB", must="an article; the 50 MB are refused")
def test_much_linked_data(meter):
    def long(size):
        return ('<script type="application/ld+json">["', "x" * 1000, '"]</script>', size)

    one, many, refused = meter.calls(
        size_of, [long(1_900_000), ("", LD, "", 1_900_000), long(50_000_000)], seconds=30, megabytes=500
    )
    assert (one, many) == (HEADLINE, HEADLINE)
    assert isinstance(refused, PageUnreadable)


SHAPES = {
    "tags without an end": ["<a<a", "<a ", "<p", "</", "<!--", "<!", "<![CDATA[", "<?", "<script>", "<textarea>"],
    "entities": ["&", "&#", "&#x", "&zz;", "&amp;", "&notin", "&#1;"],
    "nested": [
        "<div>",
        "<header>",
        "<nav>",
        "<h1>a",
        "<h1><div>",
        "<table><tr><td>",
        "<ul><li>a",
        "<blockquote>a",
        "<aside>a",
        "<main>a",
        "<article><p>a",
        "<a href=x><div>",
        "<figure><img src=a>",
        '<div itemscope itemprop="author">',
        '<div class="tags"><a href="/tag/{n}/">tag {n}</a>',
        '<div class="byline">By Ana Kos {n}',
        f'<div class="related"><h3>Related posts</h3>{LINK}',
        f'<div class="comment"><p>{SENTENCE}',
        '<div class="gallery"><img src="a{n}.jpg">a',
    ],
    "misnested": ["<b><i></b>", "<b><p></b>", "<a><p>", "<font><table>", "<table><b>", "<form><div></form>"],
    "many": [
        "<br>",
        "<p>",
        "<td>",
        LINK,
        f"<p>{LINK} {SENTENCE}</p>",
        "<p>A <b>sentence</b> <i>that</i> <a href=/x/{n}>is</a> <em>long</em> enough.</p>",
        '<div class="wp-caption"><img src="a{n}.jpg"><p class="wp-caption-text">A bridge {n}</p></div>',
        "<p><img src=a{n}.jpg alt='a'><p>Photo: Ana Kos</p>",
        "<picture><source srcset='a 1x'><img src=a{n}.jpg></picture>",
        '<meta name="author" content="Ana Kos {n}">',
        '<p class="date">12.3.2024 12:13</p>',
    ],
}
WRAPPED = {
    "class": '<p class="{}">a</p>',
    "style": '<p style="{}">a</p>',
    "author": '<meta name="author" content="{}">',
    "caption": "<figure><img src=a.jpg><figcaption>{}</figcaption></figure>",
    "set": '<figure><img src=a.jpg srcset="{}"><figcaption>A bridge</figcaption></figure>',
    "byline": '<p class="byline">{}</p>',
    "data": '<script type="application/ld+json">{"@type":"NewsArticle","author":"{}"}</script>',
    "text": "<p>{}</p>",
    "link": '<p><a href="/2024/{}">a</a></p>',
}
"""One attribute or text of that length."""
LETTERS = [";", ",", " ", ".", "/", "(", "Ana i ", "BELGRADE, ", "12.3.", "1", "&", "Ж ", "e\u0301", "By ", "foto: "]


def shapes(size: int) -> list[tuple[str, str, str, int]]:
    found = [("", unit, "", size) for units in SHAPES.values() for unit in units]
    found += [("<div>" * 250, unit, "", size) for unit in (LINK, "<a rel=tag href=/tag/x>a</a>", "<p>a</p>", "<td>")]
    for wrap in WRAPPED.values():
        begin, end = wrap.split("{}")
        found += [(begin, letter, end, size) for letter in LETTERS]
    return found


@pytest.mark.slow
@pytest.mark.fault(
    "Pages",
    sent="190 shapes of 50 KB: tags, texts and attributes that never end, nested, misnested",
    must="an article",
    found="nested headings, menus and authors, 400 KB of `;` or `&#` in a row took the square of their size",
)
def test_shapes(meter):
    outcomes = meter.calls(size_of, shapes(50_000), seconds=30, megabytes=100)
    assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, PageUnreadable)] == []
    assert sum(isinstance(one, PageUnreadable) for one in outcomes) < 5


WORST = ["<h1>a", "<nav>", "&#x", "<p>", '<div class="byline">By Ana Kos {n}']


@pytest.mark.slow
@pytest.mark.fault("Pages", sent="the worst shapes in 1.9 MB", must="an article")
def test_large_shapes(meter):
    outcomes = meter.calls(size_of, [("", unit, "", 1_900_000) for unit in WORST], seconds=60, megabytes=500)
    assert not [one for one in outcomes if isinstance(one, Exception)]


@pytest.mark.slow
@pytest.mark.fault(
    "Pages", sent="a million nested tags; 700,000 tags", must="an article, tried in a process of its own first"
)
def test_millions_of_tags(meter):
    made = [("", "<b>", "", 3_000_000), ("", "<p>", "", 2_100_000)]
    assert meter.calls(size_of, made, seconds=120, megabytes=1000) == [HEADLINE, HEADLINE]


@pytest.mark.fault("Pages", sent="10 million tags; 10 MB and a letter", must="refused at once")
def test_longer_than_any_article(meter):
    made = [("", "<p>", "", 30_000_000), ("", "x", "", 10_000_001)]
    assert {type(one) for one in meter.calls(size_of, made, seconds=5, megabytes=200)} == {PageUnreadable}


def tried(bounds: tuple[int, int]):
    trial.SECONDS, trial.MEMORY = bounds
    return size_of(("", "<p>", "", trial.LARGE + 100_000))


@pytest.mark.slow
@pytest.mark.fault(
    "Pages", sent="a page that takes more time or memory than it may", must="refused, by the end of another process"
)
def test_what_has_no_end_is_stopped(meter):
    refused = meter.calls(tried, [(1, trial.MEMORY), (60, 150_000_000)], seconds=100, megabytes=500)
    assert [type(one) for one in refused] == [PageUnreadable] * 2
    assert "cannot be read in 1 s" in str(refused[0])


class Stopped(subprocess.Popen):
    """A process that is told to end, as soon as it does not listen."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        status, patience = Path(f"/proc/{self.pid}/status"), time.monotonic() + 30
        while not int(re.search("SigIgn:\t(.*)", status.read_text())[1], 16) >> signal.SIGTERM - 1 & 1:
            assert time.monotonic() < patience
        self.send_signal(signal.SIGINT)
        self.send_signal(signal.SIGTERM)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux what a process ignores")
@pytest.mark.fault(
    "Pages",
    sent="Ctrl-C, or systemd's signal to all processes of a run, while a very large page is tried",
    must="nobody says that the page cannot be read",
    found="it was called unreadable",
)
def test_who_ends_a_run_says_nothing_of_its_page(monkeypatch, meter):
    monkeypatch.setattr(subprocess, "Popen", Stopped)
    trial.try_page("<p>words</p>" * 200_000, "https://paper.example/a/")
    meter.tried()


CROWDS = [
    'a{n}="<" ',
    "a{n}='<b' ",
    "a{n}=x<y ",
    "<a{n} ",
    "a{n} ",
    "a{n}/",
    'a{n}="><" ',
    "a{n}=\n",
    '"{n}" ',
    "š{n}\t",
]
BEFORE = [
    "<p ",
    "<p title='<!--' ",
    '<p title="<script>" ',
    "<!--> <p ",
    "<script></script ><p ",
    "<\0p ",
    "<a<b ",
    "<style = x></style><p ",
]


@pytest.mark.fault(
    "Pages",
    sent="a tag of 25,000 attributes, in 80 spellings",
    must="refused at once: the parser takes the square of their number",
    found="attributes whose values hold `<` were not counted: 400 KB took more than 15 s",
)
def test_crowded_tags(meter):
    made = [(begin, unit, ">a</p>", 250_000) for unit in CROWDS for begin in BEFORE]
    outcomes = meter.calls(size_of, made, seconds=5, megabytes=100)
    assert [one for one in outcomes if not isinstance(one, PageUnreadable)] == []
    assert {str(one) for one in outcomes} == {"a tag with more than 2000 attributes"}


@pytest.mark.parametrize(
    "page",
    [
        "<script>for (i = 0; i<n ; i++) {}</script>",
        "<style = type='x'></style>",
        "<!-- <p {} -->",
        "<textarea><p {}</textarea>",
        "<p title='<p {}'>",
        "<",
    ],
)
@pytest.mark.fault("Pages", sent="2,500 words in scripts and comments", must="an article: they are no attributes")
def test_what_only_looks_crowded(page, meter):
    words = " ".join(f"a{number}" for number in range(2500))
    meter.tried()
    assert headline(f"{BEGIN}<p>{SENTENCE}</p>{page.replace('{}', words)}") == HEADLINE
    assert headline(f"{BEGIN}<script>{'if (i<n ) x = 1; ' * 2500}</script><p>{SENTENCE}</p>") == HEADLINE


TEXT = f"{BEGIN}<p>Žarko, Ђорђе. {SENTENCE}</p></body></html>"
ENCODED: dict[str, tuple[bytes, str]] = {
    "NUL bytes": (TEXT.replace("e", "e\0").encode(), "text/html"),
    "UTF-16 with a mark": (TEXT.encode("utf-16"), "text/html; charset=utf-8"),
    "UTF-16 that the header names": (TEXT.encode("utf-16-le"), "text/html; charset=utf-16le"),
    "UTF-32": (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "text/html"),
    "the header lies": (TEXT.encode(), "text/html; charset=iso-8859-5"),
    "the page lies": (TEXT.replace("<head>", "<head><meta charset=utf-16>").encode(), "text/html"),
    "an unknown charset": (TEXT.encode(), "text/html; charset=klingon\x00"),
    "ten charsets": (TEXT.encode(), "text/html" + "; charset=latin-1" * 10),
    "XML declaration lies": (b'<?xml version="1.0" encoding="EBCDIC"?>' + TEXT.encode(), "application/xhtml+xml"),
}


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.fault("Pages", sent="NUL bytes, UTF-16, UTF-32, charsets that lie", must="every letter as it was written")
def test_letters_survive(name, meter):
    meter.tried()
    article = read(*ENCODED[name])
    assert article.headline == HEADLINE
    assert "Žarko, Ђорђе." in article.body


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode()[:300] + b"\xff\xfe\xc0\x80\xed\xa0\x80" * 1000 + TEXT.encode()[300:],
        b"\xff" * 50_000 + TEXT.encode(),
        TEXT.encode("cp1251", "replace") + b"\x98" * 1000,
        BEGIN.encode() + b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        f"{BEGIN}<p>\u202egnp.exe\u2066 {SENTENCE}\u2069\ufeff\u200b</p>".encode(),
        f"{BEGIN}<p>{'a' + chr(0x301) * 10_000}</p>".encode(),
        b"\x1b$B" * 10_000 + TEXT.encode(),
    ],
    ids=["broken UTF-8", "nothing but 0xff", "undefined", "UTF-7", "right to left", "10,000 accents", "shifts"],
)
@pytest.mark.fault("Pages", sent="broken UTF-8, UTF-7, right-to-left overrides", must="an article; UTF-7 stays text")
def test_letters_that_are_none(body, meter):
    for content_type in ("text/html", "text/html; charset=utf-7", "text/html; charset=iso-2022-jp"):
        meter.tried()
        article = read(body, content_type)
        assert "<script" not in (article.body_html or "")
        assert not [letter for letter in article.body + (article.headline or "") if 0xD800 <= ord(letter) < 0xE000]


DAYS = [
    "0000-00-00",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "99999-01-01",
    "-2024-01-01",
    "2024-13-45",
    "2024-02-30T25:61:61",
    "2024-01-02T03:04:05+99:99",
    "2024-W99-9",
    "1" * 10_000,
    "1" * 4_301,
    "-" + "9" * 100,
    "9" * 20,
    "1e400",
    "NaN",
    "12.12.99999",
    "January 99999999999999999999, 2024",
    "٢٠٢٤-٠١-٠٢",
    "²⁰²⁴-⁰¹-⁰²",
    "2024-01-02T" + "0" * 5_000,
    "T" * 5_000,
    "\0",
]
PLACES: dict[str, Callable[[str], str]] = {
    "linked data": lambda day: (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{day}","dateModified":"{day}"}}'
        "</script>"
    ),
    "numbers": lambda day: (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":{day}}}</script>'
    ),
    "meta": lambda day: f'<meta property="article:published_time" content="{day}">',
    "time": lambda day: f'<time datetime="{day}" class="published">{day}</time>',
    "line": lambda day: f'<p class="date">{day}</p>',
    "dateline": lambda day: f"<p>BELGRADE, {day} (Beta) - {SENTENCE}</p>",
    "scripts": lambda day: f'<script>x = {{"publishedAt": "{day}"}}</script>',
}


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.fault(
    "Pages",
    sent="days in year 0 and 99999, month 13, numbers of 10,000 digits, in seven places",
    must="no day, or a sane one",
)
def test_days_that_are_none(place, meter):
    bodies = [BEGIN + PLACES[place](day) + f"<p>{SENTENCE}</p>" for day in DAYS]
    for day, article in zip(DAYS, meter.calls(read, bodies, seconds=5, megabytes=50), strict=True):
        assert not isinstance(article, Exception), (day, article)
        for moment in filter(None, (article.published, article.modified)):
            assert 1900 <= int(moment[:4]) <= 2100, day
