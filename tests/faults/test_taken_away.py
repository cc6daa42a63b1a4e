"""What is taken away to another program: no stored text breaks a record, a row or a feed, nor runs in a spreadsheet."""

import csv
import io
import json
import re
import sqlite3
from contextlib import closing

import bibtexparser
import feedparser
import pytest
import rispy
from active import ACTIVE, poison
from browse_data import build, get
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ewbscraper.archive import search
from ewbscraper.archive.database import read
from ewbscraper.archive.export.atom import Feed, write_atom
from ewbscraper.archive.export.references import WRITERS, references
from ewbscraper.archive.export.rows import WRITERS as ROWS
from ewbscraper.archive.finding.hits import every_id
from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.archive.finding.question import Question
from ewbscraper.browse.serve import reading_room

FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1:9/")')
BREAKERS = (
    "x},\n  note = {stolen}}\r\n@book{evil,",
    "}}\n@string{a = {b}}\n@preamble{\\input{/etc/passwd}}",
    "\r\nER  - \r\n\r\nTY  - BOOK\r\nTI  - stolen\r\n",
    "\u2028ER  - \x85TY  - BOOK\x0bAU  - x\x0cTI  - y\x1cKW  - z",
    "]]></title></entry></feed><script/>&#0;&x;<!--",
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    '"}],"evil":[{"a":"',
    '\n{"evil": 1}\n',
    '","x"\r\n"evil","y"\r\n',
    "a\x00b\x1b\x7f\ufffe\uffff\u202e\u2066",
    "\\" * 9 + "{" * 9 + "%" * 9,
)
HOSTILE = (*FORMULAS, *BREAKERS)
CARRIES = re.compile(r"[=+\-@\t\r]")


def texts(start):
    """The hostile ones, one in each place, and those that act in a browser."""
    of = (*HOSTILE, *ACTIVE)
    return lambda number: f"{of[(start + number) % len(of)]} {number}"


@pytest.fixture(scope="module", params=[0, 7, 19])
def path(tmp_path_factory, request):
    """An archive that has them everywhere."""
    path = build(tmp_path_factory.mktemp("taken") / "archive.db")
    poison(path, texts(request.param))
    return path


@pytest.fixture(scope="module")
def downloads(path):
    """Each export of a search and of each named query."""
    forms = ("json", "ndjson", "csv", "bib", "ris", "csl.json", "atom")
    asked = [f"/-/export/archive/articles.{form}" for form in forms]
    asked += [f"/-/export/archive/query/{name}.{form}" for name in load_queries() for form in ("json", "ndjson", "csv")]
    asked += [f"/-/export/archive/sql.csv?sql=select+*+from+{table}" for table in ("articles", "captions", "frontier")]
    answers = dict(zip(asked, get(reading_room(path), *asked), strict=True))
    assert {answer.status_code for answer in answers.values()} == {200}
    return answers


def of_form(downloads, form):
    return {address: answer for address, answer in downloads.items() if address.partition("?")[0].endswith(form)}


@pytest.mark.fault(
    "Showing",
    sent="formulas (=, +, -, @, tab, carriage return) and quotes in every column, as CSV: search, queries, tables",
    must="no cell that a spreadsheet would run; each record has as many cells as the header",
)
def test_csv(downloads, meter):
    found = 0
    for address, answer in of_form(downloads, ".csv").items():
        header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
        for row in rows:
            assert len(row) == len(header), address
            assert [cell for cell in row if CARRIES.match(cell) and not re.fullmatch(r"-?[\d.e+-]+", cell)] == [], (
                address
            )
        found += sum(cell.startswith("'") for row in rows for cell in row)
        meter.tried(len(rows))
    assert found > 50


@pytest.mark.fault(
    "Showing", sent="what ends a string, a line, an object, in every column", must="JSON and NDJSON of the same rows"
)
def test_json(downloads, meter):
    for address, answer in of_form(downloads, ".ndjson").items():
        rows = json.loads(downloads[address.replace(".ndjson", ".json")].text)
        assert [json.loads(line) for line in answer.text.splitlines()] == rows, address
        assert not any("evil" in row for row in rows)
        meter.tried(len(rows))


def keys(path):
    with closing(read(path)) as db:
        slugs = [
            ("".join(c for c in slug if c.isascii() and (c.isalnum() or c == "-")), number)
            for slug, number in db.execute("SELECT outlet, id FROM articles ORDER BY published_utc DESC, id DESC")
        ]
    return sorted(f"{slug}-{number}" for slug, number in slugs)


@pytest.mark.fault(
    "Showing",
    sent="what ends a record of BibTeX, RIS, CSL-JSON, Atom, in every field",
    must="bibtexparser, rispy, json and feedparser read as many records as there are articles, with our keys",
)
def test_references(path, downloads, meter):
    wanted = keys(path)
    named = {form: downloads[f"/-/export/archive/articles.{form}"].text for form in ("bib", "ris", "csl.json", "atom")}
    parser = bibtexparser.bparser.BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    library = bibtexparser.loads(named["bib"], parser)
    assert sorted(entry["ID"] for entry in library.entries) == wanted
    assert (library.preambles, library.comments, {entry["ENTRYTYPE"] for entry in library.entries}) == (
        [],
        [],
        {"online"},
    )
    records = rispy.loads(named["ris"])
    assert sorted(record["id"] for record in records) == wanted
    assert {record["type_of_reference"] for record in records} == {"NEWS"}
    assert not any("unknown_tag" in record for record in records)
    assert sorted(item["id"] for item in json.loads(named["csl.json"])) == wanted
    feed = feedparser.parse(named["atom"].encode())
    assert (feed.bozo, len(feed.entries)) == (False, len(wanted))
    assert {etree.QName(one).namespace for one in etree.fromstring(named["atom"].encode()).iter()} == {
        "http://www.w3.org/2005/Atom"
    }
    meter.tried(4 * len(wanted))


ANY = st.lists(st.text(st.characters(), max_size=12) | st.sampled_from(HOSTILE), max_size=5).map("".join)
FIELDS = ("headline", "standfirst", "language", "url", "published", "byline", "dateline")


@pytest.fixture(scope="module")
def one_article(tmp_path_factory):
    return build(tmp_path_factory.mktemp("one") / "archive.db")


@pytest.mark.slow
@pytest.mark.fault(
    "Fuzz",
    sent="any characters and breakers in the fields of an article, its authors and its outlet",
    must="one record in each of seven forms, read back by other programs",
)
@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(given_texts=st.fixed_dictionaries(dict.fromkeys((*FIELDS, "author", "outlet_name"), ANY)))
def test_any_text_in_each_form(one_article, meter, given_texts):
    values = {name: text.encode("utf-8", "replace").decode() for name, text in given_texts.items()}
    with closing(read(one_article)) as found, closing(_copy(found)) as db:
        db.execute(f"UPDATE articles SET {', '.join(f'{name} = :{name}' for name in FIELDS)} WHERE id = 1", values)
        db.execute("UPDATE authors SET name = :author WHERE id = 1", values)
        db.execute("UPDATE outlets SET name = :outlet_name", values)
        out = {form: io.StringIO() for form in ("bib", "ris", "csl.json", "atom")}
        for form, write in WRITERS.items():
            write(references(db, [1]), out[form])
        write_atom(db, Feed("T", "http://x.example/", "http://x.example/", str), Question(), [1], out["atom"])
        rows = [tuple(row) for row in db.execute("SELECT * FROM articles WHERE id = 1")]
        assert list(every_id(db, Question()))
    said = {form: text.getvalue() for form, text in out.items()}
    parser = bibtexparser.bparser.BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    assert [entry["ID"] for entry in bibtexparser.loads(said["bib"], parser).entries] == ["courier-1"]
    assert [record["id"] for record in rispy.loads(said["ris"])] == ["courier-1"]
    assert [item["id"] for item in json.loads(said["csl.json"])] == ["courier-1"]
    assert len(etree.fromstring(said["atom"].encode()).findall("{*}entry")) == 1
    names = [f"c{number}" for number in range(len(rows[0]))]
    lines, table = io.StringIO(), io.StringIO()
    ROWS["nl"](names, rows, lines)
    ROWS["csv"](names, rows, table)
    assert list(json.loads(lines.getvalue()).values()) == list(rows[0])
    assert len(lines.getvalue().splitlines()) == 1
    assert [len(row) for row in csv.reader(io.StringIO(table.getvalue(), newline=""))] == [len(names)] * 2
    meter.tried()


def _copy(found):
    """The archive in memory, for one example."""
    db = sqlite3.connect(":memory:")
    found.backup(db)
    db.row_factory = sqlite3.Row
    search.register(db)
    return db
