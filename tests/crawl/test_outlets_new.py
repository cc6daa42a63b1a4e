"""`outlets new` writes a definition from a look at a site; `outlets check` looks again and names what changed."""

import json
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import sleep
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from commands import ewbscraper
from many_papers import unseen

from ewbscraper.archive.database import create, read
from ewbscraper.cli import main
from ewbscraper.crawl.named import outlet_named
from ewbscraper.crawl.new_and_check import name_of_page
from ewbscraper.crawl.spiders.look_spider import Look
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, WordPress, as_code
from ewbscraper.outlets import read_outlet
from ewbscraper.sample_site.server import SampleSite


@pytest.fixture
def site(tmp_path):
    unseen(tmp_path)
    with SampleSite() as site:
        site.slug = outlet_named(site.url, tmp_path / "archive.db").slug
        site.file = tmp_path / "outlets" / f"{site.slug.replace('-', '_')}.py"
        yield site


def new(site, folder, *words):
    return ewbscraper("outlets", "new", site.url, "--json", *words, folder=folder)


def check(site, folder):
    done = ewbscraper("outlets", "check", site.slug, "--json", folder=folder)
    return done.returncode, json.loads(done.stdout)


def line_of(name, folder):
    (line,) = [line for line in ewbscraper("outlets", folder=folder).stdout.splitlines() if name in line]
    return line


def test_a_definition_of_a_few_lines_and_golden_pages_are_written(site, tmp_path):
    done = new(site, tmp_path)
    row = json.loads(done.stdout)
    assert (done.returncode, row["taken_apart"], row["coverage"]["headline"]) == (0, 10, 10)
    assert row["coverage"]["modified"] == 0, "what no page has is named too"
    outlet = read_outlet(site.file)
    assert (outlet.name, outlet.language) == ("The Lipa Gazette", None)
    assert outlet.sources == (WordPress(), Feed(), Sitemap())
    assert outlet.tried_live
    assert len(site.file.read_text().splitlines()) < 15
    assert len(row["pages"]) == 3
    for page in row["pages"]:
        assert page.startswith(str(tmp_path / "outlets" / "pages" / site.slug))
    assert ewbscraper("crawl", site.slug, folder=tmp_path).stdout.startswith(f"{site.slug}: 40 new")


def test_a_golden_page_is_what_extract_prints(site, tmp_path):
    page = json.loads(new(site, tmp_path).stdout)["pages"][0]
    golden = json.loads(Path(page).with_suffix(".json").read_text())
    done = ewbscraper("extract", page, "--url", golden["url"], "--outlet", site.slug, folder=tmp_path)
    assert json.loads(done.stdout) == golden


def test_what_is_there_is_not_overwritten_without_force(site, tmp_path):
    site.file.parent.mkdir(exist_ok=True)
    site.file.write_text("mine")
    done = new(site, tmp_path)
    assert (done.returncode, site.file.read_text()) == (2, "mine")
    assert "--force" in done.stderr
    assert site.requests == []
    assert new(site, tmp_path, "--force").returncode == 0
    assert "OUTLET" in site.file.read_text()


def test_a_site_without_lists_gets_no_definition(site, tmp_path):
    for path in ("/", "/wp-json/wp/v2/posts", "/feed/", "/sitemap.xml"):
        site.misbehave(path, "gone")
    done = new(site, tmp_path)
    assert done.returncode == 3
    assert "410" in done.stdout
    assert not site.file.exists()


@pytest.mark.slow
def test_definition_and_pages_go_where_they_are_told(site, tmp_path):
    new(site, tmp_path, "--into", "mine", "--pages", "golden")
    assert (tmp_path / "mine" / site.file.name).exists()
    assert len(list((tmp_path / "golden" / site.slug).glob("*.html"))) == 3


def test_an_unchanged_site_is_said_to_be_unchanged(site, tmp_path):
    new(site, tmp_path)
    code, row = check(site, tmp_path)
    assert (code, row["worse"], row["more"]) == (0, [], [])
    assert row["compared_with"]


@pytest.mark.slow
def test_a_source_that_vanished_is_named(site, tmp_path):
    new(site, tmp_path)
    site.misbehave("/feed/", "gone")
    code, row = check(site, tmp_path)
    assert code == 3
    assert [what.startswith("Feed /feed/ answers no longer") for what in row["worse"]] == [True]


@pytest.mark.slow
def test_a_source_that_appeared_is_named(site, tmp_path):
    site.misbehave("/wp-json/wp/v2/posts", "gone")
    new(site, tmp_path)
    site.behave()
    code, row = check(site, tmp_path)
    assert code == 0
    assert [what.startswith("WordPress /wp-json/wp/v2/posts answers too") for what in row["more"]] == [True]


@pytest.mark.slow
def test_a_field_that_fell_is_named(site, tmp_path):
    new(site, tmp_path)
    with closing(create(tmp_path / "archive.db")) as db:
        db.execute("UPDATE looks SET coverage = json_set(coverage, '$.agency', 10)")
    code, row = check(site, tmp_path)
    assert (code, row["worse"]) == (3, ["agency found on 0 of 10 articles, on 10 of 10 before"])


def test_a_headline_that_is_the_same_on_all_articles_is_a_problem(site, tmp_path):
    new(site, tmp_path)
    form = site.file.read_text().removesuffix(")\n")
    site.file.write_text(f"{form}    headline=lambda page: 'News',\n)\n")
    code, row = check(site, tmp_path)
    assert (code, row["problems"]) == (3, ["the headline is 'News' on all 10 articles: the outlet needs a selector"])


def test_articles_without_a_headline_are_a_problem_in_words():
    look = Look(Outlet(slug="paper", name="Paper", home="https://paper.example/"))
    look.samples = [SimpleNamespace(article=SimpleNamespace(headline=None))] * 3
    assert look.repeated == ["no headline on any of 3 articles: the outlet needs a selector"]


@pytest.mark.slow
def test_all_outlets_that_were_seen_are_crawled_and_no_others(site, tmp_path):
    assert ewbscraper("crawl", "--all", folder=tmp_path).returncode == 2
    new(site, tmp_path)
    done = ewbscraper("crawl", "--all", "--json", folder=tmp_path)
    assert [(run["outlet"], run["new"]) for run in json.loads(done.stdout)] == [(site.slug, 40)]


@pytest.mark.slow
def test_a_check_makes_an_outlet_one_of_all(site, tmp_path):
    site.file.parent.mkdir(exist_ok=True)
    site.file.write_text(as_code(Outlet(slug=site.slug, name="Daily", home=site.url, sources=(WordPress(),))))
    assert "not yet tried live" in line_of("Daily", tmp_path)
    assert ewbscraper("crawl", "--all", folder=tmp_path).returncode == 2
    assert check(site, tmp_path)[0] == 0
    assert "tried 20" in line_of("Daily", tmp_path)
    assert ewbscraper("crawl", "--all", folder=tmp_path).returncode == 0


def test_names_or_all_and_not_both(tmp_path):
    archive = str(tmp_path / "archive.db")
    for words in (["crawl"], ["crawl", "--all", "ewb"]):
        assert CliRunner().invoke(main, [*words, "--archive", archive]).exit_code == 2


@pytest.mark.parametrize(
    "sources",
    [
        (WordPress(),),
        (Feed(), Sitemap("/a.xml", more=("/b.xml",), news=True, only=r"\d"), Listing(), Listing("/news/", next="a.x")),
        tuple(Listing(f"/a-section-with-a-long-name-{number}/") for number in range(9)),
    ],
)
def test_the_code_of_an_outlet_is_that_outlet(sources, tmp_path):
    outlet = Outlet(
        slug="daily", name='The "Daily" \\ Дневник', home="https://d.example/", sources=sources, country="MK"
    )
    path = tmp_path / "daily.py"
    path.write_text(as_code(outlet), encoding="utf-8")
    assert read_outlet(path) == outlet


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/2024/a-headline/", "a-headline"),
        ("/a/a-headline.html", "a-headline"),
        ("/?p=12", "p-12"),
        ("/vest.php?id=3", "vest-php-id-3"),
        ("/%D0%B2%D0%B5%D1%81%D1%82/", "вест"),
        ("/", "page"),
    ],
)
def test_a_golden_page_has_a_name_of_its_own(address, name):
    assert name_of_page(f"https://d.example{address}") == name


@pytest.mark.slow
@pytest.mark.parametrize("words", [["outlets", "check"], ["crawl", "--dry-run"]], ids=" ".join)
def test_an_interrupted_look_is_not_kept_and_nothing_is_wrong(site, tmp_path, words):
    new(site, tmp_path)
    with closing(read(tmp_path / "archive.db")) as db:
        before = [tuple(row) for row in db.execute("SELECT * FROM looks")]
    site.misbehave("/feed/", "hang")
    site.requests.clear()
    look = [sys.executable, "-m", "ewbscraper", *words, site.slug, "--archive", str(tmp_path / "archive.db")]
    with subprocess.Popen([*look, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as looking:
        while not any(request.path == "/feed/" for request in list(site.requests)):
            assert looking.poll() is None
            sleep(0.02)
        looking.send_signal(signal.SIGINT)
        out, err = looking.communicate(timeout=30)
    assert looking.returncode == 0, err
    assert '"interrupted": true' in out
    with closing(read(tmp_path / "archive.db")) as db:
        assert [tuple(row) for row in db.execute("SELECT * FROM looks")] == before
