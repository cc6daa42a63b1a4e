"""docs/publish.md as it is written: the real nginx with our file, a password, a snapshot that nobody can write to."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from browse_data import build
from checkout import DOCS
from lxml import html

from ewbscraper.archive.export.snapshot import snapshot
from ewbscraper.browse.serve import free_port

pytestmark = pytest.mark.slow

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NOBODY = 65534

needs_nginx = pytest.mark.skipif(not (NGINX and shutil.which("openssl")), reason="no nginx here: apt-get install nginx")


def a_port():
    """Free now, and not where another process of the tests looks first."""
    return free_port("127.0.0.1", 20_000 + os.getpid() % 20_000)


@contextmanager
def room_of(archive, *options, port=0, before=()):
    """`ewbscraper serve`, once it answers; its address as it says it."""
    command = [*before, sys.executable, "-m", "ewbscraper", "serve", "--archive", str(archive), *options]
    process = subprocess.Popen(
        [*command, "--port", str(port or a_port())],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        said = process.stdout.readline()
        assert said.startswith("Open http"), said + process.stdout.read()
        yield said.split()[1]
    finally:
        process.send_signal(2)
        process.wait(20)
        process.stdout.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return build(tmp_path_factory.mktemp("publish") / "archive.db")


@pytest.fixture(scope="module")
def rooms(archive):
    """The ports of the two rooms that nginx leads to."""
    public, desk = a_port(), a_port() + 1
    with (
        room_of(archive, "--public", "--base-url", "/news/", port=public) as news,
        room_of(archive, "--base-url", "desk", "--name", "news.example.org", port=desk) as kept,
    ):
        assert (news, kept) == (f"http://127.0.0.1:{public}/news/", f"http://127.0.0.1:{desk}/desk/")
        yield public, desk


@pytest.fixture
def port(rooms, tmp_path):
    """Where nginx listens, with our file but for ports and paths."""
    listens = a_port() + 2
    ours = (DOCS / "nginx" / "ewbscraper.conf").read_text(encoding="utf-8")
    for theirs, here in [
        ("listen 80;", f"listen 127.0.0.1:{listens};"),
        ("127.0.0.1:8001;", f"127.0.0.1:{rooms[0]};"),
        ("127.0.0.1:8002;", f"127.0.0.1:{rooms[1]};"),
        ("/etc/nginx/ewbscraper.htpasswd", str(tmp_path / "passwords")),
        ("/var/lib/nginx/ewbscraper", str(tmp_path / "pages")),
    ]:
        assert theirs in ours
        ours = ours.replace(theirs, here)
    (tmp_path / "ewbscraper.conf").write_text(ours, encoding="utf-8")
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "open-sesame"], capture_output=True, text=True, check=True)
    (tmp_path / "passwords").write_text(f"desk:{hashed.stdout}", encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(whole(tmp_path), encoding="utf-8")
    command = [NGINX, "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "errors")]
    subprocess.run(command, check=True, capture_output=True)  # it ends once its child listens
    yield listens
    subprocess.run([*command, "-s", "stop"], check=True, capture_output=True)


def whole(folder):
    """What stands around our file in Debian's nginx.conf, in a folder of our own."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""{user}
pid {folder}/nginx.pid;
events {{ }}
http {{
    access_log off;
{temporary}
    include {folder}/ewbscraper.conf;
}}
"""


def ask(port, path, **headers):
    """Status, text and headers of an answer of nginx."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "news.example.org", **headers})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


@needs_nginx
def test_the_commands_of_the_page_print_what_it_says(port):
    page = (DOCS / "publish.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ (curl .*//news\..*)\n((?:[^$`].*\n)+)", page, re.MULTILINE)
    assert len(shown) == 6
    here = f"curl --connect-to news.example.org:80:127.0.0.1:{port} --noproxy '*' "
    for command, prints in shown:
        done = subprocess.run(
            command.replace("curl ", here, 1), shell=True, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.stdout.rstrip("\n") == prints.rstrip("\n"), command


@needs_nginx
def test_below_a_prefix_every_link_stays_below_it_and_those_of_datasettes_own_pages_lead_somewhere(port, rooms):
    inside, outside = (
        ("/news/", "http://news.example.org/news/", "?", "#"),
        ("https://datasette.io/", "https://courier"),
    )
    seen = set()
    for page in ("", "search?q=Kurti", "archive", "archive/articles?_size=5", "archive/datelines"):
        status, text, headers = ask(port, f"/news/{page}")
        assert (status, headers["x-robots-tag"]) == (200, "noindex, noarchive")
        links = html.fromstring(text).xpath("//@href | //@src | //form/@action")
        assert [link for link in links if not link.startswith((*inside, *outside))] == [], page
        here = {link.removeprefix("http://news.example.org").split("#")[0] for link in links}
        seen |= {link for link in here if link.startswith("/news/archive")}
    assert len(seen) > 40
    assert [link for link in seen if ask(rooms[0], quote(link, safe="/?&=%,:;~+-"))[0] != 200] == []


@needs_nginx
def test_a_kept_page_is_the_same_for_all_and_no_reader_can_name_another_host_in_it(port):
    asked = "/news/archive/articles.json?_size=1"
    kept = [ask(port, asked, Host=host) for host in ("evil.example", "news.example.org")]
    assert [headers["x-cache"] for _, _, headers in kept] == ["MISS", "HIT"]
    assert kept[0][1] == kept[1][1]
    assert json.loads(kept[0][1])["next_url"].startswith("http://news.example.org/news/archive/articles.json?")


@needs_nginx
def test_who_asks_too_much_gets_429_and_the_desk_is_not_shut(port):
    with ThreadPoolExecutor(12) as readers:
        statuses = {status for status, *_ in readers.map(lambda _: ask(port, "/news/"), range(600))}
    assert statuses == {200, 429}
    assert ask(port, "/desk/")[0] == 401


@needs_nginx
def test_at_the_desk_all_is_there(port):
    password = {"Authorization": "Basic ZGVzazpvcGVuLXNlc2FtZQ=="}
    status, text, _ = ask(port, "/desk/archive.json?_shape=array&sql=select+body+from+articles+where+id=1", **password)
    assert (status, "PRISTINA" in text) == (200, True)
    assert ask(port, "/desk/", Authorization="Basic ZGVzazp3cm9uZw==")[0] == 401


@pytest.mark.slow
def test_a_port_that_is_taken_is_an_error_where_a_proxy_asks_there(archive):
    taken = a_port()
    with room_of(archive, port=taken):
        command = [
            sys.executable,
            "-m",
            "ewbscraper",
            "serve",
            "--archive",
            str(archive),
            "--public",
            "--port",
            str(taken),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"port {taken} is taken, and a proxy would ask there" in done.stderr


@pytest.fixture
def read_only(archive):
    """A snapshot as root lays it where all can read it, and the way to be a user who writes nowhere."""
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become nobody, with setpriv")
    if subprocess.run(
        [*nobody, sys.executable, "-c", "import ewbscraper.cli"], capture_output=True, check=False
    ).returncode:
        pytest.skip("nobody may not run this Python")
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "archive.db"
        snapshot(archive, taken)
        Path(folder).chmod(0o755)
        taken.chmod(0o644)
        assert subprocess.run([*nobody, "touch", f"{folder}/x"], capture_output=True, check=False).returncode == 1
        yield taken, nobody


@pytest.mark.parametrize("options", [[], ["--public"]], ids=["own people", "public"])
def test_a_snapshot_in_a_folder_that_cannot_be_written_is_served(read_only, options):
    taken, nobody = read_only
    assert taken.read_bytes()[18:20] == b"\x01\x01"  # a rollback journal: WAL would need files beside it
    with room_of(taken, *options, before=nobody) as url:
        for page in ("", "search?q=Kurti", "archive/articles.json", "archive/datelines.json?place=Pristina"):
            with urllib.request.urlopen(url + page, timeout=30) as answer:
                assert answer.status == 200
    assert [file.name for file in taken.parent.iterdir()] == ["archive.db"]


@pytest.mark.slow
def test_an_archive_that_a_crawl_wrote_is_served_from_there_as_well(read_only, archive):
    taken, nobody = read_only
    taken.write_bytes(archive.read_bytes())
    assert taken.read_bytes()[18:20] == b"\x02\x02"
    with room_of(taken, "--public", before=nobody) as url, urllib.request.urlopen(f"{url}search?q=Kurti") as answer:
        assert "1 article for" in answer.read().decode()
