"""Dates as news pages print them, in the region's languages, to ISO 8601.

`parse_date` tries, most trusted first: 1. ISO 8601, 2. a day in figures or with a month's name, then its time of
day, 3. python-dateutil. Month names and time zones are data (`data/months.txt`: a line per month).
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from ewbscraper.extraction.lists import read_lines, read_rows
from ewbscraper.places import fold

_LONGEST = 120
"""Characters: what is longer is prose."""
_WORDS_AROUND = 4
"""Words that may stand before a date (`Last updated on Friday`), and as many after it."""
_DEFAULTS = datetime.fromisoformat("2000-01-01T01:01"), datetime.fromisoformat("2004-02-02T02:02")
_YEARS = range(1900, 2101)

_FIGURES = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}(?!\d))|(?=\.))\.?")
_YEAR_FIRST = re.compile(r"(\d{4})\s?([./-]|[年년])\s?(\d{1,2})\s?(?:\2|[月월])\s?(\d{1,2})(?!\d)[.日일]?")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:\s?(?:st|nd|rd|th|er|ter|º|ª|-ти|-ви|-ри|-a)\b|\.)?[\s-]{0,3}(?:(?:of|de|di|e|në|na)\s)?"
    r"([^\W\d_]{2,14})\b\.?(?:[\s,-]{0,3}(?:de\s|del\s)?(\d{4})\.?(?:\s(?:godine|године|година|god\.|год\.|г\.))?)?"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{2,14})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:(?:\.?,?\s{0,2}(\d{4}))|\.)?")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})\.?\s([^\W\d_]{2,14})\.?\s(\d{1,2})(?!\d)\.?")
_CLOCK = r"(\d{1,2})(?:\s?[:.h]\s?(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?(?!\d)\s?(?:([ap])\.?\s?m\b\.?)?"
_TIME_AFTER = re.compile(r"\D{0,20}?" + _CLOCK, re.IGNORECASE)
_TIME_BEFORE = re.compile(_CLOCK + r"(?:\s?h)?[^\d:]{0,16}$", re.IGNORECASE)
_ZONE = re.compile(r"\s?\(?([A-Z]{1,4}\b)?\s?([+-]\d{2}:?\d{2}(?!\d))?")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]{3,}")


class Day(NamedTuple):
    """A day as it stands in a text."""

    year: int | None
    month: int
    day: int
    end: int
    """Where the text goes on."""

    @property
    def iso(self) -> str | None:
        """`YYYY-MM-DD`, or None where no year is given."""
        return date(self.year, self.month, self.day).isoformat() if self.year else None


def parse_date(text: str, *, timezone: str = "Europe/Belgrade", day_first: bool = True) -> str | None:
    """ISO 8601 of a date line; `YYYY-MM-DD` where no time of day is given; None where `text` is no date.

    A time without offset is in `timezone` (IANA). `day_first` decides `05/12/2023`; with full stops the day is
    always first. Years outside 1900..2100 are none.
    """
    line = " ".join(text[: _LONGEST + 1].split())
    if len(line) > _LONGEST or not _DIGIT.search(line):
        return None
    zone = ZoneInfo(timezone)
    return _iso(line, zone) or _spelled(line, zone, day_first) or _by_dateutil(line, zone, day_first)


def read_day(text: str, start: int = 0, *, day_first: bool = True) -> Day | None:
    """The day that begins at `start`, with or without a year (`12 March`, `05.12.2023.`, `Oct. 14, 2024`)."""
    for shape, parts in _BY_FIGURES if text[start : start + 1].isdecimal() else _BY_WORD:
        if (match := shape.match(text, start)) and (day := _day(*parts(match, day_first), match.end())):
            return day
    return None


def month_of(word: str) -> int | None:
    """1-12 of a month's name or its abbreviation, in any case form of the region's languages."""
    return _months().get(fold(word))


_Parts = tuple[str | None, int | None, str]
"""Year, month, day."""


def _figures(match: re.Match[str], day_first: bool) -> _Parts:
    first, separator, second, year = match.groups()
    swapped = separator != "." and (not day_first or int(second) > 12) and int(first) <= 12
    return (year, int(first), second) if swapped else (year, int(second), first)


_Shape = tuple[re.Pattern[str], Callable[[re.Match[str], bool], _Parts]]
_BY_FIGURES: tuple[_Shape, ...] = (
    (_YEAR_FIRST, lambda m, _: (m[1], int(m[3]), m[4])),
    (_FIGURES, _figures),
    (_DAY_MONTH, lambda m, _: (m[3], month_of(m[2]), m[1])),
    (_YEAR_MONTH_DAY, lambda m, _: (m[1], month_of(m[2]), m[3])),
)
_BY_WORD: tuple[_Shape, ...] = ((_MONTH_DAY, lambda m, _: (m[3], month_of(m[1]), m[2])),)


def _day(year: str | None, month: int | None, day: str, end: int) -> Day | None:
    full_year = _four_figures(year) if year else None
    if full_year is not None and full_year not in _YEARS:
        return None
    try:
        date(full_year or 2000, month or 0, int(day))
    except ValueError:
        return None
    return Day(full_year, month or 0, int(day), end)


def _four_figures(year: str) -> int:
    number = int(year)
    return number if len(year) == 4 else number + (2000 if number < 70 else 1900)


def _iso(line: str, zone: tzinfo) -> str | None:
    try:
        moment = datetime.fromisoformat(line)
    except ValueError:
        return None
    if len(line) <= 10 or line.isdigit():
        return moment.date().isoformat() if moment.year in _YEARS else None
    return _with_offset(moment, zone)


def _spelled(line: str, zone: tzinfo, day_first: bool) -> str | None:
    for token in _TOKEN.finditer(line):
        day = read_day(line, token.start(), day_first=day_first)
        if day and day.year:
            before, after = line[: token.start()], line[day.end :]
            if max(len(_WORD.findall(before)), len(_WORD.findall(after))) > _WORDS_AROUND:
                return None
            clock = _time(before, after, zone)
            noted = date(day.year, day.month, day.day)
            return _with_offset(datetime.combine(noted, clock), zone) if clock else noted.isoformat()
    return None


def _time(before: str, after: str, zone: tzinfo) -> time | None:
    match = _TIME_AFTER.match(after)
    if not match or not (match[2] or match[4]):
        match = _TIME_BEFORE.search(before)
    if not match or not (match[2] or match[4]):
        return None
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    if match[4]:
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    try:
        return time(hour, minute, second, tzinfo=_zone(match.string[match.end() :]) or zone)
    except ValueError:
        return None


def _zone(text: str) -> tzinfo | None:
    match = _ZONE.match(text)
    name, offset = match.groups() if match else (None, None)
    if offset and int(offset[1:3]) <= 14:
        delta = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
        return fixed_zone(-delta if offset[0] == "-" else delta)
    return _zones().get(name or "")


def _by_dateutil(line: str, zone: tzinfo, day_first: bool) -> str | None:
    """Read over two defaults: what differs was not in the text."""
    day_first = day_first and not line[:4].isdigit()
    try:
        one, other = (
            dateutil_parser.parse(line, default=default, tzinfos=_tzinfo, dayfirst=day_first) for default in _DEFAULTS
        )
    except (ValueError, OverflowError):
        return None
    if one.date() != other.date() or one.year not in _YEARS:
        return None
    return _with_offset(one, zone) if one.time() == other.time() else one.date().isoformat()


def _tzinfo(name: str | None, offset: int | None) -> tzinfo | None:
    return fixed_zone(timedelta(seconds=offset)) if offset is not None else _zones().get(name or "")


def _with_offset(moment: datetime, zone: tzinfo) -> str | None:
    if moment.year not in _YEARS:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat(timespec="seconds")


@cache
def _months() -> dict[str, int]:
    numbered = enumerate(read_lines("months"), start=1)
    return {fold(word): number for number, line in numbered for word in line.split()}


@cache
def _zones() -> dict[str, tzinfo]:
    return {row["name"]: fixed_zone(timedelta(hours=int(row["hours"]))) for row in read_rows("zones")}
