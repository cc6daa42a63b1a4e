"""Golden pages: `pages/<outlet>/<slug>.html` and what we take from it, `<slug>.json`. One test per page and field.

A page in `pages/generic/` is read with no outlet. `pytest --update-pages` rewrites the JSON.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from golden import PAGES, given, golden_pages

from ewbscraper.article import Article
from ewbscraper.extraction import extract

FIELDS = sorted(set(Article(url="").to_dict()) - {"outlet"})


@cache
def extracted(page: Path) -> dict[str, Any]:
    """What we take from a page today."""
    return extract(*given(page)).to_dict()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("page", golden_pages(), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_field_of_a_golden_page_is_what_it_was(page: Path, field: str, request: pytest.FixtureRequest) -> None:
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
