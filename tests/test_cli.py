"""The commands as a person types them: what they print where, and how they end."""

import csv
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing

import pytest
from checkout import HOUSE, PROJECT
from commands import begun, ewbscraper
from filelock import FileLock

from ewbscraper.sample_site.server import SampleSite


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder in which the demo ran, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    done = ewbscraper("demo", "--no-serve", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_it_is_a_module_to_run(demo):
    folder, _ = demo
    done = begun("search", "Vucic", folder=folder)
    assert done.returncode == 0
    assert done.stdout == ewbscraper("search", "Vucic", folder=folder).stdout


def test_the_demo_tells_what_both_editions_brought(demo):
    _, printed = demo
    assert "Monday's edition    40 articles found, 40 archived" in printed
    assert "Tuesday's edition   3 new, 4 edited, 1 removed, 35 unchanged" in printed
    assert 'Edited:   "Minister denies talks" is now "Minister confirms talks"' in printed
    assert 'Removed by the paper, kept here: "Mayor\'s villa had no permit"' in printed
    assert "Vučić = Vucic = Вучић: 7 articles in three spellings" in printed


@pytest.mark.slow
def test_the_demo_run_again_finds_nothing_changed(demo):
    folder, _ = demo
    done = ewbscraper("demo", "--no-serve", folder=folder)
    assert "nothing new, 42 unchanged" in done.stdout, done.stderr
    assert "WARNING" not in done.stderr


@pytest.mark.slow
def test_the_demo_refuses_an_archive_with_real_articles_and_names_the_cure(tmp_path):
    with SampleSite() as site:
        real_newspaper(tmp_path, site.url)
        assert ewbscraper("crawl", "daily", "--limit", "1", folder=tmp_path).returncode == 0
    done = ewbscraper("demo", "--no-serve", folder=tmp_path)
    assert done.returncode == 1
    assert "--archive" in done.stderr
    assert ewbscraper("demo", "--clear", folder=tmp_path).returncode == 1
    assert (tmp_path / "archive.db").exists()


@pytest.mark.slow
def test_a_crawl_refuses_the_demo_archive_and_clear_is_the_cure(tmp_path):
    ewbscraper("demo", "--no-serve", folder=tmp_path)
    with SampleSite() as site:
        real_newspaper(tmp_path, site.url)
        refused = ewbscraper("crawl", "daily", folder=tmp_path)
        assert refused.returncode == 1
        assert "ewbscraper demo --clear" in refused.stderr
        assert ewbscraper("demo", "--clear", folder=tmp_path).returncode == 0
        assert not (tmp_path / "seals.txt").exists()
        assert not (tmp_path / "archive.db").exists()
        assert ewbscraper("crawl", "daily", "--limit", "1", folder=tmp_path).returncode == 0


def real_newspaper(folder, url):
    """An outlet file beside the archive, as a user writes it."""
    (folder / "outlets").mkdir(exist_ok=True)
    (folder / "outlets" / "daily.py").write_text(
        "from ewbscraper.outlet import Outlet, WordPress\n"
        f"OUTLET = Outlet(slug='daily', name='The Daily', home='{url}', sources=(WordPress(),))\n"
    )


@pytest.fixture
def daily(tmp_path):
    with SampleSite() as site:
        real_newspaper(tmp_path, site.url)
        yield tmp_path, site


def test_a_crawl_prints_its_archive_and_its_counts(daily):
    folder, _ = daily
    done = ewbscraper("crawl", "daily", folder=folder)
    assert done.returncode == 0
    assert str((folder / "archive.db").resolve()) in done.stderr
    assert done.stdout.startswith("daily: 40 new")


def test_a_crawl_as_json_is_its_row_of_runs(daily):
    folder, _ = daily
    (run,) = json.loads(ewbscraper("crawl", "daily", "--json", folder=folder).stdout)
    assert (run["outlet"], run["new"], run["outcome"]) == ("daily", 40, "finished")


def test_a_quiet_crawl_says_nothing_where_all_is_well(daily):
    folder, _ = daily
    done = ewbscraper("crawl", "daily", "--quiet", folder=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_crawl_that_needs_a_look_says_why_and_exits_3(daily):
    folder, site = daily
    site.misbehave("/wp-json/wp/v2/posts", "403")
    done = ewbscraper("crawl", "daily", "--quiet", folder=folder)
    assert done.returncode == 3
    assert "ask the publisher" in done.stdout


def test_a_crawl_that_no_list_answered_does_not_say_unchanged(daily):
    folder, site = daily
    assert ewbscraper("crawl", "daily", "--limit", "2", folder=folder).returncode == 0
    site.misbehave("/wp-json/wp/v2/posts", "403")
    done = ewbscraper("crawl", "daily", folder=folder)
    assert done.returncode == 3
    assert "unchanged" not in done.stdout.splitlines()[0]


def test_a_second_run_exits_75(daily):
    folder, _ = daily
    with FileLock(folder / ".archive.db.daily.lock"):
        done = ewbscraper("crawl", "daily", folder=folder)
    assert done.returncode == 75
    assert "another run of daily" in done.stderr


def test_a_dry_run_says_what_a_crawl_would_take_and_keeps_nothing(daily):
    folder, site = daily
    done = ewbscraper("crawl", "daily", "--dry-run", folder=folder)
    assert done.returncode == 0
    assert "allows us" in done.stdout
    assert "42 listed, 0 archived" in done.stdout
    assert "hours" in done.stdout
    assert not [request for request in site.requests if request.path.startswith("/20")]
    assert {path.name for path in folder.iterdir()} == {"outlets"}


def test_a_site_that_refuses_robots_is_told_as_what_it_is(daily):
    folder, site = daily
    site.misbehave("/wp-json/wp/v2/posts", "403")
    done = ewbscraper("crawl", "daily", "--dry-run", folder=folder)
    assert done.returncode == 3
    assert "the site refuses robots (403): ask the publisher" in done.stdout


def test_a_check_counts_the_fields_of_recent_articles(daily):
    folder, _ = daily
    done = ewbscraper("outlets", "check", "daily", "--articles", "3", "--json", folder=folder)
    look = json.loads(done.stdout)
    assert (done.returncode, look["taken_apart"], look["coverage"]["headline"]) == (0, 3, 3)


def test_an_unknown_outlet_gets_the_nearest_names(tmp_path):
    done = ewbscraper("crawl", "ewbb", folder=tmp_path)
    assert done.returncode == 2
    assert "ewb" in done.stderr
    assert not (tmp_path / "archive.db").exists()


def test_the_environment_may_name_the_archive(tmp_path):
    done = ewbscraper("status", folder=tmp_path, EWBSCRAPER_ARCHIVE=str(tmp_path / "elsewhere" / "archive.db"))
    assert "no archive at" in done.stderr
    assert "elsewhere" in done.stderr


def test_a_public_site_is_not_crawled_without_a_contact(tmp_path):
    done = ewbscraper("crawl", "ewb", folder=tmp_path, EWBSCRAPER_CONTACT="")
    assert done.returncode == 2
    assert "--contact" in done.stderr
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.parametrize("broken", ["OUTLET = 1", "1 / 0", "def", "from nowhere import x"])
def test_a_broken_outlet_file_is_named(tmp_path, broken):
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "mine.py").write_text(broken)
    done = ewbscraper("outlets", folder=tmp_path)
    assert done.returncode == 2
    assert "mine.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_neighbour_does_not_stop_an_outlet(daily):
    folder, _ = daily
    (folder / "outlets" / "aaa.py").write_text("1 / 0")
    assert ewbscraper("crawl", "daily", "--limit", "1", folder=folder).returncode == 0


@pytest.mark.slow
def test_scrapys_own_command_wants_a_contact_too(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "ewb", "-s", f"EWB_ARCHIVE={tmp_path / 'archive.db'}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={**os.environ, "EWBSCRAPER_CONTACT": ""},
        check=False,
    )
    assert "--contact" in done.stderr
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.slow
def test_the_contact_is_remembered_and_sent(daily):
    folder, site = daily
    ewbscraper("crawl", "daily", "--limit", "1", "--contact", "https://us.example/", folder=folder)
    site.requests.clear()
    ewbscraper("crawl", "daily", "--limit", "1", folder=folder)
    assert {"+https://us.example/" in request.headers["User-Agent"] for request in site.requests} == {True}


READERS = [["search", "x"], ["query", "select 1"], ["show", "1"], ["status"], ["serve"]]
READERS += [["export", "--format", "text", "all"], ["snapshot", "copy.db"]]


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
def test_reading_without_an_archive_says_how_to_make_one(tmp_path, words):
    done = ewbscraper(*words, folder=tmp_path)
    assert done.returncode == 1
    assert "ewbscraper demo" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_search_finds_every_script(demo):
    folder, _ = demo
    found = [
        {hit["id"] for hit in json.loads(ewbscraper("search", word, "--json", folder=folder).stdout)}
        for word in ("Vučić", "Vucic", "Вучић")
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 7


def test_search_marks_words_in_their_own_script(demo):
    folder, _ = demo
    assert "«Вучић»" in ewbscraper("search", "Vucic", folder=folder).stdout


def test_queries_have_the_same_rows_in_every_shape(demo):
    folder, _ = demo
    sql = "select id, headline from articles order by id"
    as_json = json.loads(ewbscraper("query", sql, folder=folder).stdout)
    as_lines = [json.loads(line) for line in ewbscraper("query", sql, "--nl", folder=folder).stdout.splitlines()]
    as_csv = list(csv.DictReader(io.StringIO(ewbscraper("query", sql, "--csv", folder=folder).stdout)))
    assert len(as_json) == 43
    assert as_json == as_lines
    assert [row["headline"].lstrip("'") for row in as_csv] == [row["headline"] for row in as_json]


def test_two_columns_of_one_name_are_two_columns(demo):
    folder, _ = demo
    sql = "select 1 as a, 2 as a, 3 as b"
    assert json.loads(ewbscraper("query", sql, folder=folder).stdout) == [{"a": 1, "a_2": 2, "b": 3}]
    assert ewbscraper("query", sql, "--csv", folder=folder).stdout.split() == ["a,a_2,b", "1,2,3"]


def test_a_misspelt_name_of_a_query_gets_the_nearest(demo):
    folder, _ = demo
    done = ewbscraper("query", "datlines", folder=folder)
    assert done.returncode == 2
    assert "datelines" in done.stderr


def test_a_query_of_none_is_an_empty_array(demo):
    folder, _ = demo
    assert json.loads(ewbscraper("query", "select 1 where 0", folder=folder).stdout) == []


def test_a_named_query_with_parameters(demo):
    folder, _ = demo
    words = ["query", "datelines", "-p", "place", "Приштина"]
    rows = json.loads(ewbscraper(*words, folder=folder).stdout)
    assert rows
    assert {row["places"] for row in rows} == {"Pristina"}


def test_queries_are_listed_with_their_parameters(tmp_path):
    done = ewbscraper("query", folder=tmp_path)
    assert done.returncode == 0
    assert "datelines" in done.stdout
    assert "-p place" in done.stdout


@pytest.mark.parametrize(
    "sql",
    [
        "selec 1",
        "delete from articles",
        "attach 'x.db' as x",
        "select :place",
        "select 1; drop table articles",
        "pragma x(",
    ],
)
def test_what_is_no_query_is_refused_and_changes_nothing(demo, sql):
    folder, _ = demo
    before = (folder / "archive.db").read_bytes()
    done = ewbscraper("query", sql, folder=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("ewbscraper: the query")
    assert (folder / "archive.db").read_bytes() == before
    assert not (folder / "x.db").exists()


def test_a_file_is_written_whole_or_not_at_all(demo):
    folder, _ = demo
    ewbscraper("query", "select headline from articles", "-o", "all.json", folder=folder)
    assert len(json.loads((folder / "all.json").read_text(encoding="utf-8"))) == 43
    failed = ewbscraper("query", "select abs(-9223372036854775808)", "-o", "half.json", folder=folder)
    assert failed.returncode == 2
    assert not list(folder.glob("*half*"))


def test_an_article_is_shown_by_id_and_by_address(demo):
    folder, _ = demo
    by_id = json.loads(ewbscraper("show", "1", "--json", folder=folder).stdout)
    assert json.loads(ewbscraper("show", by_id["url"], "--json", folder=folder).stdout) == by_id
    assert by_id["provenance"]["captures"][0]["sha256"]
    assert by_id["headline"] in ewbscraper("show", "1", folder=folder).stdout


@pytest.mark.parametrize(("shape", "start"), [("--bibtex", "@online{"), ("--ris", "TY  - NEWS"), ("--csl", "[")])
def test_an_article_is_cited(demo, shape, start):
    folder, _ = demo
    assert ewbscraper("show", "1", shape, folder=folder).stdout.startswith(start)


def show(demo, *words):
    folder, _ = demo
    return ewbscraper("show", *words, folder=folder)


def the_id(demo, which):
    """Of the first article with this condition, as text."""
    with closing(sqlite3.connect(demo[0] / "archive.db")) as db:
        return str(db.execute(f"SELECT min(id) FROM articles WHERE {which}").fetchone()[0])


EDITED = "headline = 'Minister confirms talks'"
NEVER_EDITED = "id NOT IN (SELECT article FROM revisions)"


def test_earlier_texts_are_listed_below_the_article(demo):
    number = the_id(demo, EDITED)
    *_, seen, changed = show(demo, number).stdout.splitlines()
    assert re.fullmatch(r"Earlier text 1, seen 20\S+Z to 20\S+Z: Minister denies talks", seen)
    assert changed == "    then the outlet changed headline, standfirst, body"
    (old,) = json.loads(show(demo, number, "--json").stdout)["provenance"]["revisions"]
    assert old["changed"] == ["headline", "standfirst", "body"]


def test_an_earlier_text_is_shown_with_the_capture_of_its_time(demo):
    number = the_id(demo, EDITED)
    now, old = (json.loads(show(demo, number, "--json", *more).stdout) for more in ([], ["--revision", "1"]))
    assert (old["headline"], old["url"], old["published"]) == ("Minister denies talks", now["url"], now["published"])
    assert "There was a market" in old["body"]
    assert old["captions"][0]["credit"] == "Lipa Gazette / D. Kerr"
    assert old["provenance"]["captures"] == now["provenance"]["captures"][:1]
    printed = show(demo, number, "--revision", "1").stdout
    assert printed.startswith("Minister denies talks\n2026-11-16")
    assert "There was a market" in printed
    assert "confirm" not in printed
    assert old["provenance"]["captures"][0]["sha256"] in printed


def test_an_earlier_text_is_cited_with_its_headline_and_its_capture_under_a_key_of_its_own(demo):
    number = the_id(demo, EDITED)
    now, old = (show(demo, number, "--bibtex", *more).stdout for more in ([], ["--revision", "1"]))
    capture, _ = json.loads(show(demo, number, "--json").stdout)["provenance"]["captures"]
    assert f"@online{{sample-{number}," in now
    assert f"@online{{sample-{number}-r1," in old
    assert "title = {{Minister denies talks}}" in old
    assert f"Archived {capture['fetched_at']} (SHA-256 {capture['sha256']}); this text was changed later" in old


def test_what_the_last_change_took_out_and_put_in(demo):
    printed = show(demo, the_id(demo, EDITED), "--changes").stdout
    assert "\n\nheadline\nMinister [-denies-] {+confirms+} talks\n\nstandfirst\n" in printed
    assert "“There were [-no-] talks,”" in printed
    assert "two of them drew lines" not in printed


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--revision", "2"], 1, "this article has 1 earlier text: --revision 1"),
        (["--revision", "0"], 1, "this article has 1 earlier text: --revision 1"),
        (["--revision", "2", "--changes"], 1, "this article has 1 earlier text: --revision 1"),
        (["--revision", "2", "--bibtex"], 1, "this article has 1 earlier text: --revision 1"),
    ],
)
def test_a_revision_that_is_not_there_is_told_how_many_are(demo, words, code, said):
    done = show(demo, the_id(demo, EDITED), *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_an_article_that_was_never_edited_has_no_changes(demo):
    done = show(demo, the_id(demo, NEVER_EDITED), "--changes")
    assert (done.returncode, done.stderr) == (1, "ewbscraper: this article has no earlier text\n")


def test_an_article_that_is_not_there(demo):
    folder, _ = demo
    done = ewbscraper("show", "999", folder=folder)
    assert done.returncode == 1
    assert "ewbscraper search" in done.stderr


PAGE = "<html lang=en><h1>A headline</h1><article><p>PRISTINA – One sentence of text for it.</p></article>"


def test_a_page_from_disk_or_stdin_is_taken_apart_without_an_archive(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    words = ["--url", "https://paper.example/a/"]
    from_file = ewbscraper("extract", "page.html", *words, folder=tmp_path)
    from_stdin = ewbscraper("extract", "-", *words, folder=tmp_path, stdin=PAGE)
    article = json.loads(from_file.stdout)
    assert json.loads(from_stdin.stdout) == article
    assert article["dateline"]["text"] == "PRISTINA –"
    assert list(article)[:3] == ["url", "outlet", "headline"]


def test_a_page_is_explained_block_by_block(tmp_path):
    page = PAGE.replace("</article>", "<p>Read also: <a href=/b/>Another headline</a></p></article>")
    words = ["extract", "-", "--url", "https://paper.example/a/", "--explain", "--html", "why.html"]
    lines = ewbscraper(*words, folder=tmp_path, stdin=page).stdout.splitlines()
    assert [line[0] for line in lines if "One sentence" in line] == ["+"]
    assert [line[0] for line in lines if "Read also" in line] == ["-"]
    assert "One sentence" in (tmp_path / "why.html").read_text(encoding="utf-8")


def test_bytes_that_are_no_page(tmp_path):
    done = ewbscraper("extract", "-", "--url", "https://paper.example/a/", folder=tmp_path, stdin="")
    assert done.returncode == 1
    assert "empty" in done.stderr


def test_status_says_what_failed_and_why(daily):
    folder, site = daily
    path = next(request for request in site.truth())["url"].removeprefix(site.url)
    site.misbehave(path, "500")
    ewbscraper("crawl", "daily", "--quiet", folder=folder)
    (outlet,) = json.loads(ewbscraper("status", "--json", folder=folder).stdout)["outlets"]
    assert [error["last_error"] for error in outlet["errors"]] == ["the server answered 500"]
    assert outlet["coverage"]["headline"] == 1
    assert "the server answered 500 (attempt 1)" in ewbscraper("status", folder=folder).stdout


@pytest.mark.slow
def test_status_names_what_was_given_up_and_its_next_look(daily):
    folder, site = daily
    path = site.truth()[0]["url"].removeprefix(site.url)
    site.misbehave(path, "500")
    for _ in range(8):
        ewbscraper("crawl", "daily", "--quiet", folder=folder)
        with closing(sqlite3.connect(folder / "archive.db")) as db, db:
            db.execute("UPDATE frontier SET next_look = '2024-01-01T00:00:00Z' WHERE state = 'failed'")
    (line,) = [line for line in ewbscraper("status", folder=folder).stdout.splitlines() if "given up " in line]
    assert line.startswith(f"  given up   {site.url}{path}: the server answered 500 (attempt 8), next look 20")


def test_serve_takes_the_next_free_port_and_answers(demo):
    folder, _ = demo
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-u", "-m", "ewbscraper", "serve", "--port", str(port)]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as served:
            said = served.stdout.readline()
            address = said.split()[1]
            with urllib.request.urlopen(f"{address}archive/articles.json?_size=1") as answer:
                assert json.load(answer)["filtered_table_rows_count"] == 43
            served.terminate()
    assert f"port {port} is taken" in said


def test_an_index_of_another_version_is_made_anew(demo):
    folder, _ = demo
    with closing(sqlite3.connect(folder / "archive.db")) as db, db:
        db.execute("UPDATE about SET value = '0' WHERE key = 'fold_version'")
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    assert json.loads(ewbscraper("search", "Vucic", "--json", folder=folder).stdout) == []
    assert ewbscraper("reindex", folder=folder).returncode == 0
    assert len(json.loads(ewbscraper("search", "Vucic", "--json", folder=folder).stdout)) == 7


COMMANDS = ["demo", "crawl", "serve", "search", "query", "show", "extract", "status", "outlets", "reindex"]
COMMANDS += ["export", "snapshot"]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(command, tmp_path):
    done = ewbscraper(command, "--help", folder=tmp_path)
    assert done.returncode == 0
    assert "ewbscraper" in done.stdout
    assert len(done.stdout.splitlines()) > 5


def test_the_package_is_installed_with_its_data(tmp_path):
    """Everything that is no Python and is read at run time."""
    kinds = {path.suffix for path in HOUSE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {".csv", ".yml", ".txt", ".html", ".css"} <= kinds
