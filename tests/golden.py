"""The golden pages, and what is known of each before it is taken apart."""

from pathlib import Path

from checkout import PAGES

from ewbscraper.outlets import load_outlets


def golden_pages() -> list[Path]:
    return sorted(PAGES.glob("*/*.html"))


def given(page: Path) -> tuple[bytes, str, str | None]:
    """A page with its address, until its own `og:url` or canonical link says another, and its outlet's slug."""
    outlet = load_outlets().get(page.parent.name)
    home = outlet.home if outlet else "https://example.org/"
    return page.read_bytes(), f"{home}{page.stem}/", outlet and outlet.slug
