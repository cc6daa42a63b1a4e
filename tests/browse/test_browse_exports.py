"""Exports of the reading room: whole, of one moment, in little memory; or seen by every client to have broken off."""

import csv
import gzip
import http.client
import io
import json
import sqlite3
import time
import zlib
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from archives import article, save
from browse_data import CYRILLIC, EDITED, HOSTILE, PLAIN, build, get
from datasette.app import Datasette
from lxml import etree, html
from readers import needs_readers, pandas
from serving import SERVE, running

from ewbscraper.archive.database import create
from ewbscraper.archive.finding.question import Question
from ewbscraper.browse.exports import queries
from ewbscraper.browse.exports.forms import LABELS
from ewbscraper.browse.exports.search import exactly
from ewbscraper.browse.serve import reading_room
from ewbscraper.errors import BadQuery

EXPORT = "/-/export/archive"
MANY = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {}) select {} from n"
FAILS_LATE = MANY.format(200_000, "i, case when i = 150000 then abs(-9223372036854775808) else i end as x")
ENDLESS = MANY.format("1e12", "i, hex(zeroblob(500)) as filling")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return build(tmp_path_factory.mktemp("exports") / "archive.db")


@pytest.fixture(scope="module")
def room(path):
    return reading_room(path)


def export(room, what, **parameters):
    (answer,) = get(room, f"{EXPORT}/{what}?{urlencode(parameters)}")
    return answer


# --- searches ---


def test_ndjson_has_a_row_for_each_article_with_all_that_hangs_on_it(room):
    answer = export(room, "articles.ndjson", q="Vucic")
    assert answer.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="archive-vucic.ndjson"'
    assert answer.headers["ewbscraper-rows"] == "2"
    assert "ewbscraper-left-out" not in answer.headers
    first, second = map(json.loads, answer.text.splitlines())
    assert (first["id"], second["id"]) == (EDITED, CYRILLIC)
    assert first["headline"] == "Minister confirms talks"
    assert (first["authors"], first["tags"], first["places"]) == (
        ["Ana Kos", "Ben Rot"],
        ["railways", "talks"],
        ["Pristina"],
    )
    assert first["captions"][0] == {"caption": "Ministers before the meeting", "credit": "NATO"}
    assert (first["published"], first["published_utc"]) == ("2024-03-04T18:20:00+01:00", "2024-03-04T17:20:00Z")
    assert (first["captured"], first["sha256"]) == ("2024-03-05T07:30:00Z", "ab" * 32)
    assert first["body"].startswith("The council had said nothing")
    assert second["language"] == "sr-Cyrl"


@pytest.mark.slow
@needs_readers
@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_pandas_reads_a_search(room, tmp_path, form):
    answer = export(room, f"articles.{form}")
    (tmp_path / "found").write_bytes(answer.content)
    reader = {"csv": "read_csv(path)", "json": "read_json(path)", "ndjson": "read_json(path, lines=True)"}[form]
    headlines = pandas(f"pandas.{reader}.set_index('id').headline.to_dict()", tmp_path / "found")
    assert headlines == {str(row["id"]): row["headline"] for row in export(room, "articles.json").json()}


def test_json_and_csv_say_the_same(room):
    rows = export(room, "articles.json").json()
    answer = export(room, "articles.csv")
    table = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["ewbscraper-rows"] == "30"
    assert [str(row["id"]) for row in rows] == [row["id"] for row in table]
    assert list(rows[0]) == list(table[0])
    by_id = {row["id"]: row for row in table}
    assert by_id[str(EDITED)]["authors"] == "Ana Kos; Ben Rot"
    assert by_id[str(EDITED)]["captions"] == (
        "Ministers before the meeting – NATO; The closed line near the border – Tanjug / A. B."
    )
    assert by_id[str(PLAIN)]["dateline"] == ""


def test_filters_are_those_of_the_search_page(room):
    def ids(**given):
        return [row["id"] for row in export(room, "articles.json", **given).json()]

    assert ids(since="2024-03-04") == [EDITED]
    assert ids(place="Belgrade") == [CYRILLIC]
    assert ids(q="Vucic", language="en") == [EDITED]
    assert len(ids(since="2024-01", until="2024-01")) == 25
    assert ids(q="nothing at all") == []


@pytest.mark.parametrize("form", LABELS)
def test_every_form_has_its_media_type_and_a_file_name(room, form):
    answer = export(room, f"articles.{form}", q="Vucic", since="2024")
    assert answer.status_code == 200
    how = "inline" if form == "atom" else "attachment"
    assert answer.headers["content-disposition"] == f'{how}; filename="archive-vucic-2024-01-01.{form}"'
    wanted = {"bib": "x-bibtex", "ris": "x-research-info-systems", "csl.json": "citationstyles", "atom": "atom+xml"}
    assert wanted.get(form, form) in answer.headers["content-type"]
    assert answer.headers["ewbscraper-rows"] == "2"
    assert "script-src 'none'" in answer.headers["content-security-policy"]


def test_a_feed_leads_into_the_room(room):
    tree = etree.fromstring(export(room, "articles.atom", q="Vucic").content)
    links = tree.xpath("//a:entry/a:link[@rel='alternate']/@href", namespaces={"a": "http://www.w3.org/2005/Atom"})
    assert links == [f"http://localhost/archive/articles/{number}" for number in (EDITED, CYRILLIC)]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("outlett=ewb", "there is no filter outlett"),
        ("since=last+year", "since is no day, month or year: last year"),
        ("q=a&q=b", "q stands there 2 times"),
    ],
)
def test_more_than_was_asked_is_not_exported(room, given, why):
    (answer,) = get(room, f"{EXPORT}/articles.csv?{given}")
    assert (answer.status_code, answer.text) == (400, f"This cannot be exported: {why}.\n")


def test_a_question_is_taken_exactly_or_not_at_all():
    assert exactly({"q": ["KFOR"], "since": ["2024"], "outlet": [""]}) == Question(words="KFOR", since="2024-01-01")
    with pytest.raises(BadQuery):
        exactly({"_size": ["max"]})


def test_no_cell_starts_a_formula(tmp_path):
    path = build(tmp_path / "archive.db")
    with sqlite3.connect(path) as db:
        db.execute(
            "UPDATE articles SET headline = '=HYPERLINK(1)', byline = '@x', standfirst = '+1' WHERE id = ?", [PLAIN]
        )
        db.execute("UPDATE tags SET name = '-2+' || id")
    db.close()
    room = reading_room(path)
    tables = [
        export(room, "articles.csv"),
        export(room, "sql.csv", sql="select headline, byline as '=b' from articles"),
    ]
    for answer in tables:
        for row in csv.reader(io.StringIO(answer.text, newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_line_of_ndjson_is_a_line_for_everybody(room):
    sql = "select 'a' || char(133) || 'b' || char(8232) || 'c' || char(10) as x, 9e999 as much, x'00ff' as bytes"
    (line,) = export(room, "sql.ndjson", sql=sql).text.splitlines()
    assert json.loads(line) == {"x": "a\x85b\u2028c\n", "much": "inf", "bytes": "00ff"}


# --- named queries and SQL ---


def test_a_named_query_as_the_page_asks_it(room):
    answer = export(room, "query/datelines.ndjson", place="Pristina", words="")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert rows[0]["article"] == EDITED
    assert {row["places"] for row in rows} == {"Pristina"}
    assert answer.headers["ewbscraper-rows"] == "all"
    assert answer.headers["content-disposition"] == 'attachment; filename="archive-datelines.ndjson"'
    assert len(export(room, "query/datelines.json").json()) > len(rows)


def test_a_query_that_is_not_there_and_a_parameter_that_it_has_not(room):
    assert export(room, "query/none.csv").status_code == 404
    answer = export(room, "query/datelines.csv", plac="Pristina")
    assert (answer.status_code, "no parameter plac" in answer.text) == (400, True)


def test_sql_gives_all_rows_where_datasette_cuts(room):
    sql = MANY.format("cast(:most as integer)", "i, :word as word, :none as none")
    rows = export(room, "sql.json", sql=sql, most=5000, word="Đ").json()
    assert (len(rows), rows[-1]) == (5000, {"i": 5000, "word": "Đ", "none": ""})
    (cut,) = get(room, f"/archive.json?_shape=array&{urlencode({'sql': sql, 'most': 5000, 'word': 'x'})}")
    assert len(cut.json()) == 1000


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select nosuch", "no such column"),
        ("", "must be a SELECT"),
        ("delete from articles", "must be a SELECT"),
        ("select 1; select 2", "one statement"),
        ("select zeroblob(1000000000)", "too big"),
        ("select 1 union all select abs(-9223372036854775808)", "integer overflow"),
        ("attach ':memory:' as other", "must be a SELECT"),
        ("select readfile('/etc/passwd')", "no such function"),
    ],
)
def test_what_fails_before_anything_is_sent_is_a_sentence(room, sql, why):
    answer = export(room, "sql.json", sql=sql)
    assert answer.status_code == 400
    assert why in answer.text
    assert answer.text.startswith("This cannot be exported: ")
    assert "content-disposition" not in answer.headers


def test_free_sql_has_a_limit_of_computing(room, monkeypatch):
    monkeypatch.setattr(queries, "PATIENCE", 0.05)
    answer = export(room, "sql.csv", sql=MANY.format("1e12", "count(*)"))
    assert answer.status_code == 400
    assert answer.text == "This cannot be exported: the query takes more than 0.05 seconds of computing.\n"


def test_who_may_not_ask_sql_is_refused(path):
    room = Datasette([str(path)], settings={"default_allow_sql": False})
    assert export(room, "sql.csv", sql="select 1").status_code == 403
    assert export(room, "query/datelines.csv").status_code == 200
    closed = Datasette([str(path)], metadata={"allow": {"id": "root"}})
    for what in ("articles.csv", "query/datelines.csv", "sql.csv"):
        assert export(closed, what, sql="select 1").status_code in (400, 403)
        assert get(closed, f"{EXPORT}/{what}?sql=")[0].status_code in (400, 403)
    assert get(closed, "/search/cite.json")[0].status_code == 403


def test_the_public_gets_no_texts_and_is_told(path):
    config = {"plugins": {"ewbscraper": {"public": True}}}
    room = Datasette([str(path)], metadata=config)
    answer = export(room, "articles.ndjson", q="Vucic")
    assert answer.headers["ewbscraper-left-out"] == "standfirst, captions, body"
    row = json.loads(answer.text.splitlines()[0])
    assert not {"body", "standfirst", "captions"} & set(row)
    assert row["headline"] == "Minister confirms talks"
    for form in ("csv", "json", "atom", "bib"):
        assert "a week" not in export(room, f"articles.{form}", since="2024-03-04").text
    assert "texts" in export(room, "query/datelines.csv").headers["ewbscraper-left-out"]
    config["plugins"]["ewbscraper"]["public_text"] = True
    shown = export(Datasette([str(path)], metadata=config), "articles.ndjson", q="Vucic")
    assert "ewbscraper-left-out" not in shown.headers
    assert "body" in json.loads(shown.text.splitlines()[0])


def test_an_archive_without_texts_says_so(tmp_path):
    path = build(tmp_path / "archive.db")
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO about VALUES ('without_text', 'body, body_html; 2024-03-09')")
    db.close()
    answer = export(reading_room(path), "articles.csv")
    assert "body, body_html; 2024-03-09" in answer.headers["ewbscraper-left-out"]


# --- links ---


def links(room, address, selector):
    (answer,) = get(room, address)
    return {link.text_content(): link.get("href") for link in html.fromstring(answer.text).cssselect(selector)}


def test_the_search_page_links_to_all_forms_and_to_the_citation(room):
    found = links(room, "/search?q=Vucic&since=2024&sort=rank", ".tools a")
    for form, label in LABELS.items():
        assert found[label] == f"{EXPORT}/articles.{form}?q=Vucic&since=2024-01-01"
    assert found["Cite this search"] == "/search/cite?q=Vucic&since=2024-01-01"
    assert {answer.status_code for answer in get(room, *(found[label] for label in LABELS.values()))} == {200}


def test_the_page_of_a_named_query_links_to_all_rows(room):
    found = links(room, "/archive/datelines?place=Pristina", ".export-links a")
    assert found == {
        "JSON": f"{EXPORT}/query/datelines.json?place=Pristina",
        "NDJSON": f"{EXPORT}/query/datelines.ndjson?place=Pristina",
        "CSV": f"{EXPORT}/query/datelines.csv?place=Pristina",
    }


def test_a_cut_table_of_sql_says_so_and_links_to_all_rows(room):
    asked = urlencode({"sql": MANY.format("cast(:most as integer)", "i"), "most": "2000"})
    (answer,) = get(room, f"/archive?{asked}")
    (cut,) = html.fromstring(answer.text).cssselect(".cut")
    assert " ".join(cut.text_content().split()) == "The table has the first 1,000 rows: all as JSON, NDJSON, CSV"
    (whole,) = get(room, cut.cssselect("a")[1].get("href"))
    assert len(whole.text.splitlines()) == 2000
    found = links(room, f"/archive?{asked}", ".export-links a")
    assert all(href.startswith(f"{EXPORT}/sql.") for href in found.values())
    uncut = links(room, f"/archive?{asked.replace('2000', '10')}", ".cut a")
    assert uncut == {}


def test_the_csv_of_a_table_is_the_whole_table(room):
    found = links(room, "/archive/articles?_size=5", ".export-links a")
    (answer,) = get(room, found["CSV"])
    assert len(list(csv.reader(io.StringIO(answer.text, newline="")))) == 31


# --- a citation of a search ---


def test_a_search_is_cited(room, tmp_path):
    (answer,) = get(room, "/search/cite.json?q=Vucic&since=2024")
    said = answer.json()
    assert (said["query"], said["filters"], said["articles"]) == ("Vucic", {"since": "2024-01-01"}, 2)
    assert said["outlets"] == [{"slug": "courier", "name": "The Courier", "articles": 2}]
    assert (said["first_capture"], said["last_capture"]) == ("2024-03-01T08:00:00Z", "2024-03-05T07:30:00Z")
    assert (said["first_published"], said["last_published"]) == ("2024-03-03T08:00:00Z", "2024-03-04T17:20:00Z")
    assert said["archive_digest"] is None
    assert said["software"].startswith("ewbscraper ")
    assert said["address"] == "http://localhost/search?q=Vucic&since=2024-01-01"
    (page,) = get(room, "/search/cite?q=Vucic&since=2024")
    (paragraph,) = html.fromstring(page.text).cssselect(".citation")
    assert paragraph.text.startswith(
        "Regional news archive: search for “Vucic”, from 2024-01-01; 2 articles of The Courier (2), "
        "published 2024-03-03 to 2024-03-04, captured 2024-03-01 to 2024-03-05. Asked "
    )


def test_the_digest_of_a_citation_is_that_of_the_last_seals(tmp_path):
    path = build(tmp_path / "archive.db")
    with sqlite3.connect(path) as db:
        db.execute(
            "INSERT INTO about VALUES ('sealed ewb', ?), ('sealed courier', ?)", [f"7 {'b' * 64}", f"9 {'a' * 64}"]
        )
    db.close()
    (answer,) = get(reading_room(path), "/search/cite.json?q=KFOR")
    said = answer.json()
    assert [seal["run"] for seal in said["seals"]] == [9, 7]
    # printf 'courier aaa…\newb bbb…\n' | sha256sum
    assert said["archive_digest"] == "fe394efba93483e36d9d4abfd6bb777e6046d8169d584a3b815af43dc18a5cdf"
    assert said["articles"] == 0
    assert said["outlets"] == []
    assert said["archive_digest"] in said["citation"]


def test_a_hostile_search_is_cited_as_text(room):
    (page,) = get(room, f"/search/cite?q={quote('<script>alert(1)</script>')}&outlet=%22%3E")
    assert "<script>alert" not in page.text


# --- over real HTTP ---


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """20,000 articles of 8 kB: more than the server may take, and than sockets hold."""
    path = build(tmp_path_factory.mktemp("large") / "archive.db")
    with sqlite3.connect(path) as db:
        db.execute(
            "INSERT INTO articles (outlet, url, headline, published, words, content_hash, first_seen, last_seen,"
            " text_since, body, body_html) SELECT 'courier', 'https://courier.example/x' || i, 'Long ' || i,"
            " '2023-05-01', 1, i, '2024', '2024', '2024', printf('%8000d', i), '' FROM ("
            + MANY.format(20_000, "i")
            + ")"
        )
    db.close()
    return path


@pytest.fixture(scope="module")
def served(large, tmp_path_factory):
    with running("-c", SERVE, str(large), cwd=tmp_path_factory.mktemp("elsewhere")) as (url, process):
        yield url.rstrip("/"), process


def begin(served, what, headers=None, method="GET", **parameters):
    """An answer that has begun."""
    connection = http.client.HTTPConnection(urlsplit(served[0]).netloc, timeout=60)
    connection.request(method, f"{EXPORT}/{what}?{urlencode(parameters)}", headers=headers or {})
    return connection.getresponse(), connection


def once_free(served, what, headers=None, method="GET", **parameters):
    """The same, as soon as an export before has ended."""
    deadline = time.monotonic() + 30
    while True:
        answer, connection = begin(served, what, headers, method, **parameters)
        if answer.status != 503 or time.monotonic() > deadline:
            return answer, connection
        connection.close()


def peak(process):
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0])


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
@pytest.mark.parametrize(
    ("what", "packed"),
    [
        *((f"articles.{form}", {}) for form in ("json", "ndjson", "csv", "bib", "csl.json", "atom")),
        ("sql.json", {}),
        *((what, {"accept-encoding": "gzip"}) for what in ("articles.ndjson", "sql.csv")),
    ],
    ids=lambda value: value if isinstance(value, str) else "gzip" if value else "plain",
)
def test_many_rows_take_little_memory(served, what, packed):
    sql = what.startswith("sql")
    few, connection = begin(served, what, packed, **({"sql": "select 1"} if sql else {"since": "2024-03-04"}))
    few.read()
    connection.close()
    before = peak(served[1])
    hundred_megabytes = MANY.format(100_000, "i, printf('%1000d', i) as filling")
    many, connection = once_free(served, what, packed, **({"sql": hundred_megabytes} if sql else {}))
    assert (many.getheader("content-encoding") == "gzip") == bool(packed)
    unpack = zlib.decompressobj(wbits=31) if packed else None
    lines = 0
    while piece := many.read(1 << 20):
        lines += (unpack.decompress(piece) if unpack else piece).count(b"\n")
    connection.close()
    assert lines >= (100_000 if sql else 20_000)
    assert peak(served[1]) < before + 60_000


@pytest.mark.slow
def test_all_rows_are_of_one_moment(served, large):
    answer, connection = once_free(served, "articles.ndjson")
    number = int(answer.getheader("ewbscraper-rows"))
    first = answer.readline()
    db = create(large)
    save(db, 1, article("later", headline="Later than the export"))
    db.close()
    rest = answer.read()
    connection.close()
    assert len((first + rest).splitlines()) == number
    assert b"Later than the export" not in rest
    again, connection = once_free(served, "articles.ndjson", since="2024")
    assert b"Later than the export" in again.read()
    connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
@pytest.mark.parametrize("packed", [{}, {"accept-encoding": "gzip"}], ids=["plain", "gzip"])
def test_what_breaks_off_does_not_look_whole(served, form, packed):
    answer, connection = begin(served, f"sql.{form}", packed, sql=FAILS_LATE)
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        answer.read()
    connection.close()
    had = broken.value.partial
    if packed:
        with pytest.raises(EOFError):
            gzip.decompress(had)
    else:
        assert b"50000" in had
        assert not had.endswith(b"]\n")


@pytest.mark.slow
def test_only_a_few_at_once_and_who_goes_away_makes_room(served):
    waiting = [once_free(served, "sql.csv", sql=ENDLESS) for _ in range(4)]
    assert {answer.status for answer, _ in waiting} == {200}
    refused, connection = begin(served, "articles.csv")
    assert (refused.status, refused.getheader("retry-after")) == (503, "10")
    assert refused.read() == b"4 exports are being written. Ask again in 10 seconds.\n"
    connection.close()
    for answer, connection in waiting:
        answer.close()
        connection.close()
    answer, connection = once_free(served, "articles.csv", since="2024-03-04")
    assert answer.status == 200
    assert b"Minister confirms talks" in answer.read()
    connection.close()


@pytest.mark.slow
def test_pages_answer_while_exports_wait_for_their_clients(served):
    waiting = [once_free(served, "sql.csv", sql=ENDLESS) for _ in range(4)]
    connection = http.client.HTTPConnection(urlsplit(served[0]).netloc, timeout=60)
    connection.request("GET", f"/archive/articles/{HOSTILE}")
    assert connection.getresponse().status == 200
    connection.close()
    for answer, one in waiting:
        answer.close()
        one.close()


def test_a_client_that_asks_for_the_head_gets_it(served):
    answer, connection = once_free(served, "articles.csv", method="HEAD")
    assert (answer.status, int(answer.getheader("ewbscraper-rows")) > 20_000, answer.read()) == (200, True, b"")
    connection.close()


def test_http_1_0_where_half_would_look_whole_is_refused(served):
    host = urlsplit(served[0]).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
    connection.request("GET", f"{EXPORT}/articles.csv", headers={"host": host})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (505, b"An export needs HTTP/1.1. In nginx: proxy_http_version 1.1;\n")
    connection.close()
