"""Named queries: questions that a researcher would ask, kept in queries.yml as SQL with a title and a description.

A `queries.yml` beside the archive adds to ours, and its queries win. An empty parameter means its default,
and any where it has none.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ewbscraper.errors import BadQuery


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One question, ready to be asked."""

    name: str
    title: str
    description: str
    sql: str
    """An empty parameter that has a default stands for that in here, whoever asks."""
    parameters: dict[str, str] = field(default_factory=dict)
    """What each `:parameter` of the SQL means, by name."""
    defaults: dict[str, str] = field(default_factory=dict)
    """What an empty one stands for, by name."""

    @property
    def meanings(self) -> dict[str, str]:
        """What each parameter means, and what an empty one stands for where that is not any."""
        said = {name: f"; empty is {value}" for name, value in self.defaults.items()}
        return {name: meaning + said.get(name, "") for name, meaning in self.parameters.items()}

    def bind(self, given: Mapping[str, str]) -> dict[str, str]:
        """Values for every parameter, `""` (any) for those not given. Raises BadQuery for one it does not have."""
        unknown = sorted(set(given) - set(self.parameters))
        if unknown:
            has = ", ".join(self.parameters) or "none"
            raise BadQuery(f"query {self.name} has no parameter {', '.join(unknown)}; it has: {has}")
        return {name: given.get(name, "") for name in self.parameters}


def load_queries(beside: Path | None = None) -> dict[str, NamedQuery]:
    """All named queries by name: ours, and those of `queries.yml` in the folder `beside`. Raises BadQuery."""
    ours = files(__package__).joinpath("queries.yml").read_text(encoding="utf-8")
    found = _read(ours, "queries.yml")
    theirs = beside / "queries.yml" if beside else None
    if theirs and theirs.is_file():
        try:
            found |= _read(theirs.read_text(encoding="utf-8"), str(theirs))
        except UnicodeDecodeError as error:
            raise BadQuery(f"{theirs}: not UTF-8: {error}") from error
    return found


def as_sql(query: str, named: Mapping[str, NamedQuery]) -> str:
    """The query, where it may be SQL. Raises BadQuery with the nearest names where it is a single word."""
    if len(query.split()) > 1:
        return query
    near = difflib.get_close_matches(query, named, n=3, cutoff=0.4) or sorted(named)
    raise BadQuery(f"the query {query!r} is no SQL and no name; there is: {', '.join(near)}")


def _read(text: str, where: str) -> dict[str, NamedQuery]:
    try:
        raw = yaml.safe_load(text) or {}
    except (yaml.YAMLError, RecursionError, AttributeError, ValueError) as error:  # of `!!timestamp x`, `2024-99-99`
        raise BadQuery(f"{where}: {error}") from error
    if not isinstance(raw, dict):
        raise BadQuery(f"{where}: it should map names to queries")
    return {str(name): _query(str(name), fields, where) for name, fields in raw.items()}


def _query(name: str, fields: Any, where: str) -> NamedQuery:
    try:
        written = NamedQuery(name=name, **fields)
        if not all(isinstance(names, dict) for names in (written.parameters, written.defaults)):
            raise TypeError("parameters and defaults map names to text")
        query = replace(written, sql=_with_defaults(written.sql, written.defaults))
        if set(query.defaults) - set(query.parameters):
            raise TypeError("defaults are of its parameters")
        if not all(isinstance(text, str) for text in (query.title, query.description, query.sql)):
            raise TypeError("title, description and sql are text")
        return query
    except TypeError as error:
        needs = "title, description and sql, and may have parameters and defaults"
        raise BadQuery(f"{where}: query {name} needs {needs}: {error}") from error


def _with_defaults(sql: str, defaults: Mapping[str, str]) -> str:
    for name, value in defaults.items():
        quoted = str(value).replace("'", "''")
        stands = f"coalesce(nullif(:{name}, ''), '{quoted}')"
        sql = re.sub(rf":{re.escape(str(name))}\b", stands.replace("\\", r"\\"), sql)
    return sql
