"""The commands that take the archive elsewhere."""

from pathlib import Path

import click

from ewbscraper.commands import archive_option

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("out", type=FILE, metavar="FILE")
@archive_option
@click.option("--format", "shape", type=click.Choice(["wacz"]), required=True, help="One file that a browser replays.")
@click.option("--outlet", metavar="SLUG", help="Of this outlet only.")
def export(out: Path, archive: Path, shape: str, outlet: str | None) -> None:
    """Write the archive for other tools.

    \b
    Example:
      ewbscraper export --format wacz news.wacz
    """
    from ewbscraper.archive.wacz import write_wacz

    written = write_wacz(archive, out, outlet)
    click.echo(f"{out}: {written.pages} articles, {written.captures} captures, {written.warcs} WARC files", err=True)
