"""What every answer says to the browser: nothing is loaded from elsewhere; our own pages run no script at all."""

from collections.abc import Callable
from typing import Any

from ewbscraper.browse.guards.door import Asgi

_NOTHING_FROM_ELSEWHERE = (
    "default-src 'none'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; "
)
STRICT = _NOTHING_FROM_ELSEWHERE + "style-src 'self'; script-src 'none'"
# Datasette's own pages have scripts and styles inline.
DATASETTE = _NOTHING_FROM_ELSEWHERE + "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]


def with_headers(app: Asgi, base_url: str, runs_no_script: Callable[[str], bool], *, index: bool = False) -> Asgi:
    """The application, each of its answers with the safe headers; search engines may keep them where `index`.

    `runs_no_script` tells whether the page at a path (without Datasette's base_url) is made of our templates.
    """

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                path = ("/" + scope["path"].removeprefix(base_url)).replace("//", "/")
                ours = _headers(STRICT if runs_no_script(path) else DATASETTE, index=index)
                theirs = message.get("headers", [])
                named = {name.lower() for name, _ in theirs}  # a page may be stricter: an archived one is
                message = {**message, "headers": [*theirs, *(pair for pair in ours if pair[0] not in named)]}
            await send(message)

        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return wrapped


def _headers(policy: str, *, index: bool) -> list[tuple[bytes, bytes]]:
    said = [(b"content-security-policy", policy.encode()), *_ALWAYS]
    return said if index else [*said, (b"x-robots-tag", b"noindex, noarchive")]
