"""The golden pages, and the addresses that they have."""

from pathlib import Path

PAGES = Path(__file__).parent / "pages"


def golden_pages() -> list[Path]:
    return sorted(PAGES.glob("*/*.html"))


HOMES = {"ewb": "https://europeanwesternbalkans.com/2026/01/01/golden/"}
