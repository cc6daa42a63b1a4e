"""Hostile requests: every route with every parameter, headers, methods and paths that no browser would send."""

import asyncio
import itertools
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from asked import answer, secret_archive, wrong
from every_page import every_page, kind
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.browse.guards.publication import Publication
from ewbscraper.browse.pages import home
from ewbscraper.browse.serve import reading_room

# where one facet fails Datasette leaves those behind it
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]

SECONDS = 10
"""No answer takes longer: a page may read for three, a table's query for two and its facets for more."""

FIELDS = ["q", "since", "until", "outlet", "place", "section", "author", "tag", "language"]
OURS = [*FIELDS, "page", "sort", "by", "named", "from", "to", "words", "sql", "nope", "_nope", "q[]", ""]
THEIRS = [
    "_search",
    "_search_body",
    "_search_nope",
    "_searchx",
    "_searchmode",
    "_fts_table",
    "_fts_pk",
    "_sort",
    "_sort_desc",
    "_sort_by_desc",
    "_next",
    "_size",
    "_timelimit",
    "_ttl",
    "_through",
    "_where",
    "_facet",
    "_facet_array",
    "_facet_date",
    "_facet_size",
    "_col",
    "_nocol",
    "_label",
    "_labels",
    "_shape",
    "_json",
    "_json_infinity",
    "_nl",
    "_stream",
    "_header",
    "_dl",
    "_trace",
    "_extra",
    "_extras",
    "_filter_column",
    "_filter_op",
    "_filter_value",
    "_filter_column_1",
    "_nocount",
    "_nofacet",
    "_nosuggest",
    "_blob_column",
    "_blob_hash",
    "_show_sql",
    "_hide_sql",
    "_show_hidden",
    "_all",
    "_messages",
    "_actor",
    "id",
    "id__in",
    "words__gt",
    "id__notin",
    "id__arraycontains",
    "body__date",
    "published__isnull",
    "nope",
    "nope__gt",
    "url__like",
    "url__glob",
    "body__contains",
    "body__not",
    "caption__in",
    "rowid",
    "alt",
    "text",
    "articles_fts",
]
PARAMETERS = sorted({*OURS, *THEIRS, *itertools.chain(*(query.parameters for query in load_queries().values()))})

INJECTIONS = [
    "' OR 1=1 UNION SELECT body, standfirst, sql, 1, 2 FROM articles, sqlite_master --",
    "\"); DROP TABLE articles; ATTACH DATABASE '{canary}' AS x; CREATE TABLE x.y (z); --",
    "1) UNION SELECT writefile('{canary}', body), load_extension('{canary}') FROM articles --",
]
VALUES = [
    *INJECTIONS,
    *("", "'", '"', "`", ";", "\0", "a\0b", "²", "٣", "Ⅷ", "-1", "0", "1", "9" * 30, "1e999", "0x10", "NaN", "inf"),
    *("[", "[]", "[1]", "{}", "null", "true", "[" * 900, '{"a":' * 150, '{"table":"captions","column":"alt"}'),
    '{"table":"captions","column":"nope","value":1}',
    '{"table":"captions","column":"alt","value":[]}',
    '{"table":"articles_fts","column":"body","value":"the"}',
    *("$null", ",", "a,b,c", "~", "~GG", "~00", "%", "%00", "%%%", "\ud800", "\ufffe", "\u202e", "\r\nX: 1", "a" * 999),
    *("*", "a*", "NEAR(", "NEAR(a b, 99999999999)", "body:the", "-the", "the AND", "^", "+", "(" * 400, "a " * 400),
    *("<script>", "{c}", "{0.__class__}", "%s%n", "../../etc/passwd", "//evil.example/", "javascript:1", "{{7*7}}"),
    *("articles", "articles_fts", "sqlite_master", "body", "rowid", "id", "max", "on", "off", "array", "object"),
    *("2024-13-45", "2024-02", "0000", "9999-12", "10000-01-01", "-2024-01-01", "raw", "rank", "share", "courier"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return secret_archive(tmp_path_factory.mktemp("asked") / "archive.db")


@pytest.fixture(scope="module")
def rooms(path):
    return {public: reading_room(path, Publication(public=public)).app() for public in (False, True)}


@pytest.fixture(scope="module")
def addresses(path):
    """One of each kind of page, without its parameters."""
    return sorted({kind(one): one.partition("?")[0] for one in every_page(reading_room(path), "harbour", 1)}.values())


@pytest.fixture(autouse=True)
def unchanged(path):
    """Whatever is asked, the file stays as it was, and no other one is made."""
    before, beside = sha256(path.read_bytes()).hexdigest(), {file.name for file in path.parent.iterdir()}
    yield
    assert sha256(path.read_bytes()).hexdigest() == before
    assert {file.name for file in path.parent.iterdir()} <= beside | {f"{path.name}-wal", f"{path.name}-shm"}


class Asking:
    """Asks both rooms, and holds each answer to what must never be."""

    def __init__(self, rooms, path, meter):
        self.rooms, self.path, self.meter = rooms, path, meter
        meter.limits = {"seconds": SECONDS}

    def __call__(self, *asked, of=(False, True), **how):
        return asyncio.run(self.all(asked, of, **how))

    async def all(self, asked, of, **how):
        return [await self.one(public, *one, **how) for one in asked for public in of]

    async def one(self, public, address, query="", **how):
        found = await answer(self.rooms[public], address, query, **how)
        assert wrong(found, self.path, public=public) == [], (public, address, query[:300], how, found.body[-300:])
        self.meter.tried(seconds=found.seconds)
        return found


@pytest.fixture
def ask(rooms, path, meter):
    return Asking(rooms, path, meter)


def query_of(*pairs, canary=""):
    values = [(name, value.replace("{canary}", str(canary))) for name, value in pairs]
    return urlencode(values, errors="surrogatepass")


@pytest.mark.fault(
    "Showing",
    sent="SQL in each parameter of routes, tables, rows, queries and exports, one at a time",
    must="the archive's file stays the same byte for byte, no file is made, no withheld text is shown",
)
def test_sql_in_every_parameter(ask, addresses, tmp_path):
    canary = tmp_path / "canary"
    asked = [
        (address, query_of((name, sql), canary=canary))
        for number, address in enumerate(addresses)
        for place, name in enumerate(PARAMETERS)
        if (number + place) % 8 == 0
        for sql in [INJECTIONS[(number + place) // 8 % len(INJECTIONS)]]
    ]
    ask(*asked, of=(True,))
    assert len({query.partition("=")[0] for _, query in asked}) == len(PARAMETERS)
    assert list(tmp_path.iterdir()) == []


PAIRS = st.lists(
    st.tuples(st.sampled_from(PARAMETERS), st.sampled_from(VALUES) | st.text(st.characters(), max_size=20)),
    min_size=1,
    max_size=4,
)


@pytest.mark.fault(
    "Fuzz",
    sent="any route with one to four of any parameters, each with a hostile value or any characters",
    must="an answer below 500 within 10 seconds: no traceback, no path, no withheld text, the file as it was",
    found="sixteen parameters of Datasette's tables made a 500 (_through=[], _sort=nope, _timelimit=x): now 400",
)
@settings(max_examples=800, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 10_000), pairs=PAIRS, public=st.booleans())
def test_any_parameters(ask, addresses, number, pairs, public):
    ask((addresses[number % len(addresses)], query_of(*pairs)), of=(public,))


KNOWN = {
    "/archive.csv": 400,
    "/archive/articles?_through=[]": 400,
    "/archive/articles.json?_through={": 400,
    "/archive/articles.json?_through=" + "[" * 900: 400,
    "/archive/articles?_sort=nope": 400,
    "/archive/articles?_sort=id&_sort_desc=id": 400,
    "/archive/articles?_timelimit=x": 400,
    "/archive/articles.json?_ttl=%C2%B2": 400,
    "/archive/articles?_searchx=1": 400,
    "/archive/articles?id__in=[": 400,
    "/archive/articles?words__gt=%C2%B2": 400,
    "/archive/articles?words__gt=" + "9" * 30: 400,
    "/archive/articles?_facet=%7Bc%7D": 400,
    "/archive/articles.json?_json_infinity=x": 400,
    "/archive/articles?_next=": 200,
    "/archive/captions/1": 400,
    "/-/static//etc": 404,
    "/-/static//nowhere": 404,
    "/-/static/" + "a" * 1000: 404,
}


@pytest.mark.parametrize("address", KNOWN)
@pytest.mark.fault(
    "Showing",
    sent="what made Datasette fail: malformed _through, _sort, _timelimit, __in, a row with half a key, /archive.csv",
    must="400 or 404 with a sentence, and no traceback in the log",
    found="500 each; /-/static//etc told which folders the machine has, and a long name where Python is",
)
def test_what_datasette_cannot_read(ask, address, capfd):
    where, _, query = address.partition("?")
    assert {found.status for found in ask((where, query))} == {KNOWN[address]}
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.fault(
    "Showing", sent="an error of our own in a page", must="500, with the traceback in the log: not hidden"
)
def test_an_error_of_ours_is_told(rooms, monkeypatch, capfd):
    def broken(*given, **named):
        raise ValueError("ours")

    monkeypatch.setattr(home, "read_home", broken)
    assert asyncio.run(answer(rooms[False], "/")).status == 500
    assert "ValueError: ours" in capfd.readouterr().err


METHODS = ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "DATA", "AS_CSV", "RENDER", "get"]


@pytest.mark.parametrize("method", [*METHODS, "\u0130", "X" * 500])
@pytest.mark.fault(
    "Showing",
    sent="methods beside GET to every route",
    must="an answer below 500; what only Datasette's code knows (DATA, RENDER) is 405",
    found="POST to a named query, and DATA or AS_CSV to any page: 500",
)
def test_methods(ask, addresses, method):
    form = [(b"content-length", b"3"), (b"content-type", b"application/x-www-form-urlencoded")]
    found = ask(*((address, "") for address in addresses), method=method, headers=form, body=b"a=1")
    if method not in METHODS[:3]:
        assert {one.status for one in found} == {405}


HEADERS = {
    b"cookie": [
        b"\xff\xfe=1;;;=;",
        b"a[=b; ds_actor=" + b"x" * 5000,
        b'ds_messages="\\777";ds_actor=""',
        b"ds_actor=..;x",
    ],
    b"authorization": [b"Bearer dstok_x", b"\xff", b"Bearer dstok_" + b"." * 9000, b"Basic " + b"=" * 999],
    b"range": [b"bytes=" + b"0-," * 5000, b"bytes=-", b"bytes=9999999999999999999999-", b"lines=1"],
    b"accept-encoding": [b"gzip;q=0.000," * 5000, b"\xff", b"br, zstd, \x00"],
    b"if-none-match": [b"W/" * 20_000, b'"' * 20_000, b"\xff", b"*"],
    b"if-modified-since": [b"never", b"\x00", b"Thu, 99 Xxx 9999999999 99:99:99 GMT"],
    b"host": [b"[", b"]", b"a:b:c", b"localhost:99999999", b"\xff", b"evil.example/x?", b"a\r\nX: 1", b"", b"<script>"],
    b"x-forwarded-host": [b"evil.example"],
    b"x-forwarded-for": [b"\x01" * 900],
    b"content-length": [b"\xb2", b"-1", b"1" * 99],
    b"accept": [b"\xff" * 900],
    b"referer": [b"javascript:1"],
    b"user-agent": [b"{" * 20_000],
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.fault(
    "Showing",
    sent="headers that are none, up to 60 kB: Host, Range, Cookie, If-None-Match, Accept-Encoding and others",
    must="an answer below 500 that repeats none of it as a header, and leads nowhere else",
    found="a cookie that is no UTF-8, and a Host like [, made every page a 500",
)
def test_headers(ask, name):
    pages = ["/", "/search", "/archive", "/archive/articles.json", "/archive/articles/1", "/-/static/app.css"]
    pages += ["/-/export/archive/articles.atom", "/search/cite"]
    for value in HEADERS[name]:
        for method in ("GET", "POST"):
            ask(*((page, "") for page in pages), headers=[(name, value)], method=method)


PATHS = [
    b"/\xff",
    b"/archive/\xc3\xa9",
    b"/%ff",
    b"/%00",
    b"/archive/articles/%c2%b2",
    b"/archive/articles/1%00",
    b"/..",
]
PATHS += [
    b"/../../etc/passwd",
    b"/%2e%2e/%2e%2e/etc/passwd",
    b"/archive%2farticles",
    b"//evil.example/",
    b"///",
    b"*",
    b"",
]
PATHS += [b"/-/static/../../../../etc/passwd", b"/-/static/%2e%2e/app.py", b"/-/static-plugins/ewbscraper/../plugin.py"]
PATHS += [b"/-/static-plugins/ewbscraper/%00", b"/archive/../archive", b"/places/~", b"/places/~zz", b"/outlets/~00"]
PATHS += [
    b"/places/" + b"9" * 30,
    b"/archive/articles/" + b"9" * 30,
    b"/-/cite/archive/1.bib%0d%0aX:1",
    b"/-/cite/~/1.bib",
]
PATHS += [b"/-/export/archive/query/~00.csv", b"/-/export/archive/query/..%2f..%2fx.csv", b"/" + b"a" * 60_000]
PATHS += [b"/" + b"a/" * 20_000, b"/archive/" + b"a" * 5000 + b"/1", b"/archive/frontier/a,b,c", b"/archive/about/~"]
PATHS += [
    b"/~61rchive",
    b"/:memory:",
    b"/:memory:/../x",
    b"/%0d%0aX-A:1/",
    b"/archive/articles/%0d%0a/",
    b"/\\evil.example/",
]
PATHS += [
    b"/archive.db",
    b"/archive.db-wal",
    b"/archive/sqlite_master",
    b"/archive/pragma_database_list.json",
    b"/_internal",
]
PATHS += [b"/_memory.json?sql=select+1", b"/archive/captures/1/raw/..", b"/archive/captures/999999999999999/raw"]


@pytest.mark.fault(
    "Showing",
    sent="paths with %2F, .., %00, bytes that are no UTF-8, line breaks, 60,000 letters, other databases",
    must="an answer below 500 that leads to no other host and shows no file of the machine",
    found="bytes beyond ASCII in an address ended the connection",
)
def test_paths(ask):
    for found in ask(*((path, "") for path in PATHS)):
        assert "root:x:0" not in found.body


BOMBS = ["*", "a*", "1*", "t* OR h* OR 1* OR a*", '"the" * ', "NEAR(the 1234, 999999999)", "NEAR(" + "the " * 240 + ")"]
BOMBS += ["(" * 400 + "a" + ")" * 400, "NOT " * 200 + "a", "a OR " * 180 + "a", '"' * 999, "- " * 400, "^" * 900]
BOMBS += [f"{{{'body ' * 150}}}: the", "headline:" * 90 + "the", "'" * 999, "a\0b", "\ud800*", "ſ" * 900, "ﷺ" * 300]


@pytest.mark.fault(
    "Showing",
    sent="full-text expressions without an end, or with hundreds of parts, to each search",
    must="an answer within 10 seconds: found, or told to be too much",
)
def test_searches(ask):
    asked = [(page, name) for page in ("/search", "/compare", "/search/cite.json") for name in ("q",)]
    asked += [("/archive/articles.json", name) for name in ("_searchmode=raw&_search", "_search")]
    asked += [(f"/archive/{name}.json", "words") for name, one in load_queries().items() if "words" in one.parameters]
    ask(*((page, f"{name}={query_of(('', bomb))[1:]}") for page, name in asked for bomb in BOMBS))


@pytest.mark.fault(
    "Showing",
    sent="a parameter 90 and 5,000 times, values of 1 MB, 15,000 letters of one letter",
    must="answered, or refused with 400 or 414 before anything is read",
)
def test_too_much_of_it(ask):
    for name in ("q", "outlet", "_facet", "_sort", "body__contains", "_col", "sql"):
        for query in ("&".join([f"{name}=a"] * 90), "&".join([f"{name}=a"] * 5000), f"{name}={'a' * 1_000_000}"):
            found = ask(*((page, query) for page in ("/search", "/archive/articles", "/compare", "/archive.json")))
            assert {one.status for one in found} <= ({200, 400, 403} if len(query) < 16_000 else {414})
        ask(("/search", f"q={'a' * 15_000}"), ("/archive/articles.json", f"q={'b' * 15_000}"))
