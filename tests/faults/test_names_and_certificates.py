"""Names that do not resolve and TLS that cannot be trusted: said in words, and no article is touched by it."""

import os
import signal
import ssl
import subprocess
import sys
import time
from contextlib import closing

import pytest
import steps
import whole
from small_paper import SmallPaper
from warcio.archiveiterator import ArchiveIterator

from ewbscraper.archive.database import read
from ewbscraper.archive.status import status
from ewbscraper.crawl.running.side_by_side import GRACE

SEEN = "certificate verify failed"
BAD = {
    "of nobody": SEEN,
    "expired": SEEN,
    "of another host": "another host's",
    "without a name": "another host's",
    "too old a protocol": "protocol",
    "cut in the handshake": "",
    "plain HTTP": "",
}
"""What is wrong, and a word that must be said of it."""


class TlsPaper(SmallPaper):
    """`wrap` makes of each connection one with TLS, or what it likes."""

    def __init__(self, posts):
        super().__init__(posts)
        self.wrap = lambda connection: connection
        self.home = self.home.replace("http:", "https:")
        self._server.get_request = self._accept

    def _accept(self):
        connection, address = self._server.socket.accept()
        connection.settimeout(10)
        return self.wrap(connection), address


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def certificate(folder, name, *, host="IP:127.0.0.1", days=2):
    """A key, and a certificate that our own authority signed."""
    key, asked, made = (folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key]
    if name == "ca":
        openssl("req", "-x509", *kind, "-out", made, "-subj", "/CN=us", "-addext", f"subjectAltName={host}")
        return made
    named = ["-addext", f"subjectAltName={host}"] if host else []
    openssl("req", *kind, "-out", asked, "-subj", "/CN=paper", *named)
    signed = ["-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-copy_extensions", "copy", "-days", days]
    openssl("x509", "-req", "-in", asked, "-out", made, *signed)
    return made


def with_tls(made, **limits):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, made.with_suffix(".key"))
    if limits:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = limits["newest"]
        context.set_ciphers("ALL:@SECLEVEL=0")
    return lambda connection: context.wrap_socket(connection, server_side=True)


def cut(connection):
    connection.recv(100)
    connection.close()
    raise ConnectionAbortedError


@pytest.fixture
def paper(tmp_path):
    certificate(tmp_path, "ca")
    paper = TlsPaper(posts=3)
    good = with_tls(certificate(tmp_path, "good"))
    (tmp_path / "nobody").mkdir()
    nobody = certificate(tmp_path / "nobody", "ca")
    paper.good = paper.wrap = good
    paper.bad = {
        "of nobody": lambda: with_tls(nobody),
        "expired": lambda: with_tls(certificate(tmp_path, "expired", days=-1)),
        "of another host": lambda: with_tls(certificate(tmp_path, "other", host="DNS:other.example")),
        "without a name": lambda: with_tls(certificate(tmp_path, "nameless", host=None)),
        "too old a protocol": lambda: with_tls(tmp_path / "good.pem", newest=ssl.TLSVersion.TLSv1_1),
        "cut in the handshake": lambda: cut,
        "plain HTTP": lambda: lambda connection: connection,
    }
    whole.define(tmp_path, paper.home)
    yield paper
    paper.close()


def crawl(folder):
    """In the child: our authority is the one that this machine trusts."""
    from ewbscraper.cli import main

    os.environ["SSL_CERT_FILE"] = str(folder / "ca.pem")
    main(["crawl", "small", "--recheck"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.fault(
    "Faults",
    sent="TLS: a certificate of nobody, expired, of another or no host; TLS 1.1; a cut handshake; plain HTTP",
    must="exit code 3, `status` says why, no article or link is touched; the next run is well",
    found="any certificate was taken, without a word; then still one without a name",
)
@pytest.mark.parametrize("what", BAD)
def test_tls_that_cannot_be_trusted(paper, what, tmp_path):
    archive = tmp_path / "archive.db"
    assert steps.command(crawl, tmp_path).code == 0
    before = whole.texts(archive)
    paper.wrap = paper.bad[what]()
    bad = steps.command(crawl, tmp_path)
    assert (bad.code, "Traceback" in bad.said, BAD[what] in bad.said) == (3, False, True), bad
    said = status(archive)["outlets"][0]["last_run"]["needs_a_look"]
    assert "robots.txt cannot be had (" in said, said
    assert "[('" not in said
    assert whole.texts(archive) == before
    paper.wrap = paper.good
    assert steps.command(crawl, tmp_path).code == 0
    assert whole.texts(archive) == before
    whole.assert_whole(archive)


@pytest.mark.fault(
    "Faults",
    sent="a certificate of nobody, and an outlet whose definition says `any_certificate`",
    must="its pages are had, and the WARC file says that certificates were not checked",
)
def test_any_certificate_is_taken_and_noted_where_the_outlet_says_so(paper, tmp_path):
    paper.wrap = paper.bad["of nobody"]()
    archive = whole.define(tmp_path, paper.home, more=", any_certificate=True")
    ended = steps.command(["crawl", "small"], tmp_path)
    assert ended.code == 0, ended
    assert len(whole.texts(archive)["articles"]) == 3
    (warc,) = tmp_path.rglob("*.warc.gz")
    with warc.open("rb") as file:
        (about,) = (one.content_stream().read() for one in ArchiveIterator(file) if one.rec_type == "warcinfo")
    assert b"certificates: not checked" in about


RESOLVER = """
import os, signal, socket, sys, threading
from ewbscraper.cli import main

connect = socket.socket.connect_ex

def refuse(self, address):
    assert address[0] == "127.0.0.1", address
    return connect(self, address)

def answer(host, *more, **others):
    numeric = others.get("flags", 0) & socket.AI_NUMERICHOST  # nobody is asked: is it a number?
    if host == "127.0.0.1" or numeric:
        return resolve(host, *more, **others)
    print("asked", host, file=sys.stderr, flush=True)
    {how}

resolve = socket.getaddrinfo
socket.socket.connect_ex, socket.getaddrinfo, socket.gethostbyname = refuse, answer, answer
main(sys.argv[1:])
"""
HOW = {
    "fails": "raise socket.gaierror(socket.EAI_NONAME, 'Name or service not known')",
    "fails for now": "raise socket.gaierror(socket.EAI_AGAIN, 'Temporary failure in name resolution')",
}


def looking_up(folder, how, *words):
    """A crawl whose names are resolved by us; no packet leaves it."""
    script = RESOLVER.format(how=how)
    return [sys.executable, "-c", script, "crawl", "small", "--contact", "us@paper.example", *words]


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
@pytest.mark.fault(
    "Faults",
    sent="DNS that knows no such name, or fails for now",
    must="exit code 3, `status` says why",
)
def test_a_name_that_does_not_resolve(how, tmp_path, meter):
    archive = whole.define(tmp_path, "http://paper.example/")
    words = looking_up(tmp_path, HOW[how])
    done = meter.command(words, seconds=60, megabytes=250, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stderr
    assert "asked paper.example" in done.stderr
    assert "robots.txt cannot be had (" in status(archive)["outlets"][0]["last_run"]["needs_a_look"]
    whole.assert_whole(archive)


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.fault(
    "Faults",
    sent="SIGTERM and Ctrl-C while DNS hangs",
    must="the run ends in the five seconds that it has",
    found="it waited for the name server",
)
def test_a_run_that_is_told_to_end_while_dns_hangs(told, tmp_path, meter):
    archive = whole.define(tmp_path, "http://paper.example/")
    words = looking_up(tmp_path, "threading.Event().wait(40)")
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as crawling:
        said = ""
        while "asked" not in said:
            said += crawling.stderr.readline()
        began = time.monotonic()
        crawling.send_signal(told)
        assert crawling.wait(30) == 0
    assert time.monotonic() - began < GRACE + 10
    meter.tried(seconds=time.monotonic() - began)
    with closing(read(archive)) as db:
        assert whole.rows(db, "SELECT outcome FROM runs") == [("shutdown",)]
