"""The gazetteer: spellings, misprints, places of one name."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewbscraper import places
from ewbscraper.places import find_place, fold


@pytest.mark.parametrize(
    ("spelling", "name", "country"),
    [
        ("BEOGRAD", "Belgrade", "RS"),
        ("Београд", "Belgrade", "RS"),
        ("PRISHTINË", "Pristina", "XK"),
        ("Priština", "Pristina", "XK"),
        ("KOSOVSKA MITROVICA", "Mitrovica", "XK"),
        ("SEVERNA MITROVICA", "North Mitrovica", "XK"),
        ("BANjALUKA", "Banja Luka", "BA"),
        ("Ђаковица", "Gjakova", "XK"),
        ("Shkup", "Skopje", "MK"),
        ("Tiranë", "Tirana", "AL"),
        ("СОФИЯ", "Sofia", "BG"),
        ("Αθήνα", "Athens", "GR"),
        ("BRISEL", "Brussels", "BE"),
        ("Bruselj", "Brussels", "BE"),
        ("DEN HAAG", "The Hague", "NL"),
        ("Nju\u00a0 Jork", "New York", "US"),
        ("JARINJE", "Jarinje", "XK"),
        ("İSTANBUL", "Istanbul", "TR"),
    ],
)
def test_a_place_is_known_by_its_spellings(spelling: str, name: str, country: str) -> None:
    entry = find_place(spelling)
    assert entry is not None
    assert (entry.name, entry.country) == (name, country)


@pytest.mark.parametrize("text", ["", "NATO", "EU", "UN", "ALBANIA", "Kosovo", "THE", "Rama", "Podgoica", "NIŠŠ"])
def test_what_is_no_place(text: str) -> None:
    assert find_place(text) is None


@pytest.mark.parametrize(
    ("misprint", "name"),
    [
        ("PODGOICA", "Podgorica"),
        ("BELGARDE", "Belgrade"),
        ("BRUSELLS", "Brussels"),
        ("BRUSLESL", None),
        ("STRASBOURGG", "Strasbourg"),
    ],
)
def test_one_wrong_letter_in_capitals_is_forgiven(misprint: str, name: str | None) -> None:
    entry = find_place(misprint)
    assert (entry.name if entry else None) == name


def test_the_language_decides_between_places_of_one_name() -> None:
    kosovo, bosnia = find_place("Gračanica", "sr-Latn"), find_place("Gračanica", "bs")
    assert kosovo is not None
    assert bosnia is not None
    assert (kosovo.country, bosnia.country) == ("XK", "BA")


def test_a_spelling_belongs_to_one_place_of_a_country() -> None:
    owners: dict[tuple[str, str], str] = {}
    with Path(places.__file__).with_name("places.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert -90 <= float(row["latitude"]) <= 90
            assert -180 <= float(row["longitude"]) <= 180
            for spelling in {fold(row["name"]), *map(fold, row["spellings"].split("|"))} - {""}:
                assert owners.setdefault((spelling, row["country"]), row["name"]) == row["name"]


def test_the_import_reads_nothing() -> None:
    code = "import ewbscraper.places as p; assert p._gazetteer.cache_info().currsize == 0"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert fold(fold(text)) == fold(fold(fold(text)))
    find_place(text, "sr")
