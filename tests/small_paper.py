"""A newspaper of a few lines, whose every answer a test may bend."""

import json
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ewbscraper.outlet import Outlet, Source, WordPress

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)

Bent = tuple[int, dict[str, str], str | bytes]
"""Status, headers, body."""


def page(title: str, text: str, published: str | None = "2024-01-01T10:00:00+01:00", head: str = "") -> str:
    """An article page."""
    time = f'<time datetime="{published}">then</time>' if published else ""
    return (
        f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<article><h1>{title}</h1>{time}<p>{text}</p></article></body></html>"
    )


class Server(ThreadingHTTPServer):
    """Ends with its last thread; a client that goes away in the middle is no error of ours."""

    daemon_threads = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class SmallPaper:
    """`posts` maps slugs to number of changes; `bend` gets a path with its query and may answer in our stead.

    `conditions` has the If-None-Match of the last request of each path.
    """

    def __init__(self, posts: int, host: str = "127.0.0.1") -> None:
        self.posts = {f"post-{number}": 0 for number in range(posts)}
        self.bend: Callable[[str], Bent | None] = lambda path: None
        self.asked: list[str] = []
        self.conditions: dict[str, str | None] = {}
        self.sources: tuple[Source, ...] = (WordPress(),)
        paper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paper.asked.append(self.path)
                paper.conditions[self.path] = self.headers["If-None-Match"]
                status, headers, body = paper.bend(self.path) or paper.answer(self.path)
                raw = body if isinstance(body, bytes) else body.encode()
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", **headers, "Content-Length": str(len(raw))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = Server((host, 0), Handler)
        self.home = f"http://{host}:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def outlet(self) -> Outlet:
        return Outlet(slug="small", name="Small", home=self.home, sources=self.sources)

    def address(self, slug: str) -> str:
        return f"{self.home}2024/01/01/{slug}/"

    def answer(self, path: str) -> Bent:
        parts = urlsplit(path)
        if parts.path.startswith("/wp-json/"):
            return self._list(int(parse_qs(parts.query).get("page", ["1"])[0]))
        slug = parts.path.rstrip("/").rpartition("/")[2]
        if slug not in self.posts:
            return 404, {}, page("Not found", "Nothing here.", None)
        return 200, {}, page(f"Headline of {slug}", f"Text of {slug}, version {self.posts[slug]}, long enough to read.")

    def _list(self, number: int) -> Bent:
        newest = sorted(self.posts, key=lambda slug: (self.posts[slug], slug), reverse=True)
        listed = [
            {
                "id": position,
                "link": self.address(slug),
                "modified": f"{FIRST_DAY + timedelta(hours=self.posts[slug]):%Y-%m-%dT%H:%M:%S}",
                "type": "post",
                "content": {"protected": False},
            }
            for position, slug in enumerate(newest)
        ]
        head = {"Content-Type": "application/json", "X-WP-Total": str(len(listed))}
        head["X-WP-TotalPages"] = str(-(-len(listed) // 100))
        return 200, head, json.dumps(listed[100 * (number - 1) : 100 * number])


FIRST = ("/robots.txt", "/.well-known/tdmrep.json")


def entry(paper, slug, news=""):
    return f"<url><loc>{paper.address(slug)}</loc>{news}</url>"


def urlset(*entries):
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'<urlset xmlns="{space}" xmlns:news="{news}">{"".join(entries)}</urlset>'


def listing_of(paper, numbers, more=""):
    links = "".join(f'<h2><a href="{paper.address(f"post-{number}")}">A headline</a></h2>' for number in numbers)
    return page("A list", f'<div>{links}</div><a href="/about-us/">About</a>{more}', None)
