"""What is exported is there whole or not at all: written beside its place, and renamed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ewbscraper.errors import InTheWay


@contextmanager
def file_aside(out: Path) -> Iterator[Path]:
    """A path to write to, renamed to `out` at the end; after an error `out` is as it was.

    Raises InTheWay where `out` is a folder, or an SQLite file: an archive is not replaced by what is made of it.
    """
    if out.is_dir():
        raise InTheWay(f"{out} is a folder: name a file")
    if out.is_file() and _begins_as_sqlite(out):
        raise InTheWay(f"{out} is an SQLite file, perhaps an archive: name another file")
    aside = out.with_name(f".{out.name}.part")
    try:
        yield aside
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def _begins_as_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


@contextmanager
def folder_aside(out: Path) -> Iterator[Path]:
    """An empty folder to write into, renamed to `out` at the end in place of what was there."""
    aside, before = (out.with_name(f".{out.name}.{what}") for what in ("part", "before"))
    if before.exists() and not out.exists():  # a run was killed between the two renames
        before.replace(out)
    for left_over in (aside, before):
        shutil.rmtree(left_over, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        if out.exists():
            out.replace(before)
        aside.replace(out)
    finally:
        for left_over in (aside, before):
            shutil.rmtree(left_over, ignore_errors=True)
