"""What reading again costs: pages a CPU second of `reparse`, against reading and extracting alone; one worker and two.

    python benchmarks/reparse.py FOLDER of .html or .html.gz [PAGES]

Only the ratio of CPU holds on a busy machine; that of the walls needs two cores to itself.
"""

import gzip
import os
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from ewbscraper.archive import runs, store
from ewbscraper.archive.database import create, transaction
from ewbscraper.archive.kept import articles_to_read, kept_articles
from ewbscraper.archive.warc import Exchange
from ewbscraper.archive.warc_writer import WarcWriter
from ewbscraper.errors import NotAnArticle, NotHad, PageUnreadable
from ewbscraper.intake import CapturedPage, take_in
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page
from ewbscraper.reparse.run import reparse
from ewbscraper.reparse.work import work

HOME = "https://bench.example/"


def main() -> None:
    """Prints one line a way."""
    pages, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.db"
        number = fill(archive, [path for path in sorted(pages.rglob("*.html*")) if "json" not in path.suffixes][:most])
        alone, _ = measured(lambda: read_alone(archive))
        print(f"reading and extracting {number} pages alone: {1000 * alone / number:.1f} ms of CPU a page")
        walls = []
        for jobs in (1, 2):
            cpu, wall = measured(lambda jobs=jobs: reparse(archive, "bench", again=True, jobs=jobs))
            walls.append(wall)
            print(f"reparse --jobs {jobs}: {1000 * cpu / number:.1f} ms, {alone / cpu:.2f} of that speed, {wall:.1f} s")
        print(f"two workers: {walls[0] / walls[1]:.2f} times one")


def fill(archive: Path, files: list[Path]) -> int:
    """An archive of the pages that are articles; returns how many."""
    (archive.parent / "outlets").mkdir()
    definition = f"from ewbscraper.outlet import Outlet\nOUTLET = Outlet(slug='bench', name='Bench', home='{HOME}')\n"
    (archive.parent / "outlets" / "bench.py").write_text(definition)
    outlet, number = Outlet(slug="bench", name="Bench", home=HOME), 0
    with closing(create(archive)) as db:
        with transaction(db):
            store.save_outlet(db, outlet)
            run = runs.open_run(db, "bench", "test")
        warc = WarcWriter(archive.parent, "bench", run)
        for position, file in enumerate(files):
            raw = file.read_bytes()
            packed = raw if file.suffix == ".gz" else gzip.compress(raw)
            url, headers = f"{HOME}{position}/", (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
            capture = warc.write(Exchange(url, 200, (), headers, packed))
            try:
                with transaction(db):
                    page = Page(gzip.decompress(packed), url, "text/html")
                    number += bool(take_in(db, outlet, run, [CapturedPage(page, capture)]))
            except (NotAnArticle, NotHad, PageUnreadable):
                continue
        warc.close()
    return number


def read_alone(archive: Path) -> None:
    """In this process, nothing written."""
    with closing(create(archive)) as db:
        kept = kept_articles(db, articles_to_read(db, "bench", None))
    work(archive, "bench", kept)


def measured(way):  # type: ignore[no-untyped-def]
    """Seconds of CPU, children included, and of wall."""
    before, begun = os.times(), time.perf_counter()
    way()
    after = os.times()
    return sum(after[:4]) - sum(before[:4]), time.perf_counter() - begun


if __name__ == "__main__":
    main()
