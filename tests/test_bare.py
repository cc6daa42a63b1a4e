"""A newspaper of which nobody has written a definition: its address is enough."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from small_paper import SmallPaper, page

from ewbscraper.archive.database import read
from ewbscraper.archive.found import found_outlets
from ewbscraper.crawl.named import outlet_named, slug_of
from ewbscraper.crawl.runner import CrawlOptions, crawl, in_child
from ewbscraper.errors import BadOutlet, NoSuchOutlet
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, WordPress
from ewbscraper.sample_site.server import SampleSite

REST = "/wp-json/wp/v2/posts"


class Bare:
    """The sample newspaper, an archive, and runs by address alone."""

    def __init__(self, site: SampleSite, archive: Path) -> None:
        self.site, self.archive = site, archive

    def crawl(self, name=None, **options):
        self.site.requests.clear()
        outlet = outlet_named(name or self.site.url, self.archive)
        (run,) = in_child(crawl, self.archive, [outlet], CrawlOptions(**options))
        return run

    def without(self, *paths):
        for path in paths:
            self.site.misbehave(path, "gone")

    @property
    def found(self):
        (outlet,) = found_outlets(self.archive).values()
        return outlet

    def asked(self):
        return [request.path.partition("?")[0] for request in self.site.requests]


@pytest.fixture
def bare(tmp_path):
    with SampleSite() as site:
        yield Bare(site, tmp_path / "archive.db")


def test_an_address_is_enough(bare):
    run = bare.crawl()
    assert (run.new, run.failed, run.needs_a_look) == (40, 0, None)
    assert (bare.found.name, bare.found.language) == ("The Lipa Gazette", "en")
    assert bare.found.sources == (WordPress(), Feed(), Sitemap())


def test_what_was_found_is_not_looked_for_again(bare):
    bare.crawl()
    run = bare.crawl()
    assert bare.asked() == ["/robots.txt", REST]
    assert (run.new, run.unchanged) == (0, 40)
    bare.crawl(bare.found.slug)
    assert bare.asked() == ["/robots.txt", REST]


def test_without_a_rest_list_the_sitemap_of_robots_lists_everything(bare):
    bare.without(REST)
    assert bare.crawl().new == 40
    assert bare.found.sources == (Feed(), Sitemap())


def test_without_sitemap_and_feed_the_listing_pages_lead_to_everything(bare):
    bare.without(REST, "/feed/", "/sitemap.xml")
    run = bare.crawl()
    assert (run.new, run.gone) == (40, 0)
    assert Listing("/") in bare.found.sources
    assert {type(source) for source in bare.found.sources} == {Listing}
    again = bare.crawl()
    assert (again.new, again.failed, again.not_articles) == (0, 0, 0)
    assert not [path for path in bare.asked() if "/page/" in path]


def test_sources_that_went_silent_are_looked_for_anew(bare):
    bare.crawl()
    bare.without(REST, "/feed/", "/sitemap.xml")
    run = bare.crawl()
    assert (run.needs_a_look, run.gone) == (None, 0)
    assert {type(source) for source in bare.found.sources} == {Listing}


def test_a_site_without_any_list_says_so(bare):
    bare.without("/", REST, "/feed/", "/sitemap.xml")
    run = bare.crawl()
    assert "the server answered 410" in run.needs_a_look
    assert found_outlets(bare.archive) == {}


def entry(paper, slug, news=""):
    return f"<url><loc>{paper.address(slug)}</loc>{news}</url>"


def urlset(*entries):
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'<urlset xmlns="{space}" xmlns:news="{news}">{"".join(entries)}</urlset>'


@pytest.fixture
def small(tmp_path):
    paper = SmallPaper(posts=30)
    paper.archive = tmp_path / "archive.db"
    yield paper
    paper.close()


def run(paper):
    paper.asked.clear()
    (ended,) = in_child(crawl, paper.archive, [outlet_named(paper.home, paper.archive)], CrawlOptions())
    if isinstance(ended, Exception):
        raise ended
    return ended


def serve(paper, **answers):
    """Answers by path, without REST list; what is not among them and no article is not there."""
    by_path = {path.replace("_xml", ".xml").replace("_txt", ".txt"): body for path, body in answers.items()}

    def bend(path):
        if path.startswith("/2024"):
            return None
        name = path.lstrip("/") or "home"
        return (200, {}, by_path[name]) if name in by_path else (404, {}, page("Not found", "Nothing.", None))

    paper.bend = bend


def test_several_sitemaps_of_robots_are_one_list_and_the_broken_one_is_left_out(small):
    stamp = "<news:news><news:publication_date>2024-01-01</news:publication_date></news:news>"
    lines = [f"Sitemap: {small.home}{name}.xml" for name in ("news", "old", "lost", "new", "authors")]
    serve(
        small,
        home=page("The Small Paper", "Welcome", None),
        robots_txt="\n".join(lines),
        news_xml=urlset(entry(small, "post-29", stamp)),
        old_xml=urlset(*(entry(small, f"post-{number}") for number in range(15))),
        new_xml=urlset(*(entry(small, f"post-{number}") for number in range(15, 30))),
        authors_xml=urlset(f"<url><loc>{small.home}author/ana/</loc></url>"),
    )
    assert run(small).new == 30
    (found,) = found_outlets(small.archive).values()
    assert found.sources == (Sitemap("/news.xml", news=True), Sitemap("/old.xml", more=("/new.xml",)))
    again = run(small)
    assert (again.new, again.gone, again.requests) == (0, 0, 4)


def test_a_page_that_is_no_list_is_no_source(small):
    serve(small, home=page("Small", '<a href="/about-us/">About</a>', None))
    ended = run(small)
    assert "no list of articles found" in ended.needs_a_look


def test_robots_that_shut_us_out_are_obeyed(small):
    serve(small, home=page("Small", "Welcome", None), robots_txt="User-agent: *\nDisallow: /")
    ended = run(small)
    assert "robots.txt forbids it" in ended.needs_a_look
    assert small.asked == ["/robots.txt"]


@pytest.mark.parametrize(
    ("home", "slug"),
    [
        ("https://www.paper.example/", "paper"),
        ("https://en.paper.com.mk/", "en-paper"),
        ("https://vecer-press.mk/en/", "vecer-press"),
        ("http://127.0.0.1:8080/", "127-0-0-1-8080"),
        ("https://10.0.0.7/", "10-0-0-7"),
    ],
)
def test_a_slug_is_the_name_in_the_host(home, slug):
    assert slug_of(Outlet(slug="new", name="New", home=home)) == slug


def test_an_address_of_a_defined_outlet_is_that_outlet(tmp_path):
    for address in ("https://europeanwesternbalkans.com", "http://www.europeanwesternbalkans.com/category/news/"):
        assert outlet_named(address, tmp_path / "archive.db").slug == "ewb"


def test_a_slug_that_another_newspaper_has_is_not_taken(tmp_path):
    assert outlet_named("https://ewb.example/", tmp_path / "archive.db").slug == "ewb-example"
    assert outlet_named("https://sample.example/", tmp_path / "archive.db").slug == "sample-example"


@pytest.mark.parametrize(("name", "error"), [("some-paper", NoSuchOutlet), ("ftp://paper.example/", BadOutlet)])
def test_what_is_no_newspaper_is_refused(tmp_path, name, error):
    with pytest.raises(error):
        outlet_named(name, tmp_path / "archive.db")


def test_a_definition_without_sources_gets_those_that_were_found(bare):
    bare.crawl()
    folder = bare.archive.parent / "outlets"
    folder.mkdir()
    (folder / "mine.py").write_text(
        "from ewbscraper.outlet import Outlet\n"
        f"OUTLET = Outlet(slug='{bare.found.slug}', name='Mine', home='{bare.site.url}', tags='.tag')\n"
    )
    outlet = outlet_named(bare.site.url, bare.archive)
    assert (outlet.name, outlet.sources) == ("Mine", bare.found.sources)


def test_the_sources_are_kept_as_data(bare):
    bare.crawl()
    with closing(read(bare.archive)) as db:
        (kept,) = db.execute("SELECT sources FROM outlets").fetchone()
    assert [source["kind"] for source in json.loads(kept)] == ["WordPress", "Feed", "Sitemap"]
