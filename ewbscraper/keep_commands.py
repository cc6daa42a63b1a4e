"""Commands that keep an archive as good as it can be: today `reparse`."""

import signal
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from ewbscraper import report
from ewbscraper.commands import NEEDS_A_LOOK, archive_option, json_option
from ewbscraper.errors import EwbScraperError


@click.command()
@click.argument("outlets", nargs=-1, metavar="[OUTLET]...")
@archive_option
@click.option("--again", is_flag=True, help="All articles; else those whose text other rules made.")
@click.option("--dry-run", is_flag=True, help="Say what would change, with examples; change nothing.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Worker processes.  [default: one a core]")
@json_option
def reparse(
    outlets: tuple[str, ...], archive: Path, again: bool, dry_run: bool, jobs: int | None, as_json: bool
) -> None:
    """Extract archived articles again, by today's rules, out of the WARC files. The site is not asked.

    What changes is kept as a revision that is ours, not the newspaper's. All outlets where none is named.

    \b
    Examples:
      ewbscraper reparse --dry-run
      ewbscraper reparse ewb
    """
    from ewbscraper.archive.database import outlets_in, read
    from ewbscraper.reparse.run import Account, rehearse
    from ewbscraper.reparse.run import reparse as read_again

    with closing(read(archive)) as db:
        chosen = outlets or sorted(outlets_in(db))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the run ends well
    done, errors = list[Account](), list[EwbScraperError]()
    for slug in chosen:
        try:
            done.append((rehearse if dry_run else read_again)(archive, slug, again=again, jobs=jobs))
        except EwbScraperError as error:
            errors.append(error)
        if done and done[-1].stopped:
            break
    rows = [asdict(account) for account in done]
    click.echo(report.as_json(rows) if as_json else "\n".join(map(report.reparsed, rows)), nl=bool(rows or as_json))
    if errors:
        raise errors[0]
    sys.exit(NEEDS_A_LOOK if any(account.problems for account in done) else 0)
