"""What is exported is there whole or not at all: written beside its place, and renamed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def file_aside(out: Path) -> Iterator[Path]:
    """A path to write to, renamed to `out` at the end; after an error `out` is as it was."""
    aside = out.with_name(f".{out.name}.part")
    try:
        yield aside
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


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
