"""Datelines of the region's outlets and agencies, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewbscraper.extraction.fields.dateline import parse_dateline


@pytest.mark.parametrize(
    ("text", "dateline", "places"),
    [
        ("PRISTINA – The ferry sank.", "PRISTINA –", ["Pristina"]),
        ("PRISTINA\u00a0–\u00a0The ferry sank.", "PRISTINA\u00a0–", ["Pristina"]),
        ("BELGRADE — The ferry sank.", "BELGRADE —", ["Belgrade"]),
        ("BELGRADE—The ferry sank.", "BELGRADE—", ["Belgrade"]),
        ("SARAJEVO– The ferry sank.", "SARAJEVO–", ["Sarajevo"]),
        ("TIRANA -- The ferry sank.", "TIRANA --", ["Tirana"]),
        ("SKOPJE – EU’s envoy – a sailor – arrived.", "SKOPJE –", ["Skopje"]),
        ("SKOPJE – 12 March was the day of the ferry.", "SKOPJE –", ["Skopje"]),
        ("BRUSSELS – Tanjug reported that the ferry sank.", "BRUSSELS –", ["Brussels"]),
        ("LUXEMBOURG – The ferry sank.", "LUXEMBOURG –", ["Luxembourg"]),
        ("PODGOICA – The ferry sank.", "PODGOICA –", ["Podgorica"]),
        ("ULAGOVO – EU money for the ferry.", "ULAGOVO –", ["Ulagovo"]),
        ("VELIKO GRADIŠTE – Skela je potonula.", "VELIKO GRADIŠTE –", ["Veliko Gradište"]),
        ("cdm logoPODGORICA – The ferry sank.", "PODGORICA –", ["Podgorica"]),
        ("NATO_2SKOPJE – The ferry sank.", "SKOPJE –", ["Skopje"]),
        ("BELGRADE/BRUSSELS – The ferry sank.", "BELGRADE/BRUSSELS –", ["Belgrade", "Brussels"]),
        ("BELGRADE, PRISTINA – The ferry sank.", "BELGRADE, PRISTINA –", ["Belgrade", "Pristina"]),
        ("BELGRADE AND TIRANA – The ferry sank.", "BELGRADE AND TIRANA –", ["Belgrade", "Tirana"]),
        ("BEOGRAD-PRIŠTINA – Skela je potonula.", "BEOGRAD-PRIŠTINA –", ["Belgrade", "Pristina"]),
        ("BRUSSELS – TIRANA – The ferry sank.", "BRUSSELS – TIRANA –", ["Brussels", "Tirana"]),
        ("SARAJEVO, BOSNIA – The ferry sank.", "SARAJEVO, BOSNIA –", ["Sarajevo"]),
        ("Tirana, Albania – The ferry sank.", "Tirana, Albania –", ["Tirana"]),
        ("Niš - Skela je potonula.", "Niš -", ["Nis"]),
        ("БРИСЕЛ – Скела је потонула.", "БРИСЕЛ –", ["Brussels"]),
        ("OHRID\n\nThe ferry sank.", "OHRID", ["Ohrid"]),
        ("PRISTINA –", "PRISTINA –", ["Pristina"]),
    ],
)
def test_a_dateline_of_places_alone_has_no_day_and_no_agency(text: str, dateline: str, places: list[str]) -> None:
    found = parse_dateline(text)
    assert found is not None
    assert (found.text, [place.name for place in found.places]) == (dateline, places)
    assert (found.date, found.agency) == (None, None)


@pytest.mark.parametrize(
    ("text", "places", "date", "agency"),
    [
        ("Skopje, 12 March 2024 (MIA) – The ferry sank.", ["Skopje"], "2024-03-12", "MIA"),
        ("SKOPJE, 12 March – The ferry sank.", ["Skopje"], None, None),
        ("BRUSSELS, Nov. 20, 2024 (AP) — The ferry sank.", ["Brussels"], "2024-11-20", "AP"),
        ("MOSCOW, March 5. /TASS/. The ferry sank.", ["Moscow"], None, "TASS"),
        ("ZAGREB, 12. listopada 2024. (Hina) - Trajekt.", ["Zagreb"], "2024-10-12", "Hina"),
        ("LJUBLJANA, 5. marca (STA) - Trajekt.", ["Ljubljana"], None, "STA"),
        ("ISTOČNO SARAJEVO, 5. MARTA /SRNA/ – Skela.", ["East Sarajevo"], None, "SRNA"),
        ("СКОПЈЕ, 12 март 2024 (МИА) – Брод.", ["Skopje"], "2024-03-12", "МИА"),
        ("СОФИЯ, 3 март (БТА) – Кораб.", ["Sofia"], None, "БТА"),
        ("Prishtinë, 3 mars 2024 /ATSH/ – Trageti.", ["Pristina"], "2024-03-03", "ATSH"),
        ("BUCUREȘTI, 5 mar – AGERPRES. Feribotul.", ["Bucharest"], None, "AGERPRES"),
        ("(ANSA) - ROMA, 14 OTT - Il traghetto.", ["Rome"], None, "ANSA"),
        ("(AGENPARL) – mar 12 marzo 2024 Il traghetto.", [], "2024-03-12", "AGENPARL"),
        ("Podgorica, (MINA) – Trajekt.", ["Podgorica"], None, "MINA"),
        ("BELGRADE (TASS): The ferry sank.", ["Belgrade"], None, "TASS"),
        ("Tetovo, 2 August, 2018 - 16:03 (META) The ferry.", ["Tetovo"], "2018-08-02", "META"),
        ("PRISTINA, Kosovo (AP) — The ferry sank.", ["Pristina"], None, "AP"),
        ("AUSTIN, Texas (AP) — The ferry sank.", ["Austin"], None, "AP"),
        ("KOSOVO, 12 March – The ferry sank.", ["Kosovo"], None, None),
        ("Vienna, Tuesday, 5 March 2024 – The ferry.", ["Vienna"], "2024-03-05", None),
        ("Belgrade, 26.02.2014.\nThe ferry sank.", ["Belgrade"], "2014-02-26", None),
        ("Roma, 6 febbraio: affondato il traghetto.", ["Rome"], None, None),
        ("October 16, 2019 - A ferry sank.", [], "2019-10-16", None),
        ("Brussels/Belgrade, 12 March 2024, – A ferry.", ["Brussels", "Belgrade"], "2024-03-12", None),
    ],
)
def test_places_with_date_and_agency(text: str, places: list[str], date: str | None, agency: str | None) -> None:
    found = parse_dateline(text)
    assert found is not None
    assert ([place.name for place in found.places], found.date, found.agency) == (places, date, agency)


def test_a_place_keeps_its_spelling_and_knows_its_country() -> None:
    found = parse_dateline("PRISHTINË/ULAGOVO – Trageti.")
    assert found is not None
    assert [(place.name, place.as_written, place.country) for place in found.places] == [
        ("Pristina", "PRISHTINË", "XK"),
        ("Ulagovo", "ULAGOVO", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SERBIA – The ferry sank.",
        "NORTH MACEDONIA – The ferry sank.",
        "СРБИЈА – Скела је потонула.",
        "ANALYSIS – The ferry sank.",
        "ИНТЕРВЈУ – Скела је потонула.",
        "VIDEO - Skela je potonula.",
        "LIVE BLOG – The ferry sank.",
        "EULEX – The mission ended.",
        "ULAGOVO – FERRY sank.",
        "COVID-19 – The cases rose.",
        "ALEKSANDAR KOS – The ferryman spoke.",
        "TIRANA FERRY SUMMIT – The captains met.",
        "BRUSSELS – BELGRADE talks resumed.",
        "EU-WESTERN BALKANS SUMMIT – The captains met.",
        "Skopje – Sofia: what next",
        "Brussels – Belgrade talks resumed.",
        "Ohrid – a town by the lake – has a ferry.",
        "Ohrid – Macedonia’s largest lake – has a ferry.",
        "Sofia, however, kept waiting.",
        "Brussels: what next?",
        "Skopje-Sofia talks resumed.",
        "Vienna Convention (1961) – the parties met.",
        "Ana Kos (Greens) – the captain – spoke.",
        "12 March – the day of the ferry – has passed.",
        "2025 – the year of the ferry – has passed.",
        "EWB: What has changed?",
        "-Скелата ќе патува, рече капетанот.",
        "",
    ],
)
def test_what_only_looks_like_a_dateline(text: str) -> None:
    assert parse_dateline(text) is None


@given(st.text() | st.text(alphabet="BELGRADE – , (AP) / 12 March 2024 : \n.-", max_size=120))
def test_no_text_raises(text: str) -> None:
    found = parse_dateline(text, "sr-Latn")
    assert found is None or found.text in text
