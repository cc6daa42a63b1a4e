"""What an hourly export of Parquet into one folder costs: in proportion to what changed, not to what is there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from big_archive import Grower, made
from invented_texts import SEED, invented
from measuring import Spent, sizes, spent, tell
from table import Options, Row

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.export.archive import export_archive
from ewbscraper.archive.export.tables import Selection

TITLE = "Exporting"
SAID = """\
`ewbscraper export --format parquet` of invented articles (5,000 bytes of text) into one folder, in one process: the
first time; again with nothing changed; after a run that saved 100 new articles; after 100 articles at random were seen
again, in whatever year: each of them lets the file of its outlet and month be written anew. Seconds of CPU, bytes of
the files that were written; beside the first export."""
SIZES, CHANGED = (5_000, 300_000), 100
UNCHANGED = 0.05
"""Times the cost of the first export that one without news may take."""


def rows(options: Options) -> Iterator[Row]:
    """Four exports of each size."""
    for size in sizes(SIZES, options):
        with tempfile.TemporaryDirectory(prefix="exporting-", dir=options.folder) as folder:
            archive = Path(folder) / "archive.db"
            shutil.copyfile(made(options.folder, size), archive)
            tell(f"exporting {size:,} articles")
            yield from exports(archive, size)


def exports(archive: Path, size: int) -> Iterator[Row]:
    """Those of one archive."""
    first, wrote = export(archive)
    yield Row(f"{size:,} articles: first", f"{first.cpu:.2f} s, {wrote / 1e6:,.1f} MB")
    again, _ = export(archive)
    beside, ratio = f"{first.cpu:.2f} s", again.cpu / first.cpu
    yield Row(f"{size:,}: nothing changed", f"{again.cpu:.3f} s", beside, ratio, at_most=UNCHANGED)
    for what, change in ((f"{CHANGED} new", save_new), (f"{CHANGED} seen again", see_again)):
        change(archive, size)
        after, wrote = export(archive)
        yield Row(f"{size:,}: {what}", f"{after.cpu:.2f} s, {wrote / 1e6:,.1f} MB", beside, after.cpu / first.cpu)


def export(archive: Path) -> tuple[Spent, int]:
    """What it takes, and the bytes of the files that it wrote."""
    out = archive.with_name("parquet")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    cost = spent(lambda: export_archive(archive, out, "parquet", Selection(), lambda done, total: None))
    found = ((path, path.stat()) for path in out.rglob("*.parquet"))
    return cost, sum(stat.st_size for path, stat in found if before.get(path) != stat.st_mtime_ns)


def save_new(archive: Path, size: int) -> None:
    """A run of each outlet that has some of them."""
    with Grower(archive) as grower:
        grower.save([invented(number, SEED) for number in range(size, size + CHANGED)])


def see_again(archive: Path, size: int) -> None:
    """As the answer 304 leaves them."""
    with closing(create(archive)) as db, transaction(db):
        for number in Random(SEED).sample(range(1, size + 1), min(CHANGED, size)):
            store.mark_seen(db, number)
