"""`public.example`, a newspaper which leads to addresses inside in all ways, and a witness that listens there."""

import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from caught import PUBLIC, Net
from small_paper import Server, SmallPaper, page

from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, WordPress

INSIDE = (
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.8.8.8", "0.0.0.0", "0"),
    *("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.100.100.200", "169.254.169.254", "0xa9fea9fe", "192.0.0.192"),
    *("168.63.129.16", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
    *("[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]"),
    *("[ff02::1]", "localhost"),
)
"""Loopback, private, link-local and metadata addresses, and those that are nobody's, as an address may spell them."""
NAMES = {
    "loopback.example": "127.0.0.1",
    "metadata.example": "169.254.169.254",
    "private.example": "10.0.0.1",
    "six.example": "::1",
    "mapped.example": "::ffff:127.0.0.1",
}
STATUSES = (301, 302, 303, 307, 308)


class Witness:
    """What listens inside. Nothing may be heard by it."""

    def __init__(self) -> None:
        self.heard, self.connections = list[str](), 0
        witness = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                witness.heard.append(self.path)
                body = page("Secret", "Of the inside, long enough to be read.").encode()
                self.send_response(404 if self.path == "/robots.txt" else 200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        class Listening(Server):
            def verify_request(self, request: Any, client_address: Any) -> bool:
                witness.connections += 1
                return True

        server = Listening(("127.0.0.1", 0), Handler)
        Net.witness = server.server_address[:2]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()


class Leading(SmallPaper):
    """A public newspaper, each answer of which leads inside; `served` has every place that it led to."""

    def __init__(self, inside: Sequence[str], home: str = "http://public.example/") -> None:
        super().__init__(posts=0)
        self.inside, self.home, self.served = inside, home, set[str]()
        self.port = self._server.server_address[1]
        Net.doors[PUBLIC, 80] = ("127.0.0.1", self.port)
        Net.names["public.example"] = lambda: [PUBLIC]

    def to(self, kind: str, number: int) -> str:
        self.served.add(f"{kind}-{number}")
        return f"http://{self.inside[number]}/{kind}-{number}"

    def all_to(self, kind: str) -> list[str]:
        return [self.to(kind, number) for number in range(len(self.inside))]

    def posts_of(self, *kinds: str) -> list[str]:
        return [f"{self.home}2024/{kind}-{number}/" for kind in kinds for number in range(len(self.inside))]

    def answer(self, path: str) -> Any:
        parts = urlsplit(path)
        name = parts.path.strip("/").rpartition("/")[2]
        kind, _, number = name.rpartition("-")
        if parts.path.startswith("/2024/") and number.isdigit() and int(number) < len(self.inside):
            return self.post(kind, int(number))
        return self.source(name, kind, number)

    def post(self, kind: str, number: int) -> Any:
        if kind in ("redirect", "hop"):
            return STATUSES[number % 5], {"Location": self.to(kind, number)}, ""
        if kind == "chain":
            return 302, {"Location": f"/2024/hop-{number}/"}, ""
        text = f"Text of {kind} {number}, a sentence that is long enough to be read."
        if kind == "pages":
            text += f"</p><div class=page-links><a rel=next href={self.to(kind, number)}>2</a></div><p>"
        if kind == "article":
            text += f" <a href={self.to('link', number)}>More</a></p><img src={self.to('image', number)}><p>More of it."
        head = (
            f"<link rel=canonical href={self.to('canonical', number)}><link rel=next href={self.to('next', number)}>"
            f"<meta property=og:url content={self.to('canonical', number)}>"
            f'<meta http-equiv=refresh content="0; url={self.to("refresh", number)}">'
        )
        return 200, {}, page(f"Headline of {kind} {number}", text, head=head if kind == "article" else "")

    def source(self, name: str, kind: str, number: str) -> Any:
        xml = {"Content-Type": "text/xml"}
        if name == "robots.txt":
            return 200, {"Content-Type": "text/plain"}, "\n".join(f"Sitemap: {url}" for url in self.all_to("robots"))
        if name == "rest":
            urls = self.posts_of("redirect", "chain", "pages", "article") + self.all_to("rest")
            body = [{"id": 1, "link": url, "type": "post", "content": {"protected": False}} for url in urls]
            return 200, {"Content-Type": "application/json", "X-WP-TotalPages": "1"}, json.dumps(body)
        if name == "index.xml":
            maps = [f"{self.home}map.xml", *self.all_to("index")]
            return (
                200,
                xml,
                f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in maps)}</sitemapindex>",
            )
        if name == "map.xml":
            urls = [f"{self.home}2024/mapped-1/", *self.all_to("sitemap")]
            return 200, xml, f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"
        if name == "feed.xml":
            items = "".join(f"<item><title>t</title><link>{url}</link></item>" for url in self.all_to("feed"))
            return 200, xml, f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
        if kind == "moved":
            return 302, {"Location": self.to(kind, int(number))}, ""
        if kind == "list":
            links = (
                f"<a class=l href=/2024/listed-{number}/>own</a><a class=l href={self.to('listing', int(number))}>a</a>"
            )
            return (
                200,
                {},
                f"<html><main>{links}<a class=next href={self.to('pagination', int(number))}>n</a></main></html>",
            )
        if name == "bare":
            head = f"<link rel=alternate type=application/rss+xml href={self.to('hint', 0)}>"
            return (
                200,
                {"Link": f'<{self.to("api", 0)}/>; rel="https://api.w.org/"'},
                page("Front", "Front page", head=head),
            )
        return 404, {}, page("Not found", "Nothing here.", None)

    def outlets(self) -> list[Outlet]:
        numbers = range(len(self.inside))
        return [
            self.named("rest", WordPress("/rest")),
            self.named("index", Sitemap("/index.xml")),
            self.named("feed", Feed("/feed.xml")),
            self.named("list", *(Listing(f"/list-{number}", links="a.l", next="a.next") for number in numbers)),
            self.named("moved", *(Sitemap(f"/moved-{number}") for number in numbers)),
            self.named("bare"),
        ]

    def named(self, slug: str, *sources: Any, **more: Any) -> Outlet:
        return Outlet(slug=slug, name=slug, home=f"{self.home}{slug}/", sources=sources, **more)


OTHERS = (
    *("file:///etc/hostname", "file://public.example/etc/hostname", "ftp://public.example/x", "s3://public.example/x"),
    *("data:text/html,<h1>x</h1>", "gopher://public.example/", "javascript:alert(1)", "ws://public.example/"),
    *("http://public.example:8080/x", "http://public.example:6379/x", "https://public.example:8443/x"),
    *("http://public.example:443/x", "http://img.public.example:6379/x.png", "http://public.example@127.0.0.1/x"),
    *(
        "http://127.0.0.1#@public.example/",
        "http://127.0.0.1\\@public.example/",
        "http:\\\\127.0.0.1\\x",
        "//127.0.0.1/x",
    ),
    *("///127.0.0.1/x", "http:127.0.0.1/x", "http:///127.0.0.1/x", "http://127.0.0.1:80\\.public.example/"),
)
"""Other schemes, other ports, and spellings that readers of addresses disagree about."""
NONE = (
    *(
        "http://[::1",
        "http://[",
        "http://]/",
        "http://127.0.0.1:99999/",
        "http://public.example:abc/",
        "http:///",
        "//",
    ),
    *("http://public.example:0/", "http://public.example:-1/", "http://[::1%25lo]/", "http://[v1.x]/", "http://%00/"),
    *("http://ex\u2100ample/", "://", "http://a..public.example/", "http://" + "a" * 70 + ".public.example/"),
    *(
        "http://.public.example/",
        "http://-.public.example/",
        "http://a%00.public.example/",
        "http://\u2488.public.example/",
    ),
)
"""What is no address, or that of no host."""


class Spelling(Leading):
    """Leads to whole addresses; `up-0` from http to https, at the same host."""

    def to(self, kind: str, number: int) -> str:
        self.served.add(f"{kind}-{number}")
        return self.inside[number]

    def post(self, kind: str, number: int) -> Any:
        if kind == "up":
            return 301, {"Location": "https://public.example/2024/up-0/"}, ""
        return super().post(kind, number)

    def posts_of(self, *kinds: str) -> list[str]:
        return [*super().posts_of(*kinds), f"{self.home}2024/up-0/"]


class Misspelling(Spelling):
    """Its pages have no links but pictures."""

    def post(self, kind: str, number: int) -> Any:
        if kind not in ("article", "pages"):
            return super().post(kind, number)
        text = (
            f"Text of {kind} {number}, long enough to be read.</p><img src='{self.to('image', number)}'><p>More of it."
        )
        return 200, {}, page(f"Headline of {kind} {number}", text)

    def outlets(self) -> list[Outlet]:
        return [outlet for outlet in super().outlets() if outlet.slug not in ("bare", "list")]
