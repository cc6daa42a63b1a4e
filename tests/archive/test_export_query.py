"""Rows of queries: as many as there are, in memory that does not grow, typed, sampled."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from browse_data import build, get
from checkout import PROJECT
from click.testing import CliRunner
from datasette.app import Datasette

from ewbscraper import errors
from ewbscraper.archive.export.sample import Sample, draw
from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.cli import main
from ewbscraper.errors import BadQuery

MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""Between the tests and the query: a process begins with the peak of the one that began it."""

MANY = (
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < {}) "
    "select i, i * 1.5 as half, 'headline number ' || i as headline, null as none from n"
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return build(tmp_path_factory.mktemp("queries") / "archive.db")


def query(archive, *words):
    done = CliRunner().invoke(main, ["query", *words, "--archive", str(archive)])
    assert done.exit_code == 0, done.output
    return done


def peak(archive, out, rows, *shape):
    """Kilobytes that a query of so many rows takes at most."""
    words = ["-m", "ewbscraper", "query", MANY.format(rows), "--archive", str(archive), *shape, str(out)]
    command = [sys.executable, "-c", MEASURED, sys.executable, *words]
    path = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": path})
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "number"), [("json", 1_000_000), ("nl", 100_000), ("csv", 100_000)])
def test_a_million_rows_take_no_more_memory_than_ten(archive, tmp_path, shape, number):
    few, many = (peak(archive, tmp_path / str(rows), rows, f"--{shape}", "-o") for rows in (10, number))
    assert many < few + 8_000
    lines = (tmp_path / str(number)).read_bytes().count(b"\n")
    assert lines == number + {"json": 2, "nl": 0, "csv": 1}[shape]


@pytest.mark.slow
def test_many_rows_of_parquet_come_in_row_groups(archive, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    few, many = (peak(archive, tmp_path / str(rows), rows, "--parquet") for rows in (400_000, 1_000_000))
    assert many < few + 30_000
    file = parquet.ParquetFile(tmp_path / "1000000")
    assert file.metadata.num_rows == 1_000_000
    assert file.num_row_groups > 1


def test_parquet_has_the_types_of_the_values(archive, tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "typed.parquet"
    sql = (
        "with t(whole, part, words, bytes, none, number, mixed, a) as (values"
        " (1, 2.5, 'a', x'c0', null, 1, 7, 1), (null, null, null, null, null, 0.5, x'ff', 3),"
        " (2, 1.0, 'b', x'', null, 3, 'seven', 5)) select *, a + 1 as a from t"
    )
    query(archive, sql, "--parquet", str(out))
    table = parquet.read_table(out)
    whole, part, text = arrow.int64(), arrow.float64(), arrow.string()
    wanted = {"whole": whole, "part": part, "words": text, "bytes": arrow.binary(), "none": text}
    wanted |= {"number": part, "mixed": text, "a": whole, "a_2": whole}
    assert dict(zip(table.column_names, table.schema.types, strict=True)) == wanted
    assert table.column("mixed").to_pylist() == ["7", "ff", "seven"]
    assert table.column("number").to_pylist() == [1.0, 0.5, 3.0]
    assert table.column("whole").to_pylist() == [1, None, 2]
    query(archive, "select 1 as a where 0", "--parquet", str(out))
    assert parquet.read_table(out).to_pylist() == []


def test_a_query_that_fails_leaves_no_file(archive, tmp_path):
    pytest.importorskip("pyarrow")
    for words in (["--parquet", str(tmp_path / "a")], ["--csv", "-o", str(tmp_path / "a")]):
        sql = "select 1 union all select abs(-9223372036854775808)"
        assert CliRunner().invoke(main, ["query", sql, "--archive", str(archive), *words]).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_rows_of_an_archive_do_not_replace_it(archive):
    before = archive.read_bytes()
    for option in ("-o", "--parquet"):
        done = CliRunner().invoke(main, ["query", "select 1 as one", option, str(archive), "--archive", str(archive)])
        assert (done.exit_code, "perhaps an archive" in done.stderr) == (1, True)
    assert archive.read_bytes() == before


@pytest.mark.parametrize(
    ("has_pip", "cure"), [(True, "{python} -m pip install"), (False, "uv pip install --python {python}")]
)
def test_without_pyarrow_the_word_is_how_to_install_it(archive, tmp_path, monkeypatch, has_pip, cure):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(errors, "find_spec", lambda name: has_pip or None)
    for words in (
        ["query", "select 1", "--parquet", str(tmp_path / "a")],
        ["export", "--format", "parquet", str(tmp_path / "b")],
    ):
        done = CliRunner().invoke(main, [*words, "--archive", str(archive)])
        assert done.exit_code == 1
        assert f"{cure.format(python=sys.executable)} 'ewbscraper[parquet]'" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_can_be_written_by_a_query(archive, tmp_path):
    before = archive.read_bytes()
    for sql in (
        f"vacuum into '{tmp_path}/copy.db'",
        "pragma query_only = 0",
        "create temp table t (a)",
        "update articles set words = 0",
    ):
        CliRunner().invoke(main, ["query", sql, "--archive", str(archive)])
    assert (archive.read_bytes(), list(tmp_path.iterdir())) == (before, [])


@pytest.mark.parametrize("name", load_queries())
def test_a_named_query_has_the_rows_of_the_reading_room(archive, name):
    ours = json.loads(query(archive, name, "--json").stdout)
    (answer,) = get(Datasette([str(archive)]), f"/archive/{name}.json?_shape=array")
    assert ours == answer.json()


def test_words_are_folded_in_queries_of_ones_own(archive):
    sql = "select count(*) as n from articles_fts where articles_fts match search('Вучић')"
    assert json.loads(query(archive, sql).stdout) == [{"n": 2}]


# Samples

NAMES = ["id", "outlet", "published"]
POPULATION = [(n, ("ewb", "kosovo", "n1")[n % 7 % 3], f"2024-{n % 5 + 1:02}-01T10:00:00+01:00") for n in range(1000)]


def drawn(sample, population=POPULATION):
    return draw(sample, NAMES, population, lambda: population)


def test_a_sample_is_shared_out_in_proportion():
    rows, strata = drawn(Sample(100, "7", ("outlet", "month")))
    sizes = Counter((outlet, published[:7]) for _, outlet, published in POPULATION)
    assert len(rows) == len(set(rows)) == 100
    assert Counter((outlet, published[:7]) for _, outlet, published in rows) == {
        one.values: one.taken for one in strata
    }
    assert {one.values: one.of for one in strata} == sizes
    assert all(abs(one.taken - one.of / 10) < 1 for one in strata)


def test_the_same_seed_is_the_same_sample_in_whatever_order_the_rows_come():
    sample = Sample(50, "7", ("outlet",))
    assert drawn(sample) == drawn(sample, POPULATION[::-1])
    assert set(drawn(sample)[0]) != set(drawn(replace(sample, seed="8"))[0])


def test_a_sample_of_a_seed_is_this_one_on_every_machine():
    """Written down once: another version of Python or SQLite may not change it."""
    assert [number for number, _, _ in drawn(Sample(6, "7", ("outlet",)))[0]] == [733, 225, 232, 355, 427, 476]


def test_every_row_has_the_same_chance():
    taken = Counter(row[0] for seed in range(300) for row in drawn(Sample(10, str(seed)), POPULATION[:50])[0])
    assert 60 * 0.5 < min(taken.values()) <= max(taken.values()) < 60 * 1.5


def test_small_strata_and_samples_larger_than_the_whole():
    assert len(drawn(Sample(5000, "7", ("outlet",)))[0]) == 1000
    assert {one.taken for one in drawn(Sample(3, "7", ("outlet", "month"), each=True))[1]} == {3}
    assert drawn(Sample(5, "7", ("outlet",)), []) == ([], [])


def test_what_cannot_be_sampled_by_names_the_columns():
    with pytest.raises(BadQuery, match="no such column; it has: id, outlet, published"):
        drawn(Sample(5, "7", ("colour",)))
    with pytest.raises(BadQuery, match="nor has it published_utc or published"):
        draw(Sample(5, "7", ("month",)), ["id"], [], list)


def test_a_sample_of_a_query_to_code_by_hand(archive, tmp_path):
    words = ["select id, headline, published from articles", "--sample", "6", "--by", "month", "--csv", "-o"]
    done = query(archive, *words, str(tmp_path / "code.csv"))
    assert done.stderr.splitlines() == [
        "6 rows sampled by month, seed 0",
        *("  2024-01  5 of 25", "  2024-02  0 of 1", "  2024-03  1 of 4"),
    ]
    with (tmp_path / "code.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 6
    refused = CliRunner().invoke(main, ["query", "select 1", "--by", "outlet", "--archive", str(archive)])
    assert refused.exit_code == 2


def test_a_file_that_cannot_be_made_is_told_with_the_cure(archive, tmp_path):
    words = ["query", "select 1", "-o", str(tmp_path / "missing" / "one.json"), "--archive", str(archive)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert "make its folder first" in done.stderr
