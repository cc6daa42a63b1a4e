"""The commands that read: articles in an archive, how it is doing, a page from disk."""

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ewbscraper.commands import report
from ewbscraper.commands.shared import archive_option, json_option


@click.command()
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


@click.command()
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
    from ewbscraper.archive.articles import lookup, revisions
    from ewbscraper.archive.database import read
    from ewbscraper.archive.finding import citations
    from ewbscraper.archive.tombstones import say_withheld

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


@click.command()
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


@click.command()
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
