"""What `ewbscraper crawl` does: checks before, spiders, plain data after."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ewbscraper.archive.connection import transaction, writing
from ewbscraper.archive.database import create, read
from ewbscraper.archive.frontier.found import refuse_to_mix
from ewbscraper.archive.runs import last_begun
from ewbscraper.crawl.base import remembered_contact
from ewbscraper.crawl.named import all_outlets, outlet_named, whole_host
from ewbscraper.crawl.running import runner
from ewbscraper.crawl.running.runner import CrawlOptions
from ewbscraper.crawl.settings import DOWNLOAD_DELAY
from ewbscraper.crawl.spiders.look_spider import Look
from ewbscraper.crawl.spiders.spider import NO_CONTACT
from ewbscraper.errors import BadOutlet
from ewbscraper.outlet import Outlet

TYPICAL_PAGE = 60_000
"""Bytes on the wire of an article page, gzip: the mean over 258 news pages; used until the archive knows better."""

Ended = dict[str, Any] | Exception
"""A row of `runs`, or why there is none."""


def options(archive: Path, *, contact: str | None = None, since: datetime | None = None, **more: Any) -> CrawlOptions:
    """The options as the command line has them; the contact that the archive remembers where none is named."""
    day = since.strftime("%Y-%m-%d") if since else None
    return CrawlOptions(contact=contact or remembered_contact(archive), since=day, **more)


def definitions(names: Sequence[str], archive: Path) -> list[Outlet]:
    """The outlets of these slugs and addresses, each once. Raises NoSuchOutlet with the nearest names, BadOutlet."""
    outlets: dict[str, Outlet] = {}
    for outlet in (outlet_named(name, archive) for name in names):
        if outlets.get(outlet.slug, outlet).place == outlet.place:
            outlets[outlet.slug] = outlet
        else:  # two new ones at once: paper.rs and paper.ba
            outlets[whole_host(outlet)] = replace(outlet, slug=whole_host(outlet))
    return list(outlets.values())


def tried_outlets(archive: Path) -> tuple[list[Outlet], list[BadOutlet]]:
    """Every outlet whose live site has been seen (`--all`), and the definitions that cannot be used.

    First those that have waited longest: where time is over before the last has begun, it is the first next time.
    Raises BadOutlet where there is none.
    """
    broken, last = list[BadOutlet](), last_begun(archive)
    outlets = all_outlets(archive, broken).items()
    tried = list[Outlet]()
    for slug in (slug for slug, outlet in outlets if outlet.tried_live):
        try:
            tried.append(outlet_named(slug, archive))
        except BadOutlet as error:
            broken.append(error)
    if not tried:
        none = BadOutlet("no outlet has been tried live yet: `ewbscraper outlets check SLUG` does it")
        raise next(iter(broken), none)
    return sorted(tried, key=lambda outlet: last.get(outlet.slug, "")), broken


def open_archive(archive: Path, outlets: Sequence[Outlet], chosen: CrawlOptions) -> None:
    """Makes the archive where there is none, and remembers the contact.

    Raises ArchiveMixed where invented and real articles would meet, BadOutlet where a public site would be asked
    without a contact, NotAnArchive: nothing is made then.
    """
    if archive.is_file():
        with closing(read(archive)) as db:
            for outlet in outlets:
                refuse_to_mix(db, archive, outlet.slug)
    for outlet in outlets:
        if not outlet.on_this_machine and not chosen.contact:
            raise BadOutlet(NO_CONTACT.format(slug=outlet.slug))
    with closing(create(archive)) as db, writing(archive), transaction(db):
        if chosen.contact:
            db.execute("INSERT OR REPLACE INTO about VALUES ('contact', ?)", [chosen.contact])


def crawl(
    archive: Path, outlets: Sequence[Outlet], chosen: CrawlOptions, told: Callable[[str, Ended], object]
) -> dict[str, Ended]:
    """By slug, in the order of the outlets, how each ended; `told` gets each as it ends."""

    def tell(slug: str, result: runner.Result) -> None:
        ended[slug] = result if isinstance(result, Exception) else asdict(result)
        told(slug, ended[slug])

    ended: dict[str, Ended] = {}
    runner.crawl(archive, outlets, chosen, tell)
    return {outlet.slug: ended[outlet.slug] for outlet in outlets if outlet.slug in ended}


def dry_run(archive: Path, outlets: Sequence[Outlet], chosen: CrawlOptions) -> dict[str, dict[str, Any]]:
    """By slug: what robots.txt allows, which sources answered, how many articles are known, what a crawl would take."""
    return {look.outlet.slug: as_row(archive, look) for look in runner.look(archive, outlets, chosen, articles=0)}


def as_row(archive: Path, look: Look) -> dict[str, Any]:
    """A look as plain data, beside what the archive knows of the outlet."""
    outlet = look.outlet
    known, mean = _known(archive, outlet)
    waiting = max(look.articles - known, 0)
    pace = max(DOWNLOAD_DELAY, look.crawl_delay or 0.0)
    return {
        "outlet": outlet.slug,
        "name": outlet.name,
        "home": outlet.home,
        "tried_live": outlet.tried_live,
        "robots_allow": look.robots_allow,
        "crawl_delay": look.crawl_delay,
        "sources": [asdict(answer) for answer in look.answers],
        "answered": look.answered,
        "listed": look.articles,
        "listed_whole": look.whole,
        "archived": known,
        "hours": round(waiting * pace / 3600, 1),
        "gigabytes": round(waiting * mean / 1e9, 2),
        "taken_apart": len(look.samples),
        "coverage": dict(look.coverage),
        "problems": look.problems,
        "notes": look.notes,
        "interrupted": look.interrupted,
    }


def _known(archive: Path, outlet: Outlet) -> tuple[int, float]:
    """How many of its articles are archived, and the mean size of their pages on the wire."""
    if not archive.is_file():
        return 0, TYPICAL_PAGE
    with closing(read(archive)) as db:
        number = db.execute("SELECT count(*) FROM articles WHERE outlet = ?", [outlet.slug]).fetchone()[0]
        mean = db.execute(
            "SELECT avg(bytes) FROM captures JOIN articles ON articles.id = article WHERE outlet = ?",
            [outlet.slug],
        ).fetchone()[0]
    return number, mean or TYPICAL_PAGE
