"""Sitemaps, feeds, REST answers and listings, broken in every way: their named error."""

import gzip
import json

from checkout import PAGES
from hypothesis import strategies as st
from strange import broken, fuzz, is_clean
from w3lib.url import safe_url_string

from ewbscraper.discovery.answer import links_from
from ewbscraper.discovery.hints import hints_of, rest_root
from ewbscraper.discovery.link import address_on
from ewbscraper.errors import PageUnreadable, SourceUnreadable
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, WordPress
from ewbscraper.page import Page

HOME = "https://paper.example/"
GOLDEN = next(PAGES.glob("ewb/*.html"))
OUTLET = Outlet(slug="paper", name="Paper", home=HOME)
ENTRIES = "".join(
    f"<url><loc>{HOME}2024/03/{day:02}/a-bridge-too-far/</loc><lastmod>2024-03-{day:02}T10:00:00Z</lastmod>"
    "<news:news><news:publication_date>2024-03-01</news:publication_date></news:news></url>"
    for day in range(1, 9)
)
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://n.example/news"'
SITEMAPS = [
    f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACES}>{ENTRIES}</urlset>'.encode(),
    f"<sitemapindex><sitemap><loc>{HOME}post-sitemap.xml</loc></sitemap></sitemapindex>".encode(),
]
ITEMS = "".join(
    f"<item><title>A</title><link>{HOME}2024/a-{n}/</link><guid>x</guid><pubDate>Fri, 0{n} Mar 2024 10:00:00 +0100"
    "</pubDate><content:encoded><![CDATA[<p>Text</p>]]></content:encoded></item>"
    for n in range(1, 6)
)
FEEDS = [
    f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{ITEMS}'
    "</channel></rss>",
    f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{HOME}2024/a/"/><updated>2024-03-01T10:00:00Z'
    '</updated></entry><entry><link href="/b/2024"/><published>1 March</published></entry></feed>',
]
POSTS = [
    {"id": n, "link": f"{HOME}2024/a-{n}/", "modified": "2024-03-01T10:00:00", "modified_gmt": "2024-03-01T09:00:00",
     "type": "post", "content": {"protected": False}}
    for n in range(5)
]  # fmt: skip
LISTINGS = [
    f"<html><nav><a href=/news/>News</a></nav><h2><a href=/2024/03/01/a-bridge-too-far/>A</a></h2>"
    f"<a rel=next href=/page/2/>n</a><a href='/2024/03/'>March</a>"
    f"<link rel='https://api.w.org/' href='{HOME}wp-json/'></html>".encode(),
]
SOURCES = {
    Sitemap(): SITEMAPS,
    Feed(older=True): [one.encode() for one in FEEDS],
    WordPress(): [json.dumps(POSTS).encode(), b'{"code":"rest_forbidden","message":["x"]}'],
    Listing("/news/"): LISTINGS,
}
TOKENS = [
    b"<", b">", b"&", b"&#xD83D;", b"&#55357;", b"&#0;", b"<!DOCTYPE html>", b"<loc>//[</loc>",
    b"<link>http://[</link>", b"]]>",
    b'"\\ud800"', b'"link":"//["', b"9" * 5000, b"0000-00-00", b"9999-12-31T23:59:59-14:00", b"href='//[' ",
    b"\x1f\x8b", b"\0",
    b'<a href="//[">x</a>', b'<a href="http://paper.example:x/2024/">', b"<!ENTITY a 'b'>",
    b"<?xml encoding='idna'?>", b"[", b"}",
]  # fmt: skip
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "X-WP-Total": st.sampled_from(["7", "²", "-1", "9" * 5000, "", "1e9"]),
        "X-WP-TotalPages": st.sampled_from(["2", "٣", "9" * 5000]),
        "Content-Type": st.sampled_from(["text/html; charset=idna", "application/xml", "text/html; charset=hex", ""]),
        "Link": st.sampled_from(["<//[>; rel=https://api.w.org/", "<" * 999, '<x>;rel="https://api.w.org/"']),
    },
)
ASKED = st.sampled_from([f"{HOME}x", f"{HOME}feed/?paged={'9' * 5000}", f"{HOME}?paged=²&page=²", f"{HOME}news/"])


def answers(kind):
    return broken([one for whole in SOURCES[kind] for one in (whole, gzip.compress(whole))], *TOKENS)


@fuzz(
    sent="sitemaps, feeds, REST answers and listings with bits turned, parts cut, doubled, moved, bad tokens thrown in",
    must="addresses on the outlet's host, or SourceUnreadable",
    source_body=st.one_of([st.tuples(st.just(kind), answers(kind)) for kind in SOURCES]),
    url=ASKED,
    headers=HEADERS,
    quick=100,
)
def test_broken_lists(source_body, url, headers):
    source, body = source_body
    try:
        answer = links_from(source, OUTLET, body, url, headers)
    except SourceUnreadable:
        return
    assert all(address_on(OUTLET, link.url, HOME) == link.url for link in answer.links)
    assert all(len(link.changed or "2024-03-01T10:00:00Z") == 20 for link in answer.links)
    assert all(safe_url_string(url) == url and is_clean(url) for url in (*answer.more, *(x.url for x in answer.links)))


@fuzz(
    sent="broken front pages and REST roots, to find the lists of a newspaper that nobody has defined",
    must="hints, or PageUnreadable",
    front=broken([*LISTINGS, GOLDEN.read_bytes()], *TOKENS),
    root=broken(
        [b'{"name":"Paper","timezone_string":"Europe/Belgrade","gmt_offset":"2"}', b'{"gmt_offset":1e999}'], *TOKENS
    ),
    headers=HEADERS,
)
def test_hints(front, root, headers):
    rest_root(root)
    try:
        hints = hints_of(Page(front, HOME), OUTLET, headers)
    except PageUnreadable:
        return
    assert all(path.startswith("/") for path in (*hints.rest, *hints.feeds, *hints.listings))
