"""Running spiders from Python: one reactor a process, so a caller that goes on lives outside (`in_child`)."""

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from scrapy.settings import Settings

from ewbscraper.archive.runs import Run
from ewbscraper.crawl.running.loader import spider_class
from ewbscraper.crawl.running.side_by_side import Ended, Kind, SideBySide
from ewbscraper.crawl.spiders.look_spider import Look, LookSpider
from ewbscraper.errors import EwbScraperError
from ewbscraper.outlet import Outlet
from ewbscraper.processes import end_with_the_parent, fresh

P = ParamSpec("P")
T = TypeVar("T")
Result = Run | Exception
"""A run's row; or why there is none: it could not start (ArchiveBusy, ...), could not write (Unwritable), or broke."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What the command line may say of a crawl."""

    limit: int | None = None
    """Articles to ask for at most."""
    max_minutes: float | None = None
    """Minutes after which nothing more is asked for; what waits is left for the next run."""
    since: str | None = None
    """ISO day: only links that the source says changed since."""
    recheck: bool = False
    """Every archived article again, changed or not."""
    follow_links: bool = False
    """Also what archived articles link to, on the outlet's own host."""
    media: bool = False
    """Also the pictures and styles that the pages need."""
    contact: str | None = None
    """Address or URL in the user agent, for the outlet's administrators."""
    verbose: bool = False
    quiet: bool = False
    """Only faults of ours on stderr."""


def crawl(
    archive: Path,
    outlets: Sequence[Outlet],
    options: CrawlOptions,
    told: Callable[[str, Result], object] = lambda slug, result: None,
) -> list[Result]:
    """One incremental run of each outlet, side by side in this process, once a process.

    `told` gets each with its slug as it ends; what it raises is raised when all have ended. Returns them in the order
    of the outlets, without those that were not begun when it was told to stop, or its time was over.
    """
    results: dict[str, Result] = {}
    unsaid = list[Exception]()

    def ended(kind: Kind, spider: Any, error: BaseException | None) -> None:
        results[kind.name] = _result(spider, error)
        try:
            told(kind.name, results[kind.name])
        except Exception as why:  # noqa: BLE001 -- a log on a full disk, a closed pipe: the others go on
            unsaid.append(why)

    arguments = {
        "limit": options.limit,
        "since": options.since,
        "recheck": options.recheck or None,
        "follow_links": options.follow_links or None,
        "media": options.media or None,
    }
    _run(archive, options, ended, [spider_class(outlet) for outlet in outlets], arguments, options.max_minutes)
    for why in unsaid:
        raise why
    return [results[outlet.slug] for outlet in outlets if outlet.slug in results]


def look(
    archive: Path, outlets: Sequence[Outlet], options: CrawlOptions, articles: int, *, others: bool = False
) -> list[Look]:
    """Asks robots.txt and the sources, and takes `articles` recent articles apart; keeps nothing. Once a process.

    Sources are looked for where an outlet names none, and with `others` also those that it does not name.
    Raises what broke one of them.
    """
    looks = {outlet.slug: Look(outlet) for outlet in outlets}
    errors = list[BaseException]()

    def ended(kind: Kind, spider: Any, error: BaseException | None) -> None:
        if error:
            errors.append(error)
        else:
            looks[kind.name] = spider.look

    kinds = [type("Look", (LookSpider,), {"name": outlet.slug, "outlet": outlet}) for outlet in outlets]
    _run(archive, options, ended, kinds, {"articles": articles, "others": others})
    for error in errors:
        raise error
    return list(looks.values())


def in_child(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls a function in a process of its own: Twisted's reactor starts once a process."""
    with ProcessPoolExecutor(1, mp_context=fresh(), initializer=end_with_the_parent) as pool:
        return pool.submit(function, *args, **kwargs).result()


def _run(
    archive: Path,
    options: CrawlOptions,
    ended: Ended,
    kinds: Sequence[Kind],
    arguments: dict[str, Any],
    minutes: float | None = None,
) -> None:
    settings = Settings()
    settings.setmodule("ewbscraper.crawl.settings", priority="project")
    settings.setdict(_chosen(archive, options), priority="cmdline")
    try:
        process = SideBySide(settings, ended)
    except PackageNotFoundError as error:  # Scrapy asks for versions; with too few descriptors it finds none
        cure = "let it open more files (`ulimit -n 1024`), or install ewbscraper anew"
        raise EwbScraperError(f"{error}: {cure}") from error
    process.run(kinds, arguments, minutes)
    for told in (signal.SIGINT, signal.SIGTERM):  # all is saved: a second Ctrl-C, while Python ends, would kill it
        signal.signal(told, signal.SIG_IGN)


def _result(spider: Any, error: BaseException | None) -> Result:
    if isinstance(error, Exception):
        return error
    session = spider.session
    try:
        if not (session.ended or session.unwritable):  # told to stop, and in the middle of a page after its grace
            spider.close_session("shutdown")
    except Exception as why:  # noqa: BLE001 -- whatever it is: the others go on
        return why
    badly = EwbScraperError(f"{spider.name}: its run did not end well: run it again, what was saved is whole")
    return session.unwritable or session.ended or badly


def _chosen(archive: Path, options: CrawlOptions) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "EWB_ARCHIVE": str(archive),
        "LOG_LEVEL": "DEBUG" if options.verbose else "ERROR" if options.quiet else "WARNING",
    }
    if options.contact:
        chosen["EWB_CONTACT"] = options.contact
    return chosen
