"""`export --format wacz`: what can be told without other people's tools (those are in test_replay.py)."""

import json
from contextlib import closing
from gzip import decompress
from hashlib import sha256
from zipfile import ZipFile

import pytest
from archives import article, new_archive

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.export import wacz
from ewbscraper.archive.export.wacz import write_wacz
from ewbscraper.archive.warc.reader import Exchange
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.errors import BadQuery, InTheWay


@pytest.fixture
def archive(tmp_path):
    """Two articles, one of them captured twice, and a list that is no article's."""
    path = tmp_path / "archive.db"
    db, run = new_archive(path)
    with closing(db), closing(WarcWriter(tmp_path, "courier", run)) as writer:
        for slug in ("bridge", "tunnel"):
            one = article(slug, headline=f"The {slug} opens")
            captures = [writer.write(answer(url)) for url in (one.url, f"{one.url}2/", one.url)]
            with transaction(db):
                number, _ = store.save_article(db, one, outlet="courier", run=run, captured=captures[0].fetched_at)
                store.save_captures(db, run, captures, article=number)
        with transaction(db):
            store.save_captures(db, run, [writer.write(answer("https://courier.example/feed/"))])
        writer.write(answer("https://courier.example/never-committed/"))
    return path


def answer(url):
    return Exchange(url, 200, [], [("Content-Type", "text/html; charset=utf-8")], f"<p>{url}</p>".encode())


def test_it_has_a_page_for_each_article_and_names_the_digest_of_each_of_its_files(archive, tmp_path):
    written = write_wacz(archive, tmp_path / "news.wacz")
    assert (written.pages, written.captures, written.warcs) == (2, 7, 1)
    with ZipFile(tmp_path / "news.wacz") as file:
        about = json.loads(file.read("datapackage.json"))
        pages = [json.loads(line) for line in file.read("pages/pages.jsonl").splitlines()[1:]]
        for one in about["resources"]:
            assert one["hash"] == f"sha256:{sha256(file.read(one['path'])).hexdigest()}"
        # ReplayWeb.page finds nothing behind the long heads that are for files of more than two gigabytes.
        assert {one.extract_version for one in file.infolist()} == {20}
        digest = json.loads(file.read("datapackage-digest.json"))["hash"]
        assert digest == f"sha256:{sha256(file.read('datapackage.json')).hexdigest()}"
    assert {(page["url"], page["title"]) for page in pages} == {
        ("https://courier.example/bridge/", "The bridge opens"),
        ("https://courier.example/tunnel/", "The tunnel opens"),
    }
    assert about["wacz_version"] == "1.1.1"


def test_every_piece_of_its_index_lies_where_the_first_index_says(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(wacz, "BLOCK", 3)
    write_wacz(archive, tmp_path / "news.wacz")
    with ZipFile(tmp_path / "news.wacz") as file:
        head, *lines = file.read("indexes/index.idx").decode().splitlines()
        index = file.read(f"indexes/{wacz.INDEX}")
    assert json.loads(head.removeprefix("!meta 0 ")) == {"format": "cdxj-gzip-1.0", "filename": wacz.INDEX}
    end, found = 0, 0
    for line in lines:
        begun, _, said = line.partition(" {")
        place = json.loads("{" + said)
        piece = index[place["offset"] : place["offset"] + place["length"]]
        assert place["digest"] == f"sha256:{sha256(piece).hexdigest()}"
        captures = decompress(piece).decode().splitlines()
        assert captures[0].startswith(f"{begun} {{")
        assert place["offset"] == end
        end, found = end + place["length"], found + len(captures)
    assert (end, found, len(lines)) == (len(index), 7, 3)


def test_it_can_hold_one_outlet_alone(archive, tmp_path):
    with pytest.raises(BadQuery, match="no outlet other; it has: courier"):
        write_wacz(archive, tmp_path / "none.wacz", "other")
    assert not (tmp_path / "none.wacz").exists()
    assert write_wacz(archive, tmp_path / "some.wacz", "courier").captures == 7


def test_a_warc_file_that_is_missing_leaves_what_was_there(archive, tmp_path):
    out = tmp_path / "news.wacz"
    out.write_text("the one before")
    next(tmp_path.rglob("*.warc.gz")).unlink()
    with pytest.raises(FileNotFoundError, match=r"\.warc\.gz"):
        write_wacz(archive, out)
    assert out.read_text() == "the one before"
    assert sorted(path.name for path in tmp_path.iterdir() if "wacz" in path.name) == ["news.wacz"]


def test_neither_a_folder_nor_an_archive_is_replaced(archive, tmp_path):
    before = archive.read_bytes()
    for path in (archive, tmp_path / "warc"):
        with pytest.raises(InTheWay, match="name a"):
            write_wacz(archive, path)
    assert archive.read_bytes() == before
