"""Date lines of news pages to ISO 8601."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewbscraper.extraction.fields.dates import month_of, parse_date, read_day


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-03-15", "2024-03-15"),
        ("2024-03-15T10:00:00Z", "2024-03-15T10:00:00+00:00"),
        ("2024-07-15T10:00:00", "2024-07-15T10:00:00+02:00"),
        ("2024-03-15T10:00:00.123+0200", "2024-03-15T10:00:00+02:00"),
        ("Fri, 28 Apr 2023 19:20:36 +0200", "2023-04-28T19:20:36+02:00"),
        ("Fri Apr 28 19:20:36 CEST 2023", "2023-04-28T19:20:36+02:00"),
        ("Mar 12, 2024, 10:00 AM EST", "2024-03-12T10:00:00-05:00"),
        ("05.12.2023.", "2023-12-05"),
        ("05. 12. 2023. u 16:03", "2023-12-05T16:03:00+01:00"),
        ("28/04/2023 u 19:20 h", "2023-04-28T19:20:00+02:00"),
        ("03/15/2024", "2024-03-15"),
        ("2024/03/15", "2024-03-15"),
        ("19.04.202421:04", "2024-04-19T21:04:00+02:00"),
        ("12 March 2024, 16:03", "2024-03-12T16:03:00+01:00"),
        ("March 12, 2024 at 4:03 pm", "2024-03-12T16:03:00+01:00"),
        ("March 12, 2024 12:03 a.m.", "2024-03-12T00:03:00+01:00"),
        ("16:03, 12 March 2024", "2024-03-12T16:03:00+01:00"),
        ("12 March 2024 | Updated 13 March 2024 10:00", "2024-03-12"),
        ("Objavljeno: 12.03.2024. 16:03", "2024-03-12T16:03:00+01:00"),
        ("12. listopada 2024.", "2024-10-12"),
        ("23. новембар 2026", "2026-11-23"),
        ("четвртак, 14. март 2024 | 09:12", "2024-03-14T09:12:00+01:00"),
        ("14 јануари 2024", "2024-01-14"),
        ("3 mars 2024", "2024-03-03"),
        ("6 qershor 2023, ora 12:00", "2023-06-06T12:00:00+02:00"),
        ("5. marca 2024", "2024-03-05"),
        ("12 май 2024 г., 10:20 ч.", "2024-05-12T10:20:00+02:00"),
        ("9 Φεβρουαρίου 2024, 10:05", "2024-02-09T10:05:00+01:00"),
        ("7 decembrie 2023", "2023-12-07"),
        ("7 Ağustos 2024 Çarşamba 12:00", "2024-08-07T12:00:00+02:00"),
        ("2024. március 12. 10:15", "2024-03-12T10:15:00+01:00"),
        ("1. März 2024", "2024-03-01"),
        ("lun 11 marzo 2024", "2024-03-11"),
        ("1er février 2024", "2024-02-01"),
        ("3 de fevereiro de 2024", "2024-02-03"),
        ("2024年2月3日", "2024-02-03"),
        ("03 02 2024", "2024-02-03"),
    ],
)
def test_a_date_line_becomes_iso(text: str, iso: str) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "10:30",
        "99999",
        "0000-01-01",
        "0001-01-01T00:00:00Z",
        "99999-01-01",
        "31.02.2024",
        "2024-13-40",
        "12.00.2024",
        "12 ferries 2024",
        "10.10.1850",
        "1710500000",
        "March 2024",
        "2 hours ago",
        "Photo: Tanjug",
        "x" * 10_000,
        "The vote was postponed after the session of 12 March 2024 by the speaker",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_the_outlet_says_zone_and_order() -> None:
    assert parse_date("05/12/2023 10:00", timezone="Europe/London") == "2023-12-05T10:00:00+00:00"
    assert parse_date("05/12/2023", day_first=False) == "2023-05-12"
    assert parse_date("05.12.2023", day_first=False) == "2023-12-05"


def test_a_day_is_read_where_it_stands() -> None:
    text = "SKOPJE, 12 March –"
    day = read_day(text, 8)
    assert day is not None
    assert (day.year, day.month, day.day, text[day.end :], day.iso) == (None, 3, 12, " –", None)
    assert read_day(text) is None


@pytest.mark.parametrize(("word", "month"), [("rujna", 9), ("Листопад", 10), ("TETOR", 10), ("sreda", None)])
def test_months_in_the_regions_languages(word: str, month: int | None) -> None:
    assert month_of(word) == month


@given(st.text() | st.text(alphabet="0123456789.-/: ,TZ+MarchAPm", max_size=40))
def test_no_text_raises(text: str) -> None:
    found = parse_date(text)
    assert found is None or parse_date(found) == found
