"""Crawls of papers that lead inside (`reach_paper.py`), for a process out of which nothing gets (`caught.py`)."""

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from caught import PUBLIC, Net
from reach_paper import INSIDE, NAMES, NONE, OTHERS, Leading, Misspelling, Spelling, Witness
from small_paper import SmallPaper, page

from ewbscraper.archive.database import read
from ewbscraper.crawl import settings
from ewbscraper.crawl.connections import reach
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, look
from ewbscraper.discovery import link
from ewbscraper.outlet import Feed, Outlet, Sitemap, WordPress


def of_ours() -> None:
    """Names that are inside."""
    Net.names |= {name: lambda address=address: [address] for name, address in NAMES.items()}
    Net.names["localhost"] = lambda: ["127.0.0.1", "::1"]


def hurry() -> None:
    """As on loopback; and each request resolves its name anew."""
    settings.DOWNLOAD_DELAY, settings.AUTOTHROTTLE_ENABLED, settings.EWB_PAUSE = 0, False, 0.0
    settings.DNSCACHE_ENABLED, settings.DOWNLOAD_TIMEOUT = False, 30


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
    chosen = CrawlOptions(contact="https://archive.example/", quiet=True)
    (seen,) = look(Path(folder) / "archive.db", [bare], chosen, 3)
    return {"problems": seen.problems, "connections": witness.connections, "dialled": Net.dialled}


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
