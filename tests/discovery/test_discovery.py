"""What sources answer becomes links: the address rules that all kinds share, and bytes that are no source."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewbscraper.discovery.answer import first_address, is_complete, links_from
from ewbscraper.discovery.link import Link, address_on, articles_among
from ewbscraper.errors import SourceUnreadable
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, Source, WordPress

OUTLET = Outlet(slug="herald", name="The Herald", home="https://herald.example/")
SOURCES = (WordPress(), Feed(), Sitemap(), Listing("/news/", next="a.next"))


def urls(source: Source, body: bytes, outlet: Outlet = OUTLET, url: str = "https://herald.example/x") -> list[str]:
    return [link.url for link in links_from(source, outlet, body, url, {}).links]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/2026/11/bridge/", "https://herald.example/2026/11/bridge/"),
        ("bridge", "https://herald.example/news/bridge"),
        ("  https://herald.example/bridge/\n", "https://herald.example/bridge/"),
        ("https://herald.example/bridge/#more", "https://herald.example/bridge/"),
        ("https://herald.example/bridge/?utm_source=rss&utm_medium=feed", "https://herald.example/bridge/"),
        ("https://herald.example/bridge/?share=facebook&id=7", "https://herald.example/bridge/?id=7"),
        ("https://herald.example/?p=58", "https://herald.example/?p=58"),
        ("http://herald.example/bridge/", "https://herald.example/bridge/"),
        ("https://www.herald.example:443/bridge/", "https://www.herald.example:443/bridge/"),
        ("https://herald.example/мост/", "https://herald.example/%D0%BC%D0%BE%D1%81%D1%82/"),
        ("https://herald.example/%d0%bc/", "https://herald.example/%d0%bc/"),
    ],
)
def test_an_address_on_the_outlet_is_made_canonical(written: str, address: str) -> None:
    assert address_on(OUTLET, written, "https://herald.example/news/") == address


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://other.example/bridge/",
        "https://photos.herald.example/bridge/",
        "https://herald.example.evil.example/",
        "https://herald.example@evil.example/",
        "https://herald.example:8443/bridge/",
        "mailto:desk@herald.example",
        "javascript:void(0)",
        "ftp://herald.example/bridge/",
        "file:///etc/hosts",
        "http://[::1/",
        "http://herald.example:99999/",
        "https://\ud800.example/",
    ],
)
def test_an_address_elsewhere_is_none(elsewhere: str) -> None:
    assert address_on(OUTLET, elsewhere, "https://herald.example/") is None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/#top",
        "/?utm_source=rss",
        "/wp-content/uploads/2026/11/bridge.jpg",
        "/wp-json/wp/v2/posts/58",
        "/wp-login.php?redirect_to=/x",
        "/bridge/feed/",
        "/feed/atom",
        "/category/politics/",
        "/?cat=3",
        "/?m=202611",
        "/?page_id=2",
        "/?feed=rss2",
        "/index.php?rest_route=/wp/v2/posts",
        "/?sitemap=taxonomies&sitemap-subtype=category&paged=1",
        "/en/tag/nato/page/2/",
        "/author/ana-kos/",
        "/bridge/amp/",
        "/report.PDF",
        "/source",
        "",
    ],
)
def test_an_address_that_cannot_be_an_article_is_no_link(path: str) -> None:
    assert articles_among([Link(path)], OUTLET, "https://herald.example/source") == ()


@pytest.mark.parametrize(
    "path", ["/2026/11/23/feeding-the-poor/", "/tagged/", "/news/authority/", "/?p=58", "/a.html", "/?cat=3&id=8"]
)
def test_an_article_is_not_taken_for_something_else(path: str) -> None:
    assert [link.url for link in articles_among([Link(path)], OUTLET, OUTLET.home)] == [OUTLET.address(path)]


def test_article_url_of_the_outlet_decides_what_an_article_is() -> None:
    dated = Outlet(slug="d", name="D", home="https://herald.example/", article_url=r"^/\d{4}/\d\d/[^/]+/$")
    links = [
        Link("/2026/11/bridge/"),
        Link("/about/"),
        Link("/2026/11/bridge/picture/"),
        Link("/x/2026/11/bridge/"),
    ]
    assert [link.url for link in articles_among(links, dated, dated.home)] == [dated.address("/2026/11/bridge/")]


def test_an_address_listed_twice_is_one_link() -> None:
    links = [Link("/bridge/#a", "2026-11-23T03:00:00Z"), Link("/bridge/?utm_source=rss"), Link("/b/")]
    assert articles_among(links, OUTLET, OUTLET.home) == (
        Link("https://herald.example/bridge/", "2026-11-23T03:00:00Z"),
        Link("https://herald.example/b/"),
    )


def test_only_what_lists_everything_is_complete() -> None:
    assert [is_complete(source) for source in SOURCES] == [True, False, True, False]


def test_first_address_is_on_the_outlet() -> None:
    assert first_address(Feed("/rss"), OUTLET) == "https://herald.example/rss"
    assert first_address(Sitemap(), OUTLET) == "https://herald.example/sitemap.xml"
    assert first_address(Listing("/news/"), OUTLET) == "https://herald.example/news/"


def test_gzip_is_known_by_its_bytes_and_may_have_several_members() -> None:
    start, end = b"<urlset><url><loc>/bridge/</loc></url>", b"<url><loc>/ferry/</loc></url></urlset>"
    assert urls(Sitemap(), gzip.compress(start) + gzip.compress(end)) == [
        "https://herald.example/bridge/",
        "https://herald.example/ferry/",
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: type(source).__name__)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty answer"),
        (b" \r\n\t", "empty answer"),
        (b"\xef\xbb\xbf", "empty answer"),
        (gzip.compress(b"", mtime=0), "empty answer"),
        (gzip.compress(b"<urlset/>" * 100, mtime=0)[:-20], "gzip that is cut short"),
        (b"\x1f\x8bnot gzip at all", "broken gzip"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "broken gzip"),
        (b"Just a moment...", "not "),
        (b"<!---->" * 700, "no"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not "),
    ],
)
def test_what_is_no_source_of_any_kind_says_why(source: Source, body: bytes, reason: str) -> None:
    with pytest.raises(SourceUnreadable, match=reason):
        links_from(source, OUTLET, body, "https://herald.example/x", {})


def test_a_gzip_bomb_is_stopped_while_it_unpacks() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(60)) + packer.flush()
    assert len(bomb) < 100_000
    with pytest.raises(SourceUnreadable, match="more than 50 MB"):
        links_from(Sitemap(), OUTLET, bomb, "https://herald.example/sitemap.xml.gz", {})


def test_an_html_page_is_named_as_such() -> None:
    page = b'<?xml version="1.0"?>\n<!-- maintenance --><!DOCTYPE html><html><body>Back soon</body></html>'
    for source in (WordPress(), Feed(), Sitemap()):
        with pytest.raises(SourceUnreadable, match=r"not a .*, but an HTML page"):
            links_from(source, OUTLET, page, "https://herald.example/x", {})


SHAPES = (
    b"",
    b"\x1f\x8b\x08\x00",
    b"<urlset><url><loc>",
    b"<rss><channel><item><link>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><updated>",
    b'[{"link":"',
    b'{"code":',
    b"<html><article><h2><a href='",
)


@given(st.sampled_from(SOURCES), st.sampled_from(SHAPES), st.binary(max_size=300))
def test_any_bytes_give_links_or_source_unreadable(source: Source, start: bytes, rest: bytes) -> None:
    try:
        answer = links_from(source, OUTLET, start + rest, "https://herald.example/x", {"X-WP-Total": "7"})
    except SourceUnreadable:
        return
    assert all(address_on(OUTLET, link.url, OUTLET.home) == link.url for link in answer.links)
