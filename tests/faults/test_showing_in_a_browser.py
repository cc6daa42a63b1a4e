"""The same content in Debian's Chromium: a browser that reads what no parser of ours reads as it does."""

from concurrent.futures import ThreadPoolExecutor

import active
import pytest
from active import ACTIVE, OWNED, poison
from every_page import every_page, is_page, kept, kind

pytest.importorskip("playwright", reason="playwright, which drives the browser, is not installed")

from chromium import CHROMIUM, Witness, browser, served
from playwright.sync_api import sync_playwright

from ewbscraper.browse.serve import reading_room

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

BODIES = [f"<!doctype html><title>as it was</title><p>{one}</p>".encode() for one in ACTIVE]

LEFT = """() => [...document.querySelectorAll("*")].filter(one =>
    [...one.attributes].some(has => /^on|^style$|^src|^formaction$/i.test(has.name) && has.value.includes("owned"))
    || /^(script|style)$/i.test(one.tagName) && one.textContent.includes("owned")
    || one.matches("[href^='javascript:' i], [href^='data:' i], base, meta[http-equiv], object, embed, math")
).map(one => one.outerHTML.slice(0, 200))"""
"""What a browser made into an element that could act."""


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as driver, browser(driver) as opened:
        yield opened


@pytest.fixture
def tab(chromium):
    """A page, and what it does that it should not."""
    context = chromium.new_context()
    witness = Witness("http://127.0.0.1:1/")
    page = witness.watch(context.new_page())
    page.set_default_timeout(10_000)
    yield page, witness
    context.close()


def acted(witness):
    """What ran, or asked another origin; that something was forbidden is told, too."""
    return [told for told in witness.heard if told.startswith(("dialog", "elsewhere", "error"))]


@pytest.mark.fault("Showing", sent="those 62, in a page without any protection", must="at least 30 of them act")
def test_most_of_it_acts_in_a_bare_page(chromium, meter):
    fired = 0
    for one in ACTIVE:
        context = chromium.new_context()
        witness = Witness("http://127.0.0.1:1/")
        page = witness.watch(context.new_page())
        page.set_content(one, wait_until="commit")
        page.wait_for_timeout(20)  # an animation, a frame
        fired += bool(acted(witness))
        context.close()
    assert fired >= 30
    meter.tried(len(ACTIVE))


@pytest.mark.fault(
    "Showing",
    sent="those 62 in every text column, every page in Chromium, each folded part open",
    must="nothing runs, nothing asks another origin, no element is made of them",
)
def test_nothing_acts_in_the_reading_room(tab, tmp_path, meter):
    page, witness = tab
    path = tmp_path / "archive.db"
    capture = kept(path, BODIES[:1])[0]
    poison(path, active.active(10))
    with ThreadPoolExecutor(1) as aside:  # in this thread is the browser's loop
        answers = aside.submit(every_page, reading_room(path), OWNED, capture).result()
    wanted = {kind(address): address for address, answer in answers.items() if is_page(address, answer)}
    with served(path) as home:
        witness.home = home
        for address in wanted.values():
            page.goto(home + address[1:], wait_until="load")
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            assert page.evaluate(LEFT) == [], address
            assert acted(witness) == [], address
    assert len(wanted) > 70
    meter.tried(len(wanted))


@pytest.mark.fault(
    "Showing",
    sent="those 62 as pages captured, in their frame and by themselves, in Chromium",
    must="nothing runs, nothing is asked of another origin, the window stays where it is",
    found="a style that nothing ends kept its addresses; a browser was told to leave them, yet tried",
)
def test_nothing_acts_in_a_page_as_captured(tab, tmp_path, meter):
    page, witness = tab
    path = tmp_path / "archive.db"
    numbers = kept(path, BODIES)
    with served(path) as home:
        witness.home = home
        for number in numbers:
            for what in ("raw", "page") if number % 3 == 0 else ("raw",):
                address = f"{home}archive/captures/{number}/{what}"
                page.goto(address, wait_until="load")
                assert page.url == address
                assert acted(witness) == [], ACTIVE[number - numbers[0]]
    meter.tried(len(numbers))
