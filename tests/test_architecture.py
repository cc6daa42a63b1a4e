"""The house keeps its plan: imports go one way, heavy libraries stay in their rooms, files stay short."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from checkout import HOUSE, TESTS

FILES = sorted(HOUSE.rglob("*.py"))

GROUND = {"errors", "address", "article", "places", "outlet", "page", "rights", "outlets"}
MAY_IMPORT = {
    "errors": set(),
    "article": set(),
    "places": set(),
    "address": set(),
    "processes": set(),
    "outlet": {"errors", "article"},
    "markup": {"errors"},
    "page": {"errors", "outlet", "address", "markup"},
    "rights": {"page"},
    "outlets": GROUND,
    "discovery": GROUND,
    "extraction": GROUND,
    "archive": GROUND,
    "trial_work": GROUND | {"markup", "discovery", "extraction"},
    "intake": GROUND | {"extraction", "archive"},
    "crawl": GROUND | {"discovery", "extraction", "archive", "intake", "processes"},
    "reparse": GROUND | {"extraction", "archive", "intake", "crawl", "processes", "sample_site"},
    "import_pages": GROUND | {"extraction", "archive", "intake", "crawl"},
    "browse": {"errors", "archive", "markup"},
    "sample_site": GROUND,
    "demo": GROUND | {"archive", "crawl", "browse", "sample_site"},
    "commands": GROUND | {"extraction", "archive", "crawl", "reparse", "import_pages", "browse", "demo"},
    "cli": {"commands"},
    "__main__": {"cli"},
    "__init__": set(),
}
"""What each room may import beside itself: a new room gets its line here, and in the README's picture."""

ONLY_IN = {
    "scrapy": {"crawl"},
    "twisted": {"crawl"},
    "datasette": {"browse"},
    "warcio": {"archive", "import_pages"},
    "pyarrow": {"archive"},
    "distributed": {"reparse"},
}
READERS = {("discovery/sitemap.py", "scrapy.utils.sitemap")}
"""A file and a part of such a library that only reads bytes: Scrapy's sitemaps, which nothing but a crawl opens."""

PUBLIC = {("ewbscraper", "__version__"), ("ewbscraper.extraction", "extract")}
"""Names that a package's `__init__` offers; `ewbscraper.outlets` is the one package that is also a module."""


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, str | None]]:
    """Every `(module, name)` that a file imports, also inside functions, not what only type checkers read."""
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from ((node.module or "", alias.name) for alias in node.names)
        waiting.extend(ast.iter_child_nodes(node))


def rooms_imported(path: Path) -> set[str]:
    inside = [(module, name) for module, name in imports(path) if module.split(".")[0] == "ewbscraper"]
    named = {module.split(".")[1] if "." in module else name for module, name in inside}
    return {name for name in named if name and name != "__version__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_go_one_way(path: Path) -> None:
    assert room(path) in MAY_IMPORT, f"{room(path)} has no place in the picture"
    assert rooms_imported(path) - {room(path)} <= MAY_IMPORT[room(path)]


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_heavy_library_stays_in_its_room(library: str) -> None:
    users = {
        room(path)
        for path in FILES
        for module, _ in imports(path)
        if module.split(".")[0] == library and (str(path.relative_to(HOUSE)), module) not in READERS
    }
    assert users == ONLY_IN[library]


def test_modules_import_from_modules_not_through_a_package() -> None:
    through = [
        f"{path.relative_to(HOUSE)}: from {module} import {name}"
        for path in FILES
        for module, name in imports(path)
        if name and (module, name) not in PUBLIC and module != "ewbscraper.outlets"
        if module.split(".")[0] == "ewbscraper" and _is_package(module) and not _is_module(f"{module}.{name}")
    ]
    assert through == []


def _is_package(module: str) -> bool:
    return HOUSE.parent.joinpath(*module.split("."), "__init__.py").exists()


def _is_module(module: str) -> bool:
    return HOUSE.parent.joinpath(*module.split(".")).with_suffix(".py").exists() or _is_package(module)


def test_nothing_inside_a_room_goes_in_a_circle() -> None:
    """Of every folder: what is in it, files and folders, imports in one direction."""
    arrows = {(module_of(path), module) for path in FILES for module in modules_imported(path)}
    folders = {module_of(path).rpartition(".")[0] for path in FILES} | {""}
    for folder in sorted(folders):
        graph: dict[str, set[str]] = {}
        for one, other in arrows:
            if (here := inside(one, folder)) and (there := inside(other, folder)) and here != there:
                graph.setdefault(here, set()).add(there)
        tuple(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


def modules_imported(path: Path) -> set[str]:
    inside = [(module, name) for module, name in imports(path) if module.split(".")[0] == "ewbscraper"]
    named = {f"{module}.{name}" if name and _is_module(f"{module}.{name}") else module for module, name in inside}
    return {module.partition(".")[2] for module in named}


def inside(module: str, folder: str) -> str:
    """What of a folder a module is, or is in; nothing where it is elsewhere."""
    below = f"{module}.".removeprefix(f"{folder}." if folder else "")
    return below.split(".")[0] if not folder or module.startswith(f"{folder}.") else ""


def test_no_two_test_files_have_one_name() -> None:
    """What `meter.calls` sends to a child is found there by the name of its file."""
    names = [path.name for path in TESTS.rglob("*.py") if path.name not in ("conftest.py", "__init__.py")]
    assert {name for name in names if names.count(name) > 1} == set()


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {str(path.relative_to(HOUSE)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > 300} == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    functions = [
        (node.end_lineno - node.lineno + 1, f"{path.relative_to(HOUSE)}:{node.name}")
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]
    assert [name for length, name in functions if length > 60] == []


@pytest.mark.parametrize("what", [["-c", "import ewbscraper"], ["-m", "ewbscraper", "--help"]], ids=" ".join)
def test_help_and_the_package_itself_are_quick_to_import(what: list[str]) -> None:
    assert loaded_by(what).isdisjoint({"scrapy", "twisted", "datasette", "yaml", "w3lib"})


@pytest.mark.parametrize("module", ["browse.plugin", "browse.serve", "intake", "discovery.link"])
def test_what_reads_the_archive_pulls_in_no_twisted(module: str) -> None:
    assert loaded_by(["-c", f"import ewbscraper.{module}"]).isdisjoint({"scrapy", "twisted"})


def loaded_by(what: list[str]) -> set[str]:
    ran = subprocess.run([sys.executable, "-X", "importtime", *what], capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in ran.stderr.splitlines()}
    assert "ewbscraper" in loaded
    return loaded


@pytest.mark.skipif(not (HOUSE.parent / ".git").exists() or not shutil.which("git"), reason="no git checkout")
def test_the_root_shows_at_most_fourteen_entries() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=HOUSE.parent, capture_output=True, text=True, check=True)
    entries = {line.split("/")[0] for line in listed.stdout.splitlines() if not line.startswith(".")}
    assert len(entries) <= 14
