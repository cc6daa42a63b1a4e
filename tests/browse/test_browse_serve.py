"""Real processes over real HTTP: `datasette archive.db` alone, our `serve`, and a real browser where there is one."""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from browse_data import EDITED, HOSTILE, build
from checkout import TESTS
from click.testing import CliRunner
from serving import SERVE, ask, room_of, running

from ewbscraper.browse.serve import address, free_port, serve
from ewbscraper.cli import main
from ewbscraper.errors import NoArchive, NotAnArchive

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return build(tmp_path_factory.mktemp("serve") / "kept.db")


@pytest.fixture(scope="module")
def served(path, tmp_path_factory):
    with running("-c", SERVE, str(path), cwd=tmp_path_factory.mktemp("elsewhere")) as (url, _):
        yield url


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def test_datasette_alone_finds_the_plugin(path):
    port = free_port("127.0.0.1", 8961)
    with running("-m", "datasette", path.name, "--port", str(port), cwd=path.parent) as (url, _):
        assert "Minister confirms talks" in fetch(f"{url}/kept/articles/{EDITED}")
        assert fetch(f"{url}/kept/datelines.json?_shape=array&place=Pristina").startswith("[{")
        assert "--serif" in fetch(f"{url}/-/static-plugins/ewbscraper/masthead.css")


def test_serve_from_another_folder(served):
    assert "Regional news archive" in fetch(served)
    assert "Minister confirms talks" in fetch(f"{served}archive/articles/{EDITED}")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        fetch(f"{served}archive.db")
    settings = fetch(f"{served}-/settings.json")
    assert '"suggest_facets": false' in settings
    assert '"sql_time_limit_ms": 2000' in settings


def test_ctrl_c_ends_it_quietly(path, tmp_path):
    with running("-c", SERVE, str(path), cwd=tmp_path) as (_, process):
        process.send_signal(2)
        rest = process.stdout.read()
    assert (process.returncode, rest) == (0, "")


def test_a_taken_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) != port
    assert free_port("127.0.0.1", port) == port


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("0.0.0.0", "http://127.0.0.1:80/"), ("::", "http://[::1]:80/")],
)
def test_the_address_that_a_browser_opens(host, url):
    assert address(host, 80) == url


def test_serve_names_the_cure_where_there_is_no_archive(tmp_path):
    with pytest.raises(NoArchive, match="ewbscraper demo"):
        serve(tmp_path / "none.db", "127.0.0.1", 1)
    (tmp_path / "text.db").write_text("no database " * 100)
    with pytest.raises(NotAnArchive):
        serve(tmp_path / "text.db", "127.0.0.1", 1)


WRITE = """
import sys
from pathlib import Path
from archives import article, save
from ewbscraper.archive.database import create
db = create(Path(sys.argv[1]))
for number in range(1, 41):
    save(db, 1, article(f"quay-{number}", headline=f"Quay {number}"))
    print(number, flush=True)
db.close()
"""


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--public"]], ids=["own people", "public"])
def test_readers_see_each_commit_while_a_crawl_writes_and_nobody_waits_for_long(path, tmp_path, options):
    archive = tmp_path / "archive.db"
    archive.write_bytes(path.read_bytes())
    pages = [
        "",
        "search?q=bridge&place=Pristina",
        "archive/articles",
        f"archive/articles/{EDITED}",
        "archive/datelines",
    ]
    tests = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    with room_of(archive, *options) as (url, _), ThreadPoolExecutor(4) as readers:
        crawl = subprocess.Popen(
            [sys.executable, "-c", WRITE, str(archive)],
            text=True,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": tests},
        )
        answers = [readers.submit(ask, url + page) for page in pages * 8]
        with crawl.stdout as written:
            for number in map(int, written):
                seen = json.loads(ask(f"{url}archive/articles.json?_shape=array&_search=quay+{number}&_size=max")[1])
                assert f"Quay {number}" in [row["headline"] for row in seen]
        assert crawl.wait(60) == 0
        assert {answer.result()[0] for answer in answers} == {200}


@pytest.mark.slow
def test_a_foreign_page_neither_reads_nor_runs_a_query_here(path):
    with room_of(path) as (url, _), room_of(path, "--name", "news.example.org") as (proxied, _):
        assert ask(url, Host="evil.example")[0] == 421
        assert ask(proxied, Host="news.example.org")[0] == 200
        query = f"{url}archive?sql=select+1"
        picture = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
        frame = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
        link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert [ask(query, **how)[0] for how in (picture, frame, link, {})] == [403, 403, 200, 200]


@pytest.mark.slow
def test_where_sqlite_cannot_be_limited_it_does_not_start(path, tmp_path):
    (tmp_path / "pysqlite3.py").write_text(
        "from sqlite3 import *\nclass Connection:\n    'As that of pysqlite3-binary: it has no setlimit.'\n"
    )
    search_path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "ewbscraper", "serve", "--archive", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": search_path},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ewbscraper: one request could take all memory of this machine: pysqlite3")
    assert "`pip uninstall pysqlite3-binary pysqlite3`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--public-text", "--index"])
def test_what_is_for_the_public_goes_with_public(path, option):
    done = CliRunner().invoke(main, ["serve", "--archive", str(path), option])
    assert done.exit_code == 2
    assert f"{option} is about what the public may see, and goes with --public" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize(
    "page", ["", "search?q=Vucic", f"archive/articles/{EDITED}", f"archive/articles/{HOSTILE}", "archive/articles"]
)
def test_a_browser_has_nothing_to_complain_about(served, page, tmp_path):
    dom, complaints = browse(f"{served}{page}", tmp_path)
    assert "</html>" in dom
    assert complaints == []


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_that_complains_is_heard(tmp_path):
    (tmp_path / "bad.html").write_text("<script>console.error('heard')</script>")
    _, complaints = browse((tmp_path / "bad.html").as_uri(), tmp_path / "profile")
    assert len(complaints) == 1


def browse(url: str, profile: Path) -> tuple[str, list[str]]:
    """The page as Chromium made it, and what its console said."""
    quiet = ["--disable-background-networking", "--no-first-run", "--disable-sync", "--disable-component-update"]
    asked = [f"--user-data-dir={profile}", "--enable-logging=stderr", "--dump-dom", url]
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *quiet, *asked],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
