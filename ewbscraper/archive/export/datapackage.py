"""datapackage.json: what the files of an export are, in the words of Frictionless (Data Package 1, Table Schema 1)."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ewbscraper import __version__
from ewbscraper.archive.export.tables import Selection, Table
from ewbscraper.archive.schema.described import tables as described
from ewbscraper.archive.times import utc_now

NAME = "datapackage.json"

_TYPES = {"integer": "integer", "real": "number", "text": "string"}


def write_descriptor(folder: Path, resources: Iterable[dict[str, Any]], selection: Selection) -> None:
    """The descriptor, the last file of an export: where it is, the export is whole."""
    chosen = {name: value for name, value in selection.values.items() if value}
    about = {
        "profile": "data-package",
        "name": "ewbscraper-export",
        "title": described()["title"],
        "description": " ".join(described()["description"].split()),
        "created": utc_now(),
        "software": f"ewbscraper/{__version__}",
        "selection": chosen,
        "resources": list(resources),
    }
    aside = folder / f".{NAME}"
    aside.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(folder / NAME)


def resource(table: Table, path: str | list[str], kind: str, rows: int, selection: Selection) -> dict[str, Any]:
    """A table's files and fields."""
    fields = [
        {
            "name": column.name,
            "type": _TYPES.get(column.kind, "string"),
            **({"description": column.description} if column.description else {}),
            **({"constraints": {"required": True}} if column.required else {}),
        }
        for column in table.columns
    ]
    keys = [
        {"fields": [column], "reference": {"resource": "" if to == table.name else to, "fields": [there]}}
        for column, to, there in selection.foreign_keys(table)
    ]
    return {
        "name": table.name,
        "title": table.title,
        **({"description": " ".join(table.description.split())} if table.description else {}),
        "path": path,
        "format": kind,
        "encoding": "utf-8",
        "rows": rows,
        "schema": {
            "fields": fields,
            "missingValues": [""] if kind == "csv" else [],
            **({"primaryKey": list(table.primary_key)} if table.primary_key else {}),
            **({"foreignKeys": keys} if keys else {}),
        },
    }
