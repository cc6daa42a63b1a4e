"""Several small newspapers, each at an address of its own, and their definitions."""

from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from small_paper import SmallPaper

from ewbscraper.archive.database import read
from ewbscraper.outlet import Outlet, as_code
from ewbscraper.outlets import load_outlets

DEFINITION = """
from ewbscraper.outlet import Outlet, WordPress
OUTLET = Outlet(slug={slug!r}, name={slug!r}, home={home!r}, sources=(WordPress(),), tried_live="2026-01-01"{more})
"""


ONE_BY_ONE = """
from ewbscraper.crawl.running import side_by_side
side_by_side.ROOM = 1
from ewbscraper.cli import main
main()
"""


def paper_at(number, posts=3):
    """A newspaper at a loopback address of its own: Linux has all of 127.0.0.0/8, others only the first."""
    try:
        return SmallPaper(posts, f"127.0.0.{number}")
    except OSError as error:
        pytest.skip(f"no second loopback address here: {error}")


@contextmanager
def several():
    """Makes so many newspapers, closed at the end."""
    made = []

    def make(number, posts=3):
        made.extend(paper_at(2 + len(made), posts) for _ in range(number))
        return made

    yield make
    for paper in made:
        paper.close()


def outlets_of(papers):
    return [replace(paper.outlet, slug=f"paper-{number}") for number, paper in enumerate(papers)]


def unseen(folder):
    """Those of ours that were seen live are not, in this folder: `crawl --all` of a test asks no real newspaper."""
    (folder / "outlets").mkdir(exist_ok=True)
    for outlet in load_outlets().values():
        if outlet.tried_live:
            form = as_code(Outlet(slug=outlet.slug, name=outlet.name, home=outlet.home))
            (folder / "outlets" / f"{outlet.slug.replace('-', '_')}.py").write_text(form)


def define(folder, papers, more=""):
    unseen(folder)
    for number, paper in enumerate(papers):
        slug = f"paper-{number}"
        text = DEFINITION.format(slug=slug, home=paper.home, more=more)
        (folder / "outlets" / f"paper_{number}.py").write_text(text)


def rows(archive, sql):
    with closing(read(archive)) as db:
        return [tuple(row) for row in db.execute(sql)]
