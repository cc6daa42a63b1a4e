"""The peers of `quality.py`: each gives what it finds on a page, by the names of our fields, as far as it has them.

Left out: Fundus, whose parsers are written site by site (and wrote the gold of one set); `_crawls.py` runs it, in
another environment.
"""

import importlib
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import lxml.html

Found = Mapping[str, Any]
Extractor = Callable[[str, str], Found]


def _trafilatura(module: Any, **options: bool) -> Extractor:
    def read(page: str, url: str) -> Found:
        found = module.bare_extraction(page, url=url, with_metadata=True, **options)
        found = found.as_dict() if hasattr(found, "as_dict") else found or {}
        authors = (found.get("author") or "").split("; ")
        return {
            "headline": found.get("title"),
            "authors": authors,
            "published": found.get("date"),
            "body": _paragraphs(found.get("text")),
        }

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


def _news_please(module: Any) -> Extractor:
    def read(page: str, url: str) -> Found:
        found = module.NewsPlease.from_html(page, url=url, fetch_images=False)
        published = found.date_publish.isoformat() if found.date_publish else None
        return {
            "headline": found.title,
            "authors": found.authors,
            "published": published,
            "body": _paragraphs(found.maintext),
        }

    return read


def _goose(module: Any) -> Extractor:
    reader = module.Goose({"enable_image_fetching": False})

    def read(page: str, url: str) -> Found:
        found = reader.extract(raw_html=page)
        published = found.publish_datetime_utc.isoformat() if found.publish_datetime_utc else None
        return {
            "headline": found.title,
            "authors": [name for name in found.authors if isinstance(name, str)],
            "published": published,
            "body": found.cleaned_text,
        }

    return read


def _resiliparse(module: Any) -> Extractor:
    return lambda page, url: {
        "body": _paragraphs(module.extract_plain_text(page, main_content=True, alt_texts=False, list_bullets=False))
    }


def _justext(module: Any) -> Extractor:
    words = frozenset().union(*(module.get_stoplist(name) for name in ("English", "German", "French", "Italian")))

    def read(page: str, url: str) -> Found:
        paragraphs = module.justext(page.encode(), words, encoding="utf-8")
        return {"body": "\n\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)}

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


def _stack(extruct: Any, htmldate: Any, trafilatura: Any) -> Extractor:
    """The best that can be put together of libraries: each field from the first of them that gives it."""
    readers = _extruct(extruct), _htmldate(htmldate), _trafilatura(trafilatura, favor_precision=True)

    def read(page: str, url: str) -> Found:
        data, day, text = (reader(page, url) for reader in readers)
        return {
            "headline": data["headline"] or text["headline"],
            "authors": data["authors"] or text["authors"],
            "published": data["published"] or day["published"],
            "body": text["body"],
        }

    return read


def _first(value: Any) -> str | None:
    """A text, or the first of several."""
    text = value[0] if isinstance(value, list) and value else value
    return text if isinstance(text, str) else None


def _paragraphs(text: str | None) -> str:
    """A text of a line per paragraph, with blank lines between them."""
    return "\n\n".join(filter(None, (text or "").splitlines()))


PEERS: dict[str, tuple[tuple[str, ...], Callable[..., Extractor]]] = {
    "stack": (("extruct", "htmldate", "trafilatura"), _stack),
    "trafilatura": (("trafilatura",), _trafilatura),
    "newspaper4k": (("newspaper",), _newspaper),
    "news-please": (("newsplease",), _news_please),
    "goose3": (("goose3",), _goose),
    "readability-lxml": (("readability",), _readability),
    "resiliparse": (("resiliparse.extract.html2text",), _resiliparse),
    "justext": (("justext",), _justext),
    "htmldate": (("htmldate",), _htmldate),
    "extruct": (("extruct",), _extruct),
}
"""Name: modules, and what makes an extractor of them."""


def peers(wanted: Collection[str]) -> Iterator[tuple[str, Extractor]]:
    """Those of these names (all where there are none) that can be imported; the others are named."""
    for name, (modules, make) in PEERS.items():
        try:
            if not wanted or name in wanted:
                yield name, make(*map(importlib.import_module, modules))
        except ImportError as error:
            print(f"{name} is missing here ({error}); make bench-quality")
