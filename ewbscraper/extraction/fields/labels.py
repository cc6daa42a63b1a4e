"""Sections and tags."""

import html
import re
from collections.abc import Callable, Iterable, Iterator

from ewbscraper.extraction.structure.blocks import text_of
from ewbscraper.extraction.structure.view import View
from ewbscraper.outlet import Selector
from ewbscraper.page import Element

LONGEST_LABEL = 60

_TAG_LISTS = ("tags", "tag-list", "taglist")
_SECTION_PATH = re.compile(r"/(?:category|categories|section|rubrika|kategorija|kategorie)/")


def sections(view: View) -> tuple[tuple[str, ...], str]:
    """1. The outlet's selector. 2. Linked data. 3. Meta tags. 4. Links that say so."""
    said = view.node.get("articleSection") or view.node.get("articlesection")
    meta = view.page.meta.get("article:section", [])
    return _first(view, view.outlet.sections if view.outlet else None, _strings(said), meta, _section_links)


def tags(view: View) -> tuple[tuple[str, ...], str]:
    """The same."""
    said = list(_strings(view.node.get("keywords")))
    meta = view.page.meta.get("article:tag") or view.page.meta.get("news_keywords") or []
    return _first(view, view.outlet.tags if view.outlet else None, _apart(said), list(_apart(meta)), _tag_links)


def _first(
    view: View,
    form: Selector | None,
    said: Iterable[str],
    meta: list[str],
    by_shape: Callable[[View], Iterator[Element]],
) -> tuple[tuple[str, ...], str]:
    outlet = [_text(found) for found in view.page.select(form)] if form else []
    for how, names in (("outlet", outlet), ("linked_data", list(said)), ("meta", meta)):
        if kept := _labels(names):
            return kept, how
    kept = _labels(map(text_of, by_shape(view)))
    return kept, "shape" if kept else ""


def _section_links(view: View) -> Iterator[Element]:
    yield from (link for link in view.links if _is_section(link))
    yield from view.itemprops.get("articleSection", ())


def _tag_links(view: View) -> Iterator[Element]:
    found = [link for link in view.links if "tag" in link.get("rel").split() and not _is_section(link)]
    yield from found or (link for link in _listed_tags(view.surroundings) if not view.is_elsewhere(link))


def _listed_tags(root: Element) -> Iterator[Element]:
    """The links in what is marked as a list of tags, each once."""
    marked = (
        element
        for element in root.iterdescendants("*")
        if (classes := element.get("class")) and "tag" in classes and any(sign in classes for sign in _TAG_LISTS)
    )
    return iter(dict.fromkeys(link for element in marked for link in element.iterdescendants("a")))


def _is_section(link: Element) -> bool:
    rel = link.get("rel").split()
    return "category" in rel or ("tag" in rel and _SECTION_PATH.search(link.get("href") or "") is not None)


def _labels(names: Iterable[str]) -> tuple[str, ...]:
    tidy = (" ".join(html.unescape(name).split()).strip(" ,#") for name in names)
    return tuple(dict.fromkeys(name for name in tidy if 1 < len(name) <= LONGEST_LABEL))


def _strings(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict) and isinstance(item.get("name"), str):
            yield item["name"]


def _apart(names: Iterable[str]) -> Iterator[str]:
    """Keywords in one string are joined by commas or semicolons."""
    for name in names:
        yield from name.replace(";", ",").split(",")


def _text(found: Element | str) -> str:
    return found if isinstance(found, str) else text_of(found)
