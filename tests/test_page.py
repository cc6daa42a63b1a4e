"""One parse of whatever a server sends."""

import pytest

from ewbscraper.errors import BadOutlet, PageUnreadable
from ewbscraper.page import Page, clean_url

URL = "https://paper.example/2024/01/02/title/"


def page(head: str = "", body: str = "<p>Text</p>", url: str = URL) -> Page:
    return Page(f"<html><head>{head}</head><body>{body}</body></html>", url)


@pytest.mark.parametrize(
    ("html", "content_type"),
    [
        ("", None),
        (b"", None),
        ("   \n", None),
        ("no tags at all", None),
        (b"%PDF-1.7 <p>", None),
        (b"\x89PNG\r\n", None),
        ('{"content": "<p>A REST answer</p>"}', None),
        ("<p>Text</p>", "application/json; charset=utf-8"),
        ("<p>Text</p>", "image/jpeg"),
        ("<p>" + "x" * 10_000_001, None),
    ],
)
def test_what_is_no_page(html: str | bytes, content_type: str | None) -> None:
    with pytest.raises(PageUnreadable):
        Page(html, URL, content_type).tree  # noqa: B018 -- the parse is what raises


@pytest.mark.parametrize("attribute", ["a{}", "data-a{} = '1'", 'a{}="b c"', "a{}/", 'a{}="1"/'])
def test_a_tag_of_nothing_but_attributes_is_no_page(attribute: str) -> None:
    tag = " ".join(map(attribute.format, range(60_000)))
    with pytest.raises(PageUnreadable, match="attributes"):
        Page(f"<p>The bridge is open.</p><p {tag}>", URL)
    Page(f"<p>The bridge is open.</p><script>for (i=0; i<count.length; i++) x = {{{tag}}}</script>", URL)
    Page(f"<script>x = '{tag}'</script><p data-said='{tag.replace(chr(39), '')}'>The bridge is open.</p>", URL)


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        ("<p>Šćepanović</p>".encode(), None),
        ("<p>Šćepanović</p>".encode(), "text/html; charset=utf-8"),
        ("\ufeff<p>Šćepanović</p>".encode(), "text/html; charset=iso-8859-1"),
        ("<p>Šćepanović</p>".encode("cp1250"), "text/html; charset=windows-1250"),
        ('<meta charset="windows-1250"><p>Šćepanović</p>'.encode("cp1250"), None),
        ("<?xml version='1.0' encoding='latin-1'?><p>Šćepanović</p>", None),
        ("<p>Šće\0panović</p>", None),
        ("<p>Šćepanović<div><b", None),
    ],
)
def test_letters_survive(raw: str | bytes, content_type: str | None) -> None:
    assert "Šćepanović" in Page(raw, URL, content_type).tree.xpath("string()")


def test_cut_in_the_middle_of_a_letter_is_still_utf8() -> None:
    assert "Đuro" in Page("<p>Đuro Š".encode()[:-1], URL).tree.xpath("string()")


def test_lone_surrogates_do_no_harm() -> None:
    assert "ab" in Page("<p>a\udcffb</p>".replace("\udcff", ""), URL).tree.xpath("string()")
    assert Page("<p>a\udcffb</p>", URL).tree.xpath("string()").startswith("a")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Yes"}',
        '<!-- {"@type": "NewsArticle", "headline": "Yes"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Yes"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Yes"};',
        '{"@type": "NewsArticle", "headline": "Yes",}',
        '{"@type": "NewsArticle",\n "headline": "Yes", "description": "a\tb\nc"}',
        '[{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": "Yes"}]}]',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Yes"}}',
    ],
)
def test_linked_data_however_wrapped(script: str) -> None:
    nodes = page(f'<script type="application/ld+json">{script}</script>').linked_data
    assert "Yes" in [node.get("headline") for node in nodes]


@pytest.mark.parametrize("script", ["", "{", "null", "[1, 2", '{"@type": ' * 3, "[" * 100_000])
def test_broken_linked_data_is_none(script: str) -> None:
    assert page(f'<script type="application/ld+json">{script}</script>').linked_data == []


def test_meta_tags_by_any_of_their_names() -> None:
    meta = page('<meta property="og:title" content="A &amp;amp; B"><meta name="Author" content=" Ana  Kos ">').meta
    assert meta == {"og:title": ["A & B"], "author": ["Ana Kos"]}


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/2024/01/02/title/?utm_source=feed#top", URL),
        ("https://www.paper.example/2024/01/02/title/", "https://www.paper.example/2024/01/02/title/"),
        ("https://paper.example/", URL),
        ("https://elsewhere.example/2024/01/02/title/", URL),
        ("javascript:void(0)", URL),
    ],
)
def test_a_canonical_address_is_believed_where_it_can_be(href: str, canonical: str) -> None:
    assert page(f'<link rel="canonical" href="{href}">').canonical == canonical


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (f"{URL}?share=facebook&nb=1#more", URL),
        (f"{URL}?utm_source=x&page=2", f"{URL}?page=2"),
        ("https://paper.example/?p=24239", "https://paper.example/?p=24239"),
        ("https://paper.example", "https://paper.example/"),
    ],
)
def test_an_address_loses_what_only_counts_clicks(url: str, clean: str) -> None:
    assert clean_url(url) == clean


def test_selectors_of_all_kinds() -> None:
    one = page(body="<h1 class='t'>Title</h1><p>A</p><p>B</p>")
    assert [found.text for found in one.select("p")] == ["A", "B"]
    assert one.select("h1::text") == ["Title"]
    assert one.select("//h1/@class") == ["t"]
    assert one.select("(//p)[2]/text()") == ["B"]
    assert one.select((".missing", "h1::text")) == ["Title"]
    assert one.select(lambda page: page.url) == [URL]
    assert one.selector.css("h1::text").get() == "Title"


def test_a_selector_that_is_none() -> None:
    with pytest.raises(BadOutlet, match="not a selector"):
        page().select("p[")
