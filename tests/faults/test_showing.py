"""Content that acts, in every text that an archive can hold: no page of the reading room lets it act."""

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import partial

import active
import pytest
from active import ACTIVE, FORMS, OWNED, TIMES, poison
from browse_data import build, get
from every_page import every_page, is_page, kept, kind
from lxml import etree, html

from ewbscraper.browse.guards.headers import DATASETTE, STRICT
from ewbscraper.browse.pages.captures import FRAMING
from ewbscraper.browse.rendering.captured import POLICY
from ewbscraper.browse.routes import ROUTES
from ewbscraper.browse.serve import reading_room

pytestmark = pytest.mark.slow

BODIES = [one.encode("utf-8") for one in ACTIVE]
WEB = ("http://", "https://", "mailto:")
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "background", "cite", "srcset", "xlink:href")
LOADED = {"img", "iframe", "script", "link", "source", "image", "use", "embed", "object"}


def harmless(url, number):
    return f"https://harmless.example/{OWNED}?{number}" if url else f"plain\n{OWNED}; {number}"


def shown(path, text, but=TIMES):
    """All answers of an archive that says this everywhere."""
    capture = kept(path, BODIES[:1])[0]
    poison(path, text, but)
    return every_page(reading_room(path), OWNED, capture)


def pages(answers) -> Iterator[tuple[str, html.HtmlElement]]:
    for address, answer in answers.items():
        if is_page(address, answer):
            yield address, html.fromstring(answer.text)


def parts(tree):
    """Kinds of elements, and of their attributes."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    return {(element.tag, name) for element in elements for name in ("", *element.keys())}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """What pages are made of whose texts are plain words, or plain addresses; which kinds of them there are."""
    found, kinds = set(), set()
    for url, but in ((False, FORMS), (True, TIMES)):
        folder = tmp_path_factory.mktemp("harmless")
        answers = shown(folder / "archive.db", partial(harmless, url), but)
        assert {answer.status_code for answer in answers.values()} <= {200, 302, 404}
        found |= set().union(*(parts(tree) for _, tree in pages(answers)))
        kinds |= set(map(kind, answers))
    return found, kinds


@pytest.mark.parametrize(
    ("start", "but"),
    [(0, TIMES), pytest.param(20, FORMS, marks=pytest.mark.slow), pytest.param(40, TIMES, marks=pytest.mark.slow)],
)
@pytest.mark.fault(
    "Showing",
    sent="62 forms of content that acts (scripts, handlers, styles, SVG, MathML, meta, base, frames, mXSS, bidi, NUL), "
    "in every text column of every table, keys too",
    must="every page, table, row and query shows them as words: no element, attribute or address that the same page "
    "has not of plain words; JSON, CSV and feeds stay what they are",
    found="U+FFFE in a text, a NUL in the name of a WARC file, a time zone that is none: each made a page a 500",
)
def test_stored_content_stays_words(tmp_path, meter, known, start, but):
    answers = shown(tmp_path / "archive.db", active.active(start), but)
    assert len(answers) > 200
    for address, answer in answers.items():
        assert answer.status_code in (200, 302, 404), (address, answer.text[:300])
        assert answer.headers["x-content-type-options"] == "nosniff", address
        assert answer.headers["content-security-policy"] in (STRICT, DATASETTE, FRAMING, POLICY), address
        assert_form(address, answer)
    for address, tree in pages(answers):
        assert parts(tree) - known[0] == set(), address
        assert_still(address, tree)
    said = "".join(tree.text_content() for _, tree in pages(answers))
    assert said.count(OWNED) > 1000
    meter.tried(len(answers))


def assert_still(address, tree):
    for script in tree.xpath("//script | //style | //@style | //@*[starts-with(name(), 'on')]"):
        assert OWNED not in (script if isinstance(script, str) else script.text or ""), address
    for element in tree.iter():
        for name in ADDRESSES if isinstance(element.tag, str) else ():
            target = re.sub(r"[\x00-\x20]", "", element.get(name, "")).lower()
            scheme = re.match(r"[^/?#]*?:", target)
            assert not scheme or target.startswith(WEB), (address, target)
            if element.tag in LOADED and name in element.attrib:
                assert re.match("(http://localhost)?/(?!/)", target), (address, target)


def assert_form(address, answer):
    """What programs read is what it says it is."""
    media = answer.headers.get("content-type", "").partition(";")[0]
    path = address.partition("?")[0]
    if path.endswith(".json") and answer.status_code == 200:
        assert media.startswith(("application/", "text/plain"))
        assert (
            json.loads(answer.text) if "_nl=" not in address else [json.loads(line) for line in answer.text.split("\n")]
        )
    elif path.endswith(".ndjson"):
        assert all(json.loads(line) for line in answer.text.split("\n")[:-1])
    elif path.endswith(".csv"):
        assert media in ("text/csv", "text/plain")
        assert len({len(row) for row in csv.reader(io.StringIO(answer.text, newline=""))}) == 1, address
    elif path.endswith(".atom"):
        assert {etree.QName(one).namespace for one in etree.fromstring(answer.content).iter()} == {
            "http://www.w3.org/2005/Atom"
        }


@pytest.mark.fault(
    "Showing", sent="the walk itself", must="it asks each address of routes.py, and each column holds some"
)
def test_nothing_is_left_out(tmp_path, meter, known):
    columns = poison(build(tmp_path / "archive.db"), active.active())
    assert [pattern for pattern, _ in ROUTES if pattern not in known[1]] == []
    assert len(columns) > 90
    meter.tried(len(columns))


@pytest.mark.fault(
    "Showing", sent="the same 62 as pages captured", must="each comes with a policy that lets nothing run or load"
)
def test_captures_have_the_policy(tmp_path, meter):
    path = tmp_path / "archive.db"
    numbers = kept(path, BODIES)
    room = reading_room(path)
    for number in numbers:
        answers = get(room, *(f"/archive/captures/{number}/{what}" for what in ("page", "raw", "bytes")))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        page, raw, received = answers
        assert (raw.headers["content-security-policy"], received.headers["content-security-policy"]) == (POLICY, POLICY)
        assert raw.headers["content-type"] == "text/html; charset=utf-8"
        assert received.headers["content-disposition"].startswith("attachment")
        assert html.fromstring(page.text).xpath("//iframe/@sandbox") == [""]
    meter.tried(len(numbers))
