"""A newspaper of thousands of articles, each made of its number, and what a process that reads it holds."""

import gc
import json
import os
import random
import re
from collections import deque
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from small_paper import Bent, SmallPaper

from ewbscraper.archive.runs import Run
from ewbscraper.crawl import settings
from ewbscraper.crawl.running.runner import CrawlOptions, crawl

SYLLABLES = [
    "ba",
    "ko",
    "vi",
    "še",
    "rđ",
    "ти",
    "но",
    "њу",
    "ла",
    "пре",
    "zu",
    "mi",
    "ðe",
    "tra",
    "ska",
    "ло",
    "ψι",
    "gra",
    "hë",
    "ndr",
    "obi",
    "els",
]


class LongPaper(SmallPaper):
    """`at_each` is called with the number of articles asked for, before each 500th is answered."""

    def __init__(self, articles: int, every: int, at_each: Callable[[int], Any]) -> None:
        super().__init__(posts=0)
        self.articles, self.given = articles, 0
        self._every, self._at_each = every, at_each
        self.bend = self._bent

    def _bent(self, path: str) -> Bent:
        self.asked.clear()
        self.conditions.clear()
        parts = urlsplit(path)
        if parts.path.startswith("/wp-json/"):
            return self._listed(int(parse_qs(parts.query).get("page", ["1"])[0]))
        if not parts.path.startswith("/2024/"):
            return 404, {}, "<html><h1>Nothing</h1></html>"
        self.given += 1
        if self.given % self._every == 0:
            self._at_each(self.given)
        return 200, {"ETag": f'"{hash(path)}"'}, article_page(int(parts.path.strip("/").rpartition("-")[2]))

    def _listed(self, number: int) -> Bent:
        first = 100 * (number - 1)
        posts = [
            {
                "link": self.address(f"post-{one}"),
                "modified": f"2024-01-01T{one // 3600:02}:{one // 60 % 60:02}:{one % 60:02}",
            }
            for one in range(self.articles - first - 1, max(-1, self.articles - first - 101), -1)
        ]
        head = {"X-WP-Total": str(self.articles), "X-WP-TotalPages": str(-(-self.articles // 100))}
        return 200, {"Content-Type": "application/json", **head}, json.dumps(posts)


def article_page(number: int) -> str:
    """Between 2 and 60 kB; words, marks, names and pictures of its own, so that what is kept of each would show."""
    of = random.Random(number)

    def word() -> str:
        return "".join(of.choices(SYLLABLES, k=of.randint(1, 4)))

    def sentence() -> str:
        return " ".join(word() for _ in range(of.randint(6, 24))).capitalize() + "."

    title, author = sentence(), f"{word().title()} {word().title()}"
    paragraphs = [
        f"<p class='p-{number}-{n}'>{' '.join(sentence() for _ in range(4))}</p>" for n in range(of.randint(2, 50))
    ]
    paragraphs[0] = paragraphs[0].replace(">", ">BELGRADE – ", 1)
    figures = [
        f'<figure><img src="/i/{number}-{n}.jpg" alt="{word()}"><figcaption>{sentence()} Photo: {word().title()}'
        "</figcaption></figure>"
        for n in range(of.randint(0, 5))
    ]
    menus = "".join(
        f'<li class="menu-{number}-{n}"><a href="/{word()}/">{word()}</a></li>' for n in range(of.randint(5, 90))
    )
    told = json.dumps(
        {"@type": "NewsArticle", "headline": title, "author": {"name": author}, "keywords": [word(), word()]}
    )
    return (
        f'<html lang="en"><head><meta charset="utf-8"><title>{title} | Long</title>'
        f'<script type="application/ld+json">{told}</script><style>{word() * of.randint(1, 900)}</style></head>'
        f"<ul>{menus}</ul><article><h1>{title}</h1><time datetime='2024-03-{number % 28 + 1:02}T10:00+01:00'>t</time>"
        f"{''.join(map(''.join, zip_longest(paragraphs, figures, fillvalue='')))}</article></body></html>"
    )


def held(process: int) -> tuple[float, int]:
    """Memory of a process now, in MB, and how many descriptors it has open."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) / 1000, len(list(Path(f"/proc/{process}/fd").iterdir()))


class Structures:
    """A Scrapy extension: writes what the crawl has in its queues and in all of Python's containers."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._responses = crawler, 0
        self._out = Path(os.environ["STRUCTURES"])
        crawler.signals.connect(self._seen, signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Structures":
        return cls(crawler)

    def _seen(self) -> None:
        self._responses += 1
        if self._responses % 500 == 0:
            with self._out.open("a") as out:
                out.write(json.dumps({"responses": self._responses, **self._counts()}) + "\n")

    def _counts(self) -> dict[str, int]:
        gc.collect()
        objects = gc.get_objects()
        engine = self._crawler.engine
        return {
            "objects": len(objects),
            "longest": max(len(one) for one in objects if isinstance(one, (list, dict, set, deque))),
            "scheduled": len(engine._slot.scheduler) if engine._slot else 0,  # type: ignore[arg-type]
            "waiting": sum(len(slot.queue) for slot in engine.downloader.slots.values()),
            "scraped": len(engine.scraper.slot.queue) if engine.scraper.slot else 0,
        }


def crawled(archive: Path, paper: Any) -> list[Any]:
    """A crawl that counts what it holds; in a process of its own."""
    settings.EXTENSIONS = {**settings.EXTENSIONS, "long_paper.Structures": 1}
    return crawl(archive, [paper], CrawlOptions())


__all__ = ["LongPaper", "Run", "crawled", "held"]
