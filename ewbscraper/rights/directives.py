"""Robots directives and TDM fields in the headers of an answer and in the head of its page.

X-Robots-Tag and the robots meta tag as Google's specification has them: names in any case, directives separated by
commas; in the header a user agent may stand before them (`otherbot: noarchive`), and holds until another one is named,
as proxies join several headers by commas. Directives that restrict nothing (`index`, `max-image-preview:large`) are
not kept.
"""

import re
from collections.abc import Iterable, Sequence

from ewbscraper.page import Page
from ewbscraper.rights.signals import BOT, HEADER, META, POLICY, RESERVATION, Signal, reservation, signal

RESTRICTING = frozenset(
    ("noarchive", "nocache", "noindex", "none", "nosnippet", "noai", "noimageai", "noimageindex", "noml")
)
UNTIL = "unavailable_after"
_WITH_VALUE = frozenset((UNTIL, "max-snippet", "max-image-preview", "max-video-preview"))
"""Directives with a colon: what stands before it is no user agent."""
_LONGEST = 10_000
"""Characters of one header or tag that are read."""
_TOKEN = re.compile(r"[\w*.-]+")

Headers = Iterable[tuple[str, str]]


def in_headers(headers: Headers) -> list[Signal]:
    """What the headers of an answer say to us, repeated ones too."""
    found = list[Signal]()
    for name, value in headers:
        match name.lower():
            case "x-robots-tag":
                found += _directives(HEADER, value)
            case "tdm-reservation":
                found += reservation(HEADER, value)
            case "tdm-policy" | "content-usage" as field if value.strip():
                found.append(signal(HEADER, field, value))
    return found


def in_page(page: Page) -> list[Signal]:
    """What the meta tags of a page say to all robots, and to us."""
    contents = [*page.meta.get("robots", ()), *page.meta.get(BOT, ())]
    found = [one for content in contents for one in _directives(META, content)]
    found += [one for content in page.meta.get(RESERVATION, ()) for one in reservation(META, content)]
    return found + [signal(META, POLICY, content) for content in page.meta.get(POLICY, ())]


def _directives(source: str, value: str) -> list[Signal]:
    found, to_us = list[Signal](), True
    for piece in value[:_LONGEST].split(","):
        word, rest = _parted(piece)
        if rest is not None and word not in _WITH_VALUE and _TOKEN.fullmatch(word):
            to_us = word in ("*", BOT)
            word, rest = _parted(rest)
        if not to_us:
            continue
        if found and found[-1].signal == UNTIL and word[:1].isdigit():  # a date with a comma behind its weekday
            found[-1] = signal(source, UNTIL, f"{found[-1].value}, {piece}")
        else:
            found += _known(source, word, rest)
    return found


def _known(source: str, word: str, value: str | None) -> Sequence[Signal]:
    if word == UNTIL:
        return [signal(source, UNTIL, value or "")]
    return [Signal(source, one) for one in word.split() if one in RESTRICTING]  # some write blanks for commas


def _parted(piece: str) -> tuple[str, str | None]:
    """What stands before a colon, lower case, and what behind it; None where there is no colon."""
    word, colon, rest = piece.partition(":")
    return word.strip().lower(), rest.strip() if colon else None
