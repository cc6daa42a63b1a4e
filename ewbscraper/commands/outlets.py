"""`ewbscraper outlets`: the newspapers that are known, and a look at one of them."""

import sys
from pathlib import Path

import click

from ewbscraper.commands import report
from ewbscraper.commands.shared import NEEDS_A_LOOK, F, archive_option, json_option

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(invoke_without_command=True)
@click.pass_context
def outlets(ctx: click.Context) -> None:
    """The newspapers: list, show, new, check."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_outlets)


@outlets.command("list")
@archive_option
@json_option
def list_outlets(archive: Path = Path("archive.db"), as_json: bool = False) -> None:
    """All outlets: ours, those in outlets/ beside the archive, and those that a crawl has found."""
    from ewbscraper.crawl.named import all_outlets

    found = all_outlets(archive)
    click.echo(report.as_json([report.outlet_row(one) for one in found.values()]) if as_json else report.outlets(found))


@outlets.command("show")
@click.argument("slug")
@archive_option
def show_outlet(slug: str, archive: Path) -> None:
    """What is known of one outlet, as JSON."""
    from ewbscraper.crawl.command import definitions

    click.echo(report.as_json(report.outlet_row(definitions([slug], archive)[0])))


def look_options(command: F) -> F:
    """What every look at a live site may be told."""
    articles = click.option(
        "--articles",
        type=click.IntRange(min=0),
        metavar="N",
        default=10,
        show_default=True,
        help="Recent ones to take apart.",
    )
    contact = click.option("--contact", metavar="URL", envvar="EWBSCRAPER_CONTACT", help="As in `crawl`.")
    return articles(contact(json_option(command)))


@outlets.command("new")
@click.argument("url")
@archive_option
@click.option("--into", type=FOLDER, help="Folder of the definition.  [default: outlets/ beside the archive]")
@click.option("--pages", type=FOLDER, help="Folder of the golden pages.  [default: outlets/pages/ beside the archive]")
@click.option("--force", is_flag=True, help="Write it anew where there is one.")
@look_options
def new_outlet(
    url: str,
    archive: Path,
    into: Path | None,
    pages: Path | None,
    force: bool,
    articles: int,
    contact: str | None,
    as_json: bool,
) -> None:
    """Look at a site: its lists, the fields of recent articles. Write its definition, and some pages as tests.

    \b
    Examples:
      ewbscraper outlets new https://some.paper/
      ewbscraper outlets new https://some.paper/ --into ewbscraper/outlets
    """
    from ewbscraper.crawl import command, new_and_check

    (outlet,) = command.definitions([url], archive)
    beside = archive.absolute().parent / "outlets"
    folders = new_and_check.Folders(into or beside, pages or beside / "pages")
    row = new_and_check.new(archive, outlet, command.options(archive, contact=contact), folders, articles, force=force)
    click.echo(report.as_json(row) if as_json else report.new_outlet(row))
    sys.exit(0 if row["file"] or row["interrupted"] else NEEDS_A_LOOK)


@outlets.command("check")
@click.argument("slug", metavar="OUTLET")
@archive_option
@look_options
def check_outlet(slug: str, archive: Path, articles: int, contact: str | None, as_json: bool) -> None:
    """Look at the live site again: robots.txt, lists, the fields of recent articles, and what changed since.

    \b
    Example:
      ewbscraper outlets check ewb
    """
    from ewbscraper.crawl import command, new_and_check

    (outlet,) = command.definitions([slug], archive)
    row = new_and_check.check(archive, outlet, command.options(archive, contact=contact), articles)
    click.echo(report.as_json(row) if as_json else report.checked(row))
    well = row["answered"] and not row["problems"] and not row["worse"]
    sys.exit(0 if well or row["interrupted"] else NEEDS_A_LOOK)
