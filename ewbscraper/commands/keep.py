"""The commands that keep an archive for years: each is its options, one example, and one call into a room below."""

import json
import signal
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import click

from ewbscraper.commands import keep_report, report
from ewbscraper.commands.bar import bar
from ewbscraper.commands.shared import FAILED, NEEDS_A_LOOK, archive_option, json_option
from ewbscraper.errors import EwbScraperError, NoCluster

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@archive_option
@click.option("--quick", is_flag=True, help="Without reading the WARC files.")
@json_option
def verify(archive: Path, quick: bool, as_json: bool) -> None:
    """Check that the archive is whole: every page, text, pointer, seal, and the search index.

    Writes nothing; also while a crawl writes. Exit code 0: whole; 1: damaged, each damage with its cure.

    \b
    Example:
      ewbscraper verify --json
    """
    from ewbscraper.archive.verify.findings import Finding
    from ewbscraper.archive.verify.verification import Verification

    found = list[Finding]()
    with bar("Verifying") as shown:
        reading = Verification(archive, quick=quick, progress=shown.tell)
        for one in reading.findings():
            found.append(one)
            if not as_json:
                shown.give_way()
                click.echo(f"{one.where}: {one.what}. {one.cure}" if one.cure else f"Note: {one.where}: {one.what}")
    damage, notes = [one for one in found if one.cure], [one for one in found if not one.cure]
    if as_json:
        said = {"whole": not damage, "checked": reading.counts, "damage": damage, "notes": notes}
        click.echo(json.dumps(said, default=asdict, ensure_ascii=False, indent=2))
    else:
        checked = ", ".join(f"{number:,} {what.replace('_', ' ')}" for what, number in reading.counts.items())
        click.echo(f"{f'Damaged in {len(damage)} places' if damage else 'Whole'}: {checked or 'nothing archived yet'}")
    sys.exit(FAILED if damage else 0)


@click.command()
@click.argument("outlets", nargs=-1, metavar="[OUTLET]...")
@archive_option
@click.option("--again", is_flag=True, help="All articles; else those whose text other rules made.")
@click.option("--dry-run", is_flag=True, help="Say what would change, with examples; change nothing.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that read.  [default: one a core]")
@click.option("--dask", metavar="ADDRESS", help="Workers of this Dask scheduler read instead; they share the folder.")
@json_option
def reparse(outlets: tuple[str, ...], archive: Path, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Extract archived articles again, by today's rules, out of the WARC files. The site is not asked.

    What changes is kept as a revision that is ours, not the newspaper's. All outlets where none is named.

    \b
    Examples:
      ewbscraper reparse --dry-run
      ewbscraper reparse ewb
      ewbscraper reparse --dask tcp://10.0.0.1:8786
    """
    if options["jobs"] and options["dask"] is not None:
        raise click.UsageError("--jobs is for this machine's processes: with --dask the scheduler's workers read")
    from ewbscraper.archive.database import outlets_in, read
    from ewbscraper.reparse.run import Account, rehearse
    from ewbscraper.reparse.run import reparse as read_again

    with closing(read(archive)) as db:
        chosen = outlets or sorted(outlets_in(db))
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, _end_well_once)
    done, errors = list[Account](), list[EwbScraperError]()
    for slug in chosen:
        try:
            done.append((rehearse if dry_run else read_again)(archive, slug, **options))
        except EwbScraperError as error:
            errors.append(error)
        if (done and done[-1].stopped) or (errors and isinstance(errors[-1], NoCluster)):
            break
    rows = [asdict(account) for account in done]
    said = report.as_json(rows) if as_json else "\n".join(map(keep_report.reparsed, rows))
    click.echo(said, nl=bool(said))
    if errors:
        raise errors[0]
    sys.exit(NEEDS_A_LOOK if any(account.problems for account in done) else 0)


def _end_well_once(told: int, frame: FrameType | None) -> None:
    """As Ctrl-C. Whoever is impatient changes nothing: a second one would hit the run while it closes."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: None)
    raise KeyboardInterrupt


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@archive_option
@click.option("--outlet", metavar="SLUG", help="Only pages of this outlet.")
@click.option(
    "--host",
    "hosts",
    metavar="HOST",
    multiple=True,
    help="Only pages of this host; with --outlet they are that outlet's.",
)
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

    with bar("pages") as shown:
        done = Import(archive, ImportOptions(**options), shown.advance).run(files, shown.length)
    click.echo(report.as_json(keep_report.imported_row(done)) if as_json else keep_report.imported(done))
    if done.errors:
        raise done.errors[0]
    sys.exit(NEEDS_A_LOOK if done.damage or not done.outlets else 0)


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
    from ewbscraper.archive.merge.archives import Merged
    from ewbscraper.archive.merge.archives import merge as join

    done = list[Merged]()
    for other in others:
        with bar("articles") as shown:
            done.append(join(archive, other.absolute(), shown.length, shown.advance, without_warcs=without_warcs))
    click.echo(report.as_json(done) if as_json else "\n".join(map(keep_report.merged, done)))
    sys.exit(NEEDS_A_LOOK if any(one["conflicts"] or one["missing"] for one in done) else 0)


@click.command()
@archive_option
def reindex(archive: Path) -> None:
    """Make the search index anew: after an upgrade that folds letters in another way.

    \b
    Example:
      ewbscraper reindex
    """
    from ewbscraper.archive import search as index
    from ewbscraper.archive.connection import transaction
    from ewbscraper.archive.database import create, read

    read(archive).close()
    with closing(create(archive)) as db, transaction(db):
        index.reindex(db)
