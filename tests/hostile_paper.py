"""A newspaper whose server does its worst: a path says what."""

import gzip
import itertools
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator

from small_paper import page

ENDLESS = 30_000_000
"""Bytes after which even the endless ends, so that a client without a limit fails the test and not the machine."""


def text(name: str) -> bytes:
    return page(f"Headline of {name}", f"Text of {name}, a sentence that is long enough to be read.").encode()


def head(length: int | None, *lines: str, status: str = "200 OK") -> bytes:
    size = [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join(
        [f"HTTP/1.1 {status}", "Content-Type: text/html", "Connection: close", *size, *lines, "", ""]
    ).encode()


def endless(begin: bytes, again: bytes) -> Iterator[bytes]:
    yield begin
    yield from itertools.repeat(again * 1000, ENDLESS // len(again) // 1000)


def whole(body: bytes, *lines: str, status: str = "200 OK") -> Iterator[bytes]:
    yield head(len(body), *lines, status=status) + body


class HostilePaper:
    """Ten good posts, `good-0` to `good-9`, and between them one of each trouble of `troubles`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self._cookies, self._closing = itertools.count(), threading.Event()
        self.troubles: dict[str, Callable[[str], Iterator[bytes]]] = {
            "drip": self._drip,
            "endless-body": lambda path: endless(head(None), b"<p>more</p>"),
            "endless-head": lambda path: endless(b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n"),
            "reset": lambda path: iter([b""]),
            "no-http": lambda path: iter([b"SSH-2.0-OpenSSH_9.2\r\n"]),
            "loop": lambda path: whole(b"", f"Location: {path.split('?')[0]}?{len(self.asked)}", status="302 Found"),
            "too-long": lambda path: iter([head(1_000_000) + text("too-long")]),
            "too-short": lambda path: iter([head(40) + text("too-short")]),
            "bomb": lambda path: whole(gzip.compress(bytes(200_000_000), 9), "Content-Encoding: gzip"),
            "endless-pages": self._pages,
            "false-encoding": lambda path: whole(text("x"), "Content-Encoding: rot13"),
        }
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.home = f"http://127.0.0.1:{self._server.getsockname()[1]}/"
        self.bend: Callable[[str], Iterator[bytes] | None] = lambda path: None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()

    def slugs(self) -> list[str]:
        """As they are listed, newest first."""
        bad = iter(self.troubles)
        return [slug for n in range(10) for slug in (next(bad, None), f"good-{n}") if slug] + list(bad)

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            request = b""
            while b"\r\n\r\n" not in request and (part := connection.recv(65536)):
                request += part
            if not request:
                return
            path = request.split()[1].decode()
            self.asked.append((path, request.decode("latin-1")))
            try:
                for part in self.bend(path) or self._parts(path):
                    if not part:  # RST, not FIN
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.sendall(part)
            except OSError:
                return

    def _parts(self, path: str) -> Iterator[bytes]:
        if path.startswith("/wp-json"):
            posts = [
                {"link": f"{self.home}2024/{slug}/", "modified": f"2024-01-01T00:00:{59 - n:02}"}
                for n, slug in enumerate(self.slugs())
            ]
            return whole(json.dumps(posts).encode())
        slug = path.removeprefix("/2024/").split("/")[0].split("?")[0]
        if slug in self.troubles:
            return self.troubles[slug](path)
        if slug.startswith("good"):
            return whole(text(slug), f"Set-Cookie: session={next(self._cookies)}")
        return whole(b"", status="404 Not Found")

    def _drip(self, path: str) -> Iterator[bytes]:
        yield head(100_000)
        while not self._closing.wait(0.05):
            yield b"x"

    def _pages(self, path: str) -> Iterator[bytes]:
        """Each page names the next."""
        number = int(path.rstrip("/").rpartition("/")[2]) if path.count("/") > 3 else 1
        link = f'<p class="page-links"><a href="/2024/endless-pages/{number + 1}/">{number + 1}</a></p></article>'
        return whole(text(f"page {number}").replace(b"</article>", link.encode()))
