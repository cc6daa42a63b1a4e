"""What an outlet says of its rights during one run: read when it answers, kept beside each capture."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ewbscraper.archive.articles.rights import Rights
from ewbscraper.archive.warc.content import LONGEST, content
from ewbscraper.archive.warc.reader import Capture, Exchange
from ewbscraper.errors import PageUnreadable
from ewbscraper.page import Page
from ewbscraper.rights.directives import in_headers, in_page
from ewbscraper.rights.robots import UNKNOWN, RobotsTxt
from ewbscraper.rights.signals import ROBOTS, TDMREP, Signal, why_reserved
from ewbscraper.rights.tdmrep import NO_RULES, TdmRep

LOOKED_AT = 1_000_000
"""Bytes of a page in which its head is looked for, where the whole of it cannot be read."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the files of one host say, and the captures of these files."""

    robots: RobotsTxt
    robots_in: Capture | None
    tdmrep: TdmRep = NO_RULES
    tdmrep_in: Capture | None = None


class RightsOfARun:
    """By host what its files say; by capture what was said of it, until its row is written."""

    def __init__(self) -> None:
        self.hosts = dict[str, Host]()
        self._said = dict[Capture, Rights]()

    def of(self, exchange: Exchange) -> Rights:
        """What the host's files and the answer's headers say of an address."""
        host, signals = self.hosts.get(urlsplit(exchange.url).netloc), in_headers(exchange.response_headers)
        if host is None:
            return Rights(UNKNOWN, tuple(signals))
        said = (*signals, *host.robots.of(exchange.url), *host.tdmrep.of(exchange.url))
        return Rights(host.robots.says(exchange.url), said, {ROBOTS: host.robots_in, TDMREP: host.tdmrep_in})

    def keep(self, capture: Capture, rights: Rights) -> None:
        """To be written with the capture."""
        self._said[capture] = rights

    def also(self, capture: Capture, signals: Iterable[Signal]) -> None:
        """What its page says, once it was read."""
        if capture in self._said:
            rights = self._said[capture]
            self._said[capture] = replace(rights, signals=(*rights.signals, *signals))

    def of_captures(self, captures: Iterable[Capture]) -> list[tuple[Capture, Rights]]:
        """Of those of which anything is known."""
        return [(one, self._said[one]) for one in captures if one in self._said]

    def written(self, captures: Iterable[Capture]) -> None:
        """They are in the archive now."""
        for one in captures:
            self._said.pop(one, None)


def why_not_kept(exchange: Exchange, rights: Rights) -> str | None:
    """What reserves an answer, its page's head included, before anything of it is kept; None where nothing does."""
    return why_reserved([*rights.signals, *_of_its_head(exchange)])


def _of_its_head(exchange: Exchange) -> list[Signal]:
    for length in (None, LOOKED_AT):
        with suppress(PageUnreadable):  # a list, a picture: its headers say all
            body = content(exchange.body, exchange.response_headers, LONGEST)[:length]
            return in_page(Page(body, exchange.url, exchange.content_type))
    return []
