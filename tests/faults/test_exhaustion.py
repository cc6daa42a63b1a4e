"""One request that would take all time or all memory: to a real server, which answers the next one."""

import contextlib
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from archives import article, new_archive, save
from serving import ask, room_of
from watch import resident

from ewbscraper.browse.guards.bounded import bound
from ewbscraper.browse.guards.limits import limit

MEMORY = 800
"""MB of the server, all in all; it begins with about 120."""

SECONDS = 20
"""Of any answer: its own limits are two and three, of each of three questions that a page asks."""

LETTERS = "replace(hex(zeroblob(2000000)), '00', '{}')"

AT_ONE_GO = [
    "zeroblob(1000000000)",
    "printf('%.*c', 1000000000, 'x')",
    "printf('%.*c', '1000000000', 'x')",
    "format('%*d', 1e15, 1)",
    "printf('%1000000000d', 1)",
    "randomblob(1000000000)",
    "hex(zeroblob(2400000) || zeroblob(2400000))",
    "quote(zeroblob(4000000))",
    f"trim({LETTERS.format('ab')}, {LETTERS.format('cd')} || 'ab')",
    f"replace({LETTERS.format('a')}, 'a', 'aaa')",
    "instr(zeroblob(4000000), replace(hex(zeroblob(1000000)), '00', char(0)) || 'b')",
    "search(replace(hex(zeroblob(1000)), '00', 'a '))",
]


@pytest.mark.fault(
    "Showing", sent="zeroblob, printf, randomblob, hex, trim, replace, instr of gigabytes", must="`too big` at once"
)
def test_one_step_of_hours_or_gigabytes_is_too_big(meter):
    found = meter.calls(calculated, [f"SELECT {call}" for call in AT_ONE_GO], seconds=5, megabytes=200)
    assert {type(error) for error in found} == {sqlite3.DataError}


REFUSED = [
    f"SELECT {'+'.join('1' * 400)}",
    " UNION ".join(["SELECT 1"] * 200),
    "ATTACH ':memory:' AS b",
    f"SELECT 'a' LIKE '{'%a' * 300}'",
    f"SELECT 'a' GLOB '{'*a' * 300}'",
    "SELECT 'a' REGEXP '(a+)+$'",
    "SELECT load_extension('/tmp/x')",
    "SELECT readfile('/etc/passwd')",
    f"SELECT {','.join(f'?{number}' for number in range(1, 6000, 5))}",
    f"SELECT json('{'[' * 100_000}')",
    f"SELECT 1 -- {'x' * 200_000}",
]


@pytest.mark.fault(
    "Showing",
    sent="statements that are too deep, too long, of too many parts; patterns, regular expressions, files, extensions",
    must="SQLite's own error",
)
def test_what_is_not_run_at_all(meter):
    found = meter.calls(calculated, REFUSED, seconds=5, megabytes=100)
    assert [sql for sql, error in zip(REFUSED, found, strict=True) if not isinstance(error, sqlite3.Error)] == []


def calculated(sql):
    """What a connection of the reading room says."""
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        limit(db)
        bound(db)
        return db.execute(sql).fetchone()


ENDLESS = "with recursive r(i) as (select 1 union all select i + 1 from r) select {} from r"
BOMBS = [
    *(f"select {call}" for call in AT_ONE_GO),
    *(sql for sql in REFUSED if len(sql) < 10_000),
    *(ENDLESS.format(of) for of in ("count(*)", "group_concat(i)", "json_group_array(i)", "max(randomblob(4900000))")),
    "with recursive r(s) as (select 'aaaaaaaaaa' union all select s || s from r) select length(s) from r",
    "select count(*) from captures a, captures b, captures c, captures d, captures e, captures f, found_by g",
    "select a.body, b.body, c.body, d.body, e.body from articles a, articles b, articles c, articles d, articles e",
    "select sum(j.value) from json_each('[' || replace(hex(zeroblob(2000000)), '00', '1,') || '1]') j",
    "select * from json_each('[' || replace(hex(zeroblob(1200000)), '00', '1,') || '1]') order by random()",
    f"select {LETTERS.format('a')} like '%{'a%' * 200}b'",
    f"select {LETTERS.format('a')} glob '*{'[ab]*' * 80}c'",
    "select body like '%a%e%i%o%u%a%e%i%o%u%' from articles a, captures b, captures c order by 1",
    "select articles_fts, rank from articles_fts where articles_fts match 'a* OR e* OR i* OR t*' order by rank",
    "select zeroblob(1000000), * from articles a, articles b order by a.body || b.body",
    "select zeroblob(4900000) from articles a, articles b",
    "select replace(hex(zeroblob(1900000)), '00', char(0)) from articles limit 10",
]
PAGES = [
    *(f"archive.json?sql={quote(sql)}" for sql in BOMBS),
    "archive/articles.json?_search=" + "a+" * 7000,
    "archive/articles.json?_searchmode=raw&_search=NEAR(" + "the+" * 240 + ")",
    "search?q=NEAR(" + "the+" * 300 + ",+100000)",
    *(f"search?q={letter}*" for letter in "abt1"),
    "search?q=" + "+OR+".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "search?q=the&page=9999999",
    "archive/articles?" + "&".join(["body__contains=a"] * 100),
    "archive/articles?" + "&".join(["body__contains=a"] * 5000),
    "archive/articles?body__glob=" + "*[a-z]" * 80 + "*%01",
    "archive/articles?id__in=" + ",".join(["1"] * 400),
    "archive/articles.json?_size=max&_col=body&_col=body_html&_shape=array",
    "archive/articles?_size=max&_all=1",
    "archive/articles.json?_size=100000000",
    "archive/articles.json?"
    + "&".join(f"_facet={column}" for column in ("id", "url", "headline", "body", "words") * 4),
    "archive/articles?_facet_array=body&_facet_date=body&_facet=body_html&_facet_size=max",
    "archive/articles.csv?_stream=on&_size=max",
    "-/export/archive/articles.ndjson",
    "-/export/archive/articles.atom?q=a*",
    "compare?q=a*&" + "&".join(["outlet=courier"] * 90),
    "archive/articles/1/revisions?from=1&to=9999999",
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """300 articles of 20,000 letters."""
    path = tmp_path_factory.mktemp("weighty") / "archive.db"
    db, run = new_archive(path)
    for number in range(300):
        body = f"Bridge {number} " + "the ferry and the mayor took a long time to agree on it. " * 350
        save(db, run, article(f"n{number}", headline=f"Note {number}", body=body, body_html=f"<p>{body}</p>"))
    db.close()
    return path


@pytest.fixture(scope="module", params=[(), ("--public",)], ids=["own people", "public"])
def server(archive, request):
    """Address and process of a server."""
    with room_of(archive, *request.param) as found:
        yield found


def answered(meter, url, process, page):
    """The status of an answer in time and memory, and that the next one comes."""
    began = time.monotonic()
    status, _ = ask(url + page)
    meter.tried(seconds=time.monotonic() - began, megabytes=resident(process.pid))
    return status


@pytest.mark.slow
@pytest.mark.fault(
    "Showing",
    sent="60 weighty questions, one after the other, to `serve` and `serve --public`: endless SQL, joins, JSON, "
    "patterns, searches by one letter, facets of texts, pages and exports of all",
    must="each is answered or refused within 20 seconds and 800 MB; so is the next one",
    found="a thousand rows of a megabyte each took 9 GB and a minute, for one GET: an answer has 20 MB at most now",
)
def test_one_after_the_other(server, meter):
    url, process = server
    meter.limits = {"seconds": SECONDS, "megabytes": MEMORY}
    may_ask = ask(f"{url}archive.json?sql=select+1")[0] == 200
    statuses = {page: answered(meter, url, process, page) for page in PAGES if may_ask or "sql=" not in page}
    assert set(statuses.values()) <= {200, 400, 403, 404, 414}, statuses
    assert answered(meter, url, process, "") == 200


@pytest.mark.slow
@pytest.mark.fault(
    "Showing",
    sent="50 weighty questions at once, and a page beside them",
    must="each is answered within a minute and 1,600 MB in all",
)
def test_fifty_at_once(server, meter):
    url, process = server
    meter.limits = {"seconds": 60, "megabytes": 2 * MEMORY}
    with ThreadPoolExecutor(50) as foes:
        statuses = set(foes.map(lambda page: answered(meter, url, process, page), (PAGES * 2)[:50]))
    assert statuses <= {200, 400, 403, 404, 414, 503}
    assert answered(meter, url, process, "") == 200


def opened(url, page, read=1):
    """A connection that asked for a page, and took only the beginning."""
    to = urlsplit(url)
    connection = socket.create_connection((to.hostname, to.port), timeout=SECONDS)
    connection.sendall(f"GET /{page} HTTP/1.1\r\nHost: {to.netloc}\r\n\r\n".encode())
    connection.recv(read)
    return connection


@pytest.mark.slow
@pytest.mark.fault(
    "Showing",
    sent="60 exports broken off half way, four that nobody reads, 100 requests that never end",
    must="pages are answered beside them; the next export begins; the server keeps no file open",
)
def test_readers_that_leave_or_stay(archive, meter):
    whole = "-/export/archive/articles.ndjson"
    meter.limits = {"seconds": SECONDS, "megabytes": MEMORY}
    with room_of(archive) as (url, process), contextlib.ExitStack() as held:
        assert answered(meter, url, process, whole) == 200
        before = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
        for _ in range(60):
            opened(url, whole).close()
            meter.tried()
        _until(lambda: answered(meter, url, process, whole) == 200)
        for _ in range(4):
            held.enter_context(opened(url, whole))
        assert answered(meter, url, process, whole) == 503
        assert answered(meter, url, process, "search?q=ferry") == 200
        for _ in range(100):
            to = urlsplit(url)
            held.enter_context(socket.create_connection((to.hostname, to.port))).sendall(b"GET / HTTP/1.1\r\nX: ")
            meter.tried()
        assert answered(meter, url, process, "") == 200
        held.close()
        _until(lambda: answered(meter, url, process, whole) == 200)
        _until(lambda: len(list(Path(f"/proc/{process.pid}/fd").iterdir())) <= before + 10)  # threads' connections


@pytest.mark.slow
@pytest.mark.fault("Showing", sent="an export of 40 MB", must="it is whole: what one answer may have is not its bound")
def test_an_export_is_not_cut(archive, meter):
    meter.limits = {"seconds": SECONDS, "megabytes": 300}
    sql = "select a.body from articles a, articles b limit 2000"
    with room_of(archive) as (url, process):
        began = time.monotonic()
        status, text = ask(f"{url}-/export/archive/sql.ndjson?sql={quote(sql)}")
        meter.tried(seconds=time.monotonic() - began, megabytes=resident(process.pid))
        assert (status, text.count("\n"), len(text) > 35_000_000) == (200, 2000, True)
        assert ask(f"{url}archive.json?sql={quote(sql.replace('a.body', 'a.body, b.body'))}")[0] == 400


def _until(holds):
    """Waits for what must come soon."""
    last = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.05)
