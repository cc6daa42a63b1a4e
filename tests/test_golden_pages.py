"""Golden pages: `pages/<outlet>/<slug>.html` and what we take from it, `<slug>.json`. One test per page and field.

A page in `pages/generic/` is read with no outlet. `pytest --update-pages` rewrites the JSON.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ewbscraper.article import Article
from ewbscraper.extraction import extract
from ewbscraper.outlets import load_outlets

PAGES = Path(__file__).parent / "pages"
FIELDS = sorted(set(Article(url="").to_dict()) - {"outlet"})


def golden_pages() -> list[Path]:
    return sorted(PAGES.glob("*/*.html"))


def given(page: Path) -> tuple[bytes, str, str | None]:
    """A page with its address, until its own `og:url` or canonical link says another, and its outlet's slug."""
    outlet = load_outlets().get(page.parent.name)
    home = outlet.home if outlet else "https://example.org/"
    return page.read_bytes(), f"{home}{page.stem}/", outlet and outlet.slug


@cache
def extracted(page: Path) -> dict[str, Any]:
    """What we take from a page today."""
    return extract(*given(page)).to_dict()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("page", golden_pages(), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_page(page: Path, field: str, request: pytest.FixtureRequest) -> None:
    golden = page.with_suffix(".json")
    if request.config.getoption("--update-pages"):
        golden.write_text(json.dumps(extracted(page), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert extracted(page)[field] == json.loads(golden.read_text(encoding="utf-8"))[field]


def test_the_seed_has_its_shape() -> None:
    article = extracted(PAGES / "ewb" / "lund-mission-undecided-on-leaving-its-summer-reinforcement.html")
    assert article["dateline"] == {
        "text": "PRISTINA –",
        "places": [{"name": "Pristina", "as_written": "PRISTINA", "country": "XK"}],
        "date": None,
        "agency": None,
    }
    assert [(c["caption"], c["credit"]) for c in article["captions"]] == [("Lund with Berisha in Pristina", "NATO")]
    assert len(article["body"].split("\n\n")) == 11
    assert [post["author"] for post in article["related_posts"]] == [None, "EWB Archives", "EWB Archives"]
