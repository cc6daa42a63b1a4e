"""What all tests share."""

import multiprocessing

import pytest

multiprocessing.set_forkserver_preload(
    [
        "ewbscraper.cli",
        "ewbscraper.crawl.command",
        "ewbscraper.crawl.connections.reach",
        "ewbscraper.reparse.run",
        "ewbscraper.import_pages.files",
        "ewbscraper.archive.merge.archives",
        "ewbscraper.archive.export.archive",
        "ewbscraper.archive.export.wacz",
        "ewbscraper.archive.export.snapshot",
        "ewbscraper.archive.verify.verification",
        "ewbscraper.browse.serve",
        "ewbscraper.demo",
        "pyarrow.parquet",
        "scrapy.downloadermiddlewares.cookies",
        "scrapy.downloadermiddlewares.httpcompression",
        "scrapy.downloadermiddlewares.robotstxt",
        "scrapy.extensions.closespider",
        "scrapy.extensions.feedexport",
        "scrapy.extensions.memdebug",
        "scrapy.extensions.remote_control",
        "scrapy.extensions.spiderstate",
        "scrapy.extensions.telnet",
        "scrapy.extensions.throttle",
        "scrapy.squeues",
    ]
)
"""Imported once, before all the processes part: a crawl begins in .1 s in place of 1.3."""

LONG = (
    "test_soak.py",
    "test_scrapyd.py",
    "test_reparse_dask.py",
    "test_reading_room.py",
    "test_bare.py",
    "test_disk.py",
    "test_takedown.py",
    "test_shapes.py",
    "test_reparse.py",
    "test_never_lost.py",
    "test_crawl.py",
    "test_cli.py",
)
"""Files that take longest begin first: at the end they would run alone, for minutes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-pages",
        action="store_true",
        help="rewrite the JSON beside the golden pages: `git diff` is the review",
    )
    parser.addoption("--write-safety", action="store_true", help="write docs/safety.md: run all of tests/faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
