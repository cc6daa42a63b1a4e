"""A small newspaper, its definition in a folder, and commands that read its archive again."""

import json
from contextlib import closing

from commands import ewbscraper
from small_paper import SmallPaper

from ewbscraper.archive.database import read

DEFINITION = """
import os
import time
from multiprocessing import parent_process
from pathlib import Path

from ewbscraper.outlet import Feed, Outlet, WordPress

GATE = Path(__file__).with_name("gate")


def at_the_gate(page):
    "The paragraphs; of the posts 0 to 3 and 10 to 39, which are the later ones, once the gate is open."
    while page.url.split("-")[-1] < "4" and not GATE.exists():
        time.sleep(0.01)
    return page.select("//article/p")


def here(page):
    "The paragraphs, in the first process only."
    if parent_process():
        os._exit(9)
    return page.select("//article/p")


def but_one(page):
    "The paragraphs, but of post 3 none."
    assert not page.url.endswith("post-3/")
    return page.select("//article/p")


OUTLET = Outlet(slug="small", name="Small", home="{home}", sources=(WordPress(),){more})
"""


NO_RUNS = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('runs', '_changes', '_sqlite_migrations')"
)


class Archive:
    """An archive in a folder, the definition of the one newspaper in it, and commands on both."""

    def __init__(self, folder, home):
        self.folder, self.path, self.home = folder, folder / "archive.db", home
        (folder / "outlets").mkdir()
        self.define()

    def define(self, more=""):
        """Other rules for its pages."""
        (self.folder / "outlets" / "small.py").write_text(DEFINITION.format(home=self.home, more=more))

    def crawl(self, *options):
        done = ewbscraper("crawl", "small", "--json", *options, folder=self.folder)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)[0]

    def reparse(self, *options, code=0, how=ewbscraper):
        done = how("reparse", *options, "--json", folder=self.folder)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)[0]

    def rows(self, sql, *values):
        with closing(read(self.path)) as db:
            return [tuple(row) for row in db.execute(sql, values)]

    def everything(self):
        """All tables but the log of runs."""
        return {name: self.rows(f"SELECT * FROM {name}") for (name,) in self.rows(NO_RUNS)}


class Paper(SmallPaper):
    """Each page has the same opening above its text."""

    def answer(self, path):
        status, headers, body = super().answer(path)
        return status, headers, body.replace("<p>", "<p class=opening>The Small reports again today.</p><p>", 1)
