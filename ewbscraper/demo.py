"""The demo: the sample newspaper, crawled for real, twice, with its next edition in between."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from ewbscraper.archive.database import outlets_in, read
from ewbscraper.archive.finding.hits import count
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.locks import lock
from ewbscraper.archive.runs import Run
from ewbscraper.archive.warc.seals import FILE, read_seals
from ewbscraper.browse.serve import free_port, serve
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.errors import ArchiveMixed, EwbScraperError
from ewbscraper.outlets import DEMO
from ewbscraper.sample_site.outlet import sample_outlet
from ewbscraper.sample_site.server import SampleSite

SITE_PORT = 8100
"""Where the newspaper prefers to be: its addresses in the archive stay the same from run to run."""

SPELLINGS = ("Vučić", "Vucic", "Вучић")


def run(archive: Path, port: int | None) -> None:
    """Both editions, a short account, and Datasette on `port` (None: stops after printing).

    Raises ArchiveMixed where the archive holds another outlet, ArchiveBusy where another demo crawls into it.
    """
    _refuse_real_articles(archive)
    with _newspaper(archive) as site:
        click.echo("A small invented newspaper is running on this machine. Nothing leaves it.")
        if not archive.exists():
            _edition("Monday", site, archive)
            site.publish("tuesday")
        _edition("Tuesday", site, archive)
        _account(archive)
        _invite(archive, port)


def clear(archive: Path) -> None:
    """Removes the demo's archive and its WARC files.

    Raises ArchiveMixed where it holds anything else, ArchiveBusy where a demo crawls.
    """
    if not archive.exists():
        click.echo(f"Nothing to clear: no archive at {archive.absolute()}", err=True)
        return
    _refuse_real_articles(archive)
    with lock(archive, DEMO):
        with closing(read(archive)) as db:
            if DEMO not in outlets_in(db):
                raise ArchiveMixed(f"{archive.absolute()} does not hold the demo newspaper: left as it is")
            warcs = [archive.parent / row["warc"] for row in db.execute("SELECT DISTINCT warc FROM captures")]
        ours = [archive, *(archive.with_name(archive.name + end) for end in ("-wal", "-shm")), *warcs]
        ours += _seals_of(archive.parent, set(warcs))
        for path in ours:
            path.unlink(missing_ok=True)
    click.echo(f"Removed {archive.absolute()} and its {len(warcs)} WARC files", err=True)


def _seals_of(folder: Path, warcs: set[Path]) -> list[Path]:
    """The file of seals, where it seals nothing else: another archive in this folder has its lines there too."""
    seals = folder / FILE
    if not seals.exists() or any(seal is None or folder / seal.warc not in warcs for _, _, seal in read_seals(seals)):
        return []
    return [seals, folder / f".{FILE}.lock"]


def _refuse_real_articles(archive: Path) -> None:
    if not archive.exists():
        return
    with closing(read(archive)) as db:
        real = sorted(outlets_in(db) - {DEMO})
    if real:
        raise ArchiveMixed(
            f"{archive.absolute()} holds real articles ({', '.join(real)}); the demo's are invented. "
            f"Give the demo an archive of its own: ewbscraper demo --archive demo.db"
        )


def _newspaper(archive: Path) -> SampleSite:
    """At the address that the archive knows, or, in a new archive, at the first free port from SITE_PORT on."""
    if not archive.exists():
        return SampleSite(port=free_port("127.0.0.1", SITE_PORT), edition="monday")
    with closing(read(archive)) as db:
        row = db.execute("SELECT home FROM outlets WHERE slug = ?", [DEMO]).fetchone()
    home = row["home"] if row else f"http://127.0.0.1:{SITE_PORT}"
    try:
        return SampleSite(port=urlsplit(home).port or SITE_PORT, edition="tuesday")
    except OSError as error:
        raise EwbScraperError(
            f"the demo's newspaper was at {home}, and that port is taken (by another demo?): stop what holds it, "
            f"or start afresh with `ewbscraper demo --clear --archive {archive}`"
        ) from error


def _edition(day: str, site: SampleSite, archive: Path) -> None:
    (ended,) = in_child(crawl, archive, [sample_outlet(site.url)], CrawlOptions())
    if isinstance(ended, Exception):
        raise ended
    click.echo(f"{day + chr(39) + 's edition':<20}{_counts(ended):<45}{ended.seconds or 0:>6.1f} s")
    for line in _changes(archive, ended):
        click.echo(f"  {line}")


def _counts(ended: Run) -> str:
    if ended.id == 1:
        return f"{ended.found} articles found, {ended.new} archived"
    if not (ended.new or ended.changed or ended.gone):
        return f"nothing new, {ended.unchanged} unchanged"
    return f"{ended.new} new, {ended.changed} edited, {ended.gone} removed, {ended.unchanged} unchanged"


def _changes(archive: Path, ended: Run) -> list[str]:
    """What changed in this run, in words."""
    with closing(read(archive)) as db:
        edited = db.execute(
            "SELECT revisions.headline AS old, articles.headline AS new FROM revisions"
            " JOIN articles ON articles.id = article WHERE revisions.run = ? AND cause = 'outlet' AND old != new",
            [ended.id],
        ).fetchall()
        removed = db.execute("SELECT headline FROM articles WHERE gone_at >= ?", [ended.started]).fetchall()
    return [f'Edited:   "{row["old"]}" is now "{row["new"]}"' for row in edited] + [
        f'Removed by the paper, kept here: "{row["headline"]}"' for row in removed
    ]


def _account(archive: Path) -> None:
    with closing(read(archive)) as db:
        found: dict[str, Any] = {word: count(db, Question(words=word)) for word in SPELLINGS}
        articles, captures = (db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("articles", "captures"))
    same = len(set(found.values())) == 1
    spellings = " = ".join(SPELLINGS) if same else ", ".join(f"{word} {n}" for word, n in found.items())
    click.echo(f"Search  {spellings}: {found[SPELLINGS[0]]} articles in three spellings")
    click.echo(f"Archive {archive.absolute()} and warc/: {articles} articles, {captures} captures")


def _invite(archive: Path, port: int | None) -> None:
    command = _as_called()
    where = "" if archive == Path("archive.db").resolve() else f" --archive {archive}"
    last = f"Try     {command} query datelines --json{where}\nReal    {command} crawl ewb --dry-run"
    if port is None:
        click.echo(last)
        return
    free = free_port("127.0.0.1", port)
    taken = f", {port} is taken" if port not in (0, free) else ""
    serve(
        archive,
        "127.0.0.1",
        free,
        ready=lambda address: click.echo(f"Open    {address}          (Ctrl-C stops{taken})\n{last}"),
    )


def _as_called() -> str:
    called = Path(sys.argv[0]).absolute()
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else "ewbscraper"
