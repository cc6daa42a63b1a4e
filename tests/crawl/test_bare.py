"""A newspaper of which nobody has written a definition: its address is enough."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from commands import ewbscraper
from scrapy import Request
from small_paper import FIRST, SmallPaper, entry, listing_of, page, urlset

from ewbscraper.archive.database import read
from ewbscraper.archive.frontier.found import found_outlets
from ewbscraper.crawl.command import definitions
from ewbscraper.crawl.named import outlet_named, slug_of
from ewbscraper.crawl.running.loader import OutletLoader
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.crawl.spiders.find import LOOKS_AGAIN
from ewbscraper.discovery.link import address_on
from ewbscraper.errors import ArchiveMixed, BadOutlet, NoSuchOutlet
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
    assert bare.asked() == [*FIRST, REST]
    assert (run.new, run.unchanged) == (0, 40)
    bare.crawl(bare.found.slug)
    assert bare.asked() == [*FIRST, REST]


@pytest.mark.slow
def test_without_a_rest_list_the_sitemap_of_robots_lists_everything(bare):
    bare.without(REST)
    assert bare.crawl().new == 40
    assert bare.found.sources == (Feed(), Sitemap())


@pytest.mark.slow
def test_without_sitemap_and_feed_the_listing_pages_lead_to_everything(bare):
    bare.without(REST, "/feed/", "/sitemap.xml")
    run = bare.crawl()
    assert (run.new, run.gone) == (40, 0)
    assert Listing("/") in bare.found.sources
    assert {type(source) for source in bare.found.sources} == {Listing}
    again = bare.crawl()
    assert (again.new, again.failed, again.not_articles) == (0, 0, 0)
    assert not [path for path in bare.asked() if "/page/" in path]


@pytest.mark.slow
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


def everything_of(archive):
    with closing(read(archive)) as db:
        tables = ("outlets", "runs", "source_answers", "listings", "frontier")
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


@pytest.mark.slow
def test_an_address_where_no_newspaper_answers_leaves_nothing_but_what_was_captured(small):
    small.bend = lambda path: (404, {}, "")
    for _ in range(2):
        ended = run(small)
        assert (ended.outcome, ended.found) == ("finished", 0)
        assert "no source answered usefully" in ended.needs_a_look
    assert set(everything_of(small.archive).values()) == {0}
    with closing(read(small.archive)) as db:
        assert [row["run"] for row in db.execute("SELECT DISTINCT run FROM captures")] == [None]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    done = ewbscraper("crawl", small.home, folder=small.archive.parent)
    assert (done.returncode, "no source answered usefully" in done.stdout + done.stderr) == (3, True)


@pytest.mark.slow
def test_an_outlet_that_was_defined_or_once_answered_is_kept_when_it_is_silent(small):
    (small.archive.parent / "outlets").mkdir()
    definition = small.archive.parent / "outlets" / "mine.py"
    definition.write_text(
        f"from ewbscraper.outlet import Outlet\nOUTLET = Outlet(slug='mine', name='Mine', home='{small.home}')\n"
    )
    small.bend = lambda path: (404, {}, "")
    assert run(small).outlet == "mine"
    assert (everything_of(small.archive)["outlets"], everything_of(small.archive)["runs"]) == (1, 1)
    definition.unlink()
    small.bend = lambda path: None
    assert run(small).new == 30
    small.bend = lambda path: (404, {}, "")
    assert run(small).needs_a_look
    assert everything_of(small.archive)["runs"] == 3


def test_a_site_that_asks_to_be_left_alone_is_remembered(small):
    small.bend = lambda path: (503, {"Retry-After": "7200"}, "")
    assert run(small).wait_until
    assert everything_of(small.archive)["outlets"] == 1


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


@pytest.mark.slow
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
    assert (again.new, again.gone, again.requests) == (0, 0, 5)


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


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("some-paper", NoSuchOutlet, "`ewbscraper outlets` lists all"),
        ("paper.example", NoSuchOutlet, "https://paper.example"),
        ("ftp://paper.example/", BadOutlet, "http"),
        ("http://paper.example:99999/", BadOutlet, "no address"),
        ("http://[::1/", BadOutlet, "no address"),
        ("http://me:secret@paper.example/", BadOutlet, "without user and password"),
    ],
)
def test_what_is_no_newspaper_is_refused(tmp_path, name, error, said):
    with pytest.raises(error, match=said):
        outlet_named(name, tmp_path / "archive.db")


def test_a_newspaper_of_a_cyrillic_domain_is_the_one_that_requests_name(tmp_path):
    written, asked = "https://www.вести.срб/", "https://www.xn--b1agj9af.xn--90a3ac/"
    archive = tmp_path / "archive.db"
    assert outlet_named(written, archive).place == outlet_named(asked, archive).place
    assert address_on(outlet_named(written, archive), asked, asked) == asked


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_newspaper_that_was_found_is_not_archived_under_a_second_name(bare):
    bare.crawl()
    with pytest.raises(ArchiveMixed, match=bare.found.slug):
        raise in_child(crawl, bare.archive, [replace(bare.found, slug="lipa")], CrawlOptions())[0]


@pytest.mark.slow
def test_the_sources_are_kept_as_data(bare):
    bare.crawl()
    with closing(read(bare.archive)) as db:
        (kept,) = db.execute("SELECT sources FROM outlets").fetchone()
    assert [source["kind"] for source in json.loads(kept)] == ["WordPress", "Feed", "Sitemap"]


@pytest.mark.slow
def test_a_date_archive_is_read_month_by_month(small):
    months = "".join(f'<a href="/2023/{month}/">{month}</a>' for month in ("10", "11", "12"))
    serve(
        small,
        home=listing_of(small, range(20, 30), months),
        **{
            "2023/12/": listing_of(small, range(10, 20), '<a href="/2023/12/page/2/">2</a>'),
            "2023/12/page/2/": listing_of(small, range(5, 10)),
            "2023/11/": page("November", "Nothing here", None),
            "2023/10/": listing_of(small, range(5), months),
        },
    )
    assert run(small).new == 30
    assert run(small).requests == 3


@pytest.mark.slow
def test_a_list_whose_pages_never_end_is_left_where_it_names_nothing_new(small):
    serve(small, home="")

    def bend(path):
        if path.startswith("/2024"):
            return None
        number = int(path.rpartition("/page/")[2].strip("/") or 1) if path == "/" or "/page/" in path else 0
        shown = range(10 * (number - 1), 10 * number) if number < 3 else range(20)
        return (
            (200, {}, listing_of(small, shown, f'<a href="/page/{number + 1}/">Older</a>')) if number else (404, {}, "")
        )

    small.bend = bend
    assert run(small).new == 20
    assert "/page/4/" not in small.asked


@pytest.mark.slow
def test_older_pages_of_a_feed_are_read_once_where_nothing_else_lists_them(small):
    def feed(numbers):
        items = "".join(f"<item><link>{small.address(f'post-{number}')}</link></item>" for number in numbers)
        return f'<rss version="2.0"><channel><title>Small</title>{items}</channel></rss>'

    pages = {f"feed/?paged={n}": feed(range(10 * (n - 1), 10 * n)) for n in (2, 3)}
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    serve(small, home=page("Small", "Welcome", None, head), **{"feed/": feed(range(10)), **pages})
    assert run(small).new == 30
    assert "/feed/?paged=4" in small.asked
    assert run(small).requests == 3
    assert small.asked == [*FIRST, "/feed/"]


@pytest.mark.slow
def test_a_reading_that_broke_off_is_begun_anew(small):
    serve(
        small,
        home=listing_of(small, range(10), '<a href="/page/2/">2</a>'),
        **{"page/2/": listing_of(small, range(10, 20), '<a href="/page/3/">3</a>')},
    )
    whole_list, broken = small.bend, {"/page/3/"}
    small.bend = lambda path: (500, {}, "") if path in broken else whole_list(path)
    assert run(small).new == 20
    broken.clear()
    serve(
        small,
        home=listing_of(small, range(10), '<a href="/page/2/">2</a>'),
        **{
            "page/2/": listing_of(small, range(10, 20), '<a href="/page/3/">3</a>'),
            "page/3/": listing_of(small, range(20, 30)),
        },
    )
    assert run(small).new == 10


@pytest.mark.slow
def test_links_in_articles_are_followed_where_that_is_wanted(small):
    serve(small, home=listing_of(small, range(5)))
    whole_list = small.bend
    chain = {f"/2024/01/01/post-{number}/": f"post-{number + 1}" for number in range(4, 9)}

    def bend(path):
        if path not in chain:
            return whole_list(path)
        elsewhere = '<a href="https://other.example/2024/01/01/a/">elsewhere</a>'
        text = (
            f'As we wrote <a href="{small.address(chain[path])}">before</a> and as {elsewhere} had it, {path} is long.'
        )
        return 200, {}, page(f"Headline of {path}", text)

    small.bend = bend
    assert run(small).new == 5
    small.asked.clear()
    outlet = outlet_named(small.home, small.archive)
    (ended,) = in_child(crawl, small.archive, [outlet], CrawlOptions(follow_links=True))
    assert (ended.new, ended.failed) == (5, 0)


def test_two_newspapers_of_one_name_are_two(tmp_path):
    both = definitions(["https://paper.rs/", "https://www.paper.ba/", "https://www.paper.rs/news/"], tmp_path / "a.db")
    assert [(outlet.slug, outlet.home) for outlet in both] == [
        ("paper", "https://www.paper.rs/news/"),
        ("paper-ba", "https://www.paper.ba/"),
    ]


def test_scrapy_finds_an_outlet_by_its_host_and_not_by_a_part_of_one(tmp_path):
    loader = OutletLoader(tmp_path / "archive.db")
    (tmp_path / "outlets").mkdir()
    for slug, home in (("short", "https://paper.example/"), ("long", "https://paper.example.org:8443/")):
        code = f"from ewbscraper.outlet import Outlet\nOUTLET = Outlet(slug='{slug}', name='P', home='{home}')\n"
        (tmp_path / "outlets" / f"{slug}.py").write_text(code)
    named = {
        "https://paper.example/a/": ["short"],
        "https://www.paper.example/a/": ["short"],
        "https://paper.example.org:8443/a/": ["long"],
        "https://paper.example.org/a/": [],
        "https://other.example/?from=//paper.example": [],
    }
    assert {url: loader.find_by_request(Request(url)) for url in named} == named


@pytest.mark.slow
def test_a_rest_list_that_fails_for_the_moment_is_looked_for_again(bare):
    bare.site.misbehave(REST, "500")
    first = bare.crawl()
    assert (first.new, bare.found.sources, bare.found.look_again) == (40, (Feed(), Sitemap()), LOOKS_AGAIN)
    bare.site.behave()
    second = bare.crawl()
    assert (second.new, second.gone, second.failed) == (0, 0, 0)
    assert (bare.found.sources, bare.found.look_again) == ((WordPress(), Feed(), Sitemap()), 0)
    bare.crawl()
    assert bare.asked() == [*FIRST, REST]


@pytest.mark.slow
def test_a_rest_list_that_fails_for_good_is_looked_for_a_few_times(bare):
    bare.site.misbehave(REST, "500")
    bare.crawl()
    left = []
    for _ in range(LOOKS_AGAIN):
        bare.crawl()
        assert REST in bare.asked()
        left.append(bare.found.look_again)
    assert left == [2, 1, 0]
    run = bare.crawl()
    assert (run.new, run.gone, bare.found.sources) == (0, 0, (Feed(), Sitemap()))
    assert REST not in bare.asked()


@pytest.mark.slow
def test_a_source_that_is_not_there_is_not_looked_for_again(bare):
    bare.without(REST)
    bare.crawl()
    assert bare.found.look_again == 0


@pytest.mark.slow
def test_what_a_look_again_does_not_find_stays_known(bare):
    bare.site.misbehave(REST, "500")
    bare.crawl()
    bare.site.behave()
    bare.without("/", REST, "/feed/")
    assert bare.crawl().needs_a_look is None
    assert (bare.found.sources, bare.found.look_again) == ((Sitemap(), Feed()), 0)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["gone", "500", "not html", "empty"])
def test_a_front_page_that_cannot_be_read_hides_no_list(bare, fault):
    bare.site.misbehave("/", fault)
    run = bare.crawl()
    assert (run.new, run.needs_a_look) == (40, None)
    assert bare.found.sources == (WordPress(), Sitemap())
    assert bare.found.name == "The Lipa Gazette"


@pytest.mark.slow
def test_without_front_page_and_rest_list_the_usual_feed_and_sitemap_are_found(bare):
    bare.without("/", REST)
    assert bare.crawl().new == 40
    assert bare.found.sources == (Feed(), Sitemap())


def test_a_front_page_that_refuses_robots_is_the_end(bare):
    bare.site.misbehave("/", "403")
    assert "refuses robots" in bare.crawl().needs_a_look
    assert bare.asked() == [*FIRST, "/"]


@pytest.mark.slow
def test_a_sitemap_on_another_host_is_named_and_not_asked(small):
    there = SmallPaper(posts=1)
    try:
        foreign = f"{there.home}sitemap.xml"
        serve(
            small,
            home=page("Small", "Welcome", None),
            robots_txt=f"Sitemap: {foreign}\nSitemap: {small.home}all.xml",
            all_xml=urlset(*(entry(small, f"post-{number}") for number in range(30))),
        )
        done = ewbscraper("crawl", small.home, folder=small.archive.parent)
        assert (done.returncode, there.asked) == (0, [])
        assert f"{foreign}: robots.txt names this sitemap on another host, it is not asked" in done.stderr
        look = ewbscraper("outlets", "new", small.home, "--into", "mine", "--force", folder=small.archive.parent)
        assert (look.returncode, there.asked) == (0, [])
        assert f"note        {foreign}" in look.stdout
    finally:
        there.close()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["rest", "feed", "sitemap"])
def test_articles_whose_address_is_all_query(small, kind):
    links = [f"{small.home}?p={number}" for number in range(1, 13)]
    posts = [{"link": link, "modified": "2024-01-01T00:00:00", "type": "post"} for link in links]
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    others = [f"{small.home}?cat=1", f"{small.home}?author=1", f"{small.home}?page_id=2"]
    lists = {
        "rest": ("?rest_route=/wp/v2/posts", json.dumps(posts)),
        "feed": ("?feed=rss2", f'<rss version="2.0"><channel><title>Small</title>{items}</channel></rss>'),
        "sitemap": ("?sitemap=posts", urlset(*(f"<url><loc>{url}</loc></url>" for url in [*links, *others]))),
    }
    feed = '<link rel="alternate" type="application/rss+xml" href="/?feed=rss2">' if kind == "feed" else ""

    def bend(path):
        name = path.lstrip("/")
        if name.startswith(lists[kind][0]) and "paged=" not in name:
            return 200, {}, lists[kind][1]
        if name.startswith("?p="):
            itself = f'<link rel="canonical" href="{small.home}{name}">'
            return 200, {}, page(f"Headline of {name}", f"Text of {name}, long enough to be read.", head=itself)
        if name == "robots.txt" and kind == "sitemap":
            return 200, {}, f"Sitemap: {small.home}?sitemap=posts"
        return (200, {}, page("Small", "Welcome", None, feed)) if not name else (404, {}, page("No", "Nothing.", None))

    small.bend = bend
    ended = run(small)
    assert (ended.new, ended.failed, ended.not_articles) == (12, 0, 0)
    with closing(read(small.archive)) as db:
        assert {row["url"] for row in db.execute("SELECT url FROM articles")} == set(links)
    assert (run(small).new, run(small).gone) == (0, 0)
