"""SampleSite: the newspaper on 127.0.0.1, over real HTTP/1.1, in threads of this process."""

import gzip
import socket
import struct
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from ewbscraper.sample_site.answer import Answer
from ewbscraper.sample_site.edition import load_edition
from ewbscraper.sample_site.faults import FAULTS, break_answer
from ewbscraper.sample_site.feeds import feed, robots, sitemap
from ewbscraper.sample_site.newspaper import Newspaper
from ewbscraper.sample_site.pages import page
from ewbscraper.sample_site.rest import rest
from ewbscraper.sample_site.truth import truth


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the newspaper was asked."""

    method: str
    path: str
    """With its query, as it came."""
    status: int
    """0 where nothing was answered (`reset`, `hang`)."""
    headers: dict[str, str]


class SampleSite:
    """The newspaper, served from `__init__` to `close`.

    with SampleSite(edition="monday") as site:
        urlopen(site.url + "/feed/")
        site.publish("tuesday")
    """

    def __init__(self, port: int = 0, edition: str = "monday") -> None:
        """`port` 0 is any free one. Raises OSError where the port is taken, ValueError: no such edition."""
        on_show = load_edition(edition)
        self._server = _Server(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.requests: list[Request] = []
        self._faults: dict[str, tuple[str, int | None]] = {}
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._paper = Newspaper(self.url, on_show)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every connection, hanging ones too, and frees the port."""
        self.release()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def publish(self, edition: str) -> None:
        """From the next request on, the newspaper shows `monday` or `tuesday`."""
        self._paper = Newspaper(self.url, load_edition(edition))

    def truth(self) -> list[dict[str, Any]]:
        """What an extractor should find on each readable article of the edition on show (see truth.py)."""
        return truth(self._paper)

    def misbehave(self, path: str, fault: str, times: int | None = None) -> None:
        """Answers requests of a path (without query) with a fault of faults.py, always or so many times.

        Raises ValueError where there is no such fault.
        """
        if fault not in FAULTS:
            raise ValueError(f"no fault {fault!r}: there is {', '.join(FAULTS)}")
        if fault == "hang":
            self._released.clear()
        self._faults[path] = (fault, times)

    def behave(self) -> None:
        """No more faults; who hangs is let go."""
        self._faults.clear()
        self.release()

    def release(self) -> None:
        """Lets go the requests that hang."""
        self._released.set()

    def answer(self, target: str, headers: dict[str, str]) -> Answer:
        """The answer to a request of `target` (path and query), faults included."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        answer = _routed(self._paper, path, dict(parse_qsl(parts.query)), headers)
        fault = self._fault_of(path)
        return break_answer(answer, fault) if fault else answer

    def hang(self) -> None:
        """Returns when `release`, `behave` or `close` says so."""
        self._released.wait()

    def _fault_of(self, path: str) -> str | None:
        with self._lock:
            fault, times = self._faults.pop(path, (None, None))
            if fault and times != 1:
                self._faults[path] = (fault, times - 1 if times else None)
            return fault


def _routed(paper: Newspaper, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    if path == "/robots.txt":
        return robots(paper)
    if path == "/feed/":
        return feed(paper, headers)
    if path.startswith("/wp-json/"):
        return rest(paper, path, query)
    return sitemap(paper, path) or page(paper, path, headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    """So that `server_close` waits for the threads: nothing of a test outlives it."""
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], site: SampleSite) -> None:
        self.site = site
        self.connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """HTTPServer would look the host's name up: nothing leaves this machine."""
        TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().close_request(request)

    def hang_up(self) -> None:
        """Wakes the threads that wait for the next request of a kept-alive connection."""
        for connection in tuple(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    """Head and body leave in one write."""

    def do_GET(self) -> None:
        headers = dict(self.headers.items())
        answer = self.server.site.answer(self.path, headers)
        silent = answer.wire in ("reset", "hang")
        status = 0 if silent else answer.status
        self.server.site.requests.append(Request(self.command, self.path, status, headers))
        if answer.wire == "hang":
            self.server.connections.discard(self.connection)  # it waits for no request: hang_up's FIN would come first
            self.server.site.hang()
        if silent:
            self._reset()
        else:
            self._send(answer)

    do_HEAD = do_GET  # noqa: N815 -- the name that BaseHTTPRequestHandler looks for

    def _send(self, answer: Answer) -> None:
        body, headers = self._compressed(answer)
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD" or answer.status == 304:
            return
        if answer.wire == "half":
            self.close_connection = True
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def _compressed(self, answer: Answer) -> tuple[bytes, dict[str, str]]:
        headers = {"Vary": "Accept-Encoding", **answer.headers}
        wanted = "gzip" in self.headers.get("Accept-Encoding", "") and "image" not in answer.content_type
        if not wanted or not answer.body or "Content-Encoding" in headers:
            return answer.body, headers
        return gzip.compress(answer.body, 5, mtime=0), headers | {"Content-Encoding": "gzip"}

    def _reset(self) -> None:
        """Closing with a linger time of 0 seconds sends RST, not FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Quiet: `SampleSite.requests` has it."""
