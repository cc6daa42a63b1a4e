"""An outlet is a filled-in form: what is filled in wrongly is named."""

import pytest

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
