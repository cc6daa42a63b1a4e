"""Any page, and real-looking ones bent in every way: an article, or PageUnreadable; nothing that could not be kept."""

import json
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

import invented
import nh3
from golden import golden_pages
from hypothesis import strategies as st
from lxml import html
from strange import broken, fuzz, is_clean, texts

from ewbscraper.discovery.hints import hints_of
from ewbscraper.errors import NotAnArticle, PageUnreadable
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.body.text import TAGS
from ewbscraper.extraction.explain import explain
from ewbscraper.extraction.needs import needed_by, needed_by_style
from ewbscraper.extraction.pages import next_pages
from ewbscraper.intake import read_pages
from ewbscraper.markup.charset import decode
from ewbscraper.outlet import Outlet
from ewbscraper.outlets import load_outlets
from ewbscraper.page import Page, clean_url

HOME = "https://paper.example/"
OUTLETS = [None, Outlet(slug="paper", name="Paper", home=HOME), load_outlets()["ewb"], load_outlets()["danas"]]
URLS = st.sampled_from([f"{HOME}2024/03/12/bridge/", f"{HOME}?p=7", "http://127.0.0.1:8000/a/page/2/", HOME])

KEPT = {"a": {"href"}, "*": set()}
SEEDS = st.integers(0, 2**60)
GOLDEN = [path.read_bytes() for path in golden_pages()]
TOKENS = [
    b"<", b">", b'"', b"</div>", b"</p>", b"<p>", b"<table>", b"<!--", b"<script>", b"</article>", b"\0", b"\xff",
    b"&#0;",
    b'<a href="//[">x</a>', b'<img src="http://[" srcset="a 1w,b">', b"<template>", b"<svg>", b"<plaintext>",
    b"\xf0\x9f",
    b'<link rel="canonical" href="//[">', b'<base href="//[">', b'","author":{"name":[1,{"name":"A"}]},"x":"\\ud800',
]  # fmt: skip
CHARSETS = st.sampled_from(
    [None, "text/html", "text/html; charset=utf-16", "text/html; charset=utf-7", "text/html; charset=windows-1250",
     "text/html; charset=x\0", "text/html;charset=punycode", "text/html; charset=hex", "text/html; charset=idna"]
)  # fmt: skip
WHERE = {"url": URLS, "outlet": st.sampled_from(OUTLETS)}


def read(body, url, outlet, content_type=None):
    try:
        page = Page(body, url, content_type)
        return page, extract_article(page, outlet)
    except PageUnreadable:
        return None, None


def check(page, article):
    """What every article promises."""
    kept = json.dumps(article.to_dict(), ensure_ascii=False)
    assert is_clean(kept), "halves of characters, or NUL"
    assert len(article.content_hash) == 64
    for moment in filter(None, (article.published, article.modified)):
        assert datetime.fromisoformat(moment).year in range(1900, 2101)
    assert urlsplit(article.url).hostname
    for caption in article.captions:
        assert caption.image_url is None or urlsplit(caption.image_url).scheme
    assert nh3.clean(article.body_html, tags=set(TAGS), attributes=KEPT, link_rel=None) == article.body_html
    for element in html.fragment_fromstring(article.body_html, "div").iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= {"href"}
        assert "javascript:" not in element.get("href", "").lower()


def walk(body, url, outlet, content_type=None):
    page, article = read(body, url, outlet, content_type)
    if page is None:
        return
    check(page, article)
    needed_by(page), next_pages(page, outlet)
    explain(body, url)
    if outlet:
        hints_of(page, outlet, {"Link": "<"})
    with suppress(NotAnArticle):
        read_pages([page], outlet or OUTLETS[1])
    assert article == extract_article(Page(body, url, content_type), outlet), "the same page gives another article"


@fuzz(
    sent="pages of nested tags, marks and attributes of all kinds, with linked data of any types",
    must="an article that can be kept, or PageUnreadable; its HTML is a clean subset; read twice it is the same",
    body=SEEDS.map(invented.page),
    **WHERE,
    seconds=3,
)
def test_invented_pages(body, url, outlet):
    walk(body, url, outlet)


@fuzz(
    sent="golden pages with bits turned, parts cut, doubled, moved, and bad tags, addresses and bytes thrown in",
    must="the same",
    body=broken(GOLDEN, *TOKENS),
    content_type=CHARSETS,
    **WHERE,
    seconds=3,
    quick=40,
)
def test_broken_pages(body, url, outlet, content_type):
    walk(body, url, outlet, content_type)


@fuzz(
    sent="linked data in which any key has a value of any type, halves of characters included",
    must="the same",
    data=SEEDS.map(invented.data),
    **WHERE,
    seconds=3,
)
def test_linked_data_of_any_type(data, url, outlet):
    text = f"<article><h1>Bridge</h1><p>{'The council met. ' * 9}</p></article>"
    body = f"<html><body>{text}{invented.linked(data)}</body></html>"
    walk(body, url, outlet)


@fuzz(
    sent="any bytes, with any encoding named by header and page",
    must="a text without halves of characters",
    body=st.binary(max_size=200) | broken(GOLDEN, b'<meta charset="utf-7">', b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"),
    content_type=CHARSETS,
)
def test_encodings(body, content_type):
    assert not any("\ud800" <= sign <= "\udfff" for sign in decode(body, content_type))


@fuzz(
    sent="any text as an address, and as a style",
    must="an address cleaned twice is the same; a style names absolute web addresses only",
    text=texts(
        "http://", "https:", "//", "[", "]", "@", ":", "?", "&", "=", "#", "utm_source=x", "%", "%00", "%zz",
        "url(", ")",
        "'", '"', "@import ", "/*", "*/", "@font-face{", "}", "woff2", "..", "/", "paper.example",
    ),
)  # fmt: skip
def test_addresses_and_styles(text):
    for address in needed_by_style(text, HOME):
        assert address.startswith(("http://", "https://"))
    try:
        clean = clean_url(HOME + text)
    except ValueError:
        return
    assert clean_url(clean) == clean
