"""Crawls of `public.example`, which leads to addresses inside in all ways; a witness listens there (`caught.py`)."""

import json
import os
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from caught import PUBLIC, Net
from small_paper import Server, SmallPaper, page

from ewbscraper.archive.database import read
from ewbscraper.crawl import reach, settings
from ewbscraper.crawl.runner import CrawlOptions, crawl, look
from ewbscraper.discovery import link
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


def of_ours() -> None:
    """Names that are inside."""
    Net.names |= {name: lambda address=address: [address] for name, address in NAMES.items()}
    Net.names["localhost"] = lambda: ["127.0.0.1", "::1"]


def hurry() -> None:
    """As on loopback; and each request resolves its name anew."""
    settings.DOWNLOAD_DELAY, settings.AUTOTHROTTLE_ENABLED, settings.EWB_PAUSE = 0, False, 0.0
    settings.DNSCACHE_ENABLED, settings.DOWNLOAD_TIMEOUT = False, 5


def without(guards: Iterable[str]) -> None:
    """Takes guards off: `look` (of names), `resolver`, `peer`."""
    if "look" in guards:
        link._host = lambda parts: ("any", None) if parts.scheme in ("http", "https") else None
    if "resolver" in guards:
        takes = reach.Attempt.takes
        reach.Attempt.takes = lambda *asked: takes(*asked) or True
    if "peer" in guards:
        reach.Attempt.connected = lambda self, protocol: protocol


def ran(folder: str, outlets: Sequence[Outlet], witness: Witness, paper: Leading, **options: Any) -> dict[str, Any]:
    """A crawl, and what was heard of it where."""
    hurry()
    archive = Path(folder) / "archive.db"
    ended = crawl(
        archive, outlets, CrawlOptions(contact="https://archive.example/", quiet=not os.environ.get("LOUD"), **options)
    )
    with closing(read(archive)) as db:
        errors = {row["url"]: row["last_error"] for row in db.execute("SELECT url, last_error FROM frontier")}
        media = {row["url"]: row["last_error"] for row in db.execute("SELECT url, last_error FROM media")}
        articles = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    return {
        "heard": sorted(set(witness.heard)),
        "connections": witness.connections,
        "asked": paper.asked,
        "served": sorted(paper.served),
        "dialled": sorted(set(Net.dialled)),
        "strangers": sorted(set(Net.strangers)),
        "runs": {run.outlet: [run.outcome, run.needs_a_look] for run in ended},
        "articles": articles,
        "errors": errors,
        "media": media,
    }


def every_way(folder: str, off: Sequence[str] = ()) -> dict[str, Any]:
    """All kinds of leading inside, to every address and name."""
    without(off)
    of_ours()
    witness, paper = Witness(), Leading([*INSIDE, *NAMES])
    return ran(folder, paper.outlets(), witness, paper, media=True, follow_links=True)


def by_names_of_ours(folder: str) -> dict[str, Any]:
    """Names that pass by their look: `www.` before the paper's, and hosts of pictures below it."""
    numbers = [host.strip("[]") for host in INSIDE if host != "localhost"]
    Net.names |= {f"n{n}.public.example": lambda address=address: [address] for n, address in enumerate(numbers)}
    turns = cycle(numbers)
    Net.names["www.public.example"] = lambda: [next(turns)]
    Net.names["both.public.example"] = lambda: ["127.0.0.1", PUBLIC, "::1"]
    witness = Witness()
    paper = Leading(
        [*(f"n{n}.public.example" for n in range(len(numbers))), "www.public.example", "both.public.example"]
    )
    return ran(folder, paper.outlets(), witness, paper, media=True, follow_links=True)


def rebound(folder: str) -> dict[str, Any]:
    """A name that is public until the lists are read; then every second time it is one of the addresses inside."""
    numbers = [host.strip("[]") for host in INSIDE if host != "localhost"]
    witness, paper = Witness(), Leading(numbers)
    turns, moved = count(), list[str]()

    def anew() -> list[str]:
        turn = next(turns)
        if turn < 4 or turn % 2:
            return [PUBLIC]
        moved.append(numbers[turn // 2 % len(numbers)])
        return moved[-1:]

    Net.names["public.example"] = anew
    paper.inside = ["public.example"] * 2 * len(numbers)
    outlet = paper.named("rest", WordPress("/rest"))
    return ran(folder, [outlet], witness, paper) | {"moved": moved}


def at_home_inside(folder: str) -> dict[str, Any]:
    """Newspapers inside: by number and port, by a name with `private=True`, and by names that nobody meant so."""
    of_ours()
    witness = Witness()
    inside = [f"127.0.0.1:{Net.witness[1]}", "127.0.0.1", "localhost:6379", "169.254.169.254", "[::1]:9200"]
    papers = {name: Leading([*inside, "public.example"]) for name in ("number", "six", "intranet", "closed")}
    for address, name in (("10.1.2.3", "intranet"), ("10.1.2.4", "closed")):
        Net.names[f"{name}.example"] = lambda address=address: [address]
        Net.doors[address, 80] = ("127.0.0.1", papers[name].port)
        papers[name].home = f"http://{name}.example/"
    for address, name in (("127.0.0.1", "number"), ("::1", "six")):
        Net.doors[address, papers[name].port] = ("127.0.0.1", papers[name].port)
        papers[name].home = f"http://{f'[{address}]' if ':' in address else address}:{papers[name].port}/"
    without(["look"])
    outlets = [paper.named(name, WordPress("/rest"), private=name == "intranet") for name, paper in papers.items()]
    outlets.append(Outlet(slug="tls", name="TLS", home="https://closed.example/tls/", sources=(Feed("/feed.xml"),)))
    had = ran(folder, outlets, witness, papers["number"], media=True, follow_links=True)
    return had | {"ports": [paper.port for paper in papers.values()]} | {n: len(p.asked) for n, p in papers.items()}


def robots_lead(folder: str, to: Sequence[str]) -> dict[str, Any]:
    """Newspapers, each at a port of its own, whose robots.txt is somewhere else."""
    Net.names["www.public.example"] = lambda: ["127.0.0.1"]
    witness, outlets = Witness(), list[Outlet]()
    for number, where in enumerate(to):
        paper = Leading([], home=f"http://public.example:{81 + number}/")
        Net.doors[PUBLIC, 81 + number] = ("127.0.0.1", paper.port)
        paper.bend = lambda path, where=where: (302, {"Location": where}, "") if path == "/robots.txt" else None
        outlets.append(paper.named(f"robots{number}", Feed("/feed.xml")))
    return ran(folder, outlets, witness, paper)


def found_inside(folder: str) -> dict[str, Any]:
    """A look (`outlets new`, `--dry-run`) at a bare address, the name of which is inside."""
    of_ours()
    witness = Witness()
    hurry()
    bare = Outlet(slug="new", name="new", home="http://loopback.example/")
    seen = look(Path(folder) / "archive.db", bare, CrawlOptions(contact="https://archive.example/", quiet=True), 3)
    return {"problems": seen.problems, "connections": witness.connections, "dialled": Net.dialled}


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


def elsewhere(folder: str) -> dict[str, Any]:
    """Every kind of leading to other schemes and ports."""
    of_ours()
    Net.names["img.public.example"] = lambda: [PUBLIC]
    witness, paper = Witness(), Spelling(OTHERS)
    return ran(folder, paper.outlets(), witness, paper, media=True, follow_links=True)


def nowhere(folder: str) -> dict[str, Any]:
    """Lists, redirects, robots.txt and pictures that lead to no address at all."""
    witness, paper = Witness(), Misspelling(NONE)
    return ran(folder, paper.outlets(), witness, paper, media=True)


def behind_a_proxy(folder: str, off: Sequence[str] = ()) -> dict[str, Any]:
    """The paper's server is the proxy too, at an address inside; what is not the paper's is heard."""
    without(off)
    Net.names["proxy.example"] = lambda: ["10.9.9.9"]
    os.environ.update(http_proxy="http://proxy.example:3128", https_proxy="http://proxy.example:3128")
    witness, paper = Witness(), Leading([*INSIDE, *NAMES])
    Net.doors = {("10.9.9.9", 3128): ("127.0.0.1", paper.port)}

    def ask(address: str) -> Any:
        if address.startswith(paper.home):
            return paper.answer(address.removeprefix(paper.home.rstrip("/")))
        witness.heard.append(urlsplit(address).netloc)
        return (404, {}, "") if address.endswith("/robots.txt") else (200, {}, page("Secret", "Of the inside."))

    paper.bend = ask
    here = SmallPaper(posts=2)
    port = urlsplit(here.home).port
    Net.doors["127.0.0.1", port] = ("127.0.0.1", port)
    secure = Outlet(slug="secure", name="Secure", home="https://secure.example/", sources=(Feed("/feed"),))
    outlets = [*paper.outlets(), secure, here.outlet]
    return ran(folder, outlets, witness, paper, media=True, follow_links=True) | {"here": port}


def entities(folder: str, secret: str) -> dict[str, Any]:
    """A sitemap and a feed whose entities are a file of this disk, or of an address inside."""
    witness, paper = Witness(), Leading(["127.0.0.1"])
    answers = dict[str, str]()
    places = (f"file://{secret}", "http://127.0.0.1/dtd", "http://loopback.example/dtd")
    for number, doctype in enumerate(
        [f'x [<!ENTITY e SYSTEM "{where}">]' for where in places] + [f'x SYSTEM "{where}"' for where in places]
    ):
        head = f'<?xml version="1.0"?><!DOCTYPE {doctype}>'
        loc = f"{paper.home}2024/entity-{'&e;' if '[' in doctype else number}/"
        answers[f"/map-{number}.xml"] = f"{head}<urlset><url><loc>{loc}</loc></url></urlset>"
        item = f"<item><title>t</title><link>{loc}</link></item>"
        answers[f"/feed-{number}.xml"] = f'{head}<rss version="2.0"><channel>{item}</channel></rss>'
    paper.bend = lambda path: (200, {"Content-Type": "text/xml"}, answers[path]) if path in answers else None
    sources = [Feed(path) if "feed" in path else Sitemap(path) for path in answers]
    return ran(folder, [paper.named(f"xml{n}", source) for n, source in enumerate(sources)], witness, paper)
