"""docs/safety.md: what was sent, what must happen, how often it was tried, the worst time and memory of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from checkout import DOCS
from meter import WITHIN, Meter

PAGE = DOCS / "safety.md"
WRITTEN = "<!-- What follows is written by `make safety`. -->"
GROUPS = ("Pages", "Where it may go", "Showing", "Faults", "Load", "Fuzz", "Supply", "Takedown")
HEAD = (
    "| what is sent | what must happen | bounds | tried | worst time | most memory | found on the way, and mended |\n"
    "| --- | --- | --- | ---: | ---: | ---: | --- |"
)


@dataclass
class Row:
    """One test function, with all its parameters."""

    test: str
    group: str
    sent: str
    must: str
    found: str = ""
    within: tuple[float, float] = WITHIN
    tries: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    whole: tuple[float, float] = (0.0, 0.0)
    """Seconds and MB of its longest and of its largest test, where a test does not measure each try."""
    limits: dict[str, float] = field(default_factory=dict)
    failed: str = ""

    def words(self) -> str:
        """What is the same on every machine."""
        return f"| {self.sent} | {self.must} |"

    def line(self) -> str:
        """As it stands in the table."""
        time = _seconds(self.seconds) if self.seconds else f"*{_seconds(self.whole[0])}*"
        memory = _megabytes(self.megabytes) if self.megabytes else f"*{_megabytes(self.whole[1])}*"
        bounds = f"{self.limits.get('seconds', 0):,.0f} s, {self.limits.get('megabytes', 0):,.0f} MB"
        return f"{self.words()} {bounds} | {self.failed or f'{self.tries:,}'} | {time} | {memory} | {self.found} |"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.05 else "< 0.05 s"


def _megabytes(megabytes: float) -> str:
    return f"{megabytes:,.0f} MB" if megabytes >= 0.5 else "< 1 MB"


def rows(items: Iterable[pytest.Item]) -> list[Row]:
    """A row for each function that has the marker."""
    found: dict[str, Row] = {}
    for item in items:
        for marker in item.iter_markers("fault"):
            name = _name(item)
            found.setdefault(name, Row(name, *marker.args, **marker.kwargs))
    return list(found.values())


def within(item: pytest.Item) -> tuple[float, float]:
    """Seconds and MB that a whole test may take, as its marker says."""
    marker = item.get_closest_marker("fault")
    return marker.kwargs.get("within", WITHIN) if marker else WITHIN


def keep(rows: Iterable[Row], item: pytest.Item, meter: Meter) -> None:
    """Adds what a test measured to its row; a test that measures nothing tried one input."""
    for row in rows:
        if row.test == _name(item):
            row.tries += meter.tries or 1
            row.seconds, row.megabytes = max(row.seconds, meter.seconds), max(row.megabytes, meter.megabytes)
            row.whole = (max(row.whole[0], meter.whole.seconds), max(row.whole[1], meter.whole.megabytes))
            row.limits = {name: max(most, row.limits.get(name, 0)) for name, most in meter.limits.items()}


def judge(rows: Iterable[Row], item: pytest.Item, report: pytest.TestReport) -> None:
    """A row whose test failed, or did not run, says so."""
    for row in rows:
        if row.test == _name(item):
            row.failed = row.failed if report.outcome == "passed" else report.outcome


def write(rows: Sequence[Row]) -> None:
    """The part of the page below WRITTEN anew. Raises UsageError where not all files are collected: rows would go."""
    files = {row.test.partition("::")[0].rpartition("/")[2] for row in rows}
    if files != {path.name for path in Path(__file__).parent.glob("test_*.py")} - {"test_table.py"}:
        raise pytest.UsageError("--write-safety needs all of tests/faults; choose among them with -k")
    told, _, before = PAGE.read_text("utf-8").partition(WRITTEN)
    parts = [f"{told}{WRITTEN}\n"]
    lines = {group: [_line(row, before) for row in rows if row.group == group] for group in GROUPS}
    for group, of in lines.items():
        if of:
            tries = sum(map(_tries, of))
            parts.append("\n".join([f"\n### {group}\n", f"{tries:,} inputs.\n", HEAD, *of, ""]))
    PAGE.write_text("".join(parts), "utf-8")


def _line(row: Row, before: str) -> str:
    """A row that did not run stays as it was."""
    old = [line for line in before.splitlines() if line.startswith(row.words())]
    return old[0] if old and not (row.tries or row.failed) else row.line()


def _tries(line: str) -> int:
    tried = line.split(" | ")[3].replace(",", "")
    return int(tried) if tried.isdecimal() else 0


def _name(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]
