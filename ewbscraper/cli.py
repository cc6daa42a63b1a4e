"""The commands: each is its options, one example, and one call into a package below.

Results go to stdout, everything else to stderr. Exit codes: 0 done; 1 failed; 2 wrong usage; 3 finished, but
something needs a look; 75 another run of the same outlet goes on. Nothing heavy is imported before it is needed.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ewbscraper import __version__, report
from ewbscraper.commands import Commands, archive_option, json_option
from ewbscraper.crawl_commands import crawl
from ewbscraper.export_commands import export, query, snapshot
from ewbscraper.keep_commands import import_, merge, reparse, verify
from ewbscraper.outlet_commands import outlets
from ewbscraper.takedown_commands import restore, withhold

PORT = click.IntRange(0, 65535)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ewbscraper")
def main() -> None:
    """An archive of regional news that a researcher can search, quote and prove.

    \b
    First look (invented articles, nothing leaves this machine):
      ewbscraper demo
    For real (asks only robots.txt and the outlet's lists, keeps nothing):
      ewbscraper crawl ewb --dry-run
    """


@main.command()
@archive_option
@click.option("--no-serve", is_flag=True, help="Stop after printing.")
@click.option(
    "--port", type=PORT, metavar="N", default=8001, show_default=True, help="Of Datasette; the next free one if taken."
)
@click.option("--clear", is_flag=True, help="Remove the demo newspaper's archive, and do nothing else.")
def demo(archive: Path, no_serve: bool, port: int, clear: bool) -> None:
    """Crawl a small invented newspaper on this machine, twice, and open it.

    \b
    Example:
      ewbscraper demo --archive /tmp/demo.db --no-serve
    """
    from ewbscraper import demo as show

    if clear:
        return show.clear(archive)
    return show.run(archive, None if no_serve else port)


@main.command()
@archive_option
@click.option("--port", type=PORT, metavar="N", default=8001, show_default=True, help="The next free one if taken.")
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Of this machine, to listen at."
)
@click.option("--public", is_flag=True, help="For anybody: no SQL of their own; headlines and passages, not the texts.")
@click.option("--public-text", is_flag=True, help="With --public: the texts and the pages as archived, too.")
@click.option("--index", is_flag=True, help="With --public: search engines may list it.")
@click.option("--base-url", metavar="PREFIX", default="/", help="Behind a proxy that has it below /PREFIX/.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="Not public: a proxy's name, to answer to too.")
def serve(archive: Path, port: int, host: str, base_url: str, names: tuple[str, ...], **chosen: bool) -> None:
    """Open the archive in a browser, also while a crawl writes.

    \b
    Examples:
      ewbscraper serve --port 8080
      ewbscraper serve --public --base-url /news/
    """
    for option in ("public_text", "index"):
        if chosen[option] and not chosen["public"]:
            of = option.replace("_", "-")
            raise click.UsageError(f"--{of} is about what the public may see, and goes with --public")
    from ewbscraper.browse.publication import Publication
    from ewbscraper.browse.serve import free_port
    from ewbscraper.browse.serve import serve as serve_archive

    free = free_port(host, port)
    taken = f", port {port} is taken" if port not in (0, free) else ""
    if taken and (chosen["public"] or names):
        raise click.ClickException(
            f"port {port} is taken, and a proxy would ask there: end what has it, or another --port"
        )
    serve_archive(
        archive,
        host,
        free,
        lambda address: click.echo(f"Open {address}  (Ctrl-C stops{taken})"),
        Publication(**chosen, names=names),
        f"/{base_url.strip('/')}/".replace("//", "/"),
    )


@main.command()
@click.argument("words", nargs=-1, required=True)
@archive_option
@click.option("--outlet", metavar="SLUG", help="Of this outlet only.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N")
@json_option
def search(words: tuple[str, ...], archive: Path, outlet: str | None, limit: int, as_json: bool) -> None:
    """Find articles by words, in any script: Vučić = Vucic = Вучић. Newest first.

    \b
    Examples:
      ewbscraper search KFOR Pristina
      ewbscraper search '"rule of law" NOT (poll OR survey*)'
    """
    from ewbscraper.archive.database import read
    from ewbscraper.archive.finding import hits
    from ewbscraper.archive.finding.question import Question

    asked = Question.read({"q": " ".join(words), "outlet": outlet or ""})
    with closing(read(archive)) as db:
        found, total = hits.find(db, asked, limit), hits.count(db, asked)
    click.echo(report.as_json(report.plain_hits(found)) if as_json else report.hits(found, total))


@main.command()
@click.argument("article", metavar="ID or URL")
@archive_option
@click.option("--text", "shape", flag_value="text", default=True, help="To read (default).")
@click.option("--json", "shape", flag_value="json", help="With its provenance.")
@click.option("--bibtex", "shape", flag_value="bibtex", help="A citation for LaTeX.")
@click.option("--ris", "shape", flag_value="ris", help="A citation for Zotero, EndNote.")
@click.option("--csl", "shape", flag_value="csl", help="A citation as CSL-JSON.")
@click.option("--changes", "shape", flag_value="changes", help="What the last change took out and put in.")
@click.option("--revision", type=int, metavar="N", help="Of an earlier text, 1 the oldest; --text lists them.")
def show(article: str, archive: Path, shape: str, revision: int | None) -> None:
    """Show one article: its text, its earlier texts, its provenance, its citation.

    \b
    Examples:
      ewbscraper show 12 --bibtex
      ewbscraper show 12 --revision 1 --ris
    """
    from ewbscraper.archive import citations, lookup, revisions
    from ewbscraper.archive.database import read
    from ewbscraper.archive.takedown.tombstones import say_withheld

    cite = {"bibtex": citations.bibtex, "ris": citations.ris, "csl": citations.csl_json}
    with closing(read(archive)) as db:
        found = lookup.get_article(db, article)
        if found is None and (withheld := say_withheld(db, article)):
            raise click.ClickException(withheld)
        if found is None:
            raise click.ClickException(f"no article {article} in {archive}: `ewbscraper search WORDS` finds ids")
        number = found["provenance"]["id"]
        if shape == "changes":
            click.echo(report.change(revisions.change(db, number, revision)))
        elif shape in cite and (of := citations.reference(db, number)):
            of = of if revision is None else citations.earlier(of, lookup.earlier_text(found, revision))
            click.echo(cite[shape](of), nl=False)
        elif revision is not None:
            old = lookup.earlier_text(found, revision)
            click.echo(report.as_json(old) if shape == "json" else report.earlier_text(old))
        else:
            click.echo(report.as_json(found) if shape == "json" else report.article(found))


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--url", required=True, help="Where the page is from: relative links need it.")
@click.option("--outlet", metavar="SLUG", help="Use this outlet's selectors.")
@click.option("--explain", is_flag=True, help="Instead: why each block was kept or left out.")
@click.option("--html", "coloured", type=click.File("w", encoding="utf-8"), help="Also: the page, coloured by role.")
def extract(file: Any, url: str, outlet: str | None, explain: bool, coloured: Any) -> None:
    """Take a page from disk apart and print it as one JSON object; - is stdin. No archive is needed.

    \b
    Examples:
      ewbscraper extract page.html --url https://paper.example/2026/11/a-headline/
      ewbscraper extract page.html --url https://paper.example/a/ --explain --html why.html
    """
    from ewbscraper.extraction import explain as why
    from ewbscraper.extraction import extract as take_apart

    page = file.read()
    if coloured:
        coloured.write(why.explain_html(page, url, outlet))
    if explain:
        click.echo(report.explained(why.explain(page, url, outlet)))
    else:
        click.echo(report.as_json(take_apart(page, url, outlet).to_dict()))


@main.command()
@archive_option
@json_option
def status(archive: Path, as_json: bool) -> None:
    """How the archive is doing: last runs, what waits and why, how often each field was found.

    \b
    Example:
      ewbscraper status --json
    """
    from ewbscraper.archive.status import status as state_of

    state = state_of(archive)
    click.echo(report.as_json(state) if as_json else report.status(state, archive))


@main.command()
@archive_option
def reindex(archive: Path) -> None:
    """Make the search index anew: after an upgrade that folds letters in another way.

    \b
    Example:
      ewbscraper reindex
    """
    from ewbscraper.archive import search as index
    from ewbscraper.archive.database import create, read, transaction

    read(archive).close()
    with closing(create(archive)) as db, transaction(db):
        index.reindex(db)


for command_of_a_room in (crawl, outlets, query, export, snapshot, verify, reparse, import_, merge, withhold, restore):
    main.add_command(command_of_a_room)
