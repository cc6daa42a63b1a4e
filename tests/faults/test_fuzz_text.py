"""Any text in place of a dateline, a caption, a byline, a date, a place: an answer or none, never an exception."""

import csv
import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from strange import fuzz, texts

from ewbscraper import places
from ewbscraper.discovery.moment import from_iso
from ewbscraper.extraction.fields.captions import split_credit, without_label
from ewbscraper.extraction.fields.dateline import parse_dateline
from ewbscraper.extraction.fields.dates import parse_date, read_day
from ewbscraper.extraction.fields.people import is_byline, names_in
from ewbscraper.extraction.language import text_language
from ewbscraper.extraction.words import after, plain

LANGUAGES = st.sampled_from(
    [None, "sr-Cyrl", "sr-Latn", "hr", "bs", "cnr", "sq", "mk", "sl", "en", "el", "zh-Hans", ""]
)
ZONE = "Europe/Belgrade"
GAZETTEER = {
    row["name"] for row in csv.DictReader(Path(places.__file__).with_name("places.csv").read_text("utf-8").splitlines())
}
SANE = range(1900, 2101)

DATELINE = texts(
    "BELGRADE", "Pristina", "PRISHTINË", "Скопље", "ZAGREB/BEOGRAD", " – ", "—", " -- ", ",", ", ", " / ", "(AP)",
    "(MIA) –", "[Reuters]", "/Beta/", " 12 March 2024", "12. marta", "05.12.2023.", ": ", "\n", ". ", "St. ", " and ",
    "EU", "logo", "at 10:30", "10.30h", "ponedeljak", "A.B.", "'", "NATO", "Serbia",
)  # fmt: skip
CAPTION = texts(
    "Photo: ", "Foto: ", "Фото:", "Source: ", "izvor ", "Photo by ", "Tanjug", "AFP", "EPA", "Getty Images", " / ",
    "; ", "(", ")", "[", "]", "©", "(c) ", "...", "：", "＝", "（", "）", "撮影", "提供", "A. B.", "Ana Kos", " via ",
    " – ", "Related posts", "rights", "http://x.example", "@ana", ". ", "_", "Video: ", "\n",
)  # fmt: skip
BYLINE = texts(
    "By ", "by", "Piše: ", "Autor: ", "Пише ", "Ana Kos", "Ben Rot", " and ", " i ", ", ", "; ", " | ", "Editing by ",
    "www.", "@", "November 7, 2023", "12.3.2024", "on ", "Monday", "Ministry of ", "and", "J.", "dpa", "–", "-", "*",
)  # fmt: skip
DATE = texts(
    "2024", "0000", "9999", "99", "0", "31", "29", "-02-", "-", "/", ".", ":", "T", "Z", "W", "+", "+99:99", "-24:00",
    "+23:59:59", " ", "12", "March", "марта", "janar", "Uhr", "10:00", "24:00", "60", "AM", "p.m.", "CEST", "UTC",
    "GMT+25", "EST5EDT", "²", "٣", "年", "月", "日", "年3月", "1e9", "st", "of ", ",", "Published ", "infinity", "NaN",
)  # fmt: skip


def spoken(text):
    return " ".join(text.split())


@fuzz(
    sent="any text as the first paragraph of an article",
    must="no dateline, or one whose every word is in the text; places of the gazetteer or as written; a sane day",
    text=DATELINE,
    language=LANGUAGES,
)
def test_datelines(text, language):
    found = parse_dateline(text, language)
    if found is None:
        return
    assert found.text
    assert found.text in text
    for place in found.places:
        assert place.as_written in text
        assert place.name in GAZETTEER if place.country else place.name.casefold() == place.as_written.casefold()
    assert found.agency is None or (found.agency in text and found.agency)
    assert found.date is None or date.fromisoformat(found.date).year in SANE


@fuzz(
    sent="any text as the line under a picture",
    must="no caption, or one and a credit that are both in the line and do not overlap",
    text=CAPTION,
)
def test_captions(text):
    found = split_credit(text)
    assert without_label(text) == text.rstrip() or text.startswith(without_label(text))
    if found is None:
        return
    caption, credit = found
    line = re.sub("[ \t\u00a0\u202f]+", " ", text).strip()
    assert caption in line
    assert credit is None or (credit in line and credit.strip())
    assert len(caption) + len(credit or "") <= len(line)


@fuzz(
    sent="any text as a byline",
    must="names that stand in it, of which none is empty",
    text=BYLINE,
    language=LANGUAGES,
    given=st.booleans(),
)
def test_bylines(text, language, given):
    is_byline(text, language)
    names = names_in(text, language, given=given)
    assert all(name.strip() and name in spoken(text) for name in names)


@fuzz(
    sent="any text as a date",
    must="none, or ISO 8601 between 1900 and 2100 that is read back as itself",
    text=DATE,
    zone=st.sampled_from([ZONE, "UTC", "Pacific/Kiritimati", "Africa/Monrovia"]),
    day_first=st.booleans(),
)
def test_dates(text, zone, day_first):
    found = parse_date(text, timezone=zone, day_first=day_first)
    if found is not None:
        assert datetime.fromisoformat(found).year in SANE
        assert len(found) == 10 or datetime.fromisoformat(found).tzinfo
        assert parse_date(found, timezone=zone, day_first=day_first) == found


@fuzz(sent="any text as a day in the middle of a line", must="none, or a day of the calendar", text=DATE)
def test_days(text):
    for start in (0, 1, len(text)):
        day = read_day(text, start)
        assert day is None or (date(day.year or 2000, day.month, day.day) and start < day.end <= len(text))
        assert day is None or day.iso is None or date.fromisoformat(day.iso).year in SANE


@fuzz(
    sent="any text as a time in a sitemap, a feed or a REST answer",
    must="none, or UTC in our form that is read back as itself",
    text=DATE | st.none() | st.integers() | st.floats(),
    zone=st.sampled_from([ZONE, "UTC", "Pacific/Kiritimati"]).map(ZoneInfo),
)
def test_times_of_sources(text, zone):
    found = from_iso(text, zone)
    assert found is None or (len(found) == 20 and from_iso(found, zone) == found)


@fuzz(
    sent="any text as the name of a place",
    must="none, or an entry of the gazetteer; folding leaves no capital and no mark, and a folded text alone",
    text=texts("BEOGRAD", "Priština", "ПРИЗРЕН", "PODGOICA", " ", "-", "’"),
    language=LANGUAGES,
)
def test_places(text, language):
    entry = places.find_place(text, language)
    assert entry is None or entry.name in GAZETTEER
    folded = places.fold(text)
    assert not re.search("[\u0300-\u036f]", folded)
    if text.isascii():
        assert folded == places.fold(folded) == text.lower()


@fuzz(
    sent="any text, to tell its language",
    must="none, or one of the languages whose words we have",
    text=st.builds(str.__mul__, texts("je ", "the ", "и ", "se ", "and ", "në ", "да "), st.integers(1, 20)),
)
def test_languages(text):
    assert text_language(text) is None or re.fullmatch("[a-z]{2,3}(-[A-Z][a-z]{3})?", text_language(text))


@fuzz(
    sent="any text that may begin with a phrase (`Read also:`, `By`)",
    must="what follows is the end of the text, its white space collapsed",
    text=texts("Read also", "By", "Pročitajte još:", "Published", "Updated", ":", " ", "»", "–"),
    language=LANGUAGES,
    role=st.sampled_from(["by", "published", "updated", "share", "comment", "author_link", "related"]),
)
def test_phrases(text, language, role):
    rest = after(role, text, language)
    assert rest is None or spoken(text).endswith(spoken(rest))
    plain(text)
