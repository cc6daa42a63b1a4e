"""Floors on corpora of pages with known answers, where they lie beside the project (`../shared/corpus`)."""

import gzip
import importlib
import importlib.util
import json
from collections import defaultdict
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from checkout import PROJECT, SHARED

from ewbscraper.article import Article
from ewbscraper.extraction import extract

CORPUS = SHARED / "corpus"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpora in ../shared/corpus"),
]

FLOORS = {
    "aeb": {"body F1": 0.972, "body pgF1": 0.966},
    "fundus_eval": {"body F1": 0.966, "body pgF1": 0.951, "para F1": 0.923},
    "fundus_tests": {
        "body F1": 0.976,
        "body pgF1": 0.974,
        "body exact": 0.55,
        "para F1": 0.935,
        "head": 0.84,
        "day": 0.99,
        "inst": 0.985,
        "auth F1": 0.915,
    },
    "traf_eval": {"head": 0.82, "day": 0.84, "auth F1": 0.63},
}


def gold_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((CORPUS / name / "gold").glob("*.json"))]


def read(name: str, gold: dict[str, Any], outlet: str | None = None) -> Article:
    page = gzip.decompress((CORPUS / name / "html" / f"{gold['id']}.html.gz").read_bytes())
    return extract(page, gold["url"], outlet)


@cache
def shares(outlet: str | None) -> dict[str, float]:
    """For each field the share of the pages in EWB's probable theme on which it is right."""
    right: dict[str, list[bool]] = defaultdict(list)
    for gold in gold_of("ewb_like"):
        for field, is_right in compare(read("ewb_like", gold, outlet), gold).items():
            right[field].append(is_right)
    return {field: sum(values) / len(values) for field, values in right.items()}


def compare(article: Article, gold: dict[str, Any]) -> dict[str, bool]:
    dateline = article.dateline
    captions = [caption for caption in gold["captions"] if caption["where"] != "title" or has_gallery(article)]
    return {
        "headline": article.headline == gold["headline"],
        "dateline": (dateline.text if dateline else None) == gold["dateline"],
        "places": [place.as_written for place in dateline.places] == gold["dateline_places"]
        if dateline
        else not gold["dateline"],
        "captions": [plain(c.caption) for c in article.captions] == [plain(c["caption"]) for c in captions],
        "credits": [c.credit for c in article.captions] == [c["credit"] for c in captions],
        "related": [(p.title, p.url, p.author) for p in article.related_posts]
        == [(p["title"], p["url"], p["author"]) for p in gold["related"]],
        "body": is_body(article.body, gold),
        "authors": list(article.authors) == gold["authors"],
        "published": article.published == gold["published"],
        "modified": article.modified == gold["modified"],
        "sections": list(article.sections) == gold["sections"],
        "tags": sorted(article.tags) == gold["tags"],
    }


def has_gallery(article: Article) -> bool:
    """Captions in `title` attributes may be taken, or not: all of a gallery or none."""
    return any(caption.role == "gallery" for caption in article.captions)


def is_body(body: str, gold: dict[str, Any]) -> bool:
    """Whether the paragraphs are those of the gold; optional ones, tables and embedded posts may be there or not."""
    texts = [embed["text"] for embed in gold["embeds"]]
    texts += ["\n".join(" | ".join(row) for row in [table["head"], *table["rows"]]) for table in gold["tables"]]
    texts += [gold["body_paragraphs"][index] for index in gold["optional_paragraphs"]]
    may = {plain(text) for text in texts}
    must = [plain(text) for text in gold["body_paragraphs"] if plain(text) not in may]
    return [text for text in map(plain, body.split("\n\n")) if text not in may] == must


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("outlet", "floor"), [("ewb", 0.99), (None, 0.99)], ids=["with outlet", "generic"])
def test_pages_in_the_theme_of_ewb(outlet: str | None, floor: float) -> None:
    below = {field: share for field, share in shares(outlet).items() if share < floor}
    assert not below


@pytest.mark.parametrize("name", FLOORS)
def test_pages_of_many_papers(name: str) -> None:
    score = _score()
    gold = {page["id"]: page for page in gold_of(name)}
    found = {key: _prediction(read(name, page)) for key, page in gold.items()}
    reached = score.summarise(list(score.evaluate(gold, found).values()))
    below = {measure: reached[measure] for measure, floor in FLOORS[name].items() if reached[measure] < floor}
    assert not below


def test_captions_of_many_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PROJECT / "benchmarks")
    quality = importlib.import_module("quality")
    rows = [
        quality.measure(gold, quality.ours(page, gold["url"])) for gold, page in quality.pages(CORPUS / "fundus_tests")
    ]
    assert quality.summary(rows)["capt"] >= 0.85


def _prediction(article: Article) -> dict[str, Any]:
    return {
        "headline": article.headline,
        "authors": list(article.authors),
        "published": article.published,
        "body": article.body,
    }


def _score() -> ModuleType:
    """The corpora's own measures."""
    spec = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
