"""Commands that keep an archive, and bring others' into it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ewbscraper import report
from ewbscraper.commands import NEEDS_A_LOOK, archive_option, json_option

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@archive_option
@click.option("--outlet", metavar="SLUG", help="Only pages of this outlet.")
@click.option("--host", "hosts", multiple=True, help="Only pages of this host; with --outlet they are that outlet's.")
@click.option("--any", "any_host", is_flag=True, help="A host that no outlet has becomes an outlet.")
@click.option("--dry-run", is_flag=True, help="List what the files have; keep nothing.")
@json_option
def import_(files: tuple[Path, ...], archive: Path, as_json: bool, **options: Any) -> None:
    """Take in pages that other tools captured, with their own dates: WARC and WACZ files.

    \b
    Examples:
      ewbscraper import crawl.wacz courier-2019.warc.gz
      ewbscraper import old.warc.gz --outlet courier --host old.courier.example
    """
    from ewbscraper.import_pages.files import Import, ImportOptions

    with _progress("pages") as (length, advance):
        done = Import(archive, ImportOptions(**options), advance).run(files, length)
    click.echo(report.as_json(report.imported_row(done)) if as_json else report.imported(done))
    if done.errors:
        raise done.errors[0]
    sys.exit(NEEDS_A_LOOK if done.damage or not done.outlets else 0)


@contextmanager
def _progress(what: str) -> Iterator[tuple[Any, Any]]:
    """A bar on stderr where that is a terminal: sets its length, and advances it."""
    with click.progressbar(length=0, label=what, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def length(total: int) -> None:
            bar.length = total

        yield length, bar.update


@click.command()
@click.argument("others", nargs=-1, required=True, type=FILE, metavar="OTHER.db...")
@archive_option
@click.option("--without-warcs", is_flag=True, help="Merge also where WARC files of the other archive are missing.")
@json_option
def merge(others: tuple[Path, ...], archive: Path, without_warcs: bool, as_json: bool) -> None:
    """Take archives from other machines or years into this one, with their WARC files. They are only read.

    Again, it takes in what is new there; after a kill, what is missing.

    \b
    Example:
      ewbscraper merge laptop/archive.db archive-2024.db
    """
    from ewbscraper.archive.merge import Merged
    from ewbscraper.archive.merge import merge as join

    done = list[Merged]()
    for other in others:
        with _progress("articles") as (length, advance):
            done.append(join(archive, other.absolute(), length, advance, without_warcs=without_warcs))
    click.echo(report.as_json(done) if as_json else "\n".join(map(report.merged, done)))
    sys.exit(NEEDS_A_LOOK if any(one["conflicts"] or one["missing"] for one in done) else 0)
