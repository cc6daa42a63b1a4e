"""A line on stderr that says how far the runs of this process are, where a person looks on."""

import sys
from contextlib import suppress

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from ewbscraper.crawl.base import session_of

CLEAR = "\r\033[K"


class Progress:
    """Of so many outlets, side by side; of each what it has, when it has an answer."""

    def __init__(self, outlets: int) -> None:
        self._outlets, self._ended, self._shown = outlets, 0, sys.stderr.isatty()

    def follow(self, crawler: Crawler) -> None:
        """One of them begins."""
        if self._shown:
            crawler.signals.connect(self.show, signal=signals.response_received)

    def show(self, spider: Spider) -> None:
        """Rewrites the line; nothing of a spider that keeps nothing."""
        if session := session_of(spider.crawler):
            of_all = f"{self._ended} of {self._outlets} outlets done, " if self._outlets > 1 else ""
            counts = session.counts
            self._write(
                f"{CLEAR}{of_all}{spider.name}: {counts['requests']} requests, {counts['new']} new, "
                f"{counts['changed']} changed, {counts['failed']} failed "
            )

    def ended(self) -> None:
        """One has ended: its own line comes in place of this one."""
        self._ended += 1
        if self._shown:
            self._write(CLEAR)

    def _write(self, line: str) -> None:
        with suppress(OSError):  # the terminal was closed: the runs go on
            sys.stderr.write(line)
            sys.stderr.flush()
