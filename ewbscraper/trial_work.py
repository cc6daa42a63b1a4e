"""What `trial.py` has done in a process of its own: all that is ever done with a page, within bounds of its own."""

import sys

from ewbscraper.discovery import hints, shape
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.needs import needed_by
from ewbscraper.extraction.pages import next_pages
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page, clean_url
from ewbscraper.trial import MEMORY, SECONDS, TOO_MUCH


class _Tried(Page):
    """The page inside of its trial."""

    needs_trial = False


def main() -> None:
    """Reads address and page from stdin. Exit code TOO_MUCH where memory runs out, a signal's where time does.

    What else goes wrong is no matter of bounds: it goes wrong again outside, and is told there.
    """
    _set_bounds()
    try:
        url, _, text = sys.stdin.buffer.read().decode("utf-8", "surrogatepass").partition("\n")
        _read(_Tried(text, url))
    except MemoryError:
        sys.exit(TOO_MUCH)


def _read(page: Page) -> None:
    extract_article(page)
    needed_by(page)
    next_pages(page)
    shape.article_links(page)
    shape.next_page(page)
    shape.date_archives(page)
    hints.hints_of(page, Outlet(slug="trial", name="Trial", home=clean_url(page.url)), {})


def _set_bounds() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
