"""A job's pieces as one HTTP answer that is whole, or is seen by every client to have broken off."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.utils.asgi import Request, Response

from ewbscraper.browse.exports.work import End, Job, Work

if TYPE_CHECKING:
    from datasette.app import Datasette

AT_ONCE = 4
"""Exports under way; more are told to come again."""

COME_AGAIN = 10
"""Seconds after which."""

STALLED = 60.0
"""Seconds that a client may take no chunk."""

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

_GONE = End("the client went away")

_places: "WeakKeyDictionary[Datasette, threading.BoundedSemaphore]" = WeakKeyDictionary()

_log = logging.getLogger(__name__)


async def stream(
    datasette: "Datasette", request: Request, send: Send, receive: Receive, job: Job, headers: dict[str, str]
) -> None:
    """Answers with what the job writes, or with a sentence: 400 where it fails before anything is sent, 503, 505."""
    if request.scope.get("http_version") == "1.0":
        # without chunks the end of an answer is the end of the connection: half of one looks whole
        return await _sentence(send, 505, "An export needs HTTP/1.1. In nginx: proxy_http_version 1.1;")
    place = _places.setdefault(datasette, threading.BoundedSemaphore(AT_ONCE))
    if not place.acquire(blocking=False):
        busy = f"{AT_ONCE} exports are being written. Ask again in {COME_AGAIN} seconds."
        return await _sentence(send, 503, busy, {"retry-after": str(COME_AGAIN)})
    if "gzip" in request.headers.get("accept-encoding", ""):
        job, headers = replace(job, gzip=True), {**headers, "content-encoding": "gzip"}
    work = Work(asyncio.get_running_loop(), job, place.release)
    watch = asyncio.create_task(_leave_with_the_client(receive, work))
    try:
        await _pass_on(work, send, headers, head_only=request.method == "HEAD")
    except asyncio.CancelledError:  # the server ends: so does the answer, without its last chunk
        return None
    except TimeoutError:
        _log.warning("%s: the client took nothing for %g seconds", request.path, STALLED)
    finally:
        work.leave()
        watch.cancel()
    return None


async def refused(send: Send, why: object) -> None:
    """400, with the reason in a sentence."""
    await _sentence(send, 400, f"This cannot be exported: {str(why).rstrip('.')}.")


async def _leave_with_the_client(receive: Receive, work: Work) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    work.leave()
    work.pieces.put_nowait(_GONE)


async def _pass_on(work: Work, send: Send, headers: dict[str, str], *, head_only: bool) -> None:
    """Nothing is sent until two pieces are there: what fails early is a sentence, not half an answer."""
    said = await work.pieces.get()
    piece = said if isinstance(said, End) else await work.pieces.get()
    following = piece if isinstance(piece, End) else await work.pieces.get()
    if isinstance(following, End) and following.error:
        return await refused(send, following.error)
    assert isinstance(said, dict)
    await send(_start(200, {**headers, **said, "vary": "Accept-Encoding"}))
    if isinstance(piece, End) or head_only:
        return await send(_body(b""))
    while not isinstance(following, End):
        await _chunk(work, send, piece)
        piece, following = following, await work.pieces.get()
    if following.error:  # ends without the last chunk: the server closes the connection, the client sees it
        if following is not _GONE:
            _log.warning("an export broke off: %s", following.error)
        return None
    return await send(_body(piece))


async def _chunk(work: Work, send: Send, piece: Any) -> None:
    async with asyncio.timeout(STALLED):
        await send(_body(piece, more=True))
    work.taken()


def _start(status: int, headers: dict[str, str]) -> dict[str, Any]:
    pairs = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}


def _body(piece: Any, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": piece, "more_body": more}


async def _sentence(send: Send, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
    await Response.text(sentence + "\n", status, headers).asgi_send(send)
