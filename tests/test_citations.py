"""Citations: right for a common article, unbreakable for a hostile one."""

import json
import re
import sqlite3
from dataclasses import replace

import pytest
from browse_data import EDITED, build

from ewbscraper.archive.citations import Reference, bibtex, csl_json, plain, reference, ris

ARTICLE = Reference(
    id=12,
    outlet="courier",
    outlet_name="The Courier",
    headline="Vučić & 50% of “talks”",
    url="https://courier.example/talks/?a=1&b=%20#c",
    authors=("Ana Kos", "Ben Rot"),
    published="2024-03-04T18:20:00+01:00",
    language="en",
    archived="2024-03-05T07:30:00Z",
    sha256="ab" * 32,
)

HOSTILE = "x},\n  note = {stolen}}\r\n@book{evil,\u2028ER  - \r\nTY  - BOOK\x85\\input{/etc/passwd}%{\x00\x1b\ud800"


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    connection = sqlite3.connect(build(tmp_path_factory.mktemp("cite") / "archive.db"))
    yield connection
    connection.close()


def test_plain():
    assert plain(ARTICLE) == (
        "Ana Kos, Ben Rot, “Vučić & 50% of “talks””, The Courier, 2024-03-04, "
        "https://courier.example/talks/?a=1&b=%20#c, archived 2024-03-05T07:30:00Z (SHA-256 " + "ab" * 32 + ")."
    )


def test_bibtex():
    assert bibtex(ARTICLE) == (
        "@online{courier-12,\n"
        "  author = {{Ana Kos} and {Ben Rot}},\n"
        r"  title = {{Vučić \& 50\% of “talks”}}," + "\n"
        "  organization = {The Courier},\n"
        "  date = {2024-03-04},\n"
        "  url = {https://courier.example/talks/?a=1&b=%20#c},\n"
        "  urldate = {2024-03-05},\n"
        "  langid = {en},\n"
        "  note = {Archived 2024-03-05T07:30:00Z (SHA-256 " + "ab" * 32 + ")},\n"
        "}\n"
    )


def test_ris():
    lines = ris(ARTICLE).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert {"AU  - Ana Kos", "AU  - Ben Rot", "DA  - 2024/03/04", "PY  - 2024", "Y2  - 2024/03/05"} <= set(lines)


def test_csl_json():
    (item,) = json.loads(csl_json(ARTICLE))
    assert item["issued"] == {"date-parts": [[2024, 3, 4]]}
    assert item["accessed"] == {"date-parts": [[2024, 3, 5]]}
    assert item["author"] == [{"literal": "Ana Kos"}, {"literal": "Ben Rot"}]
    assert item["title"] == ARTICLE.headline


@pytest.mark.parametrize(
    "field", ["outlet", "outlet_name", "headline", "url", "authors", "published", "language", "archived", "sha256"]
)
def test_no_value_breaks_a_record(field):
    evil = replace(ARTICLE, **{field: (HOSTILE,) if field == "authors" else HOSTILE})
    record = bibtex(evil)
    assert record.count("{") == record.count("}")
    assert re.findall(r"(?m)^\S.*", record) == [f"@online{{{evil.key},", "}"]
    assert "\\input{" not in record
    assert re.fullmatch(r"(?:[A-Z][A-Z0-9]  - [^\x00-\x1f\x85\u2028]*\r\n)+", ris(evil))
    assert ris(evil).count("\r\nER  - \r\n") == 1
    assert ris(evil).count("TY  - NEWS\r\n") == 1
    assert len(json.loads(csl_json(evil))) == 1
    assert not re.search(r"[\x00-\x1f\x85\u2028]", plain(evil))
    for record in (bibtex(evil), ris(evil), csl_json(evil), plain(evil)):
        record.encode()


def test_an_article_with_nothing_known():
    bare = Reference(id=1, outlet="x", outlet_name="X", headline=None, url="https://x.example/")
    assert plain(bare) == "“Untitled”, X, https://x.example/."
    assert "author" not in bibtex(bare)
    assert json.loads(csl_json(bare))[0].keys() == {"id", "type", "title", "container-title", "URL"}


def test_the_newest_capture_is_cited(db):
    of = reference(db, EDITED)
    assert (of.archived, of.authors, of.key) == ("2024-03-05T07:30:00Z", ("Ana Kos", "Ben Rot"), "courier-1")
    assert reference(db, 9999) is None
