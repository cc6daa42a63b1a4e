"""A newspaper of a corpus' pages on loopback, in a process of its own, that costs next to nothing beside its readers.

Each page is compressed once. What differs at each of its addresses is a number at the ends of its longest paragraphs,
as an archive takes no third article of one text: it stands in blocks of its own that gzip only stores.
"""

import asyncio
import multiprocessing
import re
import struct
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from heapq import nlargest
from itertools import pairwise
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

PLACES = 30
_NUMBER = " No {:08}."
_PARAGRAPH = re.compile(rb"<p(?:\s[^<>]*)?>([^<]+)", re.IGNORECASE)
_SCRIPT = re.compile(rb"<(script|style|template|noscript)\b.*?</\1|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_ARTICLE = re.compile(rb"GET /2024/03/01/article-(\d{8})/ ")
_SITEMAP = re.compile(rb"GET /sitemap-(\d+)\.xml ")
_ENTRY = "<url><loc>{}</loc></url>"
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_HTML = b"Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"


class Paper:
    """Serves as long as its block runs; of several hosts (127.0.0.1, 127.0.0.2, ...) each has other articles."""

    def __init__(self, pages: Sequence[bytes], hosts: int = 1) -> None:
        self._pages, self._hosts = pages, [f"127.0.0.{number}" for number in range(1, hosts + 1)]

    def __enter__(self) -> "Paper":
        self._asking, theirs = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        self._process = spawn.Process(target=_serve, args=(self._pages, self._hosts, theirs), daemon=True)
        self._process.start()
        port = self._asking.recv()
        self.homes = [f"http://{host}:{port}/" for host in self._hosts]
        self.home = self.homes[0]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.join()

    def cost(self) -> tuple[int, float]:
        """Articles given so far, and CPU seconds for all answers."""
        self._asking.send("cost")
        given: tuple[int, float] = self._asking.recv()
        return given

    def times(self) -> list[list[float]]:
        """By host the seconds at which its articles were asked for."""
        self._asking.send("times")
        given: dict[str, list[float]] = self._asking.recv()
        return [given.get(host, []) for host in self._hosts]


def address(home: str, number: int) -> str:
    """Of one article; any number has one, and the corpus' pages take turns."""
    return f"{home}2024/03/01/article-{number:08}/"


class _Printed:
    """One page as it goes over the wire."""

    def __init__(self, page: bytes, tag: int) -> None:
        places = [0, *_places(page), len(page)]
        press = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._parts = [page[begin:end] for begin, end in pairwise(places)]
        self._pressed = [press.compress(part) + press.flush(zlib.Z_FULL_FLUSH) for part in self._parts]
        self._pressed[-1] += press.flush()
        size = len(_NUMBER.format(0))
        self._stored = struct.pack("<BHH", 0, size, size ^ 0xFFFF)
        more = (len(self._parts) - 1) * size
        self._size = struct.pack("<I", len(page) + more & 0xFFFFFFFF)
        tagged = _HTML + f'ETag: "{tag:x}"\r\nLast-Modified: Fri, 01 Mar 2024 09:00:00 GMT\r\n'.encode()
        stored = more + (len(self._parts) - 1) * len(self._stored)
        length = len(_GZIP) + sum(map(len, self._pressed)) + stored + 8
        self._head = _head("200 OK", "text/html; charset=utf-8", length, tagged)

    def at(self, number: int) -> bytes:
        """The whole answer."""
        told = _NUMBER.format(number).encode()
        check = zlib.crc32(self._parts[0])
        for part in self._parts[1:]:
            check = zlib.crc32(part, zlib.crc32(told, check))
        body = (self._stored + told).join(self._pressed)
        return b"".join((self._head, _GZIP, body, struct.pack("<I", check), self._size))


def _places(page: bytes) -> list[int]:
    """Ends of the longest paragraphs: on a fifth of pages the very longest is in a box; of 30, on 8 % all are."""
    scripts = [found.span() for found in _SCRIPT.finditer(page)]
    found = [one for one in _PARAGRAPH.finditer(page) if not any(a < one.start() < b for a, b in scripts)]
    return sorted(one.end(1) for one in nlargest(PLACES, found, key=lambda one: len(one[1])))


class _Answering(asyncio.Protocol):
    def __init__(self, printed: Sequence[_Printed], given: dict[str, list[float]]) -> None:
        self._printed, self._given = printed, given
        self._unread = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._host, port = transport.get_extra_info("sockname")
        self._home, self._first = f"http://{self._host}:{port}/", 1000 * (int(self._host.rpartition(".")[2]) - 1)

    def data_received(self, data: bytes) -> None:
        *asked, self._unread = (self._unread + data).split(b"\r\n\r\n")
        for request in asked:
            self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        if article := _ARTICLE.match(request):
            number = int(article[1])
            self._given[self._host].append(time.monotonic())
            return self._printed[number % len(self._printed)].at(number)
        if request.startswith(b"GET /robots.txt "):
            return _whole("200 OK", "text/plain", b"User-agent: *\nAllow: /\n")
        if sitemap := _SITEMAP.match(request):
            numbers = range(self._first, self._first + int(sitemap[1]))
            entries = "".join(_ENTRY.format(address(self._home, number)) for number in numbers)
            xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
            return _whole("200 OK", "application/xml", xml.encode())
        return _whole("404 Not Found", "text/html", b"<html><h1>Nothing</h1></html>")


def _whole(status: str, kind: str, body: bytes) -> bytes:
    return _head(status, kind, len(body)) + body


def _head(status: str, kind: str, length: int, more: bytes = b"") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n".encode() + more + b"\r\n"


def _serve(pages: Sequence[bytes], hosts: Sequence[str], asked: Connection) -> None:
    """In the child, until it is killed."""
    printed, given = [_Printed(page, tag) for tag, page in enumerate(pages)], defaultdict[str, list[float]](list)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        began = time.process_time()
        first = await loop.create_server(lambda: _Answering(printed, given), hosts[0], 0)
        port = first.sockets[0].getsockname()[1]
        if hosts[1:]:
            await loop.create_server(lambda: _Answering(printed, given), hosts[1:], port)

        ended = asyncio.Event()

        def tell() -> None:
            try:
                question = asked.recv()
            except EOFError:  # whoever asked is gone
                return ended.set()
            if question == "times":
                return asked.send(dict(given))
            return asked.send((sum(map(len, given.values())), time.process_time() - began))

        loop.add_reader(asked.fileno(), tell)
        asked.send(port)
        await ended.wait()

    try:
        import uvloop
    except ImportError:
        asyncio.run(run())
    else:
        uvloop.run(run())
