"""What an outlet said of its rights, read out of the WARC for captures that were made before anybody looked."""

import sqlite3
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from ewbscraper.archive.articles.kept import KeptArticle, Place
from ewbscraper.archive.articles.rights import Rights, save_rights
from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import Exchange, read_again, read_exchange
from ewbscraper.errors import PageUnreadable, RecordUnreadable
from ewbscraper.page import Page
from ewbscraper.rights.directives import in_headers, in_page
from ewbscraper.rights.robots import UNKNOWN, RobotsTxt
from ewbscraper.rights.signals import ROBOTS, TDMREP, Signal
from ewbscraper.rights.tdmrep import NO_RULES, PATH, TdmRep, tdmrep


def signals_of(folder: Path, kept: KeptArticle) -> dict[int, tuple[Signal, ...]]:
    """By capture what its headers and its page say; a record that cannot be read is left out. The reader's part."""
    found = dict[int, tuple[Signal, ...]]()
    for place in kept.not_looked_at:
        try:
            exchange = _exchange_at(folder, place)
        except (RecordUnreadable, OSError):
            continue
        found[place.capture] = (*in_headers(exchange.response_headers), *_of_its_page(exchange))
    return found


def _exchange_at(folder: Path, place: Place) -> Exchange:
    return read_again(folder, (place.warc, place.offset), (place.body_warc, place.body_offset))


def _of_its_page(exchange: Exchange) -> list[Signal]:
    try:
        body = kept_content(exchange.body, exchange.response_headers)
        return in_page(Page(body, exchange.url, exchange.content_type))
    except PageUnreadable:
        return []


class FilesOfRuns:
    """robots.txt and tdmrep.json as runs captured them; the writer's part."""

    def __init__(self, db: sqlite3.Connection, folder: Path) -> None:
        self._db, self._folder = db, folder
        self._robots = lru_cache(100)(self._robots_of)
        self._tdmrep = lru_cache(100)(self._tdmrep_of)

    def save(self, said: dict[int, tuple[Signal, ...]]) -> None:
        """The signals of these captures and what the files of their run said, in the caller's open transaction."""
        for number, signals in said.items():
            row = self._db.execute("SELECT url, run FROM captures WHERE id = ?", [number]).fetchone()
            parts = urlsplit(row["url"])
            where = (row["run"], f"{parts.scheme}://{parts.netloc}")
            (robots, robots_in), (rules, rules_in) = self._robots(*where), self._tdmrep(*where)
            says = robots.says(row["url"]) if robots else UNKNOWN
            also = robots.of(row["url"]) if robots else ()
            said_in = {ROBOTS: robots_in, TDMREP: rules_in}
            save_rights(self._db, number, Rights(says, (*signals, *also, *rules.of(row["url"])), said_in))

    def _robots_of(self, run: int, host: str) -> tuple[RobotsTxt | None, int | None]:
        number, status, body = self._file(run, f"{host}/robots.txt")
        if not 200 <= status < 300:
            return (RobotsTxt(None), number) if status >= 400 else (None, None)
        return RobotsTxt(body), number

    def _tdmrep_of(self, run: int, host: str) -> tuple[TdmRep, int | None]:
        number, status, body = self._file(run, f"{host}{PATH}")
        return tdmrep(body) if status == 200 else NO_RULES, number

    def _file(self, run: int, url: str) -> tuple[int | None, int, bytes]:
        """A file of a host as this run captured it, its status, its text; status 0 where it cannot be had."""
        sql = "SELECT id FROM captures WHERE url = ? AND run IS ? ORDER BY id DESC LIMIT 1"
        row = self._db.execute(sql, [url, run]).fetchone()
        if row is None:
            return None, 0, b""
        try:
            exchange = read_exchange(self._db, self._folder, row["id"])
            return row["id"], exchange.status, kept_content(exchange.body, exchange.response_headers)
        except (RecordUnreadable, PageUnreadable, OSError):
            return None, 0, b""
