"""The commands that take the archive elsewhere: query, export, snapshot."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ewbscraper.commands import report
from ewbscraper.commands.bar import bar
from ewbscraper.commands.shared import archive_option

if TYPE_CHECKING:
    from ewbscraper.archive.export.sample import Sample

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("query", required=False, metavar="[SQL or NAME]")
@archive_option
@click.option("-p", "--param", "values", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter's value.")
@click.option("--json", "shape", flag_value="json", default=True, help="One array (default).")
@click.option("--nl", "shape", flag_value="nl", help="One object a line.")
@click.option("--csv", "shape", flag_value="csv", help="With a header line.")
@click.option("--parquet", type=FILE, metavar="FILE", help="Into a Parquet file (pip install 'ewbscraper[parquet]').")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Into a file, whole or not at all.")
@click.option("--sample", "number", type=click.IntRange(min=1), metavar="N", help="N of the rows, in a random order.")
@click.option("--by", metavar="COLUMNS", help="Share them out in proportion: outlet,month (of published), any columns.")
@click.option("--each", is_flag=True, help="N rows of every such stratum, not in all.")
@click.option("--seed", default="0", show_default=True, help="Another seed, another sample.")
def query(
    query: str | None,
    archive: Path,
    values: tuple[tuple[str, str], ...],
    shape: str,
    parquet: Path | None,
    output: Path | None,
    number: int | None,
    by: str | None,
    each: bool,
    seed: str,
) -> None:
    """Run SQL, or a named query, and print all its rows. Without an argument: lists the named queries.

    \b
    Examples:
      ewbscraper query datelines -p place Pristina -p words KFOR
      ewbscraper query "select headline, published from articles order by published_utc desc limit 5" --csv
      ewbscraper query search -p words NATO --sample 200 --by outlet,month --seed 7 --csv -o to-code.csv
    """
    from ewbscraper.archive.export.rows import export_query
    from ewbscraper.archive.finding.queries import as_sql, load_queries

    if parquet and output:
        raise click.UsageError("--parquet names its file: leave out -o")
    sample = _sample(number, by, each, seed)
    named = load_queries(archive.absolute().parent)
    if query is None:
        return click.echo(report.queries(named.values()))
    given = dict(values)
    sql, given = (named[query].sql, named[query].bind(given)) if query in named else (as_sql(query, named), given)
    out, shape = parquet or output or sys.stdout, "parquet" if parquet else shape
    strata = export_query(out, archive, sql, given, shape, sample)
    if sample:
        click.echo(report.strata(sample.by, strata, seed), err=True)
    return None


def _sample(number: int | None, by: str | None, each: bool, seed: str) -> "Sample | None":
    from ewbscraper.archive.export.sample import Sample

    if number is None:
        if by or each:
            raise click.UsageError("--by and --each are for --sample N")
        return None
    return Sample(number, seed, tuple(name.strip() for name in by.split(",")) if by else (), each)


@click.command()
@click.argument("out", type=click.Path(path_type=Path, resolve_path=True), metavar="DIR or FILE")
@archive_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(["ndjson", "parquet", "text", "wacz"]),
    required=True,
    help="A file per table; the same, by outlet and month; a text file per article; one file that a browser replays.",
)
@click.option("--outlet", metavar="SLUG", help="Of this outlet only.")
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="Only articles published on this day (UTC) or later.")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="Only articles published on this day or before.")
def export(
    out: Path, archive: Path, shape: str, outlet: str | None, since: datetime | None, until: datetime | None
) -> None:
    """Write the archive into a folder, for other tools, with a datapackage.json that says what is what.

    An export in the same folder takes the place of the one before; of Parquet only what has changed is written.
    A WACZ is one file: every page as received, to be opened in ReplayWeb.page.

    \b
    Examples:
      ewbscraper export --format parquet news-parquet
      ewbscraper export --format text --outlet ewb --since 2024-01-01 corpus
      ewbscraper export --format wacz news.wacz
    """
    from ewbscraper.archive.export.archive import export_archive
    from ewbscraper.archive.export.tables import Selection

    if shape == "wacz":
        if since or until:
            raise click.UsageError("a WACZ has every page: --since and --until are for the other formats")
        return _export_wacz(out, archive, outlet)
    first, last = (day.date().isoformat() if day else None for day in (since, until))
    with bar(out.name) as shown:
        written = export_archive(archive, out, shape, Selection(outlet, first, last), shown.tell)
    return click.echo(f"{out}: {written}", err=True)


def _export_wacz(out: Path, archive: Path, outlet: str | None) -> None:
    from ewbscraper.archive.export.wacz import write_wacz

    written = write_wacz(archive, out, outlet)
    click.echo(f"{out}: {written.pages} articles, {written.captures} captures, {written.warcs} WARC files", err=True)


@click.command()
@click.argument("file", type=FILE)
@archive_option
@click.option("--without-text", is_flag=True, help="Leave out all bodies and standfirsts: hashes and metadata stay.")
def snapshot(file: Path, archive: Path, without_text: bool) -> None:
    """Copy the archive as it is at this moment, also while a crawl writes. With warc/ beside it, it goes on from there.

    \b
    Example:
      ewbscraper snapshot /backup/archive-2026-11-24.db
    """
    from ewbscraper.archive.export.snapshot import snapshot as take

    take(archive, file, without_text=without_text)
    click.echo(f"{file}: {file.stat().st_size / 1e6:,.1f} MB", err=True)
