"""What we run that others wrote: pinned with hashes, each with its reason, none that nothing needs."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from itertools import chain

import pytest
from checkout import PROJECT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ABOUT = (PROJECT / "pyproject.toml").read_text("utf-8")
DECLARED = [Requirement(line) for line in tomllib.loads(ABOUT)["project"]["dependencies"]]
PINS = (PROJECT / "requirements.lock").read_text("utf-8").replace("\\\n", " ").splitlines()
DATA = {"tzdata"}
"""Read by Python itself."""


@cache
def imported():
    """Top-level packages of others that ewbscraper/ names."""
    found = set()
    for path in (PROJECT / "ewbscraper").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return {name for name in found if name not in sys.stdlib_module_names} - {"ewbscraper", "compression"}


def names(requirements):
    return {canonicalize_name(one.name) for one in requirements}


def brought_by(wanted):
    """These packages, and what they ask for, and what those ask for."""
    known, waiting = set(), set(wanted)
    while waiting:
        known.add(name := waiting.pop())
        try:
            asked = map(Requirement, distribution(name).requires or [])
        except PackageNotFoundError:  # another system's
            continue
        waiting |= names(one for one in asked if "extra" not in str(one.marker)) - known
    return known


@pytest.mark.fault("Supply", sent="every line of `requirements.lock`", must="one version, with hashes, from no address")
def test_the_lock_names_one_version_and_its_hashes(meter):
    lines = [line for line in PINS if line.strip() and not line.startswith("#")]
    assert len(lines) > 50
    for line in lines:
        assert re.match(r"[a-z0-9-]+==[^\s;]+ ", line), line
        assert "--hash=sha256:" in line, line
        assert "://" not in line, line
    meter.tried(len(lines))


@pytest.mark.fault("Supply", sent="every dependency of `pyproject.toml`", must="in the lock, within its bounds")
def test_the_lock_keeps_the_bounds(meter):
    pinned = dict(re.findall(r"(?m)^([a-z0-9-]+)==([^\s;]+)", "\n".join(PINS)))
    for wanted in DECLARED:
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted
    meter.tried(len(DECLARED))


@pytest.mark.slow
@pytest.mark.fault("Supply", sent="every dependency of `pyproject.toml`", must="its reason beside it, and a use")
def test_each_dependency_has_a_reason_and_a_use(meter):
    modules = packages_distributions()
    used = names(Requirement(name) for module in imported() for name in modules.get(module, []))
    for wanted in DECLARED:
        assert re.search(rf'"{re.escape(wanted.name)}\b[^"]*",\s+# \S+ \S+', ABOUT), f"{wanted.name}: no reason"
        plugin = any(entry.group == "datasette" for entry in distribution(wanted.name).entry_points)
        assert wanted.name in used | DATA or plugin, f"{wanted.name}: nothing needs it"
    meter.tried(len(DECLARED))


@pytest.mark.fault("Supply", sent="every import of others' code", must="declared, or brought by what is declared")
def test_each_import_is_declared(meter):
    extras = map(Requirement, chain(*tomllib.loads(ABOUT)["project"]["optional-dependencies"].values()))
    known, modules = brought_by(names([*DECLARED, *extras])), packages_distributions()
    for module in imported():
        assert known & {canonicalize_name(name) for name in modules.get(module, [module])}, module
    meter.tried(len(imported()))
