"""How right the extraction is on a corpus with known answers, beside the peers that can be imported here.

    python benchmarks/quality.py CORPUS [--sets aeb,traf_eval] [--peers [stack,htmldate]] [--aside read] [--worst N]

CORPUS has folders `<set>/html` (pages, `.html` or `.html.gz`) and `<set>/gold` (a JSON file per page: url, headline,
authors, published, body or body_paragraphs, must_include, must_exclude, images). What a gold page lacks is not
measured. `make bench-quality CORPUS=...` makes an environment with the peers and runs this in it; PEERS and SETS choose
among them: all take some ten minutes of CPU for a thousand pages. `stack` is extruct, htmldate and trafilatura in one.

P, R, F1   body, runs of four words: means over the pages, and their harmonic mean;   pgF1  mean of each page's F1
para       whole paragraphs, F1;   exact  whole bodies;   head, head~  headline, and its letters and digits alone
day, inst  published: the day, the minute with its zone;   auth   names, F1;   snip  parts that must (not) be there
capt       texts of captions, credits taken off, letters and digits alone: multiset F1 of the pages with images
cpu        CPU time as a multiple of bare `lxml.html.fromstring`: median over the pages / of all pages together
"""

import argparse
import gzip
import hashlib
import html
import json
import logging
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import lxml.html
from _peers import Extractor, Found, peers
from lxml import etree

from ewbscraper.errors import PageUnreadable
from ewbscraper.extraction import extract

SHINGLE = 4
COLUMNS = ["P", "R", "F1", "pgF1", "para", "exact", "head", "head~", "day", "inst", "auth", "snip", "capt"]
FIELDS = {
    "headline": ("head", "head~"),
    "published": ("day", "inst"),
    "authors": ("auth",),
    "captions": ("capt",),
    "body": ("P", "R", "F1", "pgF1", "para", "exact", "snip"),
}
"""The measures of a field: of one that an extractor never gives, none counts."""
_FAILURES = (PageUnreadable, etree.LxmlError, *(ValueError, TypeError, AttributeError), LookupError, ImportError)
_TOKEN = re.compile(r"\w+")
_LABEL = re.compile(r"\W*(?<!\w)(?:(?:photo|foto|image|picture)s?)?(?: by)?\W*$", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def ours(page: str, url: str) -> Found:
    """This project, without a definition of the outlet."""
    article = extract(page, url)
    captions = [caption.caption for caption in article.captions]
    return {
        "headline": article.headline,
        "authors": article.authors,
        "published": article.published,
        "body": article.body,
        "captions": captions,
    }


def normal(text: str | None) -> str:
    """Entities, compatibility forms, invisible characters and white space made the same."""
    text = unicodedata.normalize("NFKC", html.unescape(text or ""))
    return " ".join(_INVISIBLE.sub("", text).split())


def loose(text: str | None) -> str:
    """Letters and digits only, caseless."""
    return "".join(_TOKEN.findall(normal(text).casefold()))


def shingles(text: str) -> Counter[Any]:
    """Runs of four words; a shorter text is one run."""
    words = _TOKEN.findall(text)
    return (
        Counter(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))) if words else Counter()
    )


def overlap(gold: Counter[Any], found: Counter[Any]) -> tuple[float | None, float | None, float]:
    """Precision and recall (None where there is nothing to count) and F1."""
    right, of_gold, of_found = (counter.total() for counter in (gold & found, gold, found))
    f1 = 2 * right / (of_gold + of_found) if of_gold + of_found else 1.0
    return right / of_found if of_found else None, right / of_gold if of_gold else None, f1


def body_of(gold: Found, body: str) -> dict[str, float | None]:
    """An optional paragraph counts as gold only where that raises the score."""
    paragraphs = gold.get("body_paragraphs") or [gold["body"]]
    optional = set(gold.get("optional_paragraphs", ()))
    found, whole = shingles(body), Counter(filter(None, map(normal, re.split(r"\n\s*\n", body))))

    def score(kept: Iterable[int]) -> tuple[float, float, dict[str, float | None]]:
        texts = [paragraphs[index] for index in sorted(kept)]
        precision, recall, f1 = overlap(shingles("\n\n".join(texts)), found)
        para = overlap(Counter(filter(None, map(normal, texts))), whole)[2]
        exact = float(_TOKEN.findall("\n\n".join(texts)) == _TOKEN.findall(body))
        values = {"P": precision, "R": recall, "pgF1": f1, "exact": exact}
        return f1, para, values | ({"para": para} if "body_paragraphs" in gold else {})

    kept = set(range(len(paragraphs))) - optional
    best = score(kept)
    for index in sorted(optional):
        more = score(kept | {index})
        if more[:2] > best[:2]:
            best, kept = more, kept | {index}
    return best[2]


def when(text: str | None) -> date | datetime | None:
    """A date, or a moment with or without zone."""
    try:
        return date.fromisoformat(text or "") if len(text or "") == 10 else datetime.fromisoformat(text or "")
    except ValueError:
        return None


def times(gold: date | datetime, found: date | datetime | None) -> dict[str, float | None]:
    """The same day, in gold's zone or as written; the same minute where gold has a time of day."""
    zone = gold.tzinfo if isinstance(gold, datetime) else None
    local = found.astimezone(zone) if zone and isinstance(found, datetime) and found.tzinfo else found
    days = {moment.date() if isinstance(moment, datetime) else moment for moment in (found, local)}
    day = gold.date() if isinstance(gold, datetime) else gold
    values: dict[str, float | None] = {"day": float(day in days)}
    if isinstance(gold, datetime) and (gold.hour, gold.minute, gold.second) != (0, 0, 0):
        same_kind = isinstance(found, datetime) and (gold.tzinfo is None or found.tzinfo is not None)
        moment = found.replace(tzinfo=None) if same_kind and gold.tzinfo is None else found  # type: ignore[call-arg, union-attr]
        values["inst"] = float(same_kind and abs(gold - moment) < timedelta(minutes=1))  # type: ignore[operator]
    return values


def measure(gold: Found, found: Found) -> dict[str, Any]:
    """Every measure that this gold page allows."""
    values: dict[str, Any] = {}
    body = found.get("body") or ""
    if "body" in gold or "body_paragraphs" in gold:
        values |= body_of(gold, body)
    if gold.get("headline"):
        values["head"] = float(normal(gold["headline"]) == normal(found.get("headline")))
        values["head~"] = float(loose(gold["headline"]) == loose(found.get("headline")))
    if published := when(gold.get("published")):
        values |= times(published, when(found.get("published")))
    if "authors" in gold:
        names = [
            Counter({normal(name).casefold() for name in said or ()})
            for said in (gold["authors"], found.get("authors"))
        ]
        values["auth"] = overlap(names[0] - Counter([""]), names[1] - Counter([""]))[2]
    if "must_include" in gold:
        hits = sum(normal(part) in normal(body) for part in gold["must_include"])
        false = sum(normal(part) in normal(body) for part in gold["must_exclude"])
        values["snips"] = (hits, false, len(gold["must_include"]) - hits)
    if "images" in gold and "captions" in found:
        texts = (map(told, gold["images"]), found["captions"])
        values["capt"] = overlap(*(Counter(filter(None, map(loose, captions))) for captions in texts))[2]
    return values


def told(image: Found) -> str:
    """The caption of a gold picture without the credit that some gold says again behind it (`... Photo by A. B.`).

    Only what gold itself names as credit is taken off: one that it leaves in the text counts as text.
    """
    text = normal(image.get("caption"))
    for credit in map(normal, reversed(image.get("authors") or [])):
        if credit and re.search(rf"(?<!\w){re.escape(credit)}\W*$", text):
            text = _LABEL.sub("", text[: text.rindex(credit)])
    return text


def summary(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Means over the pages that have a measure; F1 and snip from their parts."""
    rows = list(rows)
    values = {name: [row[name] for row in rows if row.get(name) is not None] for name in (*COLUMNS, "snips")}
    means = {name: statistics.fmean(found) for name, found in values.items() if found and name != "snips"}
    if "P" in means and "R" in means:
        means["F1"] = 2 * means["P"] * means["R"] / (means["P"] + means["R"] or 1)
    if values["snips"]:
        hits, false, missed = map(sum, zip(*values["snips"], strict=True))
        means["snip"] = 2 * hits / (2 * hits + false + missed)
    return means


def run(extractor: Extractor, page: str, url: str) -> tuple[Found, float]:
    """What is found, and the CPU seconds for it; nothing where it fails: peers raise whatever they like."""
    begun = time.process_time()
    try:
        found = extractor(page, url)
    except _FAILURES:
        found = {}
    return found, time.process_time() - begun


def pages(folder: Path) -> Iterator[tuple[Found, str]]:
    """Gold and text of each page."""
    for path in sorted((folder / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        packed = folder / "html" / f"{gold['id']}.html.gz"
        data = gzip.decompress(packed.read_bytes()) if packed.exists() else packed.with_suffix("").read_bytes()
        yield gold, data.decode("utf-8", "replace")


def is_aside(gold: Found) -> bool:
    """Whether a page is of the third of the sites that nobody reads while writing rules."""
    return int(hashlib.sha256(gold["site"].encode()).hexdigest(), 16) % 3 == 0


def compare(folder: Path, extractors: Mapping[str, Extractor], only: Callable[[Found], bool], worst: int) -> None:
    """Prints the table of one set, and our worst pages."""
    rows: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    cost: dict[str, list[float]] = defaultdict(list)
    given: dict[str, set[str]] = defaultdict(set)
    chosen = [(gold, page) for gold, page in pages(folder) if only(gold)]
    if not chosen:
        return
    with click.progressbar(chosen, label=folder.name, file=sys.stderr, show_pos=True) as shown:
        for gold, page in shown:
            cost["lxml"].append(run(lambda text, _: {"": lxml.html.fromstring(text.encode())}, page, gold["url"])[1])
            for name, extractor in extractors.items():
                found, seconds = run(extractor, page, gold["url"])
                rows[name][gold["id"]] = measure(gold, found)
                cost[name].append(seconds)
                given[name] |= {measure for field in found for measure in FIELDS[field]}
    print(
        f"\n{folder.name}, {len(cost['lxml'])} pages\n{'':18}"
        + "".join(f"{column:>7}" for column in COLUMNS)
        + "     cpu"
    )
    for name in extractors:
        means = summary(rows[name].values())
        cells = "".join(
            f"{means[column]:7.3f}" if column in means and column in given[name] else f"{'-':>7}" for column in COLUMNS
        )
        ratio = statistics.median(own / base for own, base in zip(cost[name], cost["lxml"], strict=True) if base)
        print(f"{name:18}{cells}  {ratio:4.1f} / {sum(cost[name]) / sum(cost['lxml']):.1f}")
    for key in sorted(rows["ours"], key=lambda key: _mean(rows["ours"][key]))[:worst]:
        print("  worst", key, {k: round(v, 2) for k, v in rows["ours"][key].items() if isinstance(v, float) and v < 1})


def _mean(values: Mapping[str, Any]) -> float:
    return statistics.fmean([value for value in values.values() if isinstance(value, float)] or [1.0])


def _listed(names: str | None) -> list[str]:
    return names.split(",") if names else []


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?", help="folder with a folder per set")
    parser.add_argument("--sets", help="names with commas between; all unless given")
    parser.add_argument("--peers", nargs="?", const="", help="peers as well: names with commas between, else all")
    parser.add_argument("--aside", choices=("read", "aside"), help="only the two thirds, or the third, of the sites")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="our N worst pages of each set")
    asked = parser.parse_args()
    logging.disable()
    if asked.corpus is None:
        print("no corpus given: nothing measured")
        return
    extractors = {"ours": ours, **(dict(peers(_listed(asked.peers))) if asked.peers is not None else {})}
    wanted = _listed(asked.sets)
    for folder in sorted(path.parent for path in asked.corpus.glob("*/gold")):
        if not wanted or folder.name in wanted:
            compare(
                folder,
                extractors,
                lambda gold: asked.aside in (None, "aside" if is_aside(gold) else "read"),
                asked.worst,
            )


if __name__ == "__main__":
    main()
