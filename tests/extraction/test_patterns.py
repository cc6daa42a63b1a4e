"""Datelines and captions of the region's outlets, measured on the shared pattern files."""

import json
from typing import Any

import pytest
from checkout import SHARED

from ewbscraper.extraction.fields.captions import split_credit
from ewbscraper.extraction.fields.dateline import parse_dateline

PATTERNS = SHARED / "patterns"
ENOUGH = 0.97

pytestmark = pytest.mark.skipif(not PATTERNS.is_dir(), reason="the shared pattern files are not beside the project")


def _rows(name: str, *, negative: bool) -> list[dict[str, Any]]:
    rows = map(json.loads, (PATTERNS / name).read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row.get("negative", False) is negative]


def _dateline(row: dict[str, Any]) -> tuple[list[str], list[str], str | None, str | None] | None:
    found = parse_dateline(row["text"], row["language"])
    if found is None:
        return None
    written, names = [p.as_written for p in found.places], [p.name for p in found.places]
    return written, names, found.date, found.agency


@pytest.mark.parametrize("negative", [False, True])
def test_datelines_of_the_list_are_read_and_what_is_none_is_not(negative: bool) -> None:
    rows = _rows("datelines.jsonl", negative=negative)
    keys = ("places", "canonical", "date", "agency")
    missed = [row for row in rows if _dateline(row) != (None if negative else tuple(row[key] for key in keys))]
    assert len(missed) <= (1 - ENOUGH) * len(rows), missed


@pytest.mark.parametrize("negative", [False, True])
def test_credits_of_the_list_are_split_off_and_what_is_none_is_not(negative: bool) -> None:
    rows = _rows("captions.jsonl", negative=negative)
    missed = [
        row for row in rows if split_credit(row["text"]) != (None if negative else (row["caption"], row["credit"]))
    ]
    assert len(missed) <= (1 - ENOUGH) * len(rows), missed
