"""Other people's tools read what we keep: `warcio check`, pywb, `wacz validate` (`make readers` installs them)."""

import gzip
import json
import re
import socket
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from picture_paper import SHARED, SVG, PicturePaper
from readers import FOLDER, needs_readers, tool

from ewbscraper.archive.database import read
from ewbscraper.archive.export.surt import surt
from ewbscraper.cli import main
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child

pytestmark = [pytest.mark.slow, needs_readers]


@dataclass
class Kept:
    archive: Path
    home: str
    warcs: list[Path]
    wacz: Path

    def rows(self, sql):
        with closing(read(self.archive)) as db:
            return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Three articles with their pictures, crawled twice, the second time with the same bodies; then the site goes."""
    archive = tmp_path_factory.mktemp("kept") / "archive.db"
    with closing(PicturePaper(posts=3)) as paper:
        for options in (CrawlOptions(media=True), CrawlOptions(media=True, recheck=True)):
            in_child(crawl, archive, [paper.outlet], options)
    warcs = sorted(archive.parent.rglob("*.warc.gz"))
    wacz = archive.with_name("news.wacz")
    ran = CliRunner().invoke(main, ["export", "--format", "wacz", str(wacz), "--archive", str(archive)])
    assert ran.exit_code == 0, ran.output
    kept = Kept(archive, paper.home, warcs, wacz)
    assert (len(warcs), kept.rows("SELECT count(*) FROM captures WHERE article AND same_as")[0][0]) == (2, 3)
    return kept


def test_warcio_check_passes(kept):
    for warc in kept.warcs:
        assert "failed" not in tool("warcio", "check", "-v", str(warc))


def test_wacz_validate_accepts_the_export(kept):
    assert "the passed WACZ is valid" in tool("wacz", "validate", "--file", str(kept.wacz))


def test_the_index_of_the_wacz_is_the_one_that_cdxj_indexer_makes(kept, tmp_path):
    theirs = tool("cdxj-indexer", "--sort", *map(str, kept.warcs)).splitlines()
    ours = index_of(kept.wacz)
    assert sorted(map(facts, ours)) == sorted(map(facts, theirs))
    assert ours == sorted(ours)


def index_of(wacz):
    """The lines of its index, by way of its table of pieces."""
    with ZipFile(wacz) as file:
        meta, *pieces = file.read("indexes/index.idx").decode().splitlines()
        data = file.read(f"indexes/{json.loads(meta.removeprefix('!meta 0 '))['filename']}")
    places = [json.loads(piece[piece.index(" {") :]) for piece in pieces]
    return [
        line
        for place in places
        for line in gzip.decompress(data[place["offset"] :][: place["length"]]).decode().splitlines()
    ]


def facts(line):
    key, moment, about = line.split(" ", 2)
    about = json.loads(about)
    return key, moment, *(about[name] for name in ("url", "mime", "status", "offset", "length", "filename"))


def test_its_pages_are_the_articles_and_its_archives_are_the_files_as_they_are(kept):
    with ZipFile(kept.wacz) as file:
        head, *pages = map(json.loads, file.read("pages/pages.jsonl").decode().splitlines())
        for warc in kept.warcs:
            assert file.read(f"archive/{warc.name}") == warc.read_bytes()
            assert file.getinfo(f"archive/{warc.name}").compress_type == 0
    assert head["format"] == "json-pages-1.0"
    titles = {row["url"]: row["headline"] for row in kept.rows("SELECT url, headline FROM articles")}
    assert {page["url"]: page["title"] for page in pages} == titles
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", page["ts"]) for page in pages)


@pytest.fixture(scope="module", params=["from its WARC files", "from its WACZ"])
def wayback(kept, request, tmp_path_factory):
    """pywb's server on loopback; the paper itself is no longer there."""
    folder = tmp_path_factory.mktemp("pywb")
    tool("wb-manager", "init", "news", folder=folder)
    if "WACZ" in request.param:
        tool("wb-manager", "add", "--unpack-wacz", "news", str(kept.wacz), folder=folder)
    else:
        tool("wb-manager", "add", "news", *map(str, kept.warcs), folder=folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (folder / "log").open("w")
    with (
        log,
        subprocess.Popen(
            [FOLDER / "bin" / "wayback", "-p", str(port), "-b", "127.0.0.1"], cwd=folder, stdout=log, stderr=log
        ) as server,
    ):
        base = f"http://127.0.0.1:{port}"
        wait_for(base, server)
        yield f"{base}/news"
        server.terminate()


def wait_for(address, server):
    for _ in range(300):
        try:
            urlopen(address).close()
        except HTTPError:
            return
        except URLError:
            assert server.poll() is None, "pywb did not start"
            time.sleep(0.1)  # nothing says that the port is open
        else:
            return
    pytest.fail("pywb does not answer")


def replayed(wayback, url, moment, how):
    with urlopen(f"{wayback}/{moment}{how}/{url}") as answer:
        return answer.read().decode(), answer.headers["Content-Type"]


@pytest.mark.slow
def test_pywb_replays_both_looks_at_an_article_with_its_picture_and_its_style(kept, wayback):
    looks = kept.rows("SELECT url, fetched_at, same_as FROM captures WHERE article AND url LIKE '%post-1%' ORDER BY id")
    assert [look["same_as"] is None for look in looks] == [True, False]
    for url, fetched_at, _ in looks:
        text, _ = replayed(wayback, url, re.sub(r"\D", "", fetched_at), "mp_")
        assert "Text of post-1, version 0." in text
        picture = re.search(r'src="([^"]*post-1-300\.svg)"', text)[1]
        style = re.search(r'href="([^"]*main\.css[^"]*)"', text)[1]
        assert "/news/" in picture
        assert "/news/" in style
    moment = re.sub(r"\D", "", looks[0]["fetched_at"])
    assert replayed(wayback, f"{kept.home}img/post-1-300.svg", moment, "im_")[0] == SVG.format("/img/post-1-300.svg")
    css, kind = replayed(wayback, f"{kept.home}look/main.css?ver=6.2", moment, "cs_")
    assert kind.startswith("text/css")
    assert "img/paper.svg" in css
    for path in SHARED:
        assert replayed(wayback, kept.home.rstrip("/") + path, moment, "id_")[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.Paper.rs/2024/A-b/?q=1&A=%C4%8C&z",
        "http://127.0.0.1:8000/a?b=2&a=1",
        "https://paper.rs/a%20b/%C5%A1//x/../?",
        "https://www2.paper.rs:443/a?b=%2525&a=&a",
        "https://xn--90a3ac.example/'a'(b)!~*",
    ],
)
def test_keys_of_addresses_are_those_of_the_surt_package(url):
    code = f"import surt; print(surt.surt({url!r}))"
    assert surt(url) == tool("python", "-c", code).strip()
