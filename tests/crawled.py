"""Runs on a small newspaper, and what its archive has after them."""

from contextlib import closing

from ewbscraper.archive.database import read
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child


def run(paper, **options):
    paper.asked.clear()
    (ended,) = in_child(crawl, paper.archive, [paper.outlet], CrawlOptions(**options))
    if isinstance(ended, Exception):
        raise ended
    return ended


def rows(paper, sql, *values):
    with closing(read(paper.archive)) as db:
        return [tuple(row) for row in db.execute(sql, values)]


def is_article(path):
    return path.startswith("/2024")


def behave(paper):
    paper.bend = lambda path: None
