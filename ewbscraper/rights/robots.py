"""What a robots.txt says of a path to us, and its lines about the use of content.

RFC 9309 says for whom a line is meant: the groups that name us, else those of `*`. `Content-Signal`
(contentsignals.org) and `Content-Usage` (IETF aipref, a draft) stand in such groups, or before all of them; their
values are kept as written. A Content-Usage may begin with a path that it is meant for; of several the longest holds.
"""

from protego import Protego

from ewbscraper.rights.patterns import path_of, pattern
from ewbscraper.rights.signals import BOT, ROBOTS, Signal, signal

ALLOWED, FORBIDDEN, NONE, UNKNOWN = "allowed", "forbidden", "none", "unknown"
"""What `captures.robots` says: none where there is no robots.txt, unknown where nobody kept it."""

LONGEST = 512_000
"""Bytes of robots.txt that are read: the RFC wants 500 KiB at least."""
MOST_LINES = 50
"""Lines about the use of content that are kept."""

_PREFERENCES = ("content-signal", "content-usage")
_OF_A_GROUP = (*_PREFERENCES, "allow", "disallow", "crawl-delay")
"""What ends the user agents of a group: the next one begins another."""


class RobotsTxt:
    """One robots.txt as received; `body` is None where the host has none."""

    def __init__(self, body: bytes | None, agent: str = BOT) -> None:
        text = None if body is None else body[:LONGEST].decode("utf-8", "ignore").removeprefix("\ufeff")
        self._agent = agent
        self._rules = None if text is None else Protego.parse(text)
        self._lines = _preferences(text or "")

    def says(self, url: str) -> str:
        """`allowed`, `forbidden` or `none`."""
        if self._rules is None:
            return NONE
        return ALLOWED if self._rules.can_fetch(url, self._agent) else FORBIDDEN

    def of(self, url: str) -> list[Signal]:
        """Its lines about the use of this address's content."""
        path, found, longest = path_of(url), list[Signal](), -1
        for name, value in self._lines:
            where, _, usage = value.partition(" ") if value.startswith("/") else ("", "", value)
            if name == "content-usage" and usage.strip() and len(where) > longest and pattern(where).matches(path):
                found = [one for one in found if one.signal != name]
                longest = len(where)
                found.append(signal(ROBOTS, name, usage))
            elif name != "content-usage":
                found.append(signal(ROBOTS, name, value))
        return found


def _preferences(text: str) -> list[tuple[str, str]]:
    """Names and values of the lines that are meant for us."""
    to_us, to_all, named = list[tuple[str, str]](), list[tuple[str, str]](), False
    agents, listing = {"*"}, False
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agent = value.partition("/")[0].strip().lower()
            agents = (agents if listing else set()) | ({agent} & {"*", BOT})
            named, listing = named or agent == BOT, True
        elif name in _OF_A_GROUP:
            listing = False
            if name in _PREFERENCES and value:
                to_us += [(name, value)] if BOT in agents else []
                to_all += [(name, value)] if "*" in agents else []
    return (to_us if named else to_all)[:MOST_LINES]
