"""The commands that open an archive in a browser: an invented one, and any."""

from pathlib import Path

import click

from ewbscraper.commands.shared import archive_option

PORT = click.IntRange(0, 65535)


@click.command()
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


@click.command()
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
    from ewbscraper.browse.guards.publication import Publication
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
