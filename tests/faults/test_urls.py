"""Addresses that mean harm: never asked for off the outlet's host, never shown as a link, and nothing raises."""

import json
from contextlib import closing
from html import escape
from urllib.parse import urlsplit

import pytest
from small_paper import SmallPaper, page

from ewbscraper.archive.database import read
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.discovery.answer import links_from
from ewbscraper.discovery.hints import hints_of
from ewbscraper.discovery.link import address_on
from ewbscraper.discovery.shape import article_links, date_archives, next_page
from ewbscraper.errors import SourceUnreadable
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.needs import needed_by
from ewbscraper.extraction.pages import next_pages
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, WordPress
from ewbscraper.page import Page

OUTLET = Outlet(slug="hostile", name="Hostile", home="https://hostile.example/")
URL = "https://hostile.example/2024/01/02/the-bridge-opens/"
SENTENCE = "A sentence that is long enough to be counted as running text of an article. " * 3
PATH = "2024/01/02/another-bridge-opens-today"
ELSEWHERE = [
    f"https://evil.example/{PATH}",
    f"//evil.example/{PATH}",
    f"\\\\evil.example\\{PATH}",
    f"/\\evil.example/{PATH}",
    f"https:\\\\evil.example/{PATH}",
    f"https://hostile.example@evil.example/{PATH}",
    f"https://hostile.example:pass@evil.example/{PATH}",
    f"https://evil.example\\@hostile.example/{PATH}",
    f"https://evil.example#@hostile.example/{PATH}",
    f"https://evil.example?@hostile.example/{PATH}",
    f"https://hostile.example:8080/{PATH}",
    f"https://hostile.example:99999/{PATH}",
    f"https://hostile.example:-1/{PATH}",
    f"https://hostile.example:x/{PATH}",
    f"https://hostile.example.evil.example/{PATH}",
    f"https://hostile.example./{PATH}",
    f"https://hostilе.example/{PATH}",  # noqa: RUF100 -- a Cyrillic letter
    f"https://xn--hostil-2of.example/{PATH}",
    f"https://ex\u2100ample/{PATH}",
    f"https://hostile\u3002evil.example/{PATH}",
    f"https://\u202eelpmaxe.elitsoh/{PATH}",
    f"https://hostile.example\u2044evil.example/{PATH}",
    f"https://[::1]/{PATH}",
    f"https://[/{PATH}",
    f"https://[::1]evil/{PATH}",
    f"https://127.0.0.1/{PATH}",
    f"https://0x7f000001/{PATH}",
    f"https://2130706433/{PATH}",
    f"https://169.254.169.254/{PATH}",
    f"https://localhost/{PATH}",
    f"https:///{PATH}",
    f"http:////evil.example/{PATH}",
    f"ftp://hostile.example/{PATH}",
    f"file:///{PATH}",
    f"file://hostile.example/{PATH}",
    f"gopher://hostile.example/{PATH}",
    f"ws://hostile.example/{PATH}",
    f"view-source:https://hostile.example/{PATH}",
    f"javascript:alert(1)//{PATH}",
    f"JaVaScRiPt:alert(1)//{PATH}",
    f"java\tscript:alert(1)//{PATH}",
    f"java\nscript:alert(1)//{PATH}",
    f"\x01javascript:alert(1)//{PATH}",
    f"vbscript:x//{PATH}",
    f"data:text/html,<script>alert(1)</script>/{PATH}",
    f"mailto:a@hostile.example?{PATH}",
    f"blob:https://hostile.example/{PATH}",
]
"""None of them is an address on the outlet's host."""
HERE = [
    f"https://user:pass@hostile.example/{PATH}",
    f"https://hostile.example:443/{PATH}",
    f"https://hostile.example/{PATH}\r\nHost: evil.example",
    f"https://hostile.example/{PATH}\x00",
    f"https://hostile.example/\t{PATH}\n",
    f"https://hostile.example/{PATH}/\u202egnp.exe",
    f"https://hostile.example/../../../{PATH}",
    f"https://hostile.example/%2e%2e/%00/%zz/{PATH}",
    f"https://hostile.example/{PATH}?{'a=b&' * 10_000}",
    f"https://hostile.example/{PATH}#{'x' * 10_000}",
    f"https://HOSTILE.example/{PATH}",
    f"https://hostile.example/{PATH}\ud83d",
    f"https://hostile.example/{'x' * 100_000}",
]
"""These may be: what is asked for is a clean address."""


def safe(address: str | None) -> bool:
    """Whether what was made of an address may be shown as a link and asked for."""
    if not address:
        return True
    parts = urlsplit(address)
    ours = (parts.scheme, parts.hostname, parts.port or 443, parts.username) == ("https", "hostile.example", 443, None)
    return ours and not set("\r\n\t\0 ") & set(address)


@pytest.mark.parametrize("address", [*ELSEWHERE, *HERE], ids=range(len(ELSEWHERE) + len(HERE)))
@pytest.mark.fault(
    "Where it may go",
    sent="60 addresses in the lists of an outlet: credentials, newlines, ports, homoglyphs, `javascript:`, `file:`",
    must="none off the outlet's host is taken for one of its own",
)
def test_addresses_in_lists(address, meter):
    taken = address_on(OUTLET, address, URL)
    meter.tried()
    assert safe(taken)
    if address in ELSEWHERE:
        assert taken is None or PATH not in taken or taken.startswith("https://hostile.example/")
    quoted, bare = escape(address), address.replace("\ud83d", "")
    lists = {
        WordPress(): json.dumps([{"link": address}]),
        Sitemap(): f"<urlset><url><loc>{quoted}</loc></url></urlset>",
        Feed("/feed/"): f"<rss version='2.0'><channel><item><link>{quoted}</link></item></channel></rss>",
        Listing("/"): f"<html><h2><a href='{quoted}'>x</a></h2><link rel=next href='{quoted}'></html>",
    }
    for source, body in lists.items():
        meter.tried()
        try:
            answer = links_from(source, OUTLET, body.encode("utf-8", "replace"), f"{OUTLET.home}list", {})
        except SourceUnreadable:
            continue
        assert all(map(safe, [link.url for link in answer.links])), bare[:100]
        assert all(map(safe, answer.more)), bare[:100]


def everywhere(address: str) -> str:
    """A page that has an address wherever one may stand."""
    said, data = escape(address), escape(json.dumps(address.replace("\ud83d", "")), quote=False)
    return f"""<html><head><title>The bridge opens</title><base href="{said}"><link rel="canonical" href="{said}">
    <meta property="og:url" content="{said}"><meta property="og:image" content="{said}"><link rel="next" href="{said}">
    <link rel="alternate" type="application/rss+xml" href="{said}"><link rel="https://api.w.org/" href="{said}">
    <link rel="stylesheet" href="{said}"><style>p {{ background: url({said}) }}</style>
    <script type="application/ld+json">{{"@type": "NewsArticle", "url": {data}, "image": {data},
    "author": {{"name": "Ana Kos", "url": {data}}}}}</script></head><body><nav><a href="{said}">Sport</a></nav>
    <article><h1><a href="{said}">The bridge opens</a></h1><a rel="author" href="{said}">Ana Kos</a>
    <figure><a href="{said}"><img src="{said}" srcset="{said} 900w"></a><figcaption>A bridge</figcaption></figure>
    <p>{SENTENCE}<a href="{said}">more</a></p><p>{SENTENCE}</p>
    <blockquote cite="{said}" class="twitter-tweet">{SENTENCE}<a href="{said}">x</a></blockquote>
    <p>Read also: <a href="{said}">The title of another article</a></p><a rel="tag" href="{said}">Tag</a>
    <div class="page-links"><a href="{said}">2</a></div><iframe src="{said}"></iframe><video poster="{said}"></video>
    </article><div class="related"><h3>Related posts</h3><a href="{said}">A title that is long enough</a>
    <a href="/2024/01/01/an-older-article/">The title of another one</a></div></body></html>"""


@pytest.mark.parametrize("address", [*ELSEWHERE, *HERE], ids=range(len(ELSEWHERE) + len(HERE)))
@pytest.mark.fault(
    "Pages",
    sent="the same 60 wherever an address may stand in a page: canonical, pictures, links, next pages, base",
    must="an article; no link that runs a script or reads a file, no address off the host as its own",
    found="one `http://[` raised ValueError out of the reading of a page, and of a list",
)
def test_addresses_in_pages(address, meter):
    meter.tried()
    page = Page(everywhere(address), URL)
    article = extract_article(page, OUTLET)
    assert article.headline == "The bridge opens"
    assert safe(article.url)
    assert all(map(safe, (post.url for post in article.related_posts)))
    shown = [caption.image_url for caption in article.captions if caption.image_url]
    assert all(url.startswith(("http://", "https://")) for url in [*shown, *needed_by(page)])
    markup = (article.body_html or "").lower()
    assert not [bad for bad in ("javascript:", "data:", "file:", "vbscript:", "<script") if f'"{bad}' in markup]
    for reading in (next_pages, article_links, next_page, date_archives):
        reading(page)
    hints = hints_of(page, OUTLET, {})
    assert all(path.startswith("/") for path in (*hints.rest, *hints.feeds, *hints.listings))


LEADS = [
    "https://{evil}/x",
    "//{evil}/x",
    "/\\{evil}/x",
    "\\\\{evil}\\x",
    "http://user:pass@{evil}/x",
    "file:///etc/passwd",
    "data:text/html,x",
    "javascript:alert(1)",
    "http://[",
    "http://ex℀ample/",
    "http://127.0.0.1:99999/",
    "http:///x",
    "",
    "x" * 60_000,
    "/2024/01/01/post-0/%0d%0aX: y",
]


@pytest.fixture
def papers():
    papers = SmallPaper(posts=20), SmallPaper(posts=1)
    yield papers
    for paper in papers:
        paper.close()


@pytest.mark.fault(
    "Where it may go",
    sent="redirects to another port of this machine, to files, scripts, addresses that are none",
    must="the other server hears nothing; the frontier says why; the rest is archived",
)
def test_redirects(papers, tmp_path, meter):
    paper, other = papers
    evil = other.home.removeprefix("http://").rstrip("/")
    leads = {f"/2024/01/01/post-{number}/": lead.format(evil=evil) for number, lead in enumerate(LEADS)}
    body = page("Bridge", f"{SENTENCE}<a href={other.home}>x</a>", head=f"<link rel=canonical href='{other.home}x'>")
    paper.bend = lambda path: (
        (302, {"Location": leads[path]}, "")
        if path in leads
        else (200, {}, body)
        if path.endswith("post-19/")
        else None
    )
    (run,) = in_child(crawl, tmp_path / "archive.db", [paper.outlet], CrawlOptions())
    meter.tried(len(LEADS))
    assert other.asked == []
    assert run.outcome == "finished"
    with closing(read(tmp_path / "archive.db")) as db:
        had = {row[0] for row in db.execute("SELECT url FROM articles")}
        rows = [tuple(row) for row in db.execute("SELECT state, last_error FROM frontier WHERE state != 'archived'")]
    assert had >= {paper.address(f"post-{number}") for number in range(len(LEADS), 20)}
    assert all(url.startswith(paper.home) for url in had)
    assert all(error for _, error in rows)
    assert len(rows) >= len(LEADS) - 3
