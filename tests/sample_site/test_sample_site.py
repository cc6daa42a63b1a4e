"""The sample newspaper, asked over real HTTP."""

import gzip
import http.client
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html as lxml_html
from sample_client import get

from ewbscraper.outlet import Outlet
from ewbscraper.places import find_place
from ewbscraper.sample_site.edition import load_edition
from ewbscraper.sample_site.outlet import sample_outlet
from ewbscraper.sample_site.server import SampleSite

POSTS = "/wp-json/wp/v2/posts"
VILLA = "/2026/10/29/mayors-villa-had-no-permit/"
MARKET = "/2026/11/15/pristina-market-reopens/"
MINISTER = "/2026/11/16/minister-talks-border-market/"
LETTER = "/2022/02/26/the-long-walk-of-a-letter/"


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as site:
        yield site


def posts(site: SampleSite, query: str) -> list[dict[str, Any]]:
    return json.loads(get(site, f"{POSTS}?{query}")[1])


def test_monday_has_forty_readable_articles_in_five_languages_over_six_years(site: SampleSite) -> None:
    truth = site.truth()
    assert len(truth) == 40
    assert {article["language"] for article in truth} == {"en", "sr-Latn", "sr-Cyrl", "sq", "mk"}
    assert {article["published"][:4] for article in truth} == {str(year) for year in range(2021, 2027)}
    assert len({article["url"] for article in truth}) == 40


def test_seven_articles_name_a_vucic_in_three_spellings(site: SampleSite) -> None:
    texts = [" ".join(filter(None, (a["headline"], a["standfirst"], a["byline"], a["body"]))) for a in site.truth()]
    found = [set(re.findall(r"\b(?:Vučić|Vucic|Вучић)\b", text)) for text in texts]
    assert len([spellings for spellings in found if spellings]) == 7
    assert set.union(*found) == {"Vučić", "Vucic", "Вучић"}


@pytest.mark.parametrize("edition", ["monday", "tuesday"])
def test_every_article_page_shows_its_truth(site: SampleSite, edition: str) -> None:
    site.publish(edition)
    for article in site.truth():
        path = urlsplit(article["url"]).path
        page = lxml_html.fromstring(get(site, path)[1].decode())
        assert page.get("lang") == article["language"]
        assert page.findtext(".//h1") == article["headline"]
        if path == LETTER:
            page.find(".//article").extend(lxml_html.fromstring(get(site, path + "2/")[1].decode()).iter("article"))
        text = re.sub(r"\W", "", page.find(".//article").text_content())
        for part in (*article["paragraphs"], article["standfirst"] or "", article["byline"] or ""):
            assert re.sub(r"\W", "", part) in text
        captions = [caption.text_content() for caption in page.iter("figcaption")]
        assert len(captions) == len(article["captions"])
        for caption, printed in zip(article["captions"], captions, strict=True):
            assert printed.startswith(caption["caption"])
            assert (caption["credit"] or "") in printed
        for shown in page.xpath("//section[contains(@class, 'related')]//li/a/@href"):
            assert shown in {post["url"] for post in article["related_posts"]}


@pytest.mark.parametrize("edition", ["monday", "tuesday"])
def test_datelines_head_the_text_and_their_places_are_known(site: SampleSite, edition: str) -> None:
    site.publish(edition)
    datelines = [(a["dateline"], a["paragraphs"][0]) for a in site.truth() if a["dateline"]]
    assert len(datelines) > 20
    for dateline, first in datelines:
        assert first.startswith(dateline["text"] + " ")
        assert dateline["places"]
        for place in dateline["places"]:
            found = find_place(place)
            assert found is not None
            assert found.name == place


def test_the_linked_data_agrees_with_the_truth(site: SampleSite) -> None:
    for article in site.truth()[:10]:
        page = lxml_html.fromstring(get(site, urlsplit(article["url"]).path)[1].decode())
        data = json.loads(page.findtext(".//script[@type='application/ld+json']"))
        assert (data["headline"], data["datePublished"]) == (article["headline"], article["published"])


def test_an_article_of_two_pages_continues_on_the_second(site: SampleSite) -> None:
    first, second = get(site, LETTER)[1].decode(), get(site, LETTER + "2/")[1].decode()
    assert f'href="{site.url}{LETTER}2/" rel="next"' in first
    assert "The letter weighed eighteen grams" in first
    assert "The letter weighed eighteen grams" not in second
    assert "After the chapel" not in first
    assert "after the chapel. Ms Pešo went on" in second
    assert get(site, LETTER + "3/")[0] == 404


def test_related_posts_are_drawn_anew_except_where_the_article_names_them(site: SampleSite) -> None:
    def related(path: str) -> tuple[str, ...]:
        return tuple(re.findall(r'<li><a href="([^"]+)', get(site, path)[1].decode().split("Related posts")[1])[:3])

    assert len({related(MINISTER) for _ in range(8)}) > 1
    assert len({related(MARKET) for _ in range(8)}) == 1


def test_tuesday_edits_four_removes_one_and_adds_three(site: SampleSite) -> None:
    monday = {article["url"]: article for article in site.truth()}
    site.publish("tuesday")
    tuesday = {article["url"]: article for article in site.truth()}
    parts = "headline", "standfirst", "body", "captions"
    changed = [u for u in monday.keys() & tuesday if any(monday[u][p] != tuesday[u][p] for p in parts)]
    assert len(tuesday.keys() - monday) == 3
    assert monday.keys() - tuesday == {site.url + VILLA}
    assert len(changed) == 4
    assert all(tuesday[url]["modified"].startswith("2026-11-17") for url in changed)
    assert tuesday[site.url + MINISTER]["headline"] == "Minister confirms talks"


def test_what_was_removed_answers_410_and_is_listed_nowhere(site: SampleSite) -> None:
    assert get(site, VILLA)[0] == 200
    site.publish("tuesday")
    assert get(site, VILLA)[0] == 410
    assert VILLA.encode() not in get(site, "/sitemap-posts.xml")[1] + get(site, "/feed/")[1]
    assert all(VILLA not in post["link"] for post in posts(site, "per_page=100"))


def test_an_address_without_its_slash_leads_to_the_one_with_it(site: SampleSite) -> None:
    status, _, headers = get(site, MARKET.rstrip("/"))
    assert (status, headers["Location"]) == (301, site.url + MARKET)
    assert get(site, "/category/sport")[0] == 301
    assert get(site, "/2026/11/15/no-such-article")[0] == 404


def test_an_article_is_in_the_lists_of_its_section_tag_and_author(site: SampleSite) -> None:
    for path in ("/category/politics/", "/tag/government/", "/author/daniel-kerr/", "/"):
        assert MINISTER.encode() in get(site, path)[1]
    assert get(site, "/category/astrology/")[0] == 404


def test_following_older_reads_the_whole_front_page(site: SampleSite) -> None:
    path, seen = "/", set()
    while path:
        page = lxml_html.fromstring(get(site, path)[1].decode())
        seen.update(page.xpath("//article/h2/a/@href"))
        path = next((urlsplit(href).path for href in page.xpath("//a[@class='next']/@href")), "")
    assert len(seen) == 42


def test_every_link_of_an_article_page_answers(site: SampleSite) -> None:
    page = lxml_html.fromstring(get(site, MINISTER)[1].decode())
    paths = {urlsplit(href).path for href in page.xpath("//a/@href | //img/@src") if href.startswith(site.url)}
    open_to_all = {path for path in paths if not path.startswith("/private/")}
    assert len(open_to_all) > 10
    assert {get(site, path)[0] for path in open_to_all} == {200}


def test_the_feed_has_the_ten_newest_and_says_when_nothing_changed(site: SampleSite) -> None:
    status, body, headers = get(site, "/feed/")
    links = [item.findtext("link") for item in ET.fromstring(body).iter("item")]
    assert (status, links) == (200, [article["url"] for article in site.truth()[:10]])
    assert get(site, "/feed/", If_None_Match=headers["ETag"])[0] == 304
    assert get(site, "/feed/", If_Modified_Since=headers["Last-Modified"])[0] == 304
    site.publish("tuesday")
    assert get(site, "/feed/", If_None_Match=headers["ETag"])[0] == 200
    assert get(site, "/feed/", If_Modified_Since=headers["Last-Modified"])[0] == 200


def test_a_page_with_fixed_related_posts_says_when_nothing_changed(site: SampleSite) -> None:
    barges = "/2026/09/21/low-water-barges/"
    modified = get(site, barges)[2]["Last-Modified"]
    assert get(site, barges, If_Modified_Since=modified)[0] == 304
    site.publish("tuesday")
    assert get(site, barges, If_Modified_Since=modified)[0] == 200
    assert get(site, MINISTER)[2]["Last-Modified"] is None


def test_the_sitemaps_name_every_article_with_its_last_change(site: SampleSite) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = ET.fromstring(get(site, "/sitemap.xml")[1])
    assert [loc.text for loc in index.iterfind(".//s:loc", space)] == [
        site.url + "/sitemap-posts.xml",
        site.url + "/sitemap-pages.xml",
    ]
    entries = ET.fromstring(get(site, "/sitemap-posts.xml")[1]).findall("s:url", space)
    changed = {entry.findtext("s:loc", "", space): entry.findtext("s:lastmod", "", space) for entry in entries}
    assert len(changed) == 42
    assert all(changed[a["url"]] == (a["modified"] or a["published"]) for a in site.truth())


def test_robots_txt_closes_private_pages_only(site: SampleSite) -> None:
    text = get(site, "/robots.txt")[1].decode()
    assert re.findall(r"Disallow: (\S*)", text) == ["/private/"]
    assert f"Sitemap: {site.url}/sitemap.xml" in text


def test_the_posts_are_paged_as_wordpress_does(site: SampleSite) -> None:
    status, body, headers = get(site, f"{POSTS}?per_page=20&page=3&orderby=modified")
    assert (status, len(json.loads(body))) == (200, 2)
    assert (headers["X-WP-Total"], headers["X-WP-TotalPages"]) == ("42", "3")
    status, body, _ = get(site, f"{POSTS}?per_page=20&page=4")
    assert (status, json.loads(body)["code"]) == (400, "rest_post_invalid_page_number")
    assert get(site, f"{POSTS}?per_page=101")[0] == 400
    assert len(posts(site, "")) == 10


def test_the_posts_are_ordered_and_cut_to_the_fields_asked_for(site: SampleSite) -> None:
    site.publish("tuesday")
    newest = posts(site, "per_page=100&orderby=modified&order=desc&_fields=id,link,modified_gmt,content.protected")
    assert set(newest[0]) == {"id", "link", "modified_gmt", "content"}
    assert newest[0]["content"] == {"protected": False}
    times = [post["modified_gmt"] for post in newest]
    assert times == sorted(times, reverse=True)
    assert len([post for post in newest if post["content"]["protected"]]) == 2


def test_modified_after_is_in_the_newspapers_zone_unless_it_says_otherwise(site: SampleSite) -> None:
    site.publish("tuesday")
    assert len(posts(site, "modified_after=2026-11-17T00:00:00")) == 7
    assert len(posts(site, "modified_after=2026-11-17T07:50:00%2B01:00")) == 5
    assert len(posts(site, "modified_after=2026-11-17T06:49:59Z")) == 6


def test_times_without_offset_are_local_and_gmt(site: SampleSite) -> None:
    minister = next(post for post in posts(site, "per_page=100") if post["link"].endswith(MINISTER))
    assert (minister["date"], minister["date_gmt"]) == ("2026-11-16T09:00:00", "2026-11-16T08:00:00")
    assert json.loads(get(site, "/wp-json/")[1])["timezone_string"] == "Europe/Belgrade"


def test_a_protected_post_shows_a_form_and_no_text(site: SampleSite) -> None:
    protected = [post for post in posts(site, "per_page=100") if post["content"]["protected"]]
    assert [post["title"]["rendered"].split(":")[0] for post in protected] == ["Zaštićeno", "Protected"]
    for post in protected:
        _, body, _ = get(site, urlsplit(post["link"]).path)
        assert b"post_password" in body
        assert b"koji imaju lozinku" not in body
        assert b"the word that opens it" not in body
        assert post["link"] not in {article["url"] for article in site.truth()}


def test_answers_are_compressed_for_who_accepts_it(site: SampleSite) -> None:
    _, body, headers = get(site, "/about/", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == get(site, "/about/")[1]


def test_one_connection_carries_several_requests(site: SampleSite) -> None:
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=10)
    for path in ("/", MARKET, "/feed/"):
        connection.request("GET", path)
        assert connection.getresponse().read()
    held = connection.sock
    connection.request("HEAD", "/about/")
    answer = connection.getresponse()
    assert (answer.read(), int(answer.headers["Content-Length"]) > 1000) == (b"", True)
    assert connection.sock is held
    connection.close()


def test_pictures_are_the_same_each_time_and_differ_from_each_other(site: SampleSite) -> None:
    first, again, other = (get(site, f"/images/{name}.png")[1] for name in ("101-1", "101-1", "102-1"))
    assert first.startswith(b"\x89PNG\r\n\x1a\n")
    assert first == again != other


def test_requests_are_remembered(site: SampleSite) -> None:
    get(site, "/feed/?x=1", If_None_Match='"old"')
    request = site.requests[-1]
    assert (request.method, request.path, request.status) == ("GET", "/feed/?x=1", 200)
    assert request.headers["If-None-Match"] == '"old"'


def test_no_such_edition() -> None:
    with pytest.raises(ValueError, match="monday and tuesday"):
        load_edition("wednesday")


def test_a_picture_says_nothing_that_its_file_did_not_mean() -> None:
    known = {"caption", "credit", "alt", "credit_as"}
    for article in load_edition("tuesday").articles:
        assert all(set(picture) <= known for picture in article.head.get("pictures", ())), article.slug


def test_the_outlet_is_a_plain_one() -> None:
    outlet = sample_outlet("http://127.0.0.1:8010")
    assert isinstance(outlet, Outlet)
    assert outlet.article_url is not None
    assert re.search(outlet.article_url, MARKET)
    assert not re.search(outlet.article_url, "/about/")
