"""What `outlets new` and `outlets check` do: a look at a live site, and what becomes of it."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.frontier.looks import SeenBefore, last_look, save_look
from ewbscraper.archive.times import utc_now
from ewbscraper.crawl.command import as_row
from ewbscraper.crawl.running import runner
from ewbscraper.crawl.running.runner import CrawlOptions
from ewbscraper.crawl.spiders.look_spider import Look, Sample
from ewbscraper.errors import BadOutlet
from ewbscraper.outlet import Outlet, as_code, key_of

GOLDEN = 3
"""Pages that are kept as tests."""
ENOUGH = 5
"""Articles from which on a field's share says something."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where `outlets new` writes."""

    outlets: Path
    pages: Path

    def file(self, outlet: Outlet) -> Path:
        """The file of an outlet."""
        return self.outlets / f"{outlet.slug.replace('-', '_')}.py"


def new(
    archive: Path, outlet: Outlet, chosen: CrawlOptions, folders: Folders, articles: int, *, force: bool
) -> dict[str, Any]:
    """Looks at a site, and writes its definition and golden pages where a source answered and articles were found.

    Raises BadOutlet where there is a definition already, unless forced: nothing is asked then.
    """
    if not force and (folders.file(outlet).exists() or (outlet.sources and not outlet.found_at)):
        raise BadOutlet(f"{outlet.slug} is defined already: --force writes {folders.file(outlet)} anew")
    bare = Outlet(slug=outlet.slug, name=outlet.name, home=outlet.home, country=outlet.country)
    (look,) = runner.look(archive, [bare], chosen, articles)
    row = {**as_row(archive, look), "file": None, "pages": []}
    if look.interrupted:
        return row
    _remember(archive, look)
    if look.answered and look.samples:
        row["file"], row["pages"] = _write(look, folders)
    return row


def check(archive: Path, outlet: Outlet, chosen: CrawlOptions, articles: int) -> dict[str, Any]:
    """Looks again, names what changed since the last look, and remembers what it saw for the next one.

    A look that was interrupted saw nothing of what it did not ask: it is neither compared nor remembered.
    """
    (look,) = runner.look(archive, [outlet], chosen, articles, others=True)
    row = {**as_row(archive, look), "compared_with": None, "worse": [], "more": []}
    if look.interrupted:
        return row
    before = _remember(archive, look)
    worse, others = (list(_worse(look, before)) if before else []), list(_others(look, before))
    return {**row, "compared_with": before.looked if before else None, "worse": worse, "more": others}


def _remember(archive: Path, look: Look) -> SeenBefore | None:
    """Keeps the look; returns the one before."""
    with closing(create(archive)) as db, transaction(db):
        before = last_look(db, look.outlet.slug)
        seen = [key_of(source) for source in (*look.answering, *look.others)]
        save_look(db, look.outlet.slug, seen if look.answering else [], len(look.samples), look.coverage)
    return before


def _worse(look: Look, before: SeenBefore) -> Iterator[str]:
    seen = {key_of(source) for source in (*look.answering, *look.others)}
    for kind, path in before.sources:
        if (kind, path) not in seen:
            yield f"{kind} {path} answers no longer, as it did on {before.looked[:10]}"
    now = len(look.samples)
    for name, number in before.coverage.items() if min(now, before.articles) >= ENOUGH else ():
        if number and look.coverage[name] / now <= number / before.articles / 2:
            yield f"{name} found on {look.coverage[name]} of {now} articles, on {number} of {before.articles} before"


def _others(look: Look, before: SeenBefore | None) -> Iterator[str]:
    for source in look.others:
        kind, path = key_of(source)
        if before is None or (kind, path) not in before.sources:
            yield f"{kind} {path} answers too, and the definition does not name it"


def _write(look: Look, folders: Folders) -> tuple[str, list[str]]:
    languages = {sample.article.language for sample in look.samples}
    language = languages.pop() if len(languages) == 1 else None
    outlet = replace(look.outlet, language=language, tried_live=utc_now()[:10])
    path = folders.file(outlet)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_code(outlet), encoding="utf-8")
    pages = folders.pages / outlet.slug
    pages.mkdir(parents=True, exist_ok=True)
    richest = sorted(look.samples, key=lambda one: -len(one.article.found_by))
    named = {name_of_page(sample.url): sample for sample in reversed(richest)}  # of two of one name the richer one
    chosen = list(reversed(named.items()))[:GOLDEN]
    return str(path), [str(_write_page(sample, pages / f"{stem}.html")) for stem, sample in chosen]


def name_of_page(url: str) -> str:
    """The name of a page's file: the last part of its address, with its query where it has one."""
    parts = urlsplit(unquote(url))
    name = parts.path.strip("/").rpartition("/")[2].removesuffix(".html")
    return re.sub(r"[^\w-]+", "-", f"{name}-{parts.query}").strip("-")[:80] or "page"


def _write_page(sample: Sample, page: Path) -> Path:
    """The page as it came, and beside it what was taken from it."""
    page.write_bytes(sample.body)
    text = json.dumps(sample.article.to_dict(), ensure_ascii=False, indent=2) + "\n"
    page.with_suffix(".json").write_text(text, encoding="utf-8")
    return page
