"""One outlet's share of an import: a run like any other, with its lock and its row."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.rights import Rights, save_rights
from ewbscraper.archive.connection import is_of_the_disk, transaction, unwritable, writing
from ewbscraper.archive.database import create, outlets_in
from ewbscraper.archive.frontier import found
from ewbscraper.archive.locks import lock
from ewbscraper.archive.takedown.sweep import also_withheld, sweep_and_seal
from ewbscraper.archive.warc.content import kept_content
from ewbscraper.archive.warc.reader import Capture, Headers, read_again, read_capture
from ewbscraper.crawl.named import is_defined
from ewbscraper.errors import NotAnArticle, NotHad, PageUnreadable, RecordUnreadable, Withheld
from ewbscraper.extraction.pages import next_pages
from ewbscraper.intake import CapturedPage, take_in
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page, clean_url
from ewbscraper.rights.directives import in_headers, in_page
from ewbscraper.rights.robots import UNKNOWN
from ewbscraper.rights.signals import Signal

Nearest = Callable[[str, str], Capture | None]
"""The capture of another address, of about the same time."""


class ImportRun:
    """Raises ArchiveBusy, ArchiveMixed, NotAnArchive when it is entered."""

    def __init__(self, archive: Path, outlet: Outlet, command: str, needs_a_look: list[str]) -> None:
        self._archive, self._outlet, self._command = archive, outlet, command
        self._needs_a_look, self._counts, self._since = needs_a_look, Counter[str](), monotonic()
        self._said = dict[Capture, list[Signal]]()
        """What the headers and the page of a capture say of rights, until its row is there."""
        self.number = 0

    def __enter__(self) -> Self:
        self._lock = lock(self._archive, self._outlet.slug)
        try:
            self._db = create(self._archive)
            found.refuse_to_mix(self._db, self._archive, self._outlet.slug)
            found.refuse_a_second_name(self._db, self._archive, self._outlet)
            made_of_its_host = not is_defined(self._outlet.slug, self._archive)
            made_of_its_host &= self._outlet.slug not in outlets_in(self._db)
            with transaction(self._db):
                store.save_outlet(self._db, self._outlet)
                if made_of_its_host:
                    found.remember(self._db, self._outlet)
                runs.count_unfinished(self._db, self._outlet.slug)
                self.number = runs.open_run(self._db, self._outlet.slug, self._command)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if isinstance(error, OSError | sqlite3.DatabaseError) and is_of_the_disk(error):
                raise unwritable(self._archive, error) from error
            if error is None or isinstance(error, KeyboardInterrupt):
                outcome, seconds = "finished" if error is None else "shutdown", monotonic() - self._since
                with transaction(self._db):
                    runs.save_counts(self._db, self.number, self._counts)
                    runs.close_run(self._db, self.number, seconds, outcome, self._needs_a_look, None)
                sweep_and_seal(self._db, self._archive, self._outlet.slug)
        finally:
            self._db.close()
            self._lock.release()

    def take(self, capture: Capture, nearest: Nearest) -> list[Capture]:
        """A page into the archive, its further pages with it; returns all of them. Its capture is kept in any case."""
        taken = [capture]
        self._said.clear()
        self._counts["bytes"] += capture.bytes
        try:
            captured, known = self._pages(capture, nearest)
            taken = [one.capture for one in captured]
            with transaction(self._db):
                self._take_in(captured, known)
                self._save_rights(taken)
        except Withheld as withheld:
            self._keep(capture, "not_articles")
            with transaction(self._db):
                also_withheld(self._db, str(withheld), [one.url for one in taken])
        except NotAnArticle:
            self._keep(capture, "not_articles")
        except (NotHad, PageUnreadable, RecordUnreadable):
            self._keep(capture, "failed")
        return taken

    def row_of(self, capture: Capture) -> int | None:
        """The id of a capture that was taken in."""
        return row_of(self._db, capture)

    def _take_in(self, captured: list[CapturedPage], known: int | None) -> None:
        page = captured[0].page
        address = store.address_of(self._db, known) if known else self._as_today(page.canonical)
        result = take_in(self._db, self._outlet, self.number, captured, known=known, address=address)
        self._counts["restored" if result.restored else result.change] += 1
        runs.save_counts(self._db, self.number, self._counts)

    def _keep(self, capture: Capture, count: str) -> None:
        self._counts[count] += 1
        with transaction(self._db):
            store.save_captures(self._db, self.number, [capture])
            self._save_rights([capture])
            runs.save_counts(self._db, self.number, self._counts)

    def _save_rights(self, captures: list[Capture]) -> None:
        """robots.txt of that day is not in other tools' files, or not known to be the one that was asked."""
        for one in captures:
            if (signals := self._said.pop(one, None)) is not None:
                save_rights(self._db, one, Rights(UNKNOWN, tuple(signals)))

    def _pages(self, capture: Capture, nearest: Nearest) -> tuple[list[CapturedPage], int | None]:
        """The pages of the article as far as the files have them, and its id where the archive has it.

        Raises NotHad where a further page is missing of an article that the archive has: its text would look shorter.
        """
        first = self._read(capture)
        known, pages, missing = self._known(first.page, capture.url), [first], False
        for url in next_pages(first.page, self._outlet):
            further = nearest(url, capture.fetched_at)
            if further:
                pages.append(self._read(further))
            missing = missing or further is None
        if missing and known:
            raise NotHad("a further page of it is in none of the files")
        return pages, known

    def _read(self, capture: Capture) -> CapturedPage:
        if capture.truncated:
            raise NotHad(f"cut off when it was captured ({capture.truncated})")
        where = "SELECT warc, offset FROM captures WHERE id = ?"
        place = self._db.execute(where, [capture.same_as]).fetchone() or (capture.warc, capture.offset)
        exchange = read_capture(self._archive.parent, *place)
        self._said[capture] = in_headers(self._head_of(capture, place) or exchange.response_headers)
        body = kept_content(exchange.body, exchange.response_headers)
        page = Page(body, self._as_today(capture.url), capture.content_type)
        self._said[capture] += in_page(page)
        return CapturedPage(page, capture)

    def _head_of(self, capture: Capture, place: tuple[str, int]) -> Headers | None:
        """Of an answer whose body lies in an earlier record; it may say 304 and nothing of the body's coding."""
        here = (capture.warc, capture.offset)
        if here == place:
            return None
        with suppress(RecordUnreadable):  # other tools' have a head without a status
            return read_again(self._archive.parent, here, place).response_headers
        return None

    def _as_today(self, url: str) -> str:
        """An address on the outlet's host as its home is written: old captures have `http:`, and `www.` or not."""
        parts, home = urlsplit(clean_url(url)), urlsplit(self._outlet.home)
        if _host(parts.netloc) != _host(home.netloc):
            return clean_url(url)
        return urlunsplit(parts._replace(scheme=home.scheme, netloc=home.netloc))

    def _known(self, page: Page, captured: str) -> int | None:
        """The article that this address gave before, by any spelling of it."""
        for url in dict.fromkeys(
            spelled for one in (page.canonical, page.url, captured) for spelled in _spellings(one)
        ):
            row = self._db.execute(
                "SELECT id FROM articles WHERE url = :url AND outlet = :outlet UNION ALL"
                " SELECT article FROM frontier WHERE url = :url AND outlet = :outlet AND article IS NOT NULL LIMIT 1",
                {"url": url, "outlet": self._outlet.slug},
            ).fetchone()
            if row:
                return int(row["id"])
        return None


def seal_what_waits(archive: Path, outlet: Outlet) -> None:
    """For an import that was killed when its last page was in: again, it has no run. Raises ArchiveBusy, Unwritable."""
    with lock(archive, outlet.slug), writing(archive), closing(create(archive)) as db:
        sweep_and_seal(db, archive, outlet.slug)


def row_of(db: sqlite3.Connection, capture: Capture) -> int | None:
    """The id of the very same capture, where the archive has it."""
    row = db.execute(
        "SELECT id FROM captures WHERE url = ? AND fetched_at = ? AND warc = ? AND offset = ?",
        [capture.url, capture.fetched_at, capture.warc, capture.offset],
    ).fetchone()
    return row["id"] if row else None


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")


def _spellings(url: str) -> list[str]:
    parts = urlsplit(clean_url(url))
    bare = parts.netloc.removeprefix("www.")
    hosts = [parts.netloc, bare if bare != parts.netloc else f"www.{bare}"]
    return [urlunsplit(parts._replace(scheme=scheme, netloc=host)) for host in hosts for scheme in ("https", "http")]
