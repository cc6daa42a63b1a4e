"""A page as archived: the bytes of the WARC shown where they can do nothing, with what proves them."""

import gzip
import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from hashlib import sha256

import browse_data
import pytest
import uvicorn
from archives import OUTLET, WHEN, article, new_archive
from browse_data import get, text
from datasette.app import Datasette
from kept import by_hand
from lxml import html

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import read
from ewbscraper.archive.warc.reader import Exchange
from ewbscraper.archive.warc.writer import WarcWriter, payloads_in
from ewbscraper.browse.rendering.captured import POLICY, inert
from ewbscraper.browse.serve import reading_room

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

URL = "https://courier.example/bridge/"
PAGE = "<!doctype html><html><head><title>B</title></head><body><h1>Most otvoren</h1><p>Škola čeka.</p></body></html>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = ("Content-Type", "text/html; charset=utf-8")
GZIPPED = [HTML, ("Content-Encoding", "gzip")]

KEPT = {
    "page": (URL, PAGE.encode(), [HTML, ("X-Repeated", "1"), ("X-Repeated", "2")]),
    "again": (URL, PAGE.encode(), [HTML, ("X-Look", "second")]),
    "zipped": (f"{URL}2/", gzip.compress(PAGE.encode()), GZIPPED),
    "old": (f"{URL}3/", PAGE.encode("cp1250"), [("Content-Type", "text/html; charset=windows-1250")]),
    "text": (f"{URL}4/", b"<script>no page</script>", [("Content-Type", "text/plain")]),
    "picture": (f"{URL}5.png", PNG, [("Content-Type", "text/html")]),
    "svg": (f"{URL}6.svg", SVG, [("Content-Type", "image/svg+xml")]),
    "pdf": (f"{URL}7.pdf", b"%PDF-1.4 ...", [("Content-Type", "application/pdf")]),
    "bomb": (f"{URL}8/", gzip.compress(bytes(200_000_000)), GZIPPED),
    "empty": (f"{URL}9/", b"", [HTML]),
    "broken": (f"{URL}10/", b"not compressed at all", GZIPPED),
}
NUMBERS = {name: number for number, name in enumerate(KEPT, 1)}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return build(tmp_path_factory.mktemp("captures") / "archive.db", KEPT)


@pytest.fixture(scope="module")
def room(path):
    return reading_room(path)


def build(path, kept):
    """An archive whose one article has these captures, in a real WARC file."""
    db, run = new_archive(path)
    with closing(db):
        db.execute("UPDATE outlets SET timezone = 'Europe/Belgrade'")
        writer = WarcWriter(path.parent, OUTLET.slug, run, earlier=payloads_in(db, path.parent))
        with transaction(db):
            number, _ = store.save_article(
                db, article("bridge", language="sr-Latn"), outlet="courier", run=run, captured=WHEN
            )
        for url, body, headers in kept.values():
            with transaction(db):
                capture = writer.write(Exchange(url, 200, [], headers, body, reason="OK"))
                writer.sync()
                store.save_captures(db, run, [capture], article=number)
        writer.close()
    return path


def ask(room, name, what="page"):
    (answer,) = get(room, f"/archive/captures/{NUMBERS[name]}/{what}")
    return answer


def page(room, name):
    return browse_data.page(room, f"/archive/captures/{NUMBERS[name]}/page")


def row(path, name):
    with closing(read(path)) as db:
        return db.execute("SELECT * FROM captures WHERE id = ?", [NUMBERS[name]]).fetchone()


def test_the_banner_says_when_what_and_where(room, path):
    tree, kept = page(room, "page"), row(path, "page")
    assert text(tree, "h1") == ["The bridge opens"]
    assert tree.cssselect("h1 a")[0].get("href") == "/archive/articles/1"
    assert "UTC (" in text(tree, ".taken")[0]
    assert "in Europe/Belgrade)" in text(tree, ".taken")[0]
    address, answer, digest, warc, said = text(tree, ".banner dd")
    assert said == "Nobody looked what the outlet said"
    assert address == URL
    assert answer == f"HTTP 200 OK, text/html; charset=utf-8, {len(PAGE.encode())} bytes as received"
    assert digest == sha256(PAGE.encode()).hexdigest()
    assert warc == f"{kept['warc']}, {kept['length']:,} bytes from byte {kept['offset']:,}"
    assert "X-Repeated: 1\nX-Repeated: 2" in tree.cssselect(".banner details:last-child pre")[0].text
    assert "Read just now" in text(tree, ".checked")[0]


def test_the_frame_may_do_nothing(room):
    answer = ask(room, "page")
    (frame,) = html.fromstring(answer.text).cssselect("iframe")
    assert (frame.get("sandbox"), frame.get("src")) == ("", "/archive/captures/1/raw")
    assert frame.get("title")
    policy = answer.headers["content-security-policy"]
    assert "frame-src 'self'" in policy
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("what", ["raw", "bytes", "picture"])
@pytest.mark.parametrize("name", list(KEPT))
def test_whatever_comes_out_of_a_warc_has_the_policy(room, name, what):
    answer = ask(room, name, what)
    assert answer.headers.get_list("content-security-policy") == [POLICY]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.status_code in (200, 404)
    types = {"raw": {"text/html", "text/plain"}, "bytes": {"application/octet-stream", "text/plain"}}
    assert answer.headers["content-type"].split(";")[0] in types.get(what, {"image/png", "text/plain"})


@pytest.mark.parametrize("name", ["page", "again", "zipped", "old"])
def test_the_page_as_it_was_read_in_any_encoding(room, name):
    answer = ask(room, name, "raw")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Škola čeka." in answer.text


@pytest.mark.parametrize("name", list(KEPT))
def test_the_bytes_as_received_have_the_digest(room, path, name):
    answer = ask(room, name, "bytes")
    assert answer.status_code == 200
    assert sha256(answer.content).hexdigest() == row(path, name)["sha256"]
    assert answer.headers["content-disposition"] == f'attachment; filename="capture-{NUMBERS[name]}.bin"'


@pytest.mark.parametrize("name", ["page", "again", "zipped"])
def test_the_proof_that_is_shown_runs_without_anything_of_ours(room, path, name):
    (proof,) = [pre.text for pre in page(room, name).cssselect("pre") if pre.text.startswith("import gzip")]
    for code, said in ((proof, "True\n"), (proof.replace("== '", "== 'a"), "False\n")):
        done = subprocess.run([sys.executable, "-I", "-c", code], cwd=path.parent, capture_output=True, text=True)
        assert done.stdout == said, done.stderr


def test_a_revisit_leads_to_the_record_with_the_body(room, path):
    assert row(path, "again")["same_as"] == NUMBERS["page"]
    tree = page(room, "again")
    assert "The body is the very same as before, so it is kept once: capture 1" in text(tree, ".banner dd")[3]
    assert "X-Look: second" in tree.cssselect(".banner details:last-child pre")[0].text
    assert [a.get("href") for a in tree.cssselect("a[rel=prev]")] == ["/archive/captures/1/page"]
    assert [a.get("href") for a in page(room, "page").cssselect("a[rel=next]")] == ["/archive/captures/2/page"]


def test_a_text_is_shown_as_one(room):
    answer = ask(room, "text", "raw")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "<script>no page</script>"
    assert ask(room, "svg", "raw").headers["content-type"] == "text/plain; charset=utf-8"


def test_pictures_of_pixels_only_whatever_the_server_said(room):
    answer = ask(room, "picture", "picture")
    assert (answer.headers["content-type"], answer.content) == ("image/png", PNG)
    (img,) = page(room, "picture").cssselect("img")
    assert (img.get("src"), img.get("alt")) == ("/archive/captures/6/picture", "The picture as captured")
    assert [ask(room, name, "picture").status_code for name in ("svg", "page", "pdf", "bomb")] == [404] * 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pdf", "Nothing that can be shown here: application/pdf. It can be downloaded as received."),
        ("bomb", "It cannot be shown: decompressed longer than 8000000 bytes."),
        ("empty", "It cannot be shown: the answer has no body."),
        ("broken", "It cannot be shown: the body cannot be decompressed:"),
    ],
)
def test_what_cannot_be_shown_says_why(room, name, said):
    tree = page(room, name)
    assert text(tree, ".notice")[0].startswith(said)
    assert not tree.cssselect("iframe, img")
    assert ask(room, name, "raw").status_code == 404
    assert "Read just now" in text(tree, ".checked")[0]


def damage_cut(file):
    file.write_bytes(file.read_bytes()[:700])


def damage_flip(file):
    raw = bytearray(file.read_bytes())
    raw[-3000:] = bytes(3000)
    file.write_bytes(raw)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (os.remove, "It cannot be read: the WARC file courier-"),
        (damage_cut, "It cannot be read: warc/courier/"),
        (damage_flip, "It cannot be read: warc/courier/"),
    ],
)
def test_a_file_that_is_missing_or_damaged(tmp_path, harm, said):
    path = build(tmp_path / "archive.db", {name: KEPT[name] for name in ("page", "again", "zipped")})
    (file,) = tmp_path.glob("warc/*/*/*.gz")
    harm(file)
    room = reading_room(path)
    tree = page(room, "zipped")
    assert text(tree, ".notice")[0].startswith(said)
    assert str(tmp_path) not in tree.text_content()
    assert text(tree, ".banner dd")[2] == sha256(KEPT["zipped"][1]).hexdigest()
    assert not tree.cssselect("iframe, .checked")
    assert [ask(room, "zipped", what).status_code for what in ("raw", "bytes", "picture")] == [404] * 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("sha256 = 'ab'", "damaged: the SHA-256 of what lies in the WARC file is another."),
        ("warc = '../../secret.warc.gz'", "its WARC file is not beside the archive."),
        ("warc = '/etc/passwd'", "its WARC file is not beside the archive."),
        ("bytes = 90000000", "longer than the 50,000,000 bytes that are read here."),
    ],
)
def test_a_row_that_leads_elsewhere(tmp_path, change, said):
    path = build(tmp_path / "archive.db", {"page": KEPT["page"]})
    with closing(read(path)) as db:
        file = path.parent / db.execute("SELECT warc FROM captures").fetchone()["warc"]
    (tmp_path / "outside").mkdir()
    shutil.copy(file, tmp_path / "outside" / "secret.warc.gz")
    by_hand(path, f"UPDATE captures SET {change}")
    room = reading_room(path)
    assert text(page(room, "page"), ".notice") == [f"It cannot be read: {said}"]
    assert ask(room, "page", "bytes").status_code == 404


def test_there_is_no_such_capture(room):
    answers = get(room, *(f"/archive/captures/999/{what}" for what in ("page", "raw", "bytes", "picture")))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert get(room, "/other/captures/1/raw")[0].status_code == 404


def test_the_public_without_texts_is_refused(path):
    for choice, status in (({"public": True}, 403), ({"public": True, "public_text": True}, 200)):
        public = Datasette([str(path)], metadata={"plugins": {"ewbscraper": choice}})
        for name, what in (("page", "page"), ("page", "raw"), ("page", "bytes"), ("picture", "picture")):
            answer = ask(public, name, what)
            assert answer.status_code == status, (choice, what)
            assert ("belong to their publishers, and are not shown" in answer.text) == (status == 403)


def test_an_archive_in_memory_has_no_warc_files(path):
    room = Datasette(memory=True)
    assert get(room, "/archive/captures/1/page")[0].status_code == 404


HOSTILE = """<!doctype html><html><head>
<link rel=preconnect href="{0}/a"><link rel=dns-prefetch href="{0}"><link rel=prefetch href="{0}/b">
<LINK rel=icon href={0}/c>
<link rel=stylesheet href="{0}/d"><link rel=modulepreload href="{0}/e"><link/rel=manifest href="{0}/f">
<meta http-equiv=refresh content="0;url={0}/g"><style>@import "{0}/h"; body {{ background: url({0}/i) }}
@font-face {{ font-family: x; src: url("{0}/j") }} p {{ font-family: x }}</style><base href="{0}/k/" target=_top></head>
<body onload="fetch('{0}/l'); top.location = '{0}/m'; document.title = 'ran'" background={0}/n>
<p style="background: url('{0}/o')">text</p><img src="{0}/p" srcset="{0}/q 2x" onerror="document.title = 'ran'">
<img src=rel.png>
<iframe src="{0}/r"></iframe><IFRAME/src={0}/s></IFRAME><iframe srcdoc='&lt;iframe src="{0}/t">'></iframe>
<object data="{0}/u"></object><embed src="{0}/v"><video src="{0}/w" poster="{0}/x"></video><audio src="{0}/y"></audio>
<script src="{0}/z"></script><script>document.title = "ran"; fetch("{0}/aa"); new WebSocket("ws{0}/ab")</script>
<svg><image href="{0}/ac"/><use href="{0}/ad#a"/></svg><math href="{0}/ae"></math>
<p><a id=top href="{0}/af" ping="{0}/ag" target=_top>top</a> <a id=self href="{0}/ah">self</a>
<a id=js href="javascript:document.title = 'ran'">js</a> <a id=blank href="{0}/ai" target=_blank>blank</a></p>
<form action="{0}/aj" target=_top><button id=button onclick="document.title = 'ran'">go</button></form></body></html>"""


def test_a_page_is_stilled_but_for_its_words():
    made = inert(HOSTILE.format("https://evil.example"))
    tree = html.fromstring(made)
    assert text(tree, "p")[0] == "text"
    assert {e.get("srcdoc") for e in tree.cssselect("iframe")} == {""}
    assert {e.get("src") for e in tree.cssselect("iframe")} == {"about:blank"}
    assert {e.get("rel") for e in tree.cssselect("link")} == {"left-out"}
    assert {e.get("src") for e in tree.cssselect("img, embed, script, video, audio")} == {""}
    assert inert("<header>1 < 2, <images> url(x)</header>") == "<header>1 < 2, <images> url(x)</header>"


@contextmanager
def serving(path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(reading_room(path).app(), host="127.0.0.1", port=port, log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    started = threading.Event()
    startup = server.startup

    async def told(*args, **options):
        await startup(*args, **options)
        started.set()

    server.startup = told
    thread.start()
    assert started.wait(20)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


class Witness:
    """Another host: it hears of every connection, whatever is asked over it."""

    def __init__(self):
        self.heard, self.called = [], threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.heard.append(connection.getpeername())
            self.called.set()
            connection.close()

    def close(self):
        self._socket.close()


@pytest.fixture
def witness():
    with closing(Witness()) as witness:
        yield witness


@pytest.fixture(scope="module")
def browser():
    sync = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync.sync_playwright() as driven:
        browser = driven.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


def test_a_witness_hears_a_page_that_is_not_stilled(tmp_path, browser, witness):
    """The very page, as it was: else the next test would prove nothing."""
    (tmp_path / "hostile.html").write_text(HOSTILE.format(witness.address))
    tab = browser.new_page()
    tab.goto((tmp_path / "hostile.html").as_uri(), wait_until="commit")
    assert witness.called.wait(20)
    tab.close()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["page", "raw"])
def test_in_a_browser_it_loads_nothing_runs_nothing_and_leads_nowhere(tmp_path, browser, witness, what):
    page = HOSTILE.format(witness.address)
    path = build(tmp_path / "archive.db", {"page": (URL, page.encode(), [HTML])})
    with serving(path) as home:
        tab = browser.new_page()
        tab.set_default_timeout(10_000)
        asked, windows = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.context.on("page", lambda window: windows.append(window))
        tab.goto(f"{home}/archive/captures/1/{what}")
        frame = tab.frames[1] if what == "page" else tab.main_frame
        assert frame.locator("p").first.inner_text() == "text"
        for chosen in ("#top", "#self", "#js", "#blank", "#button"):
            frame.locator(chosen).click()
        tab.wait_for_load_state("networkidle")
        assert frame.locator("p").first.inner_text() == "text"
        assert tab.url == f"{home}/archive/captures/1/{what}"
        assert "ran" not in (tab.title(), frame.title())
        tab.close()
    assert witness.heard == []
    assert windows == []
    assert [url for url in asked if not url.startswith(f"{home}/")] == []
