"""The peers of `quality.py`: each gives what it finds on a page, by the names of our fields, as far as it has them."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import lxml.html

Found = Mapping[str, Any]
Extractor = Callable[[str, str], Found]


def _trafilatura(module: Any) -> Extractor:
    def read(page: str, url: str) -> Found:
        found = module.bare_extraction(page, url=url, with_metadata=True)
        found = found.as_dict() if hasattr(found, "as_dict") else found or {}
        authors = (found.get("author") or "").split("; ")
        body = (found.get("text") or "").replace("\n", "\n\n")
        return {"headline": found.get("title"), "authors": authors, "published": found.get("date"), "body": body}

    return read


def _newspaper(module: Any) -> Extractor:
    def read(page: str, url: str) -> Found:
        article = module.Article(url, fetch_images=False)
        article.download(input_html=page)
        article.parse()
        published = article.publish_date.isoformat() if article.publish_date else None
        return {
            "headline": article.title,
            "authors": article.authors,
            "published": published,
            "body": article.text,
        }

    return read


def _readability(module: Any) -> Extractor:
    def read(page: str, url: str) -> Found:
        document = module.Document(page, url=url)
        tree = lxml.html.fromstring(document.summary())
        texts = (" ".join(block.text_content().split()) for block in tree.iter("p", "li", "h2", "h3", "h4"))
        return {"headline": document.short_title(), "body": "\n\n".join(filter(None, texts))}

    return read


def _htmldate(module: Any) -> Extractor:
    return lambda page, url: {
        "published": module.find_date(page, url=url, original_date=True, outputformat="%Y-%m-%dT%H:%M:%S%z")
    }


def _extruct(module: Any) -> Extractor:
    def read(page: str, url: str) -> Found:
        syntaxes = ["json-ld", "opengraph", "microdata"]
        found = module.extract(page, base_url=url, syntaxes=syntaxes, uniform=True, errors="ignore")
        nodes = [node for syntax in ("json-ld", "microdata") for node in found[syntax] if "headline" in node]
        node, graph = next(iter(nodes), {}), next(iter(found["opengraph"]), {})
        authors = node.get("author") or []
        names = [
            a.get("name") if isinstance(a, dict) else a for a in (authors if isinstance(authors, list) else [authors])
        ]
        return {
            "headline": _first(node.get("headline")) or _first(graph.get("og:title")),
            "authors": [name for name in names if isinstance(name, str)],
            "published": _first(node.get("datePublished")) or _first(graph.get("article:published_time")),
            "body": _first(node.get("articleBody")),
        }

    return read


def _first(value: Any) -> str | None:
    """A text, or the first of several."""
    text = value[0] if isinstance(value, list) and value else value
    return text if isinstance(text, str) else None


PEERS: dict[str, tuple[str, Callable[[Any], Extractor]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "newspaper4k": ("newspaper", _newspaper),
    "readability-lxml": ("readability", _readability),
    "htmldate": ("htmldate", _htmldate),
    "extruct": ("extruct", _extruct),
}
"""Name: module, and what makes an extractor of it."""


def peers() -> Iterator[tuple[str, Extractor]]:
    """Those that can be imported; the others are named."""
    for name, (module, make) in PEERS.items():
        try:
            yield name, make(importlib.import_module(module))
        except ImportError as error:
            print(f"{name} is missing here ({error}); make bench-peers")
