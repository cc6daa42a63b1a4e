"""Who is let in, and with what: under a name of ours, with a sane address, and not into the engine room."""

import re
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ewbscraper.browse.guards.publication import Publication

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
Refusal = tuple[int, str]
"""HTTP status, and a sentence for who asked."""

LONGEST_QUERY, MOST_PARAMETERS, MOST_FACETS = 16_000, 100, 24
"""Letters of an address behind `?`; its parameters; columns that one table page counts, each up to 200 ms."""

LONG = {"q", "sql"}
LONGEST_PARAMETER = 1000
"""Letters of one, but of LONG: `_search` of thousands of words takes minutes; `q` is cut where it is read."""

LARGEST_BODY = 100_000
"""Bytes that can be sent to us: a form. Datasette reads one into memory."""

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
"""Datasette calls any method of its own that has the name of the request's: `DATA /archive`."""

_FILE = re.compile(r"/-/static(?:-plugins/[^/]+)?/(?!(?:[\w-][\w.-]{0,100}/)*[\w-][\w.-]{0,100}$)", re.ASCII)
"""What is no name of a file of our pages, or Datasette's: `/-/static//etc` tells which folders are here."""

_HOST = re.compile(r"(?:(?:[\w.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)?", re.ASCII | re.IGNORECASE)
"""As names and addresses of machines are written; pages say it again."""

ENGINE_ROOM = re.compile(
    r"/-/(actor|allow-debug|auth-token|config|databases|messages|metadata|patterns|permissions|plugins|settings|threads"
    r"|versions)(\.json)?"
)
"""Pages of Datasette about itself: paths of this machine, versions, the operator's configuration."""


def with_door(app: Asgi, base_url: str, chosen: Publication) -> Asgi:
    """The application behind the door."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        refused = refusal(scope, base_url, chosen) if scope["type"] == "http" else None
        if refused is None:
            await app(scope, receive, send)
            return
        status, why = refused
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": f"{why}\n".encode()})

    return wrapped


def below(app: Asgi, base_url: str) -> Asgi:
    """The application as its proxy shows it, below `base_url`, whether that takes the prefix away or leaves it.

    Datasette answers to both, but puts the prefix a second time before what it makes out of an address that has it.
    """

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_below(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [_led_below(line, base_url.encode()) for line in message.get("headers", [])]
                message = {**message, "headers": headers}
            await send(message)

        if scope["type"] == "http" and scope["path"].startswith(base_url):
            raw = (scope.get("raw_path") or scope["path"].encode()).removeprefix(base_url.encode())
            path = scope["path"].removeprefix(base_url).lstrip("/")  # of `///` it would make a redirect to nothing
            scope = {**scope, "path": f"/{path}", "raw_path": b"/" + raw.lstrip(b"/")}
        await app(scope, receive, send_below if scope["type"] == "http" else send)

    return wrapped


def _led_below(line: tuple[bytes, bytes], base_url: bytes) -> tuple[bytes, bytes]:
    """A header; a redirect of Datasette's to another spelling of an address (`/search/`) lacks the prefix."""
    name, value = line
    leads_out = name.lower() == b"location" and value.startswith(b"/") and not value.startswith(base_url)
    return (name, base_url + value.lstrip(b"/")) if leads_out else line


def refusal(scope: dict[str, Any], base_url: str, chosen: Publication) -> Refusal | None:
    """Why a request is not answered; None where it is."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if not chosen.public and not is_asked_by_our_name(headers.get(b"host", ""), scope.get("server"), chosen.names):
        return 421, "This archive is read on its own machine; of a proxy's name it is told by `serve --name`"
    if not chosen.public and _is_of_a_foreign_page(headers):
        return 403, "Another site's page may lead here, and may not load anything from here"
    path = "/" + scope["path"].removeprefix(base_url).lstrip("/")
    if _FILE.match(path) or (chosen.public and ENGINE_ROOM.fullmatch(path)):
        return 404, "There is no such page"
    if scope["method"] not in METHODS:
        return 405, "Pages are read here, with GET"
    return _malformed(scope, headers) or _too_much(scope, headers)


def is_asked_by_our_name(host: str, server: tuple[str, int | None] | None, names: Iterable[str]) -> bool:
    """Whether a request that came in over loopback names this machine: a foreign page can have the browser ask us
    under a name of its own that leads here, and would read the answer. Over a network there is no telling."""
    if not server or not _is_loopback(server[0]):
        return True
    try:
        asked = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return _is_loopback(asked) or asked in names


def _malformed(scope: dict[str, Any], headers: dict[bytes, str]) -> Refusal | None:
    """What Datasette would stumble over before it looks for a page."""
    if not (scope.get("raw_path") or b"").isascii():
        return 400, "An address has nothing but ASCII: other letters are percent-encoded there"
    if not headers.get(b"cookie", "").isascii():
        return 400, "A cookie has nothing but ASCII: delete those that your browser keeps for this name"
    if not _HOST.fullmatch(headers.get(b"host", "")):
        return 400, "The name under which this was asked is none"
    return None


def _is_of_a_foreign_page(headers: dict[bytes, str]) -> bool:
    """Whether a browser says that the page of another site wants this as its picture, frame or data: it would not see
    the answer, but a query would run."""
    said = [headers.get(b"sec-fetch-" + what, "") for what in (b"site", b"mode", b"dest")]
    return said[0] == "cross-site" and said[1:] != ["navigate", "document"]


def _is_loopback(name: str) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost"
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _too_much(scope: dict[str, Any], headers: dict[bytes, str]) -> Refusal | None:
    query = scope["query_string"].decode("latin-1")
    if len(query) > LONGEST_QUERY:
        return 414, f"An address may have {LONGEST_QUERY:,} letters behind its question mark"
    given = parse_qsl(query, keep_blank_values=True, errors="replace")
    if any(len(value) > LONGEST_PARAMETER for name, value in given if name not in LONG):
        return 400, f"A parameter may have {LONGEST_PARAMETER:,} letters"
    names = [name for name, _ in given]
    if len(names) > MOST_PARAMETERS or sum(name.startswith("_facet") for name in names) > MOST_FACETS:
        return 400, f"An address may have {MOST_PARAMETERS} parameters, and count by {MOST_FACETS} columns"
    if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
        size = headers.get(b"content-length", "")
        if not size.isascii() or not size.isdigit() or int(size) > LARGEST_BODY:
            return 413, f"{LARGEST_BODY:,} bytes at most, and their number said before"
    return None
