"""The reading room as a person meets it: Debian's Chromium, by mouse, by keyboard, without scripts."""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from browse_data import HOSTILE, build

pytest.importorskip("playwright", reason="playwright, which drives the browser, is not installed")

from chromium import (
    CHROMIUM,
    FOCUSED,
    NARROW,
    WIDE,
    Keyboard,
    Mouse,
    Witness,
    addresses,
    browser,
    complaints,
    demo,
    served,
)
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

SPELLINGS = ("Vučić", "Vucic", "Вучић")
SEARCHES = [
    "/search?q=Vucic",
    "/search?q=Vucic&by=share",
    "/search?q=(",
    "/search?q=nothing+at+all",
    "/compare?q=Vucic&outlet=sample",
]
TABLES = ["/archive", "/archive?sql=select+id,+url+from+articles+where+id+%3E+:least&least=40", "/archive/articles"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return demo(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def home(archive):
    with served(archive) as address:
        yield address


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright):
    with browser(playwright) as opened:
        yield opened


@contextmanager
def a_page(chromium, home, width=WIDE, **options):
    """A page that complains in the end of all that it said and asked."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
    witness = Witness(home)
    page = witness.watch(context.new_page())
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert witness.heard == []


def edited(home):
    """Address of the article that the paper edited."""
    with urlopen(f"{home}archive/headlines_changed.json?_shape=array") as answer:
        return f"/archive/articles/{json.load(answer)[0]['article']}"


def title(page):
    return page.locator("h1").inner_text()


def number(page):
    return int(re.match(r"[\d,]+", title(page))[0].replace(",", ""))


def headlines(page):
    return page.locator(".teaser h2 a").all_inner_texts()


def walk(page, home, by, folder):
    """Three spellings, a month, a place, what was found as a file; an article, its place, its citation, its past."""
    found = [search(page, home, by, word) for word in SPELLINGS]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 3
    assert by.follow_bar() == number(page)
    search(page, home, by, "talks")
    by.narrow()
    place = page.locator("section[aria-labelledby=by-place] li", has_text="Belgrade")
    count = int(place.locator("span").inner_text())
    by.open(place.locator("a"))
    page.wait_for_url("**place=Belgrade**")
    assert number(page) == count
    assert len(take(page, by, page.locator(".exports").get_by_role("link", name="JSON", exact=True), folder)) == count
    by.open(page.get_by_role("link", name="Minister confirms talks"))
    assert title(page) == "Minister confirms talks"
    by.open(page.locator("aside").get_by_role("link", name="Belgrade"))
    page.wait_for_url("**/places/*")
    assert "Belgrade" in title(page)
    page.go_back()
    (citation,) = take(page, by, page.get_by_role("link", name="CSL-JSON"), folder)
    assert citation["title"] == "Minister confirms talks"
    by.open(page.get_by_role("link", name="See what changed"))
    page.locator("del", has_text="denies").first.wait_for()
    page.locator("ins", has_text="confirms").first.wait_for()


def take(page, by, link, folder):
    """What a link leads to that the browser keeps as a file of JSON."""
    with page.expect_download() as taken:
        by.open(link)
    taken.value.save_as(folder / "taken.json")
    return json.loads((folder / "taken.json").read_text(encoding="utf-8"))


def search(page, home, by, words):
    """The headlines found; begins on the front page."""
    page.goto(home)
    by.write(page.locator("main input[name=q]"), words)
    page.wait_for_url("**/search?**")
    assert number(page) == len(headlines(page))
    return headlines(page)


WALKS = [
    (Mouse, WIDE),
    *(
        pytest.param(*other, marks=pytest.mark.slow)
        for other in [(Mouse, NARROW), (Keyboard, WIDE), (Keyboard, NARROW)]
    ),
]


@pytest.mark.parametrize(("by", "width"), WALKS)
def test_a_search_an_article_and_its_past_are_reached(chromium, home, by, width, tmp_path):
    with a_page(chromium, home, width) as page:
        walk(page, home, by(page), tmp_path)


@pytest.mark.slow
def test_the_same_walk_without_scripts(chromium, home, tmp_path):
    with a_page(chromium, home, java_script_enabled=False) as page:
        page.goto("data:text/html,<script>document.title = 'it runs'</script>")
        assert page.title() == ""
        walk(page, home, Mouse(page), tmp_path)


def test_the_first_tab_skips_to_the_content(chromium, home):
    with a_page(chromium, home) as page:
        page.goto(f"{home}archive/articles")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)["name"] == "Skip to the content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.slow
def test_the_front_page_and_an_edited_article_keep_nobody_out(chromium, home):
    """Two of all the pages that `make test-slow` visits."""
    with a_page(chromium, home) as page:
        for path in ("/", edited(home)):
            page.goto(home + path[1:])
            assert complaints(page) == [], path


@dataclass
class Visit:
    """What a visit to every page found."""

    pages: list[str]
    complaints: dict[str, list[str]]
    heard: list[str]
    hosts: set[str]


@pytest.fixture(scope="module")
def visit(playwright, home, tmp_path_factory):
    log = tmp_path_factory.mktemp("log") / "net.json"
    pages = addresses(home, *SEARCHES, *TABLES, "/", edited(home))
    witness = Witness(home)
    with browser(playwright, f"--log-net-log={log}") as watched:
        page = witness.watch(watched.new_page())
        found = {path: complaints(page) for path in pages if page.goto(home + path[1:])}
    return Visit(pages, {path: told for path, told in found.items() if told}, witness.heard, asked_hosts(log))


@pytest.mark.slow
def test_no_page_keeps_anybody_out(visit):
    """By axe-core, at a desk and on a phone, in the light and in the dark; nor must one be scrolled sideways."""
    assert visit.complaints == {}
    assert len(visit.pages) > 40
    assert {"/", "/archive/articles"} < set(visit.pages)


@pytest.mark.slow
def test_no_page_complains_or_asks_elsewhere(visit):
    assert visit.heard == []


@pytest.mark.slow
def test_the_browsers_own_log_has_no_other_host(visit, home):
    """The log is of the network itself, below what pages can see."""
    assert visit.hosts == {urlsplit(home).netloc}


@pytest.mark.slow
def test_an_address_that_leads_nowhere_is_a_page_too(chromium, home):
    context = chromium.new_context()
    page = context.new_page()
    for path in ("nowhere", "archive/articles/999999", "archive?sql=nonsense"):
        answer = page.goto(home + path)
        assert answer.status >= 400
        assert complaints(page) == [], path
    context.close()


def test_axe_finds_what_keeps_people_out(chromium):
    page = chromium.new_page()
    page.set_content("<title>x</title><img src='data:,'><input><div style='width: 3000px'>far</div>")
    found = "\n".join(complaints(page))
    assert all(rule in found for rule in ("image-alt", "label", "html-has-lang", "pixels beyond the right edge"))
    page.close()


@pytest.mark.slow
def test_the_browsers_own_log_knows_every_host(playwright, tmp_path):
    log = tmp_path / "net.json"
    with browser(playwright, f"--log-net-log={log}") as watched:
        page = watched.new_page()
        page.set_content("<img src='http://127.0.0.2:9/a.png'><img src='http://courier.invalid/b.png'>")
        page.wait_for_load_state()
    assert asked_hosts(log) == {"127.0.0.2:9", "courier.invalid"}


def asked_hosts(log):
    """Hosts, with their ports, of all that the browser asked, but where it asks for itself."""
    events = [event.get("params", {}) for event in json.loads(log.read_text())["events"]]
    asked = {urlsplit(params["url"]).netloc for params in events if "url" in params}
    named = {params["host"].rpartition("://")[2] for params in events if "host" in params}
    assert {name.rpartition(":")[0] or name for name in named} <= {host.rpartition(":")[0] or host for host in asked}
    return asked - {"", "127.0.0.1:9"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    with served(build(tmp_path_factory.mktemp("hostile") / "archive.db")) as address:
        yield address


@pytest.mark.slow
def test_stored_scripts_fire_nowhere(chromium, hostile):
    """Scripts in every text and address: on every page that shows them, each folded part open, each row in full."""
    first = [f"/archive/articles/{HOSTILE}", "/search?q=hostile", "/search?q=<script>alert(1)</script>", *TABLES]
    first += ["/archive/articles?_all=1", "/archive?sql=select+*+from+articles"]
    with a_page(chromium, hostile) as page:
        for path in addresses(hostile, *first, deep=1, most=50):
            page.goto(hostile + path[1:])
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            assert page.locator("img, main svg[onload], [onerror], [onclick]").count() == 0, path


def test_a_script_that_fires_is_heard(chromium, home):
    context = chromium.new_context()
    witness = Witness(home)
    page = witness.watch(context.new_page())
    page.set_content(
        "<img src=x onerror=alert(1)><img src='http://127.0.0.2:9/'><script>console.error('said')</script>"
    )
    context.close()
    heard = "\n".join(witness.heard)
    assert all(what in heard for what in ("dialog: 1", "elsewhere: http://127.0.0.2:9/", "console: said"))
