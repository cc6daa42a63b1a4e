"""The archive as files for other tools, each read back as it is by such a tool."""

import csv
import json
import threading
from contextlib import closing

import pytest
from archives import article, save
from browse_data import EDITED, build
from click.testing import CliRunner
from exports import export
from readers import needs_readers, pandas

from ewbscraper.archive.database import create, read
from ewbscraper.archive.export.archive import FORMATS, export_archive
from ewbscraper.archive.export.tables import Selection, tables_of
from ewbscraper.archive.export.text import file_name
from ewbscraper.commands.export import export as command
from ewbscraper.errors import BadQuery, InTheWay


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return build(tmp_path_factory.mktemp("exports") / "archive.db")


def rows(archive, sql, *values):
    with closing(read(archive)) as db:
        return [tuple(row) for row in db.execute(sql, values)]


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def ndjson(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "ndjson"
    export(archive, folder, "ndjson")
    return folder


def test_every_table_is_a_file_with_all_its_rows(archive, ndjson):
    with closing(read(archive)) as db:
        tables = tables_of(db)
        for table in tables:
            wanted = [dict(zip(table.names, row, strict=True)) for row in db.execute(f"{table.select()} {table.name}")]
            assert lines(ndjson / f"{table.name}.ndjson") == wanted
    assert {"articles", "captions", "revisions", "captures", "frontier"} <= {table.name for table in tables}
    assert not {name for name in (table.name for table in tables) if name.startswith(("articles_fts", "_"))}


def test_the_descriptor_has_types_keys_and_meanings(ndjson):
    package = json.loads((ndjson / "datapackage.json").read_text("utf-8"))
    resources = {one["name"]: one for one in package["resources"]}
    fields = {one["name"]: one for one in resources["articles"]["schema"]["fields"]}
    assert (fields["words"]["type"], fields["body"]["type"]) == ("integer", "string")
    assert fields["published_utc"]["description"] == "The same in UTC, to sort and filter by"
    assert fields["url"]["constraints"] == {"required": True}
    assert resources["articles"]["schema"]["missingValues"] == []  # "" is a text, null is none
    assert resources["places"]["schema"]["fields"][3]["type"] == "number"
    assert resources["articles"]["schema"]["primaryKey"] == ["id"]
    assert resources["captions"]["schema"]["primaryKey"] == ["article", "position"]
    assert resources["captions"]["schema"]["foreignKeys"] == [
        {"fields": ["article"], "reference": {"resource": "articles", "fields": ["id"]}}
    ]
    assert all(len(lines(ndjson / one["path"])) == one["rows"] for one in resources.values())


def test_the_foreign_keys_of_a_descriptor_hold_also_in_a_selection(archive, tmp_path):
    export(archive, tmp_path / "some", "ndjson", outlet="courier", since="2024-02-28", until="2024-03-02")
    package = json.loads((tmp_path / "some" / "datapackage.json").read_text("utf-8"))
    found = {one["name"]: lines(tmp_path / "some" / one["path"]) for one in package["resources"]}
    assert {one["published"][:10] for one in found["articles"]} == {"2024-02-28", "2024-03-01", "2024-03-02"}
    for one in package["resources"]:
        for key in one["schema"].get("foreignKeys", []):
            there = {row[key["reference"]["fields"][0]] for row in found[key["reference"]["resource"] or one["name"]]}
            assert {row[key["fields"][0]] for row in found[one["name"]]} - {None} <= there


def test_duckdb_reads_the_lines(ndjson):
    duckdb = pytest.importorskip("duckdb")
    count = duckdb.sql(
        f"select count(*), max(published_utc::timestamp)::text from '{ndjson}/articles.ndjson'"
    ).fetchall()
    assert count == [(30, "2024-03-04 17:20:00")]


@pytest.mark.slow
@needs_readers
def test_pandas_reads_the_lines(ndjson, archive):
    read_back = pandas("pandas.read_json(path, lines=True, dtype=False).body.tolist()", ndjson / "articles.ndjson")
    assert read_back == [body for (body,) in rows(archive, "SELECT body FROM articles ORDER BY id")]


@pytest.fixture(scope="module")
def parquet(archive, tmp_path_factory):
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("out") / "parquet"
    export(archive, folder, "parquet")
    return folder


def test_duckdb_reads_the_partitions(parquet, archive):
    duckdb = pytest.importorskip("duckdb")
    sql = f"from read_parquet('{parquet}/articles/**/*.parquet', hive_partitioning = true)"
    assert duckdb.sql(f"select outlet, month, count(*) {sql} group by all order by 2").fetchall() == rows(
        archive, "SELECT outlet, substr(published_utc, 1, 7), count(*) FROM articles GROUP BY 1, 2 ORDER BY 2"
    )
    bodies = duckdb.sql(f"select id, published_utc, words, body {sql} order by id").fetchall()
    assert bodies == rows(archive, "SELECT id, published_utc, words, body FROM articles ORDER BY id")
    headlines = duckdb.sql(f"select headline from '{parquet}/revisions/*/*/*.parquet' where article = {EDITED}")
    assert headlines.fetchall() == [("Minister denies talks",)]
    assert duckdb.sql(f"select count(*) from '{parquet}/looks/part-0.parquet'").fetchall() == [(0,)]


@pytest.mark.slow
@needs_readers
def test_pandas_reads_the_partitions(parquet, archive):
    march = "pandas.read_parquet(path, filters=[('month', '=', '2024-03')]).sort_values('id').headline.tolist()"
    wanted = rows(archive, "SELECT headline FROM articles WHERE published_utc LIKE '2024-03%' ORDER BY id")
    assert [(headline,) for headline in pandas(march, parquet / "articles")] == wanted
    credited = pandas("pandas.read_parquet(path).credit.tolist()", parquet / "captions" / "part-0.parquet")
    assert credited == [credit for (credit,) in rows(archive, "SELECT credit FROM captions ORDER BY rowid")]


def test_only_partitions_that_changed_are_written_again(tmp_path):
    pytest.importorskip("pyarrow")
    archive, folder = build(tmp_path / "archive.db"), tmp_path / "out"
    assert "0 unchanged" in export(archive, folder, "parquet")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    with closing(create(archive)) as db:
        db.execute("UPDATE articles SET published = '2024-05-01' WHERE published LIKE '2024-02-28%'")
    assert export(archive, folder, "parquet") == f"1 files written, {len(before) - 1} unchanged, 1 removed"
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    moved = {path.relative_to(folder).as_posix() for path, _ in before.items() ^ after.items()}
    assert moved == {f"articles/outlet=courier/month=2024-0{month}/part-0.parquet" for month in (2, 5)}
    assert not (folder / "articles" / "outlet=courier" / "month=2024-02").exists()


def test_an_export_of_parquet_that_was_killed_goes_on(tmp_path):
    pytest.importorskip("pyarrow")
    duckdb = pytest.importorskip("duckdb")
    archive, folder = build(tmp_path / "archive.db"), tmp_path / "out"

    def killed(done, total):
        assert not (folder / "datapackage.json").exists()
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_archive(archive, folder, "parquet", Selection(), killed)
    (folder / "about" / "part-0.parquet").write_bytes(b"half")
    assert ", 4 unchanged, 0 removed" in export(archive, folder, "parquet")
    assert duckdb.sql(f"select count(*) from '{folder}/about/part-0.parquet'").fetchall() == [(1,)]
    assert (folder / "datapackage.json").exists()


@pytest.fixture(scope="module")
def texts(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "texts"
    export(archive, folder, "text")
    return folder


def test_each_article_is_a_text_and_a_line_of_metadata(texts, archive):
    with (texts / "metadata.csv").open(encoding="utf-8", newline="") as file:
        about = {row["id"]: row for row in csv.DictReader(file)}
    assert {row["doc_id"] for row in about.values()} == {path.name for path in (texts / "texts").iterdir()}
    edited = about[str(EDITED)]
    text = (texts / "texts" / edited["doc_id"]).read_bytes().decode()
    ((body,),) = rows(archive, "SELECT body FROM articles WHERE id = ?", EDITED)
    assert text == f"Minister confirms talks\n\n{body}\n"
    assert edited["authors"] == "Ana Kos; Ben Rot"
    assert (edited["places"], edited["language"]) == ("Pristina", "en")


def test_metadata_runs_no_formula(tmp_path):
    archive = build(tmp_path / "archive.db")
    with closing(create(archive)) as db:
        save(db, 1, article("evil", headline='=HYPERLINK("https://evil.example")'))
    export(archive, tmp_path / "out", "text")
    assert "\"'=HYPERLINK(" in (tmp_path / "out" / "metadata.csv").read_text("utf-8")


def test_names_of_texts_hang_on_the_address_alone():
    name = file_name("ewb", "https://paper.example/2024/03/Đ%D0%9C%D0%BE%D1%81%D1%82-i-reka.html")
    assert name == "ewb_dmost-i-reka-html_" + name[-16:]
    assert name != file_name("ewb", "https://paper.example/2023/03/Đ%D0%9C%D0%BE%D1%81%D1%82-i-reka.html")
    long = file_name("An Outlet / CON", "https://paper.example/" + "a" * 500)
    assert (len(long), long) == (len(long.lower()), long.lower())
    assert len(long) < 100
    assert file_name("ewb", "https://paper.example/").startswith("ewb_")


@needs_readers
def test_pandas_reads_the_metadata(texts):
    words = "pandas.read_csv(path, index_col='doc_id').words"
    assert pandas(f"[len({words}), str({words}.dtype)]", texts / "metadata.csv") == [30, "int64"]


@pytest.mark.parametrize("shape", ["ndjson", "text", "parquet"])
def test_another_export_takes_the_place_of_the_one_before_and_of_nothing_else(archive, tmp_path, shape):
    if shape == "parquet":
        pytest.importorskip("pyarrow")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    for path in (mine, mine / "thesis.txt"):
        with pytest.raises(InTheWay, match="name a"):
            export(archive, path, shape)
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]
    export(archive, tmp_path / "out", shape)
    export(archive, tmp_path / "out", shape, until="2024-01-02")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert package["selection"] == {"until": "2024-01-02"}
    assert next(one["rows"] for one in package["resources"] if one["name"] in ("articles", "metadata")) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "out"}


@pytest.mark.parametrize("before", ["ndjson", "text"])
def test_parquet_is_not_put_among_another_format(archive, tmp_path, before):
    export(archive, tmp_path / "out", before)
    with pytest.raises(InTheWay, match="another format"):
        export(archive, tmp_path / "out", "parquet")
    assert (tmp_path / "out" / "datapackage.json").exists()


def test_a_run_that_was_killed_between_two_renames_costs_nothing(archive, tmp_path):
    export(archive, tmp_path / "out", "text")
    (tmp_path / "out").rename(tmp_path / ".out.before")
    with pytest.raises(ZeroDivisionError):
        export_archive(archive, tmp_path / "out", "text", Selection(), lambda done, total: 1 // 0)
    assert len(list((tmp_path / "out" / "texts").iterdir())) == 30


def test_an_error_in_the_middle_leaves_the_export_before(archive, tmp_path):
    export(archive, tmp_path / "out", "ndjson")
    before = sorted(path.name for path in (tmp_path / "out").iterdir())

    def fails(done, total):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export_archive(archive, tmp_path / "out", "ndjson", Selection(), fails)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_command_offers_every_format(archive, tmp_path):
    (choice,) = (option.type for option in command.params if option.name == "shape")
    assert tuple(choice.choices) == (*FORMATS, "wacz")
    words = ["--format", "text", "--until", "2024-01-05", "--archive", str(archive), str(tmp_path / "out")]
    done = CliRunner().invoke(command, words)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"{tmp_path / 'out'}: 5 articles\n"


def test_an_outlet_that_is_none_is_refused(archive, tmp_path):
    with pytest.raises(BadQuery, match="it has: courier"):
        export(archive, tmp_path / "out", "text", outlet="curier")
    assert not (tmp_path / "out").exists()


def test_an_export_is_of_one_moment_while_a_crawl_writes(tmp_path):
    """Each article comes with its capture in one transaction: no export may have one without the other."""
    archive, stop = build(tmp_path / "archive.db"), threading.Event()
    started = threading.Event()

    def crawl():
        with closing(create(archive)) as db:
            number = 0
            while not stop.is_set():
                number += 1
                save(db, 1, article(f"more-{number}", headline=f"More {number}"))
                started.set()

    writer = threading.Thread(target=crawl)
    writer.start()
    try:
        assert started.wait(20)
        for number in range(3):
            folder = tmp_path / f"out{number}"
            export(archive, folder, "ndjson")
            articles = {row["id"] for row in lines(folder / "articles.ndjson")}
            assert articles == {row["article"] for row in lines(folder / "captures.ndjson")}
            assert articles == {row["article"] for row in lines(folder / "found_by.ndjson")}
        started.clear()
        assert started.wait(20)
    finally:
        stop.set()
        writer.join()
    assert len(articles) < rows(archive, "SELECT count(*) FROM articles")[0][0]
