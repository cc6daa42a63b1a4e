"""Which address leads to which page of ours; Datasette's own pages have all others."""

import re
from collections.abc import Callable
from typing import Any

from ewbscraper.archive.finding.subjects import KINDS
from ewbscraper.browse.exports.queries import export_query, export_sql
from ewbscraper.browse.exports.search import export_search
from ewbscraper.browse.pages.article import article_page
from ewbscraper.browse.pages.captures import capture_page, picture, raw, received
from ewbscraper.browse.pages.cite import citation
from ewbscraper.browse.pages.cite_search import cite_search
from ewbscraper.browse.pages.compare import compare_page
from ewbscraper.browse.pages.coverage import coverage_page
from ewbscraper.browse.pages.home import home_page
from ewbscraper.browse.pages.revisions import revisions_page
from ewbscraper.browse.pages.runs import runs_page
from ewbscraper.browse.pages.search import search_page
from ewbscraper.browse.pages.subjects import subject_page, subjects_page

_KIND = f"(?P<kind>{'|'.join(KINDS)})"
_ARCHIVE = "(?P<archive>[^/]+)"
_CAPTURE = rf"/{_ARCHIVE}/captures/(?P<capture>[0-9]{{1,15}})"

ROUTES: tuple[tuple[str, Callable[..., Any]], ...] = (
    # the empty groups are for Datasette's own pages, which are shown where no archive of ours is
    (r"/(?P<format>)", home_page),
    (r"/search", search_page),
    (r"/search/cite(?P<form>\.json)?", cite_search),
    (r"/coverage", coverage_page),
    (r"/compare", compare_page),
    (r"/runs", runs_page),
    (rf"/{_KIND}", subjects_page),
    (rf"/{_KIND}/(?P<key>[^/]+)", subject_page),
    (rf"/-/cite/{_ARCHIVE}/(?P<article>[0-9]{{1,15}})\.(?P<format>bib|ris|json)", citation),
    (rf"/-/export/{_ARCHIVE}/articles\.(?P<form>json|ndjson|csv|bib|ris|csl\.json|atom)", export_search),
    (rf"/-/export/{_ARCHIVE}/query/(?P<query>[^/]+)\.(?P<form>json|ndjson|csv)", export_query),
    (rf"/-/export/{_ARCHIVE}/sql\.(?P<form>json|ndjson|csv)", export_sql),
    (r"/(?P<database>[^/]+)/(?P<table>articles)/(?P<pks>[0-9]{1,15})(?P<format>)", article_page),
    (rf"/{_ARCHIVE}/articles/(?P<article>[0-9]{{1,15}})/revisions", revisions_page),
    (rf"{_CAPTURE}/page", capture_page),
    (rf"{_CAPTURE}/raw", raw),
    (rf"{_CAPTURE}/bytes", received),
    (rf"{_CAPTURE}/picture", picture),
)

_OURS = [re.compile(path) for path, _ in ROUTES]


def is_ours(path: str) -> bool:
    """Whether a page of ours is at this path (without Datasette's base_url): it runs no script."""
    return any(known.fullmatch(path) for known in _OURS)
