"""A slip of a third in extraction shows in any run of the tests, and on any machine: steps are counted, not seconds.

A step is a line of Python that runs, or a call or a return, in our code and in the libraries below it: `sys.settrace`
counts them. The same page takes the same number each time; other hash seeds change it by 0.3 %, Python 3.12 and 3.13
by 3 %. Over 100 pages of a corpus steps and CPU time correlate with 0.77. What happens inside one call of C is not in
it; the largest of those, the parse, is counted by itself, and must be one. Instructions under callgrind would say more,
but take over a minute for the start of Python alone, and differ with how Python was compiled.

`pytest tests/extraction/test_speed.py --update-pages` renews the figures: `git diff` is the review.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from golden import given, golden_pages
from lxml import etree

from ewbscraper.extraction import extract

STEPS = Path(__file__).with_name("steps.json")
SLIP = 1 / 3
NOISE = 0.02
"""One more outlet in the house makes 1 % of it: no figure is renewed for that."""
RENEW = "if that is meant: pytest tests/extraction/test_speed.py --update-pages"


def steps(work: Callable[[], Any]) -> int:
    """Lines, calls and returns of Python while it works."""
    counted = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal counted
        counted += 1
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return counted


def taken_apart(page: Path) -> Callable[[], Any]:
    """As test_golden_pages has it; once before, so that no pattern is compiled while steps are counted."""
    words = given(page)
    extract(*words)
    return lambda: extract(*words)


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="steps are those of CPython")
@pytest.mark.skipif(sys.gettrace() is not None, reason="a debugger or a coverage tool traces already")
@pytest.mark.parametrize("page", golden_pages(), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_extraction_takes_no_more_steps(page: Path, request: pytest.FixtureRequest) -> None:
    name, now = f"{page.parent.name}/{page.stem}", steps(taken_apart(page))
    kept = json.loads(STEPS.read_text("utf-8")) if STEPS.exists() else {}
    if request.config.getoption("--update-pages"):
        if name in kept and abs(now / kept[name] - 1) <= NOISE:
            return
        STEPS.write_text(json.dumps(kept | {name: now}, indent=2, sort_keys=True) + "\n", "utf-8")
        return
    assert name in kept, f"no figure of this page yet: {RENEW}"
    assert abs(now / kept[name] - 1) <= SLIP, f"{now} steps, {kept[name]} before; {RENEW}"


@pytest.mark.parametrize("page", golden_pages(), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_is_parsed_once(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parses: list[int] = []
    work, parse = taken_apart(page), etree.fromstring

    def counting(text: Any, *args: Any, **kwargs: Any) -> Any:
        parses.append(len(text))
        return parse(text, *args, **kwargs)

    monkeypatch.setattr(etree, "fromstring", counting)
    work()
    assert len(parses) == 1
