"""Spiders of many outlets in one process, each of which begins, ends and fails for itself."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Thread
from time import monotonic
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from ewbscraper.crawl.base import NewspaperSpider
from ewbscraper.crawl.running.progress import Progress

GRACE = 5.0
"""Seconds from the first signal until a run ends without the page that it waits for; the next run asks for it."""

ROOM = 50
"""Outlets at once: at a page a second each, what one core reads (docs/more-than-one-machine.md); the others wait."""

Kind = type[NewspaperSpider]
Ended = Callable[[Kind, Spider | None, BaseException | None], None]
"""Gets a spider's class as it ends, the spider where there was one, and why it broke where it did."""


class SideBySide(AsyncCrawlerProcess):
    """Up to ROOM spiders at once, in their order, each at the pace of its outlet.

    Stops within GRACE, also where a page, or a name server's answer, never comes; who still waits is not begun.
    """

    def __init__(self, settings: Settings, ended: Ended) -> None:
        super().__init__(settings)
        self._ended, self._room, self._stopping = ended, asyncio.Semaphore(ROOM), False
        self._under_way: dict[Kind, Crawler] = {}

    def run(self, kinds: Sequence[Kind], arguments: dict[str, Any], minutes: float | None = None) -> None:
        """Runs until all have ended, once a process; after so many minutes none begins, and each ends by itself."""
        from twisted.internet import reactor

        self._kinds, self._arguments = kinds, arguments
        self._until = None if minutes is None else monotonic() + 60 * minutes
        self._progress = Progress(len(kinds))
        reactor.getThreadPool().threadFactory = _Unawaited
        self.start()
        for kind, crawler in self._under_way.items():
            self._ended(kind, crawler.spider, None)

    async def join(self) -> None:
        """Completes when no spider is under way, and none waits."""
        await asyncio.gather(*map(self._when_there_is_room, self._kinds))

    async def stop(self) -> None:
        """Asks the spiders to end; after GRACE the reactor stops without them."""
        self._stopping = True
        asyncio.get_running_loop().call_later(GRACE, self._stop_reactor)
        await super().stop()

    async def _when_there_is_room(self, kind: Kind) -> None:
        async with self._room:
            minutes = None if self._until is None else max(0.0, self._until - monotonic()) / 60
            if not self._stopping and minutes != 0:
                await self._one(kind, self._arguments | {"max_minutes": minutes})

    async def _one(self, kind: Kind, arguments: dict[str, Any]) -> None:
        try:
            crawler = self.create_crawler(kind)
        except Exception as error:  # noqa: BLE001 -- whatever it is: the others go on
            self._ended(kind, None, error)
            return
        self._under_way[kind] = crawler
        self._progress.follow(crawler)
        (task,), _ = await asyncio.wait([self.crawl(crawler, **arguments)])
        del self._under_way[kind]
        self._progress.ended()
        self._ended(kind, crawler.spider, task.exception())


class _Unawaited(Thread):
    """Looks up a name: where the name server hangs, the reactor must not wait for it when it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, daemon=True)

    def join(self, timeout: float | None = None) -> None:
        """Never longer than a moment."""
        super().join(0.1)
