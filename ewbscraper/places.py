"""The gazetteer: places of news datelines, their spellings in the region's languages and scripts, coordinates.

`places.csv` is curated by hand: English name, ISO 3166-1 alpha-2 (`XK` for Kosovo, user-assigned), latitude and
longitude in degrees, further spellings joined by `|`. Spellings are compared folded (case, diacritics, Cyrillic
to Latin), so it lists only what folding does not bring together. The first of two places of one name wins,
unless the language of the text speaks for the other.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_LETTERS = str.maketrans(
    "абвгдежзијклмнопрстћуфхцчшйёыэіıøł’\u00a0", "abvgdezzijklmnoprstcufhccsjeyeiiol' "
) | str.maketrans(
    {"ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz", "ѕ": "dz", "щ": "st", "ъ": "a", "ь": "", "ю": "ju", "я": "ja"}
    | {"є": "je", "ї": "ji", "đ": "dj", "æ": "ae", "ß": "ss"}
)
_MARKS = re.compile("[\u0300-\u036f]+")
_HOMES = {"sr": "RS", "cnr": "ME", "bs": "BA", "hr": "HR", "mk": "MK", "sq": "AL", "sl": "SI", "bg": "BG", "el": "GR"}
"""Where a language is at home: decides between places of one name."""
_SHORTEST_MISPRINT = 7
"""Letters that a name needs before one of them may be wrong."""


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """One place."""

    name: str
    """English."""
    country: str
    """ISO 3166-1 alpha-2, `XK` for Kosovo."""
    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""


@lru_cache(maxsize=2_000)
def fold(text: str) -> str:
    """`text` in lower case, without diacritics, Cyrillic in Latin letters: `Никшић`, `NIKŠIĆ` -> `niksic`."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    return _MARKS.sub("", unicodedata.normalize("NFKD", lowered))


def find_place(text: str, language: str | None = None) -> GazetteerEntry | None:
    """The place that `text` (the name alone) names, or None.

    Capitals of seven letters and more may be misprinted in one letter (`PODGOICA`) where only one place comes near.
    """
    name = " ".join(fold(text).split())
    found = _gazetteer().get(name)
    if not found and text.isupper():
        return _misprinted(name)
    home = _HOMES.get((language or "").partition("-")[0])
    return next((entry for entry in found or () if entry.country == home), found[0] if found else None)


@lru_cache(maxsize=1024)
def _misprinted(name: str) -> GazetteerEntry | None:
    if len(name) < _SHORTEST_MISPRINT:
        return None
    near = {entry for spelling, entries in _gazetteer().items() if _one_apart(name, spelling) for entry in entries}
    return near.pop() if len(near) == 1 else None


@cache
def _gazetteer() -> dict[str, list[GazetteerEntry]]:
    text = Path(__file__).with_name("places.csv").read_text(encoding="utf-8")
    spellings: dict[str, list[GazetteerEntry]] = {}
    for row, folded in zip(csv.reader(text.splitlines()[1:]), csv.reader(fold(text).splitlines()[1:]), strict=True):
        name, country, latitude, longitude, _ = row
        entry = GazetteerEntry(name, country, float(latitude), float(longitude))
        for spelling in {folded[0], *folded[4].split("|")} - {""}:
            spellings.setdefault(spelling, []).append(entry)
    return spellings


def _one_apart(a: str, b: str) -> bool:
    """One letter added, lost, changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1 or len(b) < _SHORTEST_MISPRINT - 1:
        return False
    shorter = min(len(a), len(b))
    start = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    if a[start + 2 :] == b[start + 2 :] and a[start : start + 2] == b[start : start + 2][::-1]:
        return True
    return a[start + (len(a) >= len(b)) :] == b[start + (len(b) >= len(a)) :]
