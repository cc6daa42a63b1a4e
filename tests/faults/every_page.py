"""Every page of a reading room in this process: each route of ours, each table, row and query, in each form."""

import asyncio
import re
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from browse_data import build
from datasette.app import Datasette
from kept import exchange
from lxml import html

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.browse.metadata import tables
from ewbscraper.browse.routes import ROUTES

ALIKE = 2
"""Pages of one kind that are asked."""

OURS = ["/", "/?by=share", "/search", "/search?since=1", "/coverage", "/compare", "/runs", "/outlets", "/places"]
OURS += ["/authors", "/tags", "/sections", "/search/cite?since=1", "/search/cite.json?since=1", "/archive"]
OURS += [f"/archive/articles/{number}{what}" for number in (1, 3) for what in ("", "/revisions", ".json")]
OURS += [f"/-/cite/archive/3.{form}" for form in ("bib", "ris", "json")]
OURS += [f"/-/export/archive/articles.{form}" for form in ("json", "ndjson", "csv", "bib", "ris", "csl.json", "atom")]
OURS += [f"/archive/captures/{{}}/{what}" for what in ("page", "raw", "bytes", "picture")]


def kept(path: Path, bodies: list[bytes]) -> list[int]:
    """Builds an archive that has all there is to show, and pages in a real WARC file; the numbers of their captures."""
    build(path)
    with closing(create(path)) as db:
        (last,) = db.execute("SELECT max(id) FROM captures").fetchone()
        writer = WarcWriter(path.parent, "courier", 1)
        for number, body in enumerate(bodies):
            with transaction(db):
                capture = writer.write(exchange(f"https://courier.example/kept/{number}/", body))
                writer.sync()
                store.save_captures(db, 1, [capture], article=3)
        writer.close()
    return list(range(last + 1, last + 1 + len(bodies)))


def every_page(room: Datasette, word: str, capture: int, deep: int = 1) -> dict[str, Any]:
    """The answer of every address: those that are known, and those that their links lead to."""
    names = [*tables()["tables"], *load_queries()]
    first = [address.format(capture) for address in OURS]
    first += [f"{page}?q={word}" for page in ("/search", "/compare", "/search/cite", "/-/export/archive/articles.atom")]
    first += [f"/archive/{name}{form}" for name in names for form in ("", ".json?_labels=on", ".csv", "?_all=1")]
    first += [f"/archive/{name}?words={word}&_show_sql=1" for name in load_queries()]
    first += [f"/-/export/archive/query/{name}.csv" for name in load_queries()]
    first += [f"{page}?sql=select+*+from+captions" for page in ("/archive", "/-/export/archive/sql.csv")]
    first += ["/archive/articles?_facet=headline&_facet=byline", "/archive/frontier?_facet=last_error&_facet=state"]
    return asyncio.run(_every(room, first, deep))


async def _every(room: Datasette, first: list[str], deep: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    alike: Counter[str] = Counter()
    reached = first
    for step in range(deep + 1):
        asked = [path for path in dict.fromkeys(reached) if path not in found and (not step or _is_wanted(path, alike))]
        found |= {path: await room.client.get(path) for path in asked}
        reached = [link for path in asked for link in _links(path, found[path])]
    return found


def is_page(address: str, answer: Any) -> bool:
    """Whether the reading room wrote this as HTML: neither a captured page nor a redirect."""
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    return is_html and answer.status_code != 302 and not address.endswith("/raw")


def kind(address: str) -> str:
    """Alike are pages of one route of ours, and of Datasette's of one table or query, form and depth."""
    path = urlsplit(address).path
    for pattern, _ in ROUTES:
        if re.fullmatch(pattern, path):
            return pattern
    steps = path.split("/")
    return f"{'/'.join(steps[:3]).partition('.')[0]} {len(steps)} {path.rpartition('.')[2] if '.' in steps[-1] else ''}"


def _is_wanted(address: str, alike: "Counter[str]") -> bool:
    alike[kind(address)] += 1
    return alike[kind(address)] <= ALIKE


def _links(path: str, answer: Any) -> list[str]:
    """Paths here that a page links to; one that is malformed on purpose leads nowhere."""
    if not is_page(path, answer):
        return []
    targets = [urldefrag(urljoin(path, str(target)))[0] for target in html.fromstring(answer.text).xpath("//a/@href")]
    return [target for target in targets if target.startswith("/") and not target.startswith("//")]
