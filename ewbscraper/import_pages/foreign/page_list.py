"""The pages of other tools' files, listed before any is taken in, on the disk: the list goes with its process."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from ewbscraper.archive.warc.reader import Capture
from ewbscraper.import_pages.foreign.records import ForeignPage
from ewbscraper.page import clean_url

_TABLE = """
CREATE TABLE pages (
  id INTEGER PRIMARY KEY, file INTEGER, host TEXT, place TEXT, part INTEGER, done INTEGER DEFAULT 0,
  offset INTEGER, length INTEGER, url TEXT, captured TEXT, content_type TEXT, sha256 TEXT, bytes INTEGER,
  truncated TEXT, record_id TEXT, digest TEXT, software TEXT, refers_to TEXT, same INTEGER
);
CREATE INDEX pages_host ON pages(host, part, captured, id);
CREATE INDEX pages_place ON pages(place);
CREATE INDEX pages_record ON pages(file, record_id);
CREATE INDEX pages_digest ON pages(file, digest);
"""
_RESOLVE = """
UPDATE pages SET same = first, content_type = whole.content_type, sha256 = whole.sha256, bytes = whole.bytes,
  truncated = whole.truncated, part = 2
FROM (SELECT again.id AS revisit, min(first.id) AS first FROM pages again JOIN pages first
    ON first.file = again.file AND first.host = again.host AND first.refers_to IS NULL
    AND (first.record_id = again.refers_to OR first.digest = again.digest)
  WHERE again.file = ? AND again.refers_to IS NOT NULL GROUP BY again.id) JOIN pages whole ON whole.id = first
WHERE pages.id = revisit
"""
_PART = re.compile(r"[/-](?:page/|seite-)?\d{1,2}(?:\.html?)?/?$|[?&](?:page|p|pg|seite|strana|str)=\d{1,2}$")
"""How the further pages of an article end: they wait until the first pages have been looked at."""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page that may be taken in."""

    id: int
    file: int
    software: str | None
    capture: Capture
    """Without WARC and origin: where the file will be kept is not known yet."""
    same: int | None
    """Of a revisit the page that has its body: earlier in the list."""


class PageList:
    """What several files hold."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(_TABLE)

    def close(self) -> None:
        """The list goes."""
        self._db.close()

    def add(self, file: int, pages: Iterable[ForeignPage]) -> int:
        """Lists a whole file, or nothing of it; returns how many revisits led to no page in it."""
        self._db.execute("BEGIN")
        try:
            for page in pages:
                self._insert(file, page)
            self._db.execute(_RESOLVE, [file])
            lost = self._db.execute("DELETE FROM pages WHERE file = ? AND sha256 IS NULL", [file]).rowcount
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return lost

    def _insert(self, file: int, page: ForeignPage) -> None:
        host, place = where(page.url)
        row = {**asdict(page), "file": file, "host": host, "place": place, "part": bool(_PART.search(page.url))}
        self._db.execute(
            f"INSERT INTO pages ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})",
            row,
        )

    def hosts(self) -> dict[str, int]:
        """How many pages each host has, most first."""
        rows = self._db.execute("SELECT host, count(*) FROM pages GROUP BY host ORDER BY 2 DESC, 1")
        return dict(map(tuple, rows))

    def of(self, host: str) -> Iterator[ListedPage]:
        """The pages of a host that are not done: first pages first, revisits last, the oldest first."""
        last = (-1, "", 0)
        sql = (
            "SELECT * FROM pages WHERE host = ? AND NOT done AND (part, captured, id) > (?, ?, ?)"
            " ORDER BY part, captured, id LIMIT 1"
        )
        while row := self._db.execute(sql, [host, *last]).fetchone():
            last = row["part"], row["captured"], row["id"]
            yield _listed(row)

    def files_of(self, host: str) -> list[int]:
        """The files that have pages of this host to take in."""
        rows = self._db.execute("SELECT DISTINCT file FROM pages WHERE host = ? AND NOT done ORDER BY file", [host])
        return [row["file"] for row in rows]

    def nearest(self, url: str, captured: str) -> ListedPage | None:
        """The capture of another page that lies nearest in time."""
        row = self._db.execute(
            "SELECT * FROM pages WHERE place = ? ORDER BY abs(julianday(captured) - julianday(?)), id LIMIT 1",
            [where(url)[1], captured],
        ).fetchone()
        return _listed(row) if row else None

    def get(self, page: int) -> ListedPage:
        """A page by its id."""
        return _listed(self._db.execute("SELECT * FROM pages WHERE id = ?", [page]).fetchone())

    def done(self, page: ListedPage) -> None:
        """It has been taken in, or was before."""
        self._db.execute("UPDATE pages SET done = 1 WHERE id = ?", [page.id])


def where(url: str) -> tuple[str, str]:
    """Host as `Outlet.place` has it, and the address without its scheme; empty where it is no address."""
    try:
        parts = urlsplit(clean_url(safe_url_string(url)))
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    except ValueError:
        return "", ""
    host = (parts.hostname or "").removeprefix("www.") + port
    return host, f"{host}{parts.path}?{parts.query}"


def _listed(row: sqlite3.Row) -> ListedPage:
    capture = Capture(
        url=row["url"],
        fetched_at=row["captured"],
        status=200,
        content_type=row["content_type"],
        sha256=row["sha256"],
        bytes=row["bytes"],
        truncated=row["truncated"],
        warc="",
        offset=row["offset"],
        length=row["length"],
    )
    return ListedPage(row["id"], row["file"], row["software"], capture, row["same"])
