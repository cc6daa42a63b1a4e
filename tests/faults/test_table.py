"""docs/safety.md has a row for every test of this folder, and no other."""

import subprocess
import sys
from pathlib import Path

import pytest
import safety
from meter import Meter
from watch import Watch


def test_every_test_here_is_a_row(request, fault_rows):
    here = Path(__file__).parent
    known = {row.test for row in fault_rows}
    missing = [
        item.nodeid
        for item in request.session.items
        if here in item.path.parents and item.path != Path(__file__) and safety._name(item) not in known
    ]
    assert missing == []
    assert {row.group for row in fault_rows} <= set(safety.GROUPS)


def test_a_test_that_takes_more_than_it_may_fails(tmp_path):
    of_nothing = Meter(tmp_path, whole=Watch(memory=True), within=(0.0, 300.0))
    with of_nothing.whole:
        subprocess.run([sys.executable, "-c", "held = bytearray(50_000_000); import time; time.sleep(0.3)"], check=True)
    with pytest.raises(AssertionError, match=r"\d seconds of 0"):
        of_nothing.ended()
    with pytest.raises(AssertionError, match="megabytes of 40"):
        Meter(tmp_path, whole=of_nothing.whole, within=(60.0, 40.0)).ended()
    Meter(tmp_path, whole=of_nothing.whole, within=(60.0, 300.0)).ended()


def test_the_page_has_the_rows(fault_rows, request):
    if request.config.getoption("--write-safety"):
        pytest.skip("it is being written")
    files = {row.test.partition("::")[0].rpartition("/")[2] for row in fault_rows}
    if files != {path.name for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}:
        pytest.skip("not all of tests/faults was collected")
    page = safety.PAGE.read_text("utf-8")
    lines = page.partition(safety.WRITTEN)[2].splitlines()
    shown = [line for line in lines if line.startswith("| ") and "---" not in line and line not in safety.HEAD]
    wanted = {row.words() for row in fault_rows}
    stale = [line for line in shown if not any(line.startswith(words) for words in wanted)]
    missing = [words for words in wanted if not any(line.startswith(words) for line in shown)]
    assert (stale, missing) == ([], []), "make safety writes the page again"
