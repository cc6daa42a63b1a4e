"""The whole archive, or a selection of it, as files for other tools; consistent also while a crawl writes."""

from contextlib import closing, nullcontext
from pathlib import Path

from ewbscraper.archive.database import read
from ewbscraper.archive.export import ndjson, text
from ewbscraper.archive.export.aside import folder_aside
from ewbscraper.archive.export.datapackage import NAME
from ewbscraper.archive.export.parquet import partitions
from ewbscraper.archive.export.progress import Tell
from ewbscraper.archive.export.tables import Selection, check_outlet
from ewbscraper.errors import InTheWay

_WRITERS = {"ndjson": ndjson.write, "parquet": partitions.write, "text": text.write}
_IN_PLACE = {"parquet"}
"""Formats that bring an earlier export up to date; the others are written aside and renamed."""

FORMATS = tuple(_WRITERS)


def export_archive(archive: Path, folder: Path, shape: str, selection: Selection, tell: Tell) -> str:
    """Writes one of FORMATS into a folder, new or of an earlier export; returns what was written, in words.

    All tables are read in one transaction. Raises NoArchive, NotAnArchive, BadQuery (no such outlet), InTheWay,
    NotInstalled, ArchiveBusy.
    """
    with closing(read(archive)) as db:
        db.row_factory = None
        db.execute("BEGIN")
        check_outlet(db, selection.outlet)
        _refuse_what_is_not_ours(folder, shape)
        with nullcontext(folder) if shape in _IN_PLACE else folder_aside(folder) as into:
            return _WRITERS[shape](db, into, selection, tell)


def _refuse_what_is_not_ours(folder: Path, shape: str) -> None:
    if folder.exists() and not folder.is_dir():
        raise InTheWay(f"{folder} is a file: name a folder")
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if there and not there & {NAME, partitions.UNFINISHED}:
        raise InTheWay(f"{folder} is not empty, and no export of ours (it has no {NAME}): name another folder")
    if shape in _IN_PLACE and there & {"metadata.csv", "articles.ndjson"}:
        raise InTheWay(f"{folder} has an export in another format, which would stay there: name another folder")
