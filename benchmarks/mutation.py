"""How many small faults in a room the tests notice: `make mutation ROOM=extraction`.

mutmut's operators make the faults. A sample of them, of one seed always the same and in a larger one, is put one by one
into a copy of the checkout. A forked process runs the tests that reach the line (coverage says which), then others of
that file, cheapest first, until one fails or BUDGET is spent. Killed is what fails, cannot be imported, or takes much
longer; what survives is printed at once, with what was asked. A survivor may fail a test that was not asked.

Not counted: docstrings, annotations, strings that differ in case only (SQL does not mind), and calls with one
positional argument less (a TypeError, nearly always: they would flatter the score).
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import coverage
import libcst as cst
import pytest
from libcst.metadata import PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

BUDGET = 4.0
"""Seconds of CPU for the tests of one mutant, by what they take without a fault."""
ENDS = (0, 1, 2, 4, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM)
"""All passed; one failed; a file of tests could not be imported (2 and 4); it took too long."""
HEAVY = "click lxml.html parsel dateutil.parser sqlite_utils scrapy twisted.web warcio nh3 duckdb yaml feedparser"
"""Imported before the processes part."""


@dataclass(frozen=True)
class Mutant:
    file: str
    lines: range
    module: cst.Module
    node: cst.CSTNode
    instead: cst.CSTNode

    def __str__(self) -> str:
        before, after = (" ".join(self.module.code_for_node(node).split()) for node in (self.node, self.instead))
        return f"{self.file}:{self.lines[0]}: {before}  ->  {after}"

    def counts(self) -> bool:
        if isinstance(self.node, cst.SimpleString) and isinstance(self.instead, cst.SimpleString):
            return self.node.value.lower() != self.instead.value.lower()
        if isinstance(self.node, cst.Call) and isinstance(self.instead, cst.Call):
            before, after = ([one for one in call.args if not one.keyword] for call in (self.node, self.instead))
            return len(before) == len(after)
        return True


def mutants(file: Path) -> Iterator[Mutant]:
    wrapper = cst.MetadataWrapper(cst.parse_module(file.read_text(encoding="utf-8")))
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    for one in visitor.mutations:
        where = positions[one.original_node]
        lines = range(where.start.line, where.end.line + 1)
        yield Mutant(str(file), lines, wrapper.module, one.original_node, one.mutated_node)


class Recorder:
    """A plugin of pytest: which test reaches which lines, and what it costs."""

    def __init__(self, room: str) -> None:
        self.coverage = coverage.Coverage(data_file=None, include=[f"ewbscraper/{room}/*"], config_file=False)
        self.cost: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        name, begun = item.nodeid.split("[")[0], sum(os.times()[:4])
        self.coverage.switch_context(name)
        result = yield
        self.coverage.switch_context("")
        self.cost[name] += sum(os.times()[:4]) - begun
        return result


def apart(work: Callable[[], int], seconds: float) -> int:
    """Exit status of work in a forked process: so many seconds of CPU, or 20 times as many of the clock, end it."""
    if (child := os.fork()) == 0:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        signal.alarm(int(seconds * 20))
        with Path("said.txt").open("w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            with suppress(BaseException):
                os._exit(work())
            os._exit(70)
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests left running
    return os.waitstatus_to_exitcode(status)


def run(*options: str, plugins: tuple[object, ...] = ()) -> int:
    return int(pytest.main(["-p", "no:cacheprovider", "--tb=short", "-m", "not slow", *options], plugins))


def record(room: str, tests: list[str]) -> int:
    """Writes for each file its lines with the tests that reach them, and what those cost."""
    recorder = Recorder(room)
    recorder.coverage.start()
    status = run(*tests, plugins=(recorder,))
    data = recorder.coverage.get_data()
    reached = {os.path.relpath(file): data.contexts_by_lineno(file) for file in data.measured_files()}
    Path("reached.json").write_text(json.dumps([reached, recorder.cost]))
    return status


def tests_of(mutant: Mutant, reached: dict[str, dict[str, list[str]]], cost: dict[str, float]) -> list[str]:
    lines = {int(line): cost.keys() & names for line, names in reached.get(mutant.file, {}).items()}
    begins = max((line for line in lines if line <= mutant.lines[0]), default=0)
    near = set().union(*(lines.get(line, ()) for line in (begins, *mutant.lines)))
    far = set().union(*lines.values()) or set(cost)
    chosen, spent = [], 0.0
    for name in sorted(near, key=cost.__getitem__) + sorted(far - near, key=cost.__getitem__):
        spent += cost[name]
        if not chosen or spent < BUDGET:
            chosen.append(name)
    return chosen


def survives(mutant: Mutant, tests: list[str]) -> bool:
    file = Path(mutant.file)
    before, times = file.read_text(encoding="utf-8"), file.stat()
    file.write_text(mutant.module.deep_replace(mutant.node, mutant.instead).code, encoding="utf-8")
    status = apart(lambda: run("-x", *tests), 5 * BUDGET)
    file.write_text(before, encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))  # its .pyc is good again
    if status not in ENDS:
        raise RuntimeError(f"{mutant}: {status}: {Path('said.txt').read_text(errors='replace')}")
    return status == 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("room")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=10)
    options = parser.parse_args()
    os.nice(15)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(Path(__file__).parents[1], folder, ignore=shutil.ignore_patterns(".*"), dirs_exist_ok=True)
        os.chdir(folder)
        sys.path.insert(0, folder)
        os.environ["PYTHONPATH"] = os.pathsep.join((folder, os.environ.get("PYTHONPATH", "")))
        for name in HEAVY.split():
            import_module(name)
        files = sorted(Path("ewbscraper", options.room).rglob("*.py"))
        made = [one for file in files for one in mutants(file) if one.counts()]
        sample = random.Random(options.seed).sample(made, len(made))[: options.sample]
        if apart(lambda: record(options.room, options.tests), 3600):
            sys.exit(Path("said.txt").read_text())
        reached, cost = json.loads(Path("reached.json").read_text())
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        alive = 0
        for mutant in sample:
            if survives(mutant, tests := tests_of(mutant, reached, cost)):
                alive += 1
                print(mutant, f"({len(tests)} tests)", flush=True)
    print(f"{options.room}: {len(sample) - alive} of {len(sample)} killed; seed {options.seed}, of {len(made)} in all")


if __name__ == "__main__":
    main()
