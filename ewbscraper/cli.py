"""The commands, all of them: `commands/` has each, as its options, examples, and one call into a room below.

Results go to stdout, everything else to stderr. Exit codes: 0 done; 1 failed; 2 wrong usage; 3 finished, but
something needs a look; 75 another run of the same outlet goes on. Nothing heavy is imported before it is needed.
"""

import click

from ewbscraper import __version__
from ewbscraper.commands.crawl import crawl
from ewbscraper.commands.export import export, query, snapshot
from ewbscraper.commands.keep import import_, merge, reindex, reparse, verify
from ewbscraper.commands.outlets import outlets
from ewbscraper.commands.read import extract, search, show, status
from ewbscraper.commands.serve import demo, serve
from ewbscraper.commands.shared import Commands
from ewbscraper.commands.takedown import restore, withhold


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


for command in (
    *(demo, crawl, outlets, status),
    *(serve, search, show, query, extract),
    *(export, snapshot, merge, import_),
    *(verify, reparse, reindex, withhold, restore),
):
    main.add_command(command)
