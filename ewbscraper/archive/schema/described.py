"""What every table and column means: tables.yml, in Datasette's words; the reading room and the exports show it."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def tables() -> dict[str, Any]:
    """tables.yml: metadata of a database with our tables."""
    text = files(__package__).joinpath("tables.yml").read_text(encoding="utf-8")
    described: dict[str, Any] = yaml.safe_load(text)
    return described
