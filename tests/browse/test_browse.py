"""The reading room in a real Datasette: every table and query answers, every column is described."""

import sqlite3

import pytest
from archives import article, save
from browse_data import CYRILLIC, EDITED, HOSTILE, PLAIN, REMOVED, SCRIPT, build, get, page, text
from datasette.app import Datasette
from lxml import html

from ewbscraper.archive.database import create
from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.browse.guards.headers import DATASETTE, STRICT
from ewbscraper.browse.metadata import tables
from ewbscraper.browse.plugin import prepare_connection
from ewbscraper.browse.serve import reading_room
from ewbscraper.errors import BadQuery, NoLimits


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return build(tmp_path_factory.mktemp("browse") / "archive.db")


@pytest.fixture(scope="module")
def room(path):
    return reading_room(path)


def test_every_table_and_column_is_described(path):
    db = sqlite3.connect(path)
    columns = {
        name: [row[1] for row in db.execute(f"PRAGMA table_xinfo({name})")]
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%'"
        )
    }
    db.close()
    described = tables()["tables"]
    for name, names in columns.items():
        if not described[name].get("hidden"):
            assert list(described[name]["columns"]) == names, name
            assert described[name]["title"]
            assert described[name]["description"]
            assert set(described[name].get("leave_out", [])) < set(names)


def test_json_of_every_table_and_query(room, path):
    names = [name for name in tables()["tables"] if name != "_sqlite_migrations"]
    addresses = [f"/archive/{name}.json?_shape=array" for name in [*names, *load_queries()]]
    for address, answer in zip(addresses, get(room, *addresses), strict=True):
        assert answer.status_code == 200, (address, answer.text)
        assert isinstance(answer.json(), list)


def test_pages_of_every_table_and_query(room):
    for name in [*tables()["tables"], *load_queries()]:
        tree = page(room, f"/archive/{name}")
        assert tree.get("lang") == "en"
        assert len(tree.cssselect("main")) == 1


def test_titles_labels_order_and_facets(room):
    tree = page(room, "/archive/articles")
    assert text(tree, "h1") == ["Articles"]
    assert text(tree, "td.col-headline")[:2] == ["Minister confirms talks", "Вучић отворио мост"]
    assert text(tree, "td.col-outlet")[0] == "The Courier courier"
    assert {"outlet", "language"} <= {facet.get("data-column") for facet in tree.cssselect(".facet-info")}
    assert not tree.cssselect("td.col-body")
    assert page(room, "/archive/articles?_all=1").cssselect("td.col-body")


def test_datasettes_own_search_box_folds_scripts(room):
    answers = get(room, *(f"/archive/articles.json?_shape=array&_search={w}" for w in ("Вучић", "Vucic", "Vučić")))
    found = [{row["id"] for row in answer.json()} for answer in answers]
    assert found == [{EDITED, CYRILLIC}] * 3


def test_one_get_cannot_take_all_memory(room):
    (answer,) = get(room, "/archive.json?sql=select+zeroblob(1000000000)")
    assert answer.status_code == 400
    assert "too big" in answer.json()["error"]


def test_any_file_name_and_a_stranger_database(path, tmp_path):
    stranger = tmp_path / "other.db"
    db = sqlite3.connect(stranger)
    db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, name TEXT)")
    db.execute("INSERT INTO articles VALUES (1, 'not ours')")
    db.commit()
    db.close()
    (tmp_path / "my news.db").write_bytes(path.read_bytes())
    room = Datasette([str(stranger), str(tmp_path / "my news.db")])
    get(room, "/")
    ours = next(name for name in room.databases if name.startswith("my"))
    route = room.urls.database(ours)
    assert text(page(room, f"{route}/articles/{EDITED}"), "h1") == ["Minister confirms talks"]
    assert text(page(room, "/other/articles/1"), "h1") == ["articles: 1"]
    assert get(room, f"/-/cite{route}/{EDITED}.ris")[0].status_code == 200
    assert get(room, "/-/cite/other/1.ris")[0].status_code == 404


def test_without_an_archive_datasette_is_as_ever(tmp_path):
    sqlite3.connect(tmp_path / "empty.db").close()
    room = Datasette([str(tmp_path / "empty.db")])
    home, search = get(room, "/", "/search?q=x")
    assert home.status_code == 200
    assert search.status_code == 404


def test_every_answer_has_safe_headers_and_our_pages_run_nothing(room):
    ours = ["/", "/?by=share", "/search?q=Kurti", f"/archive/articles/{EDITED}"]
    ours += [f"/archive/{name}{asked}" for name in load_queries() for asked in ("", "?words=Kurti")]
    for address in [*ours, "/archive", "/archive/articles", "/archive/articles.json", "/archive/gaps.json"]:
        (answer,) = get(room, address)
        expected = STRICT if address in ours else DATASETTE
        assert answer.headers.get_list("content-security-policy") == [expected], address
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    for address in ours:
        tree = page(room, address)
        assert not tree.xpath("//script | //style | //@style | //@*[starts-with(name(), 'on')]"), address


def test_stored_scripts_run_nowhere(room):
    addresses = ["/", "/search?q=hostile", "/search?q=<script>", f"/archive/articles/{HOSTILE}", "/archive/search"]
    addresses += [f"/archive/{name}" for name in tables()["tables"]]
    addresses += [f"/archive/{name}?words=hostile" for name in load_queries()]
    for address, answer in zip(addresses, get(room, *addresses), strict=True):
        assert answer.status_code == 200 or address.endswith("_sqlite_migrations"), address
        tree = html.fromstring(answer.text)
        assert SCRIPT not in answer.text, address
        assert not tree.xpath("//img | //@onerror | //@onload | //@onclick"), address
        assert not [url for url in tree.xpath("//@href | //@src") if url.startswith("javascript")], address


def test_queries_beside_the_archive(path, tmp_path):
    copy = tmp_path / "archive.db"
    copy.write_bytes(path.read_bytes())
    (tmp_path / "queries.yml").write_text("mine: {title: Mine, description: Of me, sql: SELECT 7 AS seven}")
    assert get(reading_room(copy), "/archive/mine.json?_shape=array")[0].json() == [{"seven": 7}]
    (tmp_path / "queries.yml").write_text("mine: {title: Mine}")
    with pytest.raises(BadQuery, match=r"queries.yml: query mine needs"):
        get(reading_room(copy), "/")


def test_where_memory_cannot_be_limited_nothing_is_served():
    with pytest.raises(NoLimits, match="pip uninstall pysqlite3"):
        prepare_connection(object(), "archive", Datasette([]))


def test_readers_see_each_commit_of_a_crawl(path, tmp_path):
    copy = tmp_path / "archive.db"
    copy.write_bytes(path.read_bytes())
    room = reading_room(copy)
    assert text(page(room, "/search?q=Quay"), "h1") == ["0 articles for Quay"]
    db = create(copy)
    save(db, 1, article("quay", headline="The Quay"))
    found = page(room, "/search?q=Quay")
    assert text(found, "h1") == ["1 article for Quay"]
    assert not found.cssselect(".notice")
    db.execute("UPDATE about SET value = '0' WHERE key = 'fold_version'")
    assert "ewbscraper reindex" in text(page(room, "/search?q=Quay"), ".notice")[0]
    db.close()


def test_the_operators_own_metadata_wins_and_stays_in_its_place(path):
    mine = {"databases": {path.stem: {"tables": {"articles": {"title": "Mine"}}}}}
    assert text(page(Datasette([str(path)], metadata=mine), "/archive/articles"), "h1") == ["Mine"]
    assert text(page(Datasette([str(path)]), "/archive/articles"), "h1") == ["Articles"]


def test_behind_a_prefix_every_link_and_redirect_stays_below_it(path):
    room = Datasette([str(path)], settings={"base_url": "/news/"})
    home, found = get(room, "/", "/search?q=Kurti")
    assert {home.headers["content-security-policy"], found.headers["content-security-policy"]} == {STRICT}
    links = html.fromstring(found.text).xpath("//a[not(starts-with(@href, 'http')) and not(@id)]/@href")
    assert all(link.startswith(("/news/", "#", "?")) for link in links), links
    asked = ("/news/search/?q=a", "/search/", "/news/a%5Cb/")
    led = [answer.headers["location"] for answer in get(room, *asked)]
    assert led == ["/news/search?q=a", "/news/search", "/news/a~5Cb/"]


def test_the_removed_and_the_plain_article(room):
    notice = text(page(room, f"/archive/articles/{REMOVED}"), ".notice")
    assert notice[0].startswith("The outlet removed this article. It was last seen on 1 March 2024, 09:00")
    assert text(page(room, f"/archive/articles/{PLAIN}"), ".body p") == [
        "PRISHTINË – Đukanović crossed it first.",
        "Nobody followed.",
    ]
