"""The four kinds of source, on invented answers in the shapes that real servers give."""

import json
from datetime import UTC
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewbscraper.discovery.answer import first_address, links_from
from ewbscraper.discovery.link import Answer, Link
from ewbscraper.discovery.moment import from_iso
from ewbscraper.errors import SourceUnreadable
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, Source, WordPress

OUTLET = Outlet(slug="herald", name="The Herald", home="http://127.0.0.1:8080/")
BRIDGE, FERRY = "http://127.0.0.1:8080/2026/11/23/bridge/", "http://127.0.0.1:8080/2026/11/22/ferry/"
POSTS = "http://127.0.0.1:8080/wp-json/wp/v2/posts?per_page=100&page={}&orderby=modified"
SITEMAP_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def ask(source: Source, body: bytes | str, url: str = OUTLET.home, **headers: str) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    return links_from(source, OUTLET, raw, url, {key.replace("_", "-"): value for key, value in headers.items()})


def post(link: str = BRIDGE, modified: str = "2026-11-23T10:00:00", gmt: str = "", protected: bool = False) -> dict:
    return {"link": link, "modified": modified, "modified_gmt": gmt, "content": {"protected": protected}}


def test_wordpress_asks_for_the_newest_changes_and_only_what_is_read() -> None:
    address = first_address(WordPress(), OUTLET)
    assert address.startswith("http://127.0.0.1:8080/wp-json/wp/v2/posts?per_page=100&page=1&orderby=modified")
    assert address.endswith("&_fields=id,link,modified,modified_gmt,type,content.protected")
    assert "/?rest_route=/wp/v2/posts&per_page=100" in first_address(WordPress("/?rest_route=/wp/v2/posts"), OUTLET)


def test_wordpress_lists_posts_with_their_change_and_their_protection() -> None:
    answer = ask(WordPress(), json.dumps([post(), post(FERRY, "2026-07-01T10:00:00", protected=True)]))
    assert answer.links == (Link(BRIDGE, "2026-11-23T09:00:00Z"), Link(FERRY, "2026-07-01T08:00:00Z", True))


@pytest.mark.parametrize(
    ("headers", "posts", "following"),
    [
        ({"X_WP_Total": "250", "X_WP_TotalPages": "3"}, 100, True),
        ({"x_wp_total": "250", "x_wp_totalpages": "3"}, 100, True),
        ({"X_WP_Total": "200", "X_WP_TotalPages": "2"}, 100, False),
        ({}, 100, True),
        ({}, 99, False),
        ({"X_WP_TotalPages": "9"}, 0, False),
    ],
)
def test_wordpress_goes_on_until_the_last_page(headers: dict[str, str], posts: int, following: bool) -> None:
    body = json.dumps([post(f"/{number}/") for number in range(posts)])
    answer = ask(WordPress(), body, POSTS.format(2), **headers)
    assert answer.more == ((POSTS.format(3),) if following else ())
    assert answer.total == (int(next(iter(headers.values()))) if len(headers) == 2 else None)


def test_wordpress_page_after_the_last_has_no_links() -> None:
    body = '{"code":"rest_post_invalid_page_number","message":"Too large.","data":{"status":400}}'
    assert ask(WordPress(), body, POSTS.format(9)) == Answer()


@pytest.mark.parametrize(
    ("modified", "gmt", "changed"),
    [
        ("2022-03-27T04:47:00", "2022-03-27T03:47:00", "2022-03-27T02:47:00Z"),  # gmt an hour late, as served
        ("2022-10-30T02:30:00", "2022-10-30T00:30:00", "2022-10-30T00:30:00Z"),
        ("2022-10-30T02:30:00", "2022-10-30T01:30:00", "2022-10-30T01:30:00Z"),
        ("2022-10-30T02:30:00", "", "2022-10-30T00:30:00Z"),
        ("", "2022-10-30T01:30:00", "2022-10-30T01:30:00Z"),
        ("soon", "", None),
    ],
)
def test_wordpress_local_time_is_trusted_where_clocks_change(modified: str, gmt: str, changed: str | None) -> None:
    assert ask(WordPress(), json.dumps([post(modified=modified, gmt=gmt)])).links[0].changed == changed


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"code":"rest_no_route","message":"No route"}', "WordPress answers rest_no_route: No route"),
        ('{"code":"rest_forbidden","message":"' + "no " * 500 + '"}', "rest_forbidden: no no"),
        ('{"posts": []}', "not a REST list of posts, but JSON"),
        ('[{"id": 7}]', "no list of objects that have a link"),
        ('[{"link": null}]', "no list of objects that have a link"),
        ('[{"link": "/a/"}, 7]', "no list of objects that have a link"),
        ('[{"link": "/a/"}', "not a REST list of posts, but JSON"),
        ("[" * 100_000, "not a REST list of posts, but JSON"),
        ("<b>Warning</b>: PHP", "not a REST list of posts, but XML"),
        ("null", "not a REST list of posts"),
    ],
)
def test_wordpress_answer_that_is_none(body: str, reason: str) -> None:
    with pytest.raises(SourceUnreadable, match=reason) as caught:
        ask(WordPress(), body)
    assert len(str(caught.value)) < 300


RSS = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
  <atom:link href="http://127.0.0.1/feed/" rel="self" type="application/rss+xml" /><link>http://127.0.0.1:8080</link>
  <item><title>Bridge</title><link>{BRIDGE}?utm_source=rss</link>
  <pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate>
  <content:encoded><![CDATA[<p>See <a href="/2026/11/01/older/">older</a></p>]]></content:encoded></item>
  <item><title>Ferry</title><guid isPermaLink="true">{FERRY}</guid></item>
  <item><title>Elsewhere</title><link>https://other.example/x/</link></item>
  <item><title>No link</title></item></channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feed/atom/"/>
  <entry><link rel="replies" href="{BRIDGE}comments/"/><link rel="alternate" href="{BRIDGE}"/>
    <updated>2026-11-23T12:30:00+02:00</updated><published>2026-11-20T08:00:00Z</published></entry>
  <entry><link href="{FERRY}"/><published>2026-11-22T08:00:00Z</published></entry></feed>"""

RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://127.0.0.1:8080/"/>
  <item rdf:about="{BRIDGE}"><link>{BRIDGE}</link>
  <dc:date>2026-11-23T09:00:00+00:00</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize(
    ("body", "links"),
    [
        (RSS, (Link(BRIDGE, "2026-11-23T09:00:00Z"), Link(FERRY))),
        (ATOM, (Link(BRIDGE, "2026-11-23T10:30:00Z"), Link(FERRY, "2026-11-22T08:00:00Z"))),
        (RDF, (Link(BRIDGE, "2026-11-23T09:00:00Z"),)),
        (
            "\n\n" + RSS.replace("Bridge", "Bridge & tunnel"),
            (Link(BRIDGE, "2026-11-23T09:00:00Z"), Link(FERRY)),
        ),
        (RSS.replace("Bridge", "&#55357;&#x1F600;&#99999999999;"), (Link(BRIDGE, "2026-11-23T09:00:00Z"), Link(FERRY))),
        ('<rss version="2.0"><channel><title>Quiet day</title></channel></rss>', ()),
    ],
    ids=["rss", "atom", "rss 1.0", "not well-formed", "half an emoji", "no entries"],
)
def test_a_feed_gives_its_links_with_their_times(body: str, links: tuple[Link, ...]) -> None:
    assert ask(Feed(), body) == Answer(links)


def test_feed_service_that_counts_clicks() -> None:
    body = f"""<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>
      <link>https://clicks.example/~r/7</link><feedburner:origLink>{BRIDGE}</feedburner:origLink></item></channel></rss>"""
    assert ask(Feed(), body).links == (Link(BRIDGE),)


def test_feed_that_breaks_the_parser() -> None:
    with pytest.raises(SourceUnreadable, match="not a feed, but XML of another kind or broken: "):
        ask(Feed(), RSS.replace("Bridge", "&#x00000FFFFFFFFFFFF;<"))


@pytest.mark.parametrize(
    "body", [f"<urlset {SITEMAP_NS}></urlset>", '{"items": []}', "/etc/hosts", "http://127.0.0.1:9/"]
)
def test_feed_that_is_none(body: str) -> None:
    with pytest.raises(SourceUnreadable, match="not a feed, but"):
        ask(Feed(), body)


def test_sitemap_with_times_of_change() -> None:
    body = f"""<?xml version="1.0" encoding="UTF-8"?><urlset {SITEMAP_NS}
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
      <!-- made by hand --><url><image:image><image:loc>{BRIDGE}lead/</image:loc></image:image>
        <loc> {BRIDGE} </loc><lastmod>2026-11-23T10:00:00+01:00</lastmod></url>
      <url><loc>{FERRY}</loc><lastmod>2026-11-22</lastmod></url>
      <url><loc>/strike/</loc><news:news><news:publication_date>2026-11-21T05:06:07Z</news:publication_date></news:news></url>
      <url><loc>/undated/</loc><lastmod>yesterday</lastmod></url><url><priority>0.1</priority></url></urlset>"""
    assert ask(Sitemap(), body, OUTLET.address("/sitemap.xml")).links == (
        Link(BRIDGE, "2026-11-23T09:00:00Z"),
        Link(FERRY, "2026-11-21T23:00:00Z"),
        Link(OUTLET.address("/strike/"), "2026-11-21T05:06:07Z"),
        Link(OUTLET.address("/undated/")),
    )


INDEX = f"""\n<?xml version="1.0"?><sitemapindex {SITEMAP_NS}>
  <sitemap><loc>http://127.0.0.1:8080/wp-sitemap-posts-post-1.xml</loc><lastmod>2026-11-23</lastmod></sitemap>
  <sitemap><loc>http://127.0.0.1:8080/wp-sitemap-posts-page-1.xml</loc></sitemap>
  <sitemap><loc>http://127.0.0.1:8080/wp-sitemap-taxonomies-category-1.xml</loc></sitemap>
  <sitemap><loc>http://127.0.0.1:8080/post_tag-sitemap2.xml</loc></sitemap>
  <sitemap><loc>http://127.0.0.1:8080/sitemap-pages.xml</loc></sitemap>
  <sitemap><loc>http://127.0.0.1:8080/sitemap-pages-of-the-ferries.xml</loc></sitemap>
  <sitemap><loc>http://127.0.0.1:8080/sitemap.xml</loc></sitemap>
  <sitemap><loc>http://other.example/posts.xml</loc></sitemap><sitemap><loc>http://[::1</loc></sitemap></sitemapindex>"""


def test_sitemap_index_leads_to_the_sitemaps_that_may_list_articles() -> None:
    url = OUTLET.address("/sitemap.xml")
    posts, ferries = OUTLET.address("/wp-sitemap-posts-post-1.xml"), OUTLET.address("/sitemap-pages-of-the-ferries.xml")
    assert ask(Sitemap(), INDEX, url) == Answer(more=(posts, ferries))
    assert ask(Sitemap(only="posts-post"), INDEX, url).more == (posts,)
    assert ask(Sitemap(only="post_tag"), INDEX, url).more == (OUTLET.address("/post_tag-sitemap2.xml"),)


@pytest.mark.parametrize("cut", [40, 300, 600, len(INDEX) - 5])
def test_half_a_sitemap_is_none(cut: int) -> None:
    with pytest.raises(SourceUnreadable, match="not a sitemap, but XML of another kind or broken: "):
        ask(Sitemap(), INDEX[:cut])


def test_sitemap_entities_are_not_expanded() -> None:
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(SourceUnreadable, match=r"amplification|entity"):
        ask(
            Sitemap(),
            f'<!DOCTYPE urlset [<!ENTITY e0 "boom">{nested}]><urlset><url><loc>&e11;</loc></url></urlset>',
        )
    body = '<!DOCTYPE urlset [<!ENTITY f SYSTEM "file:///etc/hosts">]><urlset><url><loc>/a/&f;</loc></url></urlset>'
    assert ask(Sitemap(), body).links == (Link(OUTLET.address("/a/")),)


def test_half_a_sitemap_of_entries_is_none_although_its_reader_goes_on() -> None:
    body = f"<urlset {SITEMAP_NS}><url><loc>{BRIDGE}</loc></url><url><loc>{FERRY}</loc></url></urlset>"
    assert len(ask(Sitemap(), body).links) == 2
    for cut in range(60, len(body), 7):
        with pytest.raises(SourceUnreadable, match="not a sitemap, but XML of another kind or broken: "):
            ask(Sitemap(), body[:cut])


def test_sitemap_with_a_part_that_it_does_not_explain_is_whole() -> None:
    body = f"<urlset {SITEMAP_NS}><url><loc>{BRIDGE}</loc><image:loc>/lead.jpeg</image:loc></url></urlset>"
    assert ask(Sitemap(), body).links == (Link(BRIDGE),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_sitemap_in_the_encoding_that_it_names(encoding: str) -> None:
    named = encoding.removesuffix("-sig")
    body = f'<?xml version="1.0" encoding="{named}"?><urlset {SITEMAP_NS}><url><loc>/мост/</loc></url></urlset>'
    answer = links_from(Sitemap(), OUTLET, body.encode(encoding), OUTLET.address("/sitemap.xml"), {})
    assert [unquote(link.url) for link in answer.links] == [OUTLET.address("/мост/")]


def test_sitemap_in_another_encoding_than_it_names() -> None:
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset {SITEMAP_NS}><url><loc>/мост/</loc></url></urlset>'
    with pytest.raises(SourceUnreadable, match="not a sitemap, but XML of another kind or broken: "):
        links_from(Sitemap(), OUTLET, body.encode("windows-1251"), OUTLET.address("/sitemap.xml"), {})


def test_sitemap_names_other_languages_of_an_article_that_are_not_it() -> None:
    other = f'<x:link xmlns:x="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="sq" href="{FERRY}"/>'
    body = f"<urlset {SITEMAP_NS}><url><loc>{BRIDGE}</loc>{other}</url></urlset>"
    assert ask(Sitemap(), body).links == (Link(BRIDGE),)


def test_sitemap_that_is_a_feed() -> None:
    with pytest.raises(SourceUnreadable, match="its root is <rss>"):
        ask(Sitemap(), RSS)


LISTING = f"""<!DOCTYPE html><title>News</title><nav><a href="/about/">About</a></nav>
  <article><h2><a href="{BRIDGE}#comments">Bridge</a></h2><p><a href="/tag/roads/">roads</a></p></article>
  <article><h3><a href="/2026/11/22/ferry/">Ferry</a></h3></article>
  <article><h2><a href="https://other.example/x">Elsewhere</a> <a name="top">anchor</a></h2></article>
  <a class="next" href="/news/page/3/">Older</a><a class="next" href="?page=2#list">This one</a>"""


@pytest.mark.parametrize("links", ["article h2 a, article h3 a", "//article/*[self::h2 or self::h3]/a/@href"])
def test_a_listing_gives_its_links_and_its_next_page(links: str) -> None:
    source = Listing("/news/", links, next="a.next")
    answer = ask(source, LISTING, OUTLET.address("/news/?page=2"), content_type="text/html; charset=utf-8")
    assert answer == Answer((Link(BRIDGE), Link(FERRY)), (OUTLET.address("/news/page/3/"),))


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        ("<p>Nothing here</p>", "text/html", "no link on the page looks like an article's"),
        (LISTING, "application/json", "application/json, not HTML"),
        ("plain words", "text/html", "no HTML in it"),
    ],
)
def test_listing_that_is_none(body: str, content_type: str, reason: str) -> None:
    with pytest.raises(SourceUnreadable, match=reason):
        ask(Listing("/news/"), body, Content_Type=content_type)


@given(st.text(alphabet="0123456789-:TZW+., x", max_size=30) | st.text(max_size=10))
def test_a_time_is_utc_or_none(text: str) -> None:
    moment = from_iso(text, UTC)
    assert moment is None or (len(moment) == 20 and from_iso(moment, UTC) == moment)


@given(st.datetimes(), st.sampled_from(["", "Z", "+14:00", "-12:00"]))
def test_a_time_at_the_edge_of_the_calendar_is_no_error(moment: object, offset: str) -> None:
    text = f"{moment:%Y-%m-%dT%H:%M:%S}".zfill(19) + offset
    assert (from_iso(text, UTC) or "Z").endswith("Z")
