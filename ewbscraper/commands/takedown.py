"""Taking down and putting back, with a trail: `withhold`, `restore`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ewbscraper.commands import report
from ewbscraper.commands.shared import archive_option, json_option

if TYPE_CHECKING:
    from ewbscraper.archive.takedown.restore import Restored
    from ewbscraper.archive.takedown.withhold import Takedown

_SHOWN = {"articles": "article", "revisions": "earlier text", "captures": "capture", "captions": "caption"}


@click.command()
@click.argument("address", metavar="URL or ID")
@archive_option
@click.option("--reason", default="", help="Why, as everybody may read it: in archive.db, and where it was.")
@click.option("--requested-by", default="", metavar="WHO", help="Kept in withheld/log.txt only, never shown.")
@click.option("--erase", is_flag=True, help="Destroy it: nothing is kept, `restore` cannot bring it back.")
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@json_option
def withhold(
    address: str, archive: Path, reason: str, requested_by: str, erase: bool, dry_run: bool, as_json: bool
) -> None:
    """Take an article down: text, pictures, index, pages as received. A tombstone with the reason stays.

    What goes is kept in the closed folder withheld/ beside the archive, unless it is erased. docs/rights.md has a
    letter to send back, and what to do about old backups. After a kill, the same command finishes it.

    \b
    Examples:
      ewbscraper withhold https://paper.example/2024/a-name/ --reason "Request of 3 May" --requested-by "A. B."
      ewbscraper withhold 12 --reason "Court order" --requested-by "District court" --erase --dry-run
    """
    from ewbscraper.archive.takedown import withhold as takedown

    if not dry_run and not (reason.strip() and requested_by.strip()):
        raise click.UsageError(
            "Missing option: --reason and --requested-by say why, and for whom; --dry-run needs neither"
        )
    if dry_run:
        done = takedown.rehearse(archive, address, erase=erase)
    else:
        done = takedown.withhold(archive, address, reason=reason, requested_by=requested_by, erase=erase)
    click.echo(report.as_json(asdict(done)) if as_json else withheld(done))


@click.command()
@click.argument("address", metavar="URL or ID")
@archive_option
@click.option("--reason", required=True, help="Why; kept in withheld/log.txt.")
@click.option("--requested-by", required=True, metavar="WHO", help="Kept in withheld/log.txt.")
@json_option
def restore(address: str, archive: Path, reason: str, requested_by: str, as_json: bool) -> None:
    """Put back what was withheld, as it was: the same numbers, the same bytes. After a kill, the same command goes on.

    \b
    Example:
      ewbscraper restore 12 --reason "Withdrawn by who asked" --requested-by "A. B."
    """
    from ewbscraper.archive.takedown import restore as takedown

    done = takedown.restore(archive, address, reason=reason, requested_by=requested_by)
    click.echo(report.as_json(asdict(done)) if as_json else restored(done))


def withheld(done: "Takedown") -> str:
    """What went, a line for the archive and one for the files; then what stays."""
    what = done.address or (f"article {done.article}" if done.article else "what was begun")
    verb = "withheld" if done.withheld_at else "would be withheld"
    if done.erased:
        verb = "erased" if done.withheld_at else "would be erased"
    number = f" (article {done.article})" if done.article and done.address else ""
    lines = [f"{what}{number}: {verb}"]
    counts = [_many(done.rows[table], name) for table, name in _SHOWN.items() if done.rows.get(table)]
    if counts:
        lines.append(f"  archive.db   {', '.join(counts)}")
    if done.records:
        files = _many(done.files, "file")
        lines.append(f"  warc/        {_many(done.records, 'record')} in {files}, {done.bytes:,} bytes")
    lines += [f"  stays: {stays}" for stays in done.stays]
    return "\n".join(lines)


def restored(done: "Restored") -> str:
    """What came back, in a line."""
    what = f"article {done.article}" if done.article else "the address"
    records = f"{_many(done.records, 'record')} in {_many(done.files, 'file')}"
    return f"{what}: restored, {_many(done.rows, 'row')}, {records}"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
