"""Where things of this checkout lie, wherever in tests/ one asks from."""

from pathlib import Path

TESTS = Path(__file__).parent
PROJECT = TESTS.parent
HOUSE = PROJECT / "ewbscraper"
DOCS = PROJECT / "docs"
PAGES = TESTS / "pages"
SHARED = PROJECT.parent / "shared"
