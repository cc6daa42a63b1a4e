"""Every benchmark runs, at its smallest: what is measured is not looked at, only that it still can be."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest
from checkout import PROJECT

SMALLEST = {
    "idle": {"ROUNDS": 1, "SIZES": (10, 20)},
    "reparse": {"ROUNDS": 1},
    "saving": {"ROUNDS": 1},
    "reading_room": {"WARM": 1, "ROUNDS": 22, "CLIENTS": 2},
    "starting": {"ROUNDS": 1},
    "size": {"SIZES": (10, 20)},
    "exporting": {"SIZES": (10, 20)},
}


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> ModuleType:
    """One of them, with its numbers set to the least."""
    monkeypatch.syspath_prepend(PROJECT / "benchmarks")
    module = importlib.import_module(request.param)
    for name, value in SMALLEST.get(request.param, {}).items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr("invented_texts.VOCABULARY", 20_000)
    monkeypatch.setattr("invented_texts.SENTENCES", 200)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("benchmark", SMALLEST, indirect=True)
def test_a_benchmark_still_measures(benchmark: ModuleType, tmp_path: Path) -> None:
    table = importlib.import_module("table")
    rows = list(benchmark.rows(table.Options(corpus=None, folder=tmp_path, most=20)))
    assert rows
    text = table.section(benchmark.TITLE, benchmark.SAID, rows)
    assert all(one.line() in text for one in rows)
    assert "inf ms" not in text  # a page that was refused


@pytest.mark.parametrize(("again", "growth"), [(21.0, 1.2), (16.0, 1.5)])
def test_growth_is_that_of_the_last_thousand_pages(
    monkeypatch: pytest.MonkeyPatch, again: float, growth: float
) -> None:
    told = {
        3_000: [(1_000, 20.0, 100.0), (2_000, 40.0, 105.0), (3_000, 64.0, 110.0)],
        1_000: [(1_000, again, 100.0)],
    }
    monkeypatch.syspath_prepend(PROJECT / "benchmarks")
    module, table = importlib.import_module("growth"), importlib.import_module("table")
    monkeypatch.setattr(module, "long_crawl", lambda pages, corpus: told[pages])
    ratios = [row.ratio for row in module.rows(table.Options(None, Path(), pages=3_000))]
    assert ratios == pytest.approx([growth, 0.55, 1.1])
