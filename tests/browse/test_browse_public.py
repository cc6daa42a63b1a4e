"""What the public sees, and what it does not get by any way round: no text, no SQL, no path of the machine."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from archives import article, new_archive, save
from browse_data import get
from datasette.app import Datasette
from lxml import html

from ewbscraper.archive.connection import transaction
from ewbscraper.article import Caption
from ewbscraper.browse.guards.door import ENGINE_ROOM, refusal
from ewbscraper.browse.guards.publication import Publication
from ewbscraper.browse.routes import ROUTES
from ewbscraper.browse.serve import reading_room

SECRETS = ("standsecret", "bodysecret", "endsecret", "captionsecret", "altsecret", "linksecret", "oldsecret")
QUERIES = """
everything: {title: T, description: D, sql: "SELECT *, upper(body) AS loud, length(body) AS letters FROM articles"}
around: {title: T, description: D, sql: "WITH a AS (SELECT body AS b FROM articles) SELECT b, (SELECT max(body) FROM articles) FROM a"}
seen: {title: T, description: D, sql: "SELECT * FROM everything_seen"}
marked: {title: T, description: D, sql: "SELECT snippet(articles_fts, -1, '', '', '', 60), body FROM articles_fts WHERE articles_fts MATCH 'harbour'"}
guess: {title: T, description: D, parameters: {word: W}, sql: "SELECT count(*) AS n FROM articles WHERE body LIKE '%' || :word || '%'"}
"""  # noqa: E501


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public")
    db, run = new_archive(folder / "archive.db")
    before = article(
        headline="The harbour freezes",
        standfirst="A standsecret summary",
        body=f"PRISHTINË – The harbour bodysecret froze.\n\n{'Ice. ' * 100}\n\nendsecret\n\nAn oldsecret line.",
        body_html='<p>PRISHTINË – The harbour bodysecret froze. <a href="https://other.example/">linksecret</a></p>',
        captions=(Caption("A captionsecret quay", "NATO", "https://courier.example/b.jpg", "An altsecret view"),),
    )
    save(db, run, before)
    changed = replace(before, body=before.body.replace("oldsecret", "new"), standfirst="A standsecret, new")
    save(db, run, changed, captured="2024-03-02T08:00:00Z")
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO about VALUES ('contact', 'desk@example.org')")
        db.execute("CREATE VIEW everything_seen AS SELECT body, standfirst FROM articles")
    db.close()
    (folder / "queries.yml").write_text(QUERIES, encoding="utf-8")
    return folder / "archive.db"


@pytest.fixture(scope="module")
def public(path):
    return reading_room(path, Publication(public=True))


@pytest.fixture(scope="module")
def own(path):
    return reading_room(path)


def tables(path):
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    return [name for name in names if not name.startswith("articles_fts")]


def addresses(path):
    """Every way that Datasette has to show a table, a row, a cell, a query."""
    yield from ("/", "/.json", "/archive", "/archive.json", "/search", "/search?since=2024", "/archive/articles/1.json")
    for name in [*tables(path), "everything", "around", "seen", "marked", "search?words=harbour"]:
        name, _, asked = name.partition("?")
        yield from (f"/archive/{name}{form}?{asked}" for form in ("", ".json", ".csv"))
        yield f"/archive/{name}.json?_shape=array&_nl=on&{asked}"
    for name in tables(path):
        yield f"/archive/{name}?_all=1"
        yield f"/archive/{name}.csv?_stream=on&_size=max"
    yield from (
        f"/archive/{row}{form}" for row in ("captions/1,0", "links/1,0", "revisions/1") for form in ("", ".json")
    )
    yield from (f"/archive/articles/1.blob?_blob_column={name}" for name in ("body", "body_html", "standfirst"))
    for name, column in TEXT_COLUMNS:
        yield f"/archive/{name}.json?_facet={column}&_facet_date={column}&_facet_size=max"
        yield f"/archive/{name}.json?_sort={column}&_col={column}"


ROWS = ("captions/1,0", "links/1,0", "revisions/1")

TEXT_COLUMNS = [
    *(("articles", name) for name in ("standfirst", "body", "body_html")),
    *(("captions", name) for name in ("caption", "alt")),
    *(("revisions", name) for name in ("captions", "standfirst", "body")),
    ("links", "text"),
]


def test_no_text_comes_out_of_any_page_of_datasette(public, path):
    # of what is no JSON, Datasette's own facet of arrays is an error
    arrays = [f"/archive/{name}.json?_facet_array={column}" for name, column in TEXT_COLUMNS]
    asked = [*addresses(path), *arrays]
    for address, answer in zip(asked, get(public, *asked), strict=True):
        assert answer.status_code < 500, (address, answer.text)
        assert not [word for word in SECRETS if word in answer.text.lower()], address


OURS = ["/", "/search", "/search?since=2024", "/coverage", "/coverage?q=harbour", "/runs"]
OURS += [
    "/compare?q=harbour&outlet=courier",
    "/-/cite/archive/1.bib",
    "/-/cite/archive/1.ris",
    "/-/cite/archive/1.json",
]
OURS += [f"/{kind}{one}" for kind in ("places", "authors", "tags", "sections") for one in ("", "/1")]
OURS += ["/outlets", "/outlets/courier", "/archive/articles/1", "/archive/articles/1/revisions"]
OURS += ["/search/cite?since=2024", "/search/cite.json?since=2024", "/-/export/archive/query/datelines.csv"]
OURS += [f"/-/export/archive/articles.{form}?since=2024" for form in ("json", "csv", "bib", "ris", "csl.json", "atom")]
OURS += [f"/-/export/archive/query/{name}.json" for name in ("everything", "around", "seen", "marked")]

REFUSED = [f"/archive/captures/1/{what}" for what in ("page", "raw", "bytes", "picture")]
REFUSED += ["/-/export/archive/sql.json?sql=select+body+from+articles"]


def test_no_text_comes_out_of_a_page_of_ours_and_each_is_asked(public):
    for pattern, _ in ROUTES:
        asked = [path for path in (*OURS, *REFUSED) if re.fullmatch(pattern, path.split("?")[0])]
        assert asked, f"{pattern} is not asked here"
    for address, answer in zip(OURS, get(public, *OURS), strict=True):
        assert answer.status_code == 200, address
        snippet = "q=" in address or address == "/archive/articles/1"  # the words around a hit, the first words
        passage = {"bodysecret"} if snippet else set()
        assert not [word for word in set(SECRETS) - passage if word in answer.text.lower()], address


def test_captures_and_free_sql_are_refused_to_the_public(public):
    for address, answer in zip(REFUSED, get(public, *REFUSED), strict=True):
        assert answer.status_code == 403, address
        assert not [word for word in SECRETS if word in answer.text.lower()], address


@pytest.mark.slow
def test_they_do_come_out_for_the_archives_own_people_and_with_public_text(own, path):
    for room in (own, reading_room(path, Publication(public=True, public_text=True))):
        seen = " ".join(answer.text for answer in get(room, *addresses(path)))
        assert [word for word in SECRETS if word not in seen] == []


@pytest.mark.parametrize(("name", "column"), TEXT_COLUMNS)
@pytest.mark.parametrize("how", ["contains", "startswith", "like", "glob", "exact", "gt", "notblank", "not"])
def test_no_filter_tells_what_a_text_has(public, own, name, column, how):
    guesses = [f"/archive/{name}.json?_shape=array&{column}__{how}={guess}" for guess in ("", "A", "zzz", "*s*")]
    assert {answer.text for answer in get(public, *guesses)} == {"[]"}


def test_the_same_filter_tells_the_archives_own_people(own):
    answers = get(
        own, *(f"/archive/articles.json?_shape=array&body__contains={word}" for word in ("bodysecret", "zzz"))
    )
    assert [len(answer.json()) for answer in answers] == [1, 0]


def test_no_way_through_another_table_and_no_query_with_a_parameter_tells(public):
    through = (
        '/archive/articles.json?_shape=array&_through={"table":"captions","column":"alt","value":"An altsecret view"}'
    )
    guesses = [f"/archive/guess.json?_shape=array&word={word}" for word in ("bodysecret", "zzz")]
    assert [answer.json() for answer in get(public, through, *guesses)] == [[], [{"n": 0}], [{"n": 0}]]


def test_the_tables_of_the_index_are_closed(public, own):
    names = ["articles_fts", *(f"articles_fts_{part}" for part in ("data", "idx", "docsize", "config"))]
    paths = [f"/archive/{name}{form}" for name in names for form in ("", ".json", ".csv")]
    assert {answer.status_code for answer in get(public, *paths)} == {403}
    assert {answer.status_code for answer in get(public, "/archive/ARTICLES_FTS", "/archive/Articles_fts_idx.csv")} <= {
        403,
        404,
    }
    assert {answer.status_code for answer in get(own, "/archive/articles_fts_data.json")} == {200}


def test_the_public_finds_by_the_texts_and_sees_a_passage(public):
    asked = ["search?q", "archive/articles.json?_shape=array&_search", "archive/words_by_month.json?words"]
    page, table, query = get(public, *(f"/{one}=bodysecret" for one in asked))
    assert "The harbour <mark>bodysecret</mark> froze" in page.text
    assert [(row["headline"], row["dateline"], row["body"]) for row in table.json()] == [
        ("The harbour freezes", "PRISHTINË –", None)
    ]
    assert query.json()["rows"][0][2] == 1


def test_the_public_writes_no_sql(public, own):
    asked = [
        "/archive?sql=select+1",
        "/archive.json?sql=select+1",
        "/archive/articles?_where=1",
        "/archive.csv?sql=select+1",
    ]
    assert {answer.status_code for answer in get(public, *asked)} == {403}
    assert {answer.status_code for answer in get(own, *asked)} == {200}
    assert {answer.status_code for answer in get(public, "/_memory", "/_memory.json?sql=select+1")} == {404}


def test_a_page_that_is_refused_says_so_in_words(public):
    (answer,) = get(public, "/archive?sql=select+1")
    assert answer.status_code == 403
    assert "This archive does not allow that (execute-sql)." in answer.text
    assert "Error 403." in answer.text


def test_a_plain_datasette_is_public_too_where_its_configuration_says_so(path):
    room = Datasette([str(path)], metadata={"plugins": {"ewbscraper": {"public": True}}})
    sql, row = get(room, "/archive.json?sql=select+1", "/archive/articles/1.json?_shape=array")
    assert (sql.status_code, row.json()[0]["body"]) == (403, None)


def test_a_stranger_database_beside_it_keeps_its_columns(path, tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE articles (body TEXT)")
        db.execute("INSERT INTO articles VALUES ('not ours')")
        db.commit()
    room = Datasette([str(path), str(tmp_path / "other.db")], metadata={"plugins": {"ewbscraper": {"public": True}}})
    assert get(room, "/other/articles.json?_shape=array")[0].json() == [{"rowid": 1, "body": "not ours"}]


def test_where_the_file_lies_is_told_to_nobody(public, own, path):
    sql = "/archive.json?_shape=array&sql=select+name,file+from+pragma_database_list()"
    assert get(own, sql)[0].json() == [{"name": "main", "file": None}]
    for answer in get(public, "/", "/archive.json", "/-/databases.json", "/-/databases", "/nowhere"):
        assert str(path.parent) not in answer.text


def test_the_engine_room_is_closed_to_the_public_and_no_page_of_datasette_is_forgotten(public, own):
    harmless = {"/-/static/", "/-/static-plugins/", "/-/logout", "/-/cite/"}
    patterns = [str(route.pattern).lstrip("^") for route, _ in public._routes()]
    known = [re.match(r"/-/[a-z-]+/?", pattern)[0] for pattern in patterns if pattern.startswith("/-/")]
    of_datasette = {one for one in known if not one.endswith("/")}
    for one in of_datasette - harmless:
        assert ENGINE_ROOM.fullmatch(one), one
    paths = sorted(of_datasette - harmless)
    for form in ("", ".json"):
        assert {answer.status_code for answer in get(public, *(one + form for one in paths))} == {404}
    assert get(own, "/-/versions.json")[0].status_code == 200


def test_behind_a_prefix_the_engine_room_is_closed_as_well(path):
    room = reading_room(path, Publication(public=True), "/news/")
    for address in ("/-/databases.json", "/news/-/databases.json", "//-/databases.json", "/news//-/databases.json"):
        answer = get(room, address)[0]
        assert answer.status_code == 404, address


def test_every_page_says_whose_the_texts_are_and_whom_to_write_to(public, own):
    for address in ("/", "/search?q=harbour", "/archive", "/archive/articles", "/archive/words_by_month"):
        footer = html.fromstring(get(public, address)[0].text).cssselect("footer")[0]
        words = " ".join(footer.text_content().split())
        assert words.startswith(
            "Texts belong to their publishers, who are named and linked with each article. They are not shown here:"
        )
        assert footer.cssselect("a")[0].get("href") == "mailto:desk@example.org"
    assert "Texts belong to their publishers." in get(own, "/")[0].text
    assert "desk@example.org" not in get(own, "/")[0].text


def test_robots_are_kept_out_unless_they_are_let_in(public, own, path):
    indexed = reading_room(path, Publication(public=True, index=True), "/news/")
    for room in (public, own):
        robots, home, missing = get(room, "/robots.txt", "/", "/nowhere")
        assert robots.text == "User-agent: *\nDisallow: /"
        assert {home.headers["x-robots-tag"], missing.headers["x-robots-tag"]} == {"noindex, noarchive"}
    robots, home = get(indexed, "/robots.txt", "/")
    assert robots.text.splitlines() == [
        "User-agent: *",
        "Allow: /",
        "Disallow: /news/search",
        "Disallow: /news/-/",
        "Disallow: /news/*?",
    ]
    assert "x-robots-tag" not in home.headers


def test_every_answer_has_the_safe_headers_errors_too(public, own):
    asked = [
        "/",
        "/nowhere",
        "/archive/articles/999999",
        "/archive/articles_fts",
        "/archive?sql=select+1",
        "/-/plugins",
        "/?" + "a" * 20_000,
    ]
    asked += ["/archive/articles.json", "/robots.txt", "/-/static/app.css", "/archive/articles.csv"]
    for room in (public, own):
        for address, answer in zip(asked, get(room, *asked), strict=True):
            said = answer.headers
            assert said["x-content-type-options"] == "nosniff", address
            assert said["referrer-policy"] == "no-referrer"
            assert "frame-ancestors 'none'" in said["content-security-policy"]
            assert {said[f"cross-origin-{what}-policy"] for what in ("opener", "resource")} == {"same-origin"}
            assert "geolocation=()" in said["permissions-policy"]
    statuses = [answer.status_code for answer in get(public, *asked)]
    assert statuses[1:7] == [404, 404, 403, 403, 404, 414]


def asked_of(host, server=("127.0.0.1", 8001), method="GET", query=b"", **headers):
    lines = [(b"host", host.encode()), *((name.replace("_", "-").encode(), value) for name, value in headers.items())]
    return {"type": "http", "path": "/", "headers": lines, "server": server, "method": method, "query_string": query}


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1:8001", "[::1]:8001", "127.0.0.1"])
def test_a_reader_on_this_machine_is_answered(host):
    assert refusal(asked_of(host), "/", Publication()) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "localhost.evil.example", "", "[", "127.0.0.1.nip.io"]
)
@pytest.mark.parametrize("server", [("127.0.0.1", 8001), ("::1", 8001), ("::ffff:127.0.0.1", 8001)])
def test_a_foreign_page_cannot_read_it_under_a_name_of_its_own(host, server):
    assert refusal(asked_of(host, server), "/", Publication())[0] == 421


def test_behind_a_proxy_and_over_a_network_other_names_are_answered():
    foreign = asked_of("news.example.org")
    assert refusal(foreign, "/", Publication(names=("news.example.org",))) is None
    assert refusal(foreign, "/", Publication(public=True)) is None
    assert refusal(asked_of("news.example.org", ("10.0.0.7", 8001)), "/", Publication()) is None
    assert refusal(asked_of("news.example.org", ("/run/news.sock", None)), "/", Publication()) is None


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (414, {"query": b"q=" + b"a" * 20_000}),
        (400, {"query": b"&".join(b"a=1" for _ in range(101))}),
        (400, {"query": b"&".join(b"_facet=url" for _ in range(25))}),
        (413, {"method": "POST", "content_length": b"100001"}),
        (413, {"method": "POST", "transfer_encoding": b"chunked"}),
    ],
)
def test_too_much_is_refused_before_it_is_read(status, asked):
    assert refusal(asked_of("localhost", **asked), "/", Publication())[0] == status
    assert refusal(asked_of("localhost", method="POST", content_length=b"100"), "/", Publication()) is None
