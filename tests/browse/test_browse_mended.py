"""Datasette's own pages: each field has a name, headings leave no level out; an error looks like a page of ours."""

from itertools import pairwise

import pytest
from browse_data import build, get
from lxml import html
from markupsafe import Markup

from ewbscraper.browse.guards.headers import STRICT
from ewbscraper.browse.mended.mending import mended
from ewbscraper.browse.serve import reading_room


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return reading_room(build(tmp_path_factory.mktemp("mended") / "archive.db"))


@pytest.mark.parametrize(
    "address",
    [
        "/archive",
        "/archive/articles?outlet__exact=courier&language__exact=en&_search=Kurti",
        "/archive?sql=select+id,headline+from+articles+where+id+%3E+:least&least=3",
        "/archive/captures/1",
    ],
)
def test_every_field_has_a_name_and_headings_an_order(room, address):
    (answer,) = get(room, address)
    tree = html.fromstring(answer.text)
    for field in tree.xpath("//input[not(@type='hidden' or @type='submit')] | //select | //textarea"):
        labels = tree.xpath("//label[@for = $id]", id=field.get("id")) if field.get("id") else []
        assert field.get("aria-label") or labels or field.xpath("ancestor::label"), html.tostring(field)
    levels = [int(heading.tag[1]) for heading in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1
    assert all(lower - higher <= 1 for higher, lower in pairwise(levels)), levels


def test_filters_keep_their_numbers_and_hidden_fields_their_silence():
    page = Markup('<select name="_filter_op_2"><input type="hidden" name="_sort" value="id"><input name="q">')
    assert '<select aria-label="How to compare" name="_filter_op_2">' in mended(page)
    assert mended(page).count("aria-label") == 1


def test_what_is_stored_is_not_touched(room):
    escaped = Markup("<h1>x</h1><p>{}</p>").format('<h3><select name="_sort">')
    assert mended(escaped) == escaped


def test_an_error_is_a_page_of_ours_that_runs_nothing(room):
    for address in ("/archive/articles/999", "/nowhere"):
        (answer,) = get(room, address)
        tree = html.fromstring(answer.text)
        assert answer.status_code == 404
        assert not tree.xpath("//script | //@style")
        assert [link.text for link in tree.cssselect("main a")] == ["To the front page", "Search the archive"]
    assert get(room, "/archive/articles/999")[0].headers["content-security-policy"] == STRICT
