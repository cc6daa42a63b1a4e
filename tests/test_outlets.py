"""An outlet is a filled-in form: what is filled in wrongly is named."""

import re

import pytest
from checkout import DOCS

from ewbscraper.crawl.command import definitions, tried_outlets
from ewbscraper.crawl.named import outlet_named
from ewbscraper.errors import BadOutlet, NoSuchOutlet
from ewbscraper.outlet import Outlet
from ewbscraper.outlets import get_outlet, load_outlets

FORM = {"slug": "courier", "name": "The Courier", "home": "https://courier.example/"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("home", "courier.example"),
        ("home", "ftp://courier.example/"),
        ("slug", "The Courier"),
        ("slug", "../courier"),
        ("timezone", "Europe/Belgrad"),
        ("timezone", "../etc"),
    ],
)
def test_a_form_filled_in_wrongly_names_what_is_wrong(field, value):
    with pytest.raises(BadOutlet, match=value.split("/")[-1].strip(".") or value):
        Outlet(**{**FORM, field: value})


WRONG = {
    "headline='h1..x'": "mine: headline: not a selector: 'h1..x'",
    "body=('article', '//p[')": "mine: body: not a selector: '//p['",
    "article_url='[a'": "mine: article_url: not a regular expression: '[a'",
    "sources=(Sitemap(only='('),)": "mine: only: not a regular expression: '('",
    "sources=(Listing(links='a[', next='a'),)": "mine: links: not a selector: 'a['",
}
"""What a definition says, and what is said of it."""


def define(folder, slug, stated):
    (folder / "outlets").mkdir(exist_ok=True)
    form = f"Outlet(slug='{slug}', name='Mine', home='https://{slug}.example/', tried_live='2026-01-01', {stated})"
    text = f"from ewbscraper.outlet import Listing, Outlet, Sitemap\nOUTLET = {form}\n"
    (folder / "outlets" / f"{slug}.py").write_text(text)


@pytest.mark.parametrize(("stated", "said"), WRONG.items())
@pytest.mark.parametrize("name", ["mine", "https://mine.example/"])
def test_a_selector_that_is_none_is_named_before_anything_is_asked(name, stated, said, tmp_path):
    define(tmp_path, "mine", stated)
    with pytest.raises(BadOutlet, match=re.escape(said)):
        outlet_named(name, tmp_path / "archive.db")


def test_of_all_outlets_one_with_such_a_selector_is_left_out(tmp_path):
    define(tmp_path, "mine", "body='p['")
    define(tmp_path, "yours", "body=lambda page: []")
    outlets, broken = tried_outlets(tmp_path / "archive.db")
    assert [outlet.slug for outlet in outlets] == ["yours"]
    assert [str(error).split(" (")[0] for error in broken] == ["mine: body: not a selector: 'p['"]


def test_a_file_beside_the_archive_wins_over_ours(tmp_path):
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "ewb.py").write_text(
        "from ewbscraper.outlet import Outlet\nOUTLET = Outlet(slug='ewb', name='Mine', home='https://mine.example/')\n"
    )
    assert get_outlet("ewb", tmp_path).name == "Mine"
    assert get_outlet("ewb").name == "European Western Balkans"


def test_the_slug_of_the_demo_is_taken(tmp_path):
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "mine.py").write_text(
        "from ewbscraper.outlet import Outlet\n"
        "OUTLET = Outlet(slug='sample', name='Mine', home='https://mine.example/')\n"
    )
    with pytest.raises(BadOutlet, match="demo"):
        load_outlets(tmp_path)


def test_no_such_outlet_names_the_nearest(tmp_path):
    with pytest.raises(NoSuchOutlet, match="ewb"):
        get_outlet("ewbs", tmp_path)


@pytest.mark.parametrize("outlet", load_outlets().values(), ids=lambda outlet: outlet.slug)
def test_every_outlet_of_ours_has_a_source_and_a_zone(outlet):
    assert outlet.sources
    assert outlet.host


NEWSPAPERS = (DOCS / "add-an-outlet.md").read_text(encoding="utf-8")


def test_the_page_of_newspapers_names_ours_and_no_other_as_ours():
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", NEWSPAPERS, re.MULTILINE)) == set(load_outlets())


def test_none_of_the_others_is_defined_already(tmp_path):
    homes = re.findall(r"`ewbscraper outlets new (https://[a-z0-9.-]+/)` \|", NEWSPAPERS)
    assert len(homes) > 30
    assert [home for home in homes if outlet_named(home, tmp_path / "archive.db").sources] == []
    assert len(definitions(homes, tmp_path / "archive.db")) == len(homes)
