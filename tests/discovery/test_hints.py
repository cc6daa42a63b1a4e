"""What a front page tells about its lists, and what the shape of a link tells about its page."""

import pytest

from ewbscraper.discovery.hints import USUAL_REST, Hints, RestRoot, hints_of, rest_root
from ewbscraper.discovery.shape import article_links, date_archives, looks_like_an_article, next_page, sections
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page

HOME = "https://herald.example/"
OUTLET = Outlet(slug="herald", name="herald.example", home=HOME)


def hints(head: str = "", body: str = "", lang: str = "en", url: str = HOME, **headers: str) -> Hints:
    page = Page(f"<!DOCTYPE html><html lang='{lang}'><head>{head}</head><body>{body}<p>News.</p></body></html>", url)
    return hints_of(page, OUTLET, headers)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="The Herald"><title>News | Herald</title>', "The Herald"),
        ('<script type="application/ld+json">{"@type": "WebSite", "name": " The  Herald "}</script>', "The Herald"),
        ("<title>Home – The News of Today | Herald</title>", "Herald"),
        ("<title>Вести – Гласник</title>", "Вести"),
        ("", None),
    ],
)
def test_the_name_of_a_newspaper(head: str, name: str | None) -> None:
    assert hints(head).name == name


@pytest.mark.parametrize(
    ("lang", "language"), [("en-US", "en"), ("sr_RS", "sr"), ("MK", "mk"), ("", None), ("x", None)]
)
def test_the_language_of_its_front_page(lang: str, language: str | None) -> None:
    assert hints(lang=lang).language == language


@pytest.mark.parametrize(
    ("head", "headers", "roots"),
    [
        ('<link rel="https://api.w.org/" href="https://herald.example/api/">', {}, ("/api/", *USUAL_REST)),
        ('<link rel="https://api.w.org/" href="/?rest_route=/">', {}, ("/?rest_route=/", "/wp-json/")),
        ("", {"Link": '<https://herald.example/x/>; rel="https://api.w.org/"'}, ("/x/", *USUAL_REST)),
        ('<link rel="https://api.w.org/" href="https://other.example/wp-json/">', {}, USUAL_REST),
        ("", {}, USUAL_REST),
    ],
)
def test_where_the_rest_api_may_be(head: str, headers: dict[str, str], roots: tuple[str, ...]) -> None:
    assert hints(head, **headers).rest == roots


def test_feeds_of_articles_and_not_of_comments_or_elsewhere() -> None:
    kinds = (
        ("application/rss+xml", "https://herald.example/category/sport/feed/"),
        ("application/rss+xml", "https://herald.example/comments/feed/"),
        ("application/atom+xml", "https://herald.example/atom"),
        ("application/rss+xml", "https://feeds.example/herald"),
        ("text/html", "https://herald.example/en/"),
    )
    head = "".join(f'<link rel="alternate" type="{kind}" href="{href}">' for kind, href in kinds)
    assert hints(head).feeds == ("/atom", "/category/sport/feed/")


@pytest.mark.parametrize(
    ("body", "root"),
    [
        (b'{"name": "The  Herald", "timezone_string": "Europe/Skopje"}', RestRoot("The Herald", "Europe/Skopje")),
        (b'{"name": "H", "timezone_string": "", "gmt_offset": 1}', RestRoot("H", "Etc/GMT-1")),
        (b'{"name": "H", "gmt_offset": "-3"}', RestRoot("H", "Etc/GMT+3")),
        (b'{"name": "H", "gmt_offset": 5.5}', RestRoot("H", None)),
        (b'{"name": {}, "timezone_string": 7, "gmt_offset": "nan"}', RestRoot()),
        (b"[]", RestRoot()),
        (b"<html>", RestRoot()),
    ],
)
def test_name_and_zone_of_a_wordpress(body: bytes, root: RestRoot) -> None:
    assert rest_root(body) == root


@pytest.mark.parametrize(
    "path", ["about/", "kontakt", "o-nama/", "privacy-policy/", "rss", "logo.png", "2026/11/", "7/"]
)
def test_what_is_no_section(path: str) -> None:
    assert sections(Page(f"<nav><a href='/{path}'>x</a><a href='/sport/'>y</a></nav>", HOME)) == [f"{HOME}sport/"]


@pytest.mark.parametrize(
    ("path", "is_article"),
    [
        ("2026/11/23/bridge/", True),
        ("vesti/politika/most-je-otvoren-za-sve/", True),
        ("вести/мостот-е-отворен-денес/", True),
        ("a/32145678.html", True),
        ("story.php?id=48213", True),
        ("news/bridge-open.html", True),
        ("?p=12", True),
        ("?page_id=12", False),
        ("sport/", False),
        ("vesti/crna-hronika/", False),
        ("2026/", False),
        ("news/?page=12", False),
    ],
)
def test_what_an_article_looks_like(path: str, is_article: bool) -> None:
    assert looks_like_an_article(HOME + path) == is_article


def test_articles_stand_under_headlines_or_look_like_it() -> None:
    page = Page(
        "<nav><a href='/four-words-in-menu/'>m</a></nav><h2><a href='/the-bridge/'>b</a></h2>"
        "<a href='/card/'><h3>no words</h3></a><a href='/a-ferry-sinks-again/'>f</a><a href='/sport/'>s</a>"
        "<footer><a href='/2026/11/23/imprint/'>i</a></footer>",
        HOME,
    )
    assert article_links(page) == ["/the-bridge/", "/a-ferry-sinks-again/"]


@pytest.mark.parametrize(
    ("url", "links", "following"),
    [
        ("", ["/sport/", "/page/2/"], ["/page/2/"]),
        ("page/2/", ["/page/1/", "/page/3/", "/page/4/"], ["/page/3/"]),
        ("sport/?strana=9", ["?strana=8", "?strana=10", "/page/10/"], ["?strana=10"]),
        ("sport/page/9/", ["/page/10/", "/sport/"], []),
    ],
)
def test_the_next_page_has_the_next_number(url: str, links: list[str], following: list[str]) -> None:
    assert next_page(Page("".join(f"<a href='{link}'>x</a>" for link in links), HOME + url)) == following


def test_the_next_page_is_what_the_page_calls_so() -> None:
    assert next_page(Page("<link rel='next' href='/older'><a href='/page/2/'>2</a>", HOME)) == ["/older"]


def test_date_archives_newest_first() -> None:
    links = "".join(f"<a href='{path}'>x</a>" for path in ("/2025/9/", "/2025/10/", "/2026/01/", "/2026/11/23/a/"))
    assert date_archives(Page(links, HOME)) == [HOME + path for path in ("2026/01/", "2025/10/", "2025/9/")]
