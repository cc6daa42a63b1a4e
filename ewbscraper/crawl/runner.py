"""Running spiders from Python: one reactor a process, so a caller that goes on lives outside (`in_child`)."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, ParamSpec, TypeVar

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from ewbscraper.archive.runs import Run
from ewbscraper.crawl.loader import spider_class
from ewbscraper.crawl.look_spider import Look, LookSpider
from ewbscraper.crawl.spider import OutletSpider
from ewbscraper.errors import EwbScraperError
from ewbscraper.outlet import Outlet
from ewbscraper.processes import end_with_the_parent

GRACE = 5.0
"""Seconds from the first signal until a run ends without the page that it waits for; the next run asks for it."""

P = ParamSpec("P")
T = TypeVar("T")


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


def crawl(archive: Path, outlets: Sequence[Outlet], options: CrawlOptions) -> list[Run | EwbScraperError]:
    """One incremental run of each outlet, side by side in this process, once a process.

    Returns the rows of `runs` in the order of the outlets; in place of a run that could not start, why
    (ArchiveBusy, ArchiveMixed, NotAnArchive), or could not write (Unwritable).
    """
    arguments = {
        "limit": options.limit,
        "max_minutes": options.max_minutes,
        "since": options.since,
        "recheck": options.recheck or None,
        "follow_links": options.follow_links or None,
        "media": options.media or None,
    }
    ended = _run([spider_class(outlet) for outlet in outlets], archive, options, arguments)
    return [one if isinstance(one, EwbScraperError) else one.session.ended for one in ended]


def look(archive: Path, outlet: Outlet, options: CrawlOptions, articles: int, *, others: bool = False) -> Look:
    """Asks robots.txt and the sources, and takes `articles` recent articles apart; keeps nothing.

    Sources are looked for where the outlet names none, and with `others` also those that it does not name.
    """
    spider = type("Look", (LookSpider,), {"name": outlet.slug, "outlet": outlet})
    result: Look = _run([spider], archive, options, {"articles": articles, "others": others})[0].look
    return result


def in_child(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls a function in a process of its own: Twisted's reactor starts once a process."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=end_with_the_parent) as pool:
        return pool.submit(function, *args, **kwargs).result()


class _Unawaited(Thread):
    """Looks up a name: where the name server hangs, the reactor must not wait for it when it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, daemon=True)

    def join(self, timeout: float | None = None) -> None:
        """Never longer than a moment."""
        super().join(0.1)


class _Process(AsyncCrawlerProcess):
    """Stops within GRACE, also where a page, or a name server's answer, never comes."""

    def start(self, *args: Any, **kwargs: Any) -> None:
        """Runs until all spiders have ended."""
        from twisted.internet import reactor

        reactor.getThreadPool().threadFactory = _Unawaited
        super().start(*args, **kwargs)

    async def stop(self) -> None:
        """Asks the spiders to end; after GRACE the reactor stops without them."""
        asyncio.get_running_loop().call_later(GRACE, self._stop_reactor)
        await super().stop()


def _run(spiders: Sequence[Any], archive: Path, options: CrawlOptions, arguments: dict[str, Any]) -> list[Any]:
    settings = Settings()
    settings.setmodule("ewbscraper.crawl.settings", priority="project")
    settings.setdict(_chosen(archive, options), priority="cmdline")
    process = _Process(settings)
    crawlers = [process.create_crawler(spider) for spider in spiders]
    tasks = [process.crawl(crawler, **arguments) for crawler in crawlers]
    process.start()
    for told in (signal.SIGINT, signal.SIGTERM):  # all is saved: a second Ctrl-C, while Python ends, would kill it
        signal.signal(told, signal.SIG_IGN)
    return [_end_of(task, crawler) for task, crawler in zip(tasks, crawlers, strict=True)]


def _end_of(task: Any, crawler: Any) -> Any:
    if task.done():
        try:
            task.result()
        except EwbScraperError as error:
            return error
    elif isinstance(crawler.spider, OutletSpider):
        crawler.spider.close_session("shutdown")
    if isinstance(crawler.spider, OutletSpider) and crawler.spider.session.unwritable:
        return crawler.spider.session.unwritable
    return crawler.spider


def _chosen(archive: Path, options: CrawlOptions) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "EWB_ARCHIVE": str(archive),
        "LOG_LEVEL": "DEBUG" if options.verbose else "ERROR" if options.quiet else "WARNING",
    }
    if options.contact:
        chosen["EWB_CONTACT"] = options.contact
    return chosen
