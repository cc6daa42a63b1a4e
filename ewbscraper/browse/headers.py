"""What every answer says to the browser: nothing is loaded from elsewhere; our own pages run no script at all."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

OUR_PAGES = re.compile(r"/|/search|/[^/]+/articles/\d+")

_NOTHING_FROM_ELSEWHERE = (
    "default-src 'none'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; "
)
STRICT = _NOTHING_FROM_ELSEWHERE + "style-src 'self'; script-src 'none'"
# Datasette's own pages have scripts and styles inline.
DATASETTE = _NOTHING_FROM_ELSEWHERE + "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"


def policy(path: str) -> str:
    """The Content-Security-Policy of the page at this path (without Datasette's base_url)."""
    return STRICT if OUR_PAGES.fullmatch(path) else DATASETTE


def with_headers(app: Asgi, base_url: str) -> Asgi:
    """The application, each of its answers with the safe headers."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                path = "/" + scope["path"].removeprefix(base_url)
                ours = _headers(path.replace("//", "/"))
                others = [pair for pair in message.get("headers", []) if pair[0].lower() not in dict(ours)]
                message = {**message, "headers": [*others, *ours]}
            await send(message)

        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return wrapped


def _headers(path: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", policy(path).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]
