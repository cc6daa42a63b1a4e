"""What the real WordPress of the tests knows of its own posts, in our terms."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

LEFT_OUT = {"readalso", "bio"}
"""Parts of a post that are no text of the article (see Body in docs/tables.md)."""


def posts(gold: Path, name: str = "posts") -> list[dict[str, Any]]:
    """Ground truth, one post an entry."""
    return [json.loads(line) for line in (gold / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def faults(post: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Names of the fields in which an archived article differs from its post."""
    dateline = post["dateline"] or {"text": None, "places": []}
    wanted = {
        "headline": post["headline"],
        "published": datetime.fromisoformat(post["published"]),
        "authors": [author["name"] for author in post["authors"]],
        "dateline": (dateline["text"], dateline["places"]),
        "captions": [(i["caption"] or "", i["credit"]) for i in post["images"] if i["caption_line"]],
        "related_posts": [(r["title"], r["url"], r["author"]) for r in post["related"]],
    }
    mine = found["dateline"] or {"text": None, "places": []}
    got = {
        "headline": found["headline"],
        "published": found["published"] and datetime.fromisoformat(found["published"]),
        "authors": found["authors"],
        "dateline": (mine["text"], [place["as_written"] for place in mine["places"]]),
        "captions": [(c["caption"], c["credit"]) for c in found["captions"] if c["caption"] or c["credit"]],
        "related_posts": [(r["title"], r["url"], r["author"]) for r in found["related_posts"]],
    }
    differing = [name for name in wanted if wanted[name] != got[name]]
    return differing + ([] if same_body(post["body"], found["body"]) else ["body"])


def same_body(parts: list[dict[str, Any]], body: str) -> bool:
    """Whether a body has the post's parts in their order, each a paragraph, and nothing else."""
    return paragraphs(parts) == [p for p in map(plain, body.split("\n\n")) if p not in optional(parts)]


def paragraphs(parts: list[dict[str, Any]]) -> list[str]:
    """The post's text: a quote's source is a paragraph of its own, a table one paragraph."""
    text: list[str] = []
    for part in parts:
        if part["type"] == "table":
            rows = [part["head"], *part["rows"]] if part["head"] else part["rows"]
            text.append(plain("\n".join(" | ".join(row) for row in rows)))
        elif part["type"] not in LEFT_OUT and part["text"]:
            text += [plain(part["text"]), *([plain(part["cite"])] if part.get("cite") else [])]
    return text


def optional(parts: list[dict[str, Any]]) -> set[str]:
    """Captions of tables: text or not, as one likes."""
    return {plain(part["caption"]) for part in parts if part.get("caption")}


def plain(text: str) -> str:
    """White space collapsed."""
    return " ".join(text.split())
