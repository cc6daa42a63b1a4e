"""The archive as one file that a browser replays: WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/).

The WARC files go in byte by byte as they are; index and list of pages are made from `captures`, so that a record that a
kill tore, or that no row names, is not replayed. Our own writer: the `wacz` package indexes what is torn, holds the
whole index in memory and brings thirty libraries.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from gzip import compress
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ewbscraper import __version__
from ewbscraper.archive.database import read
from ewbscraper.archive.export.aside import file_aside
from ewbscraper.archive.export.surt import surt
from ewbscraper.archive.export.tables import check_outlet
from ewbscraper.archive.times import parse, utc_now

BLOCK = 1024
"""Lines of the index in one compressed piece: what a browser reads to find an address."""
INDEX = "index.cdx.gz"
_STEP = 1 << 20

_OF_THE_OUTLET = "(:outlet IS NULL OR run IN (SELECT id FROM runs WHERE outlet = :outlet))"
_FILES = f"SELECT DISTINCT warc FROM captures WHERE {_OF_THE_OUTLET} ORDER BY warc"
_FILES_OF_PAYLOADS = f"""
SELECT DISTINCT first.warc FROM captures first
WHERE first.id IN (SELECT same_as FROM captures WHERE same_as IS NOT NULL AND {_OF_THE_OUTLET})
"""
_INDEX = f"SELECT surt(url) AS key, * FROM captures WHERE {_OF_THE_OUTLET} ORDER BY key, fetched_at, id"
_PAGES = """
SELECT articles.id AS id, headline, captures.url AS url, fetched_at, max((captures.url = articles.url) || fetched_at)
FROM articles JOIN captures ON captures.article = articles.id AND status = 200
WHERE :outlet IS NULL OR outlet = :outlet GROUP BY articles.id ORDER BY published_utc DESC, articles.id
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What a WACZ holds."""

    pages: int
    captures: int
    warcs: int


def write_wacz(archive: Path, out: Path, outlet: str | None = None) -> Written:
    """All of the archive, or of one outlet, in one file, written aside and renamed; a crawl may go on meanwhile.

    Raises NoArchive, NotAnArchive, BadQuery, InTheWay, and OSError where a WARC file is missing or the disk is full.
    """
    with file_aside(out) as aside, closing(read(archive)) as db, ZipFile(aside, "w", ZIP_STORED) as file:
        db.create_function("surt", 1, surt, deterministic=True)
        db.execute("BEGIN")
        check_outlet(db, outlet)
        return _Wacz(db, file, {"outlet": outlet}).write(archive.absolute().parent)


class _Wacz:
    def __init__(self, db: sqlite3.Connection, file: ZipFile, chosen: dict[str, str | None]) -> None:
        self._db, self._zip, self._chosen = db, file, chosen
        self._resources: list[dict[str, str | int]] = []
        self._lines = self._pages = 0

    def write(self, folder: Path) -> Written:
        named = {row["warc"] for sql in (_FILES, _FILES_OF_PAYLOADS) for row in self._db.execute(sql, self._chosen)}
        names = _flat(sorted(named))
        for warc, name in names.items():
            with (folder / warc).open("rb") as file:
                size = (folder / warc).stat().st_size
                self._add(f"archive/{name}", iter(lambda: file.read(_STEP), b""), expected=size)
        pieces = list[bytes]()
        self._add(f"indexes/{INDEX}", self._index(names, pieces))
        self._add("indexes/index.idx", pieces, ZIP_DEFLATED)
        self._add("pages/pages.jsonl", self._list_of_pages(), ZIP_DEFLATED)
        self._describe()
        return Written(self._pages, self._lines, len(names))

    def _index(self, names: dict[str, str], pieces: list[bytes]) -> Iterator[bytes]:
        """Compressed pieces of the sorted index; `pieces` gets a line for each, by which they are found."""
        pieces.append(f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': INDEX})}\n".encode())
        lines = (_cdxj(row, names) for row in self._db.execute(_INDEX, self._chosen))
        offset = 0
        while block := list(islice(lines, BLOCK)):
            piece = compress("".join(block).encode(), mtime=0)
            place = {"offset": offset, "length": len(piece), "digest": _named(sha256(piece).hexdigest())}
            pieces.append(f"{block[0].partition(' {')[0]} {json.dumps(place)}\n".encode())
            offset += len(piece)
            self._lines += len(block)
            yield piece

    def _list_of_pages(self) -> Iterator[bytes]:
        yield _json_line({"format": "json-pages-1.0", "id": "pages", "title": "Articles, newest first"})
        for row in self._db.execute(_PAGES, self._chosen):
            self._pages += 1
            title = row["headline"] or row["url"]
            yield _json_line({"id": str(row["id"]), "url": row["url"], "ts": row["fetched_at"], "title": title})

    def _add(self, path: str, chunks: Iterable[bytes], compression: int = ZIP_STORED, expected: int = 0) -> None:
        """Adds a file as it comes; `datapackage.json` will have its digest.

        Only where two gigabytes are expected is its head a long one: ReplayWeb.page 2.4.6 stumbles over those.
        """
        about = ZipInfo(path, parse(utc_now()).timetuple()[:6])
        about.compress_type, about.file_size = compression, expected
        digest, size = sha256(), 0
        with self._zip.open(about, "w") as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        name = PurePosixPath(path).name.lower()
        self._resources.append({"name": name, "path": path, "hash": _named(digest.hexdigest()), "bytes": size})

    def _describe(self) -> None:
        about = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": ", ".join(row["name"] for row in self._db.execute("SELECT name FROM outlets ORDER BY name")),
            "software": f"ewbscraper/{__version__}",
            "created": utc_now(),
            "resources": self._resources,
        }
        text = json.dumps(about, ensure_ascii=False, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": _named(sha256(text).hexdigest())}
        self._zip.writestr("datapackage.json", text, ZIP_DEFLATED)
        self._zip.writestr("datapackage-digest.json", json.dumps(digest, indent=2), ZIP_DEFLATED)


def _flat(warcs: Iterable[str]) -> dict[str, str]:
    """A name of its own, without folders, for each file."""
    names: dict[str, str] = {}
    for number, warc in enumerate(warcs):
        name = PurePosixPath(warc).name
        names[warc] = f"{number}-{name}" if name in names.values() else name
    return names


def _cdxj(row: sqlite3.Row, names: dict[str, str]) -> str:
    kind = "warc/revisit" if row["same_as"] else (row["content_type"] or "unk").partition(";")[0].strip()
    about = {
        "url": row["url"],
        "mime": kind,
        "status": str(row["status"]),
        "digest": _named(row["sha256"]),
        "length": str(row["length"]),
        "offset": str(row["offset"]),
        "filename": names[row["warc"]],
    }
    return f"{row['key']} {parse(row['fetched_at']):%Y%m%d%H%M%S} {json.dumps(about)}\n"


def _named(digest: str) -> str:
    return f"sha256:{digest}"


def _json_line(value: dict[str, str]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
