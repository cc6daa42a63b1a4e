"""Why each block of a page was kept or left out: as a list, and as the page with its blocks coloured."""

import copy
import html as markup
from collections.abc import Iterator
from pathlib import Path

import nh3
from lxml import etree

from ewbscraper.extraction.article import find_headline
from ewbscraper.extraction.body.text import Body, find_body
from ewbscraper.extraction.structure.blocks import Block
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import names
from ewbscraper.outlets import get_outlet, refuse_unusable
from ewbscraper.page import Element, Page

Explained = tuple[bool, str, str, str]
"""Kept or not, the role (a kept block's kind), the reason, the text."""

_NOT_SHOWN = frozenset(("form", "fieldset", "video", "audio", "html", "body"))
TAGS = frozenset((*names("kept tags"), *names("block tags"))) - _NOT_SHOWN
_MARK = "data-block"
_STYLE = """body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
[data-block]{border-left:.4em solid #b00;background:#fdecea;padding-left:.6em;margin:.2em 0;display:block}
[data-block^="kept"]{border-color:#070;background:#eaf6ea}
[data-block]::before{content:attr(data-block);display:block;font:12px monospace;color:#444}"""


def explain(html: str | bytes, url: str, outlet: str | None = None) -> list[Explained]:
    """Each block of head and text in the order of the page. Raises as `extract` does."""
    return [_explained(block, kept) for block, kept in _judged(_read(html, url, outlet)[1])]


def explain_html(html: str | bytes, url: str, outlet: str | None = None) -> str:
    """The page without scripts, styles, pictures and links that lead out, green what was kept and red the rest.

    Blocks that share an element are told apart in `explain` only. Raises as `extract` does.
    """
    view, body = _read(html, url, outlet)
    told: dict[Element, list[str]] = {}
    for block, kept in _judged(body):
        told.setdefault(block.element, []).append(_label(block, kept))
    tree = _coloured(view.page.tree, told)
    cleaned = nh3.clean(tree, tags=set(TAGS), attributes={"*": {_MARK}}, link_rel=None)
    title = markup.escape(view.page.title)
    return f'<!doctype html><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>\n{cleaned}'


def _read(html: str | bytes, url: str, outlet: str | None) -> tuple[View, Body]:
    view = View(Page(html, url), refuse_unusable(get_outlet(outlet, Path.cwd())) if outlet else None)
    return view, find_body(view, find_headline(view)[0])


def _judged(body: Body) -> Iterator[tuple[Block, bool]]:
    kept = {id(block) for block in body.kept}
    return ((block, id(block) in kept or _is_standfirst(block, body)) for block in body.blocks)


def _is_standfirst(block: Block, body: Body) -> bool:
    return block.role is None and block.text == body.standfirst


def _explained(block: Block, kept: bool) -> Explained:
    role = block.kind if kept else block.role or "head"
    return kept, role, block.why or ("" if kept else "above the text"), block.text


def _label(block: Block, kept: bool) -> str:
    _, role, why, _ = _explained(block, kept)
    return f"{'kept' if kept else 'left out'}: {role}" + (f" ({why})" if why else "")


def _coloured(tree: Element, told: dict[Element, list[str]]) -> str:
    """A copy of the tree as text, the elements of the blocks marked with what became of them."""
    drawn = copy.deepcopy(tree)
    for element, twin in zip(tree.iter("*"), drawn.iter("*"), strict=True):
        twin.attrib.pop(_MARK, None)
        if element in told:
            twin.set(_MARK, "; ".join(dict.fromkeys(told[element])))
    return str(etree.tostring(drawn, encoding="unicode", method="html"))
