"""`ewbscraper outlets`: the newspapers that are known, and a look at one of them."""

import sys
from pathlib import Path

import click

from ewbscraper import report
from ewbscraper.commands import NEEDS_A_LOOK, archive_option, json_option


@click.group(invoke_without_command=True)
@click.pass_context
def outlets(ctx: click.Context) -> None:
    """The newspapers: list, show, check."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_outlets)


@outlets.command("list")
@archive_option
@json_option
def list_outlets(archive: Path = Path("archive.db"), as_json: bool = False) -> None:
    """All outlets: ours, and those in outlets/ beside the archive."""
    from ewbscraper.outlets import load_outlets

    found = load_outlets(archive.absolute().parent)
    click.echo(report.as_json([report.outlet_row(one) for one in found.values()]) if as_json else report.outlets(found))


@outlets.command("show")
@click.argument("slug")
@archive_option
def show_outlet(slug: str, archive: Path) -> None:
    """What is known of one outlet, as JSON."""
    from ewbscraper.outlets import get_outlet

    click.echo(report.as_json(report.outlet_row(get_outlet(slug, archive.absolute().parent))))


@outlets.command("check")
@click.argument("slug")
@archive_option
@click.option(
    "--articles",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Recent ones to take apart.",
)
@click.option("--contact", metavar="URL", envvar="EWBSCRAPER_CONTACT", help="As in `crawl`.")
@json_option
def check_outlet(slug: str, archive: Path, articles: int, contact: str | None, as_json: bool) -> None:
    """Look at the live site: robots.txt, sources, and the fields of some recent articles. Keeps nothing."""
    from ewbscraper.crawl import command

    (outlet,) = command.definitions([slug], archive)
    look = command.dry_run(archive, outlet, command.options(archive, contact=contact), articles)
    click.echo(report.as_json(look) if as_json else report.look(look))
    sys.exit(0 if look["answered"] and not look["problems"] else NEEDS_A_LOOK)
