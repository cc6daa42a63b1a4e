"""The table of faults: each test in this folder is a row of docs/safety.md, which `make safety` writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import safety
from meter import Meter
from watch import Watch

ROWS = pytest.StashKey[list[safety.Row]]()
MEASURED = pytest.StashKey[Meter]()


@pytest.hookimpl(tryfirst=True)  # before those that are not asked for are taken out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[ROWS] = safety.rows(items)


@pytest.fixture(autouse=True)
def meter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Meter]:
    """Measures what the test does, for its row."""
    whole = Watch(memory=request.config.getoption("--write-safety"))
    meter = Meter(tmp_path, whole=whole, within=safety.within(request.node))
    request.node.stash[MEASURED] = meter
    yield meter
    safety.keep(request.config.stash[ROWS], request.node, meter)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    meter = item.stash[MEASURED]
    with meter.whole:
        yield
    meter.ended()


@pytest.fixture
def fault_rows(request: pytest.FixtureRequest) -> list[safety.Row]:
    """All rows whose files were collected."""
    return request.config.stash[ROWS]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    safety.judge(item.config.stash[ROWS], item, report)  # type: ignore[arg-type]
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--write-safety"):
        safety.write(session.config.stash[ROWS])
