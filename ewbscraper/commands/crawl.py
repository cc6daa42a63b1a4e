"""The command that crawls: its options, two examples, and one call into `crawl/`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ewbscraper.commands import report
from ewbscraper.commands.shared import BUSY, NEEDS_A_LOOK, archive_option, exit_code, json_option, say
from ewbscraper.errors import ArchiveBusy

if TYPE_CHECKING:
    from ewbscraper.crawl.command import Ended


@click.command()
@click.argument("outlets", nargs=-1, metavar="OUTLET or URL...")
@archive_option
@click.option("--all", "every", is_flag=True, help="Every outlet whose live site has been seen: `outlets` tells.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Only what the outlet says changed since this day.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask for at most N articles of each outlet.")
@click.option("--max-minutes", type=click.FloatRange(min=0, min_open=True), metavar="M", help="End well after so long.")
@click.option("--recheck", is_flag=True, help="Ask for every archived article again.")
@click.option("--follow-links", is_flag=True, help="Also ask for what archived articles link to on their own host.")
@click.option("--media", is_flag=True, help="Also keep the pictures and styles that the archived pages need.")
@click.option("--dry-run", is_flag=True, help="Ask robots.txt and the sources only; keep nothing.")
@click.option(
    "--contact",
    metavar="URL",
    envvar="EWBSCRAPER_CONTACT",
    help="Address or URL for the outlet's administrators, in the user agent; remembered in the archive.",
)
@json_option
@click.option("--quiet", is_flag=True, help="Print only what needs a look, or failed: for cron.")
@click.option("-v", "--verbose", is_flag=True, help="Every request, on stderr.")
def crawl(outlets: tuple[str, ...], archive: Path, every: bool, dry_run: bool, as_json: bool, **options: Any) -> None:
    """One incremental run of each outlet, side by side: what is new or changed since the last one.

    A newspaper that nobody has defined is crawled by its address: its lists are found and remembered.

    \b
    Examples:
      ewbscraper crawl ewb --contact https://example.org/about-our-archive
      ewbscraper crawl https://some.paper/
    """
    from ewbscraper.crawl import command

    chosen = command.options(archive, **options)
    if every == bool(outlets):
        raise click.UsageError("name outlets (`ewbscraper outlets` lists them), or --all")
    definitions, broken = command.tried_outlets(archive) if every else (command.definitions(outlets, archive), [])
    for error in broken:  # the others are crawled
        say(error)
    if dry_run:
        looks = command.dry_run(archive, definitions, chosen)
        click.echo(report.as_json(looks) if as_json else "\n\n".join(map(report.look, looks.values())))
        well = all(look["answered"] or look["interrupted"] for look in looks.values())
        sys.exit(_exit_code([*broken]) or (0 if well else NEEDS_A_LOOK))
    command.open_archive(archive, definitions, chosen)
    if not chosen.quiet:
        click.echo(f"Archive {archive.absolute()}", err=True)

    def tell(slug: str, ended: "Ended") -> None:
        if isinstance(ended, Exception):
            if not (chosen.quiet and isinstance(ended, ArchiveBusy)):
                say(ended)
        elif not as_json and (ended["needs_a_look"] or not chosen.quiet):
            click.echo(report.run(ended))

    every_end = command.crawl(archive, definitions, chosen, tell).values()
    if as_json:
        click.echo(report.as_json([run for run in every_end if not isinstance(run, Exception)]))
    if (left := len(definitions) - len(every_end)) and not chosen.quiet:
        click.echo(f"{left} outlets were not begun: they come first in the next run of --all", err=True)
    sys.exit(_exit_code([*broken, *every_end]))


def _exit_code(every_end: "list[Ended]") -> int:
    """What failed counts most, then what needs a look, then that another run goes on."""
    errors = [one for one in every_end if isinstance(one, Exception)]
    failed = [exit_code(error) for error in errors if not isinstance(error, ArchiveBusy)]
    if failed:
        return min(failed)
    if any(run["needs_a_look"] for run in every_end if not isinstance(run, Exception)):
        return NEEDS_A_LOOK
    return BUSY if errors else 0
