"""The dateline: where, when and through which agency a report was filed, at the head of its first paragraph.

Shape first, gazetteer second: capitals and a dash are a dateline even where the place is unknown (`PODGOICA –`); a
place in title case needs the gazetteer, a date or an agency. Word lists (`data/*.txt`) keep out section labels,
abbreviations, countries, events and people. Read with a cursor: every pattern is bounded and tried at one position,
and only the first 200 characters are looked at.
"""

import re
from dataclasses import dataclass, field

from ewbscraper.article import Dateline, Place
from ewbscraper.extraction.fields.dates import Day, read_day
from ewbscraper.extraction.lists import country, folded_lines, folded_words
from ewbscraper.places import GazetteerEntry, find_place, fold

_HEAD = 200
"""Characters looked at."""
_GLUED_WITHIN = 80
"""Characters within which a dateline glued to alt text begins."""
_LONGEST_ABBREVIATION = 3
"""Letters; longer words in capitals after the dash make the line a headline."""
_SHORTEST_UNKNOWN = 5
"""Letters of a place in capitals that the gazetteer lacks: shorter ones are abbreviations."""

_S = "[ \\t\u00a0\u2009\u202f]"
_DASH = re.compile(rf"{_S}{{0,3}}(?:(?:--|[–‒―−-])(?=[\s“”\"„«»'‘’(]|$)|—),?{_S}{{0,3}}")
_LETTER = r"[^\W\d_]"
_WORD = rf"(?:(?:St|ST|Sv|SV)\. )?{_LETTER}(?:{_LETTER}|['’]|[.-](?={_LETTER})){{0,24}}"
_NAME = re.compile(rf"{_WORD}(?:[ \u00a0]{_WORD}){{0,4}}(?:(?<=\.[A-Z])\.)?")
_SLASH = re.compile(rf"{_S}?/{_S}?(?=\w)")
_COMMA = re.compile(rf"{_S}?,{_S}{{0,3}}")
_BRACKET = re.compile(
    rf"{_S}{{0,3}}(?:\(([^\W\d_][^()\n]{{1,40}})\)|/([^\W\d_][^/\n]{{1,30}})/|\[([^\W\d_][^\[\]\n]{{1,40}})\])"
)
_CLOCK = re.compile(rf"(?:{_S}|[,–-]){{0,4}}(?:(?:at|u|në|во|ob)\s)?\d{{1,2}}[:.]\d{{2}}(?![\d.])(?:{_S}?h\b)?")
_COLON = re.compile(rf"{_S}?:(?=\s|$)")
_LINE_END = re.compile(rf"{_S}{{0,3}}(?:\n|$)")
_SPACES = re.compile(rf"{_S}{{1,3}}")
_STOP = re.compile(r"\.(?=\s|$)")
_WEEKDAY = re.compile(r"([^\W\d_]{2,12})[.,]{0,2}")
_AND = re.compile(r"\s(?:and|und|et|e|i|in|dhe|и)\s|-", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[^\W\d_A-ZА-Я]|[\d_.)])(?=[^\W\d_a-zа-я]{3})")
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?](?=\s|$)|\n|$)")
_ASIDE = re.compile(r"\s(?:--|[–—‒―-])\s")


def parse_dateline(text: str, language: str | None = None) -> Dateline | None:
    """The dateline at the head of `text` (a first paragraph, or a dateline alone), or None.

    Alt text of a picture glued before it (`cdm logoPODGORICA –`) is passed over.
    """
    head = text[:_HEAD]
    start = len(head) - len(head.lstrip())
    if found := _Reader(head, start, language).read():
        return found
    for glue in _GLUED.finditer(head[:_GLUED_WITHIN]):
        reader = _Reader(head, glue.start(), language)
        if (found := reader.read()) and reader.upper and reader.known:
            return found
    return None


@dataclass
class _Reader:
    """A cursor over the head of a paragraph, and what it has passed."""

    head: str
    start: int
    language: str | None
    at: int = 0
    names: list[str] = field(default_factory=list)
    day: Day | None = None
    agency: str | None = None
    set_off: bool = False
    """The agency stands after a comma, or before the place: `PODGORICA, (MINA) –`."""
    closed_by: str | None = None
    """What ends the dateline: `dash`, `colon`, `line`, `agency`."""

    def read(self) -> Dateline | None:
        self.at = self.start
        going = self._bracket(set_off=True) or self._date() or self._name()
        while going and not self.closed_by:
            going = self._go_on()
        if not self.closed_by or not self._is_dateline():
            return None
        places = tuple(self._place(name) for name in self.names)
        text = self.head[self.start : self.at].strip()
        return Dateline(text, places, self.day.iso if self.day else None, self.agency)

    @property
    def upper(self) -> bool:
        return bool(self.names) and all(map(_in_capitals, self.names))

    @property
    def known(self) -> bool:
        return bool(self.names) and all(map(self._entry, self.names))

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        if match := pattern.match(self.head, self.at):
            self.at = match.end()
        return match

    def _close(self, by: str) -> bool:
        self.closed_by = by
        return True

    def _go_on(self) -> bool:
        """One separator and what it brings."""
        if self._bracket() or (self.names and not self.day and self._take(_SLASH) and self._name(joined=True)):
            return True
        if self._take(_DASH):
            return self._after_dash() or self._close("dash")
        if self._take(_COMMA):
            return self._bracket(set_off=True) or self._date() or self._name() or self._dash()
        if (self.agency or self.day) and self._take(_COLON):
            return self._close("colon")
        if self._take(_LINE_END):
            return self._close("line")
        if not self.day and self._take(_SPACES) and self._date():
            return True
        self._take(_STOP)
        return bool(self.agency) and self._close("agency")

    def _dash(self) -> bool:
        return bool(self._take(_DASH)) and self._close("dash")

    def _after_dash(self) -> bool:
        """A second place, an agency, a date or a time of day behind a dash that does not end the dateline."""
        before = self.at, self.names.copy(), self.agency, self.day
        if self._bracket(set_off=True):
            return True
        if self._date() and (not self.names or self._comes(_DASH, _BRACKET, _LINE_END)):
            return True
        self.at, _, _, self.day = before
        if self._name() and self._leads_on(new_place=len(self.names) > len(before[1])):
            return True
        self.at, self.names, self.agency, self.day = before
        return False

    def _leads_on(self, *, new_place: bool) -> bool:
        if not new_place:
            stop = self.agency and self._take(_STOP)
            return (self._close("agency") if stop else self._comes(_DASH)) and bool(self.agency)
        ends = (_DASH, _BRACKET, _COMMA) if len(self.names) == 1 else (_DASH, _BRACKET)
        return self.upper and self.known and self._comes(*ends)

    def _comes(self, *patterns: re.Pattern[str]) -> bool:
        return any(pattern.match(self.head, self.at) for pattern in patterns)

    def _bracket(self, *, set_off: bool = False) -> bool:
        """An agency, or the country of the place."""
        match = _BRACKET.match(self.head, self.at)
        inside = next((group.strip() for group in match.groups() if group), "") if match else ""
        if not match or self.agency or (match[2] and find_place(inside, self.language)):
            return False
        self.at = match.end()
        if not country(inside):
            self.agency, self.set_off = inside, set_off
        return True

    def _date(self) -> bool:
        """A day, with weekday and time of day or without."""
        before = self.at
        weekday = _WEEKDAY.match(self.head, self.at)
        if weekday and fold(weekday[1]) in folded_words("weekdays"):
            self.at = weekday.end()
            self._take(_SPACES)
        if self.day or not (day := read_day(self.head, self.at)):
            self.at = before
            return False
        self.day, self.at = day, day.end
        self._take(_CLOCK)
        return True

    def _name(self, *, joined: bool = False) -> bool:
        """A place; after it its country or state, or an agency without brackets."""
        match = _NAME.match(self.head, self.at)
        if not match:
            return False
        name, self.at = match[0], match.end()
        if fold(name) in folded_lines("agencies") and self.agency is None:
            self.agency, self.set_off = name, True
        elif not self.names:
            self.names = self._split(name)
        elif not country(name) and (joined or self._entry(name)) and _in_capitals(name) == self.upper:
            self.names.append(name)
        elif not country(name) and fold(name) not in folded_words("weekdays"):
            return self._comes(_BRACKET) or (self.upper and self.known and _in_capitals(name))
        return True

    def _split(self, name: str) -> list[str]:
        """`BELGRADE AND PRISTINA` is two places, `CLUJ-NAPOCA` is one."""
        parts = _AND.split(name)
        several = _in_capitals(name) and not self._entry(name) and all(map(self._entry, parts))
        return parts if several else [name]

    def _entry(self, name: str) -> GazetteerEntry | None:
        return None if fold(name) in folded_words("not_places") or country(name) else find_place(name, self.language)

    def _place(self, name: str) -> Place:
        if entry := self._entry(name):
            return Place(entry.name, name, entry.country)
        if state := country(name):
            return Place(state[0], name, state[1])
        return Place(name.title(), name)

    def _is_dateline(self) -> bool:
        if not self.names:
            return self._is_placeless()
        if any(not self._entry(name) and not country(name) and _is_label(name) for name in self.names):
            return False
        if self.day or self.agency:
            return self._is_filed()
        if any(map(country, self.names)):
            return False
        return self._is_capitals() if self.upper else self._is_title_case()

    @property
    def _full_date(self) -> bool:
        return self.day is not None and self.day.year is not None

    @property
    def _known_agency(self) -> bool:
        return self.agency is not None and fold(self.agency) in folded_lines("agencies")

    def _is_placeless(self) -> bool:
        """`(AGENPARL) – lun 11 marzo 2024`, `October 16, 2019 - A former`."""
        by_dash = self.closed_by == "dash"
        if self._full_date:
            return self.agency is not None or (by_dash and self._opens())
        return by_dash and self._known_agency and (self.day is not None or self.head[self.start] in "(/[")

    def _is_filed(self) -> bool:
        """A place with a date or an agency."""
        if self.closed_by == "agency" and not (self.day or self._known_agency):
            return False
        if self.closed_by == "line" and not (self.agency or self._full_date):
            return False
        if self.known or any(map(country, self.names)):
            return self.upper or self.set_off or self.day is not None or self._known_agency
        return self.upper or (
            self.names[0][0].isupper() and self.day is not None and (self._full_date or self._known_agency)
        )

    def _is_capitals(self) -> bool:
        """`PRISTINA –`, known or not."""
        if self.closed_by == "line":
            return self.known
        after = _NAME.match(self.head, self.at)
        first = after[0].split(" ")[0] if after else ""
        if self.known:
            pair = _in_capitals(first) and self._entry(first)
            return not pair and (self._opens() or not self._aside())
        shouted = _in_capitals(first) and len(first) > _LONGEST_ABBREVIATION
        one_known = len(self.names) == 1 or any(map(self._entry, self.names))
        likely = all(self._entry(name) or _may_be_place(name) for name in self.names)
        return one_known and likely and self._opens() and not shouted

    def _is_title_case(self) -> bool:
        """`Brussels – The plan`, but not `Bar – a town on the coast – has` or `Beograd – Priština: šta`."""
        after = _NAME.match(self.head, self.at)
        if not self.known or self.closed_by != "dash" or not self._opens() or self._aside():
            return False
        if not after:
            return True
        pair = self._entry(after[0]) or self._entry(after[0].split(" ")[0])
        return not pair and not (country(after[0]) and _COLON.match(self.head, after.end()))

    def _opens(self) -> bool:
        """A sentence begins here."""
        rest = self.head[self.at :].lstrip("“”\"„«»'‘’([ \u00a0…")
        return not rest or not rest[0].islower()

    def _aside(self) -> bool:
        """One further dash in the sentence closes what the first one opened."""
        sentence = _SENTENCE.match(self.head, self.at)
        return bool(sentence) and len(_ASIDE.findall(sentence[0] if sentence else "")) == 1


def _in_capitals(name: str) -> bool:
    """Capitals; a Latin digraph of a Cyrillic letter may keep its second half small (`BANjALUKA`)."""
    return name.replace("nj", "NJ").replace("lj", "LJ").replace("dž", "DŽ").isupper()


def _is_label(name: str) -> bool:
    """A section label, an abbreviation, an event or a person."""
    words = [fold(word) for word in name.replace("-", " ").split()]
    if fold(name) in folded_words("not_places") or words[0] in folded_words("not_places"):
        return True
    if any(word in folded_words("event_words") or (len(word) > 3 and country(word)) for word in words):
        return True
    starts_as_place = any(find_place(" ".join(words[:n])) for n in range(1, len(words)))
    return starts_as_place or not folded_words("people").isdisjoint((words[0], words[-1]))


def _may_be_place(name: str) -> bool:
    return len(name.replace(" ", "")) >= _SHORTEST_UNKNOWN and len(name.split()) <= 3
