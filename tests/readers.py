"""Other people's tools that read what we write; `make readers` installs them, in an environment of their own."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from checkout import PROJECT

FOLDER = PROJECT / ".readers"

needs_readers = pytest.mark.skipif(not (FOLDER / "ready").exists(), reason="no tools that read it back: make readers")


def tool(name: str, *words: str | Path, folder: Path | None = None) -> str:
    """Runs a tool, and returns what it printed."""
    ran = subprocess.run([FOLDER / "bin" / name, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def pandas(expression: str, path: Path) -> Any:
    """What pandas makes of a file, as JSON says it; `path` is its name in the expression."""
    code = f"import json, pandas, sys; path = sys.argv[1]; print(json.dumps({expression}))"
    return json.loads(tool("python", "-c", code, path))


def csl_schema() -> dict[str, Any]:
    """The JSON Schema of CSL-JSON, as the Citation Style Language publishes it."""
    (path,) = FOLDER.glob("lib/*/site-packages/commonmeta/resources/csl-data.json")
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema
