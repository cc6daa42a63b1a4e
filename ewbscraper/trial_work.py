"""What `trial.py` has done in a process of its own: all that is ever done with a page, within bounds of its own."""

import sys

from ewbscraper.discovery import hints, shape
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.needs import needed_by
from ewbscraper.extraction.pages import next_pages
from ewbscraper.markup.trial import TOO_MUCH
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page, clean_url


class _Tried(Page):
    """The page inside of its trial."""

    needs_trial = False


def main(seconds: int, memory: int) -> None:
    """Reads address and page from stdin, within seconds of a core and bytes of addresses.

    Ends with TOO_MUCH where memory runs out, by a signal where time does. What else goes wrong is no matter of bounds:
    it goes wrong again outside, and is told there.
    """
    _set_bounds(seconds, memory)
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


def _set_bounds(seconds: int, memory: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
