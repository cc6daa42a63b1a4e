"""The body: the standfirst, then the blocks of the text that are text, as plain text and as clean HTML."""

import html
import re
from collections import Counter
from dataclasses import dataclass

import nh3
from lxml import etree

from ewbscraper.address import join, split
from ewbscraper.extraction.body.edges import ends_sentence
from ewbscraper.extraction.body.roles import judge
from ewbscraper.extraction.fields.headline import first_text, letters, says
from ewbscraper.extraction.structure.blocks import Block, text_of
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import mark, names

TAGS = frozenset(names("kept tags"))
SHORTEST_STANDFIRST = 30
SHORTEST_SENTENCE = 60
LONGEST_STANDFIRST = 800
"""Characters."""
LONGEST_MARKUP = 50_000
"""Characters inside an element whose markup is kept; a sanitizer's time grows with the square of an attribute."""
LONGEST_TEXT = 5_000
"""Characters of one text that a sanitizer sees."""
_WHOLE_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?:[/?#]|\Z)")
"""An address that needs no look at its parts, as most do not."""
_SAME_TAG = {"heading": "h3", "item": "li", "quote": "blockquote", "cite": "p"}


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article and what was left out of it."""

    standfirst: str | None
    standfirst_found_by: str
    kept: tuple[Block, ...]
    blocks: tuple[Block, ...]
    """All of head and text with their roles, in page order: why each was kept or left out."""

    @property
    def paragraphs(self) -> list[str]:
        """What is said, the standfirst first."""
        texts = [block.text for block in self.kept]
        if self.standfirst and not any(says(text, self.standfirst) for text in texts[:2]):
            texts.insert(0, self.standfirst)
        return texts

    @property
    def text(self) -> str:
        """The paragraphs separated by blank lines."""
        return "\n\n".join(self.paragraphs)


def find_body(view: View, headline: str | None) -> Body:
    """Judges every block, and keeps those that are text."""
    judge(view.blocks, view, headline)
    kept = [block for block in view.blocks if block.role is None]
    standfirst, how = _standfirst(view, kept, headline)
    lead = [
        block
        for block in view.head
        if block.text != standfirst and _is_sentence(block, headline) and ends_sentence(block.text)
    ]
    return Body(standfirst, how, (*lead, *kept), (*view.head, *view.blocks))


def _is_sentence(block: Block, headline: str | None) -> bool:
    """Whether a block above the text is text: neither a label nor a link nor the headline again."""
    sized = SHORTEST_SENTENCE <= len(block.text) <= LONGEST_STANDFIRST
    return (
        sized
        and block.role is None
        and block.kind != "item"
        and block.linked < 0.3 * len(block.text)
        and letters(headline or "") not in letters(block.text)
    )


def clean_html(body: Body, url: str) -> str:
    """The kept blocks as a clean subset of HTML, links absolute."""
    parts: list[str] = []
    blocks_in = Counter(block.element for block in body.kept)
    if body.text.split("\n\n")[:1] == [body.standfirst] and (not body.kept or body.kept[0].text != body.standfirst):
        parts.append(f"<p>{html.escape(body.standfirst or '', quote=False)}</p>")
    for index, block in enumerate(body.kept):
        before = body.kept[index - 1] if index else None
        parts.append(_markup(block, before, alone=blocks_in[block.element] == 1))
        following = body.kept[index + 1] if index + 1 < len(body.kept) else None
        if block.kind == "item" and (following is None or following.kind != "item"):
            parts.append("</ul>")
    return nh3.clean(
        "\n".join(parts),
        tags=set(TAGS),
        attributes={"a": {"href"}, "*": set()},  # else nh3 lets `title` and `lang` through
        # it is asked of every attribute of every tag, of those that are not kept as well: two thirds of them
        attribute_filter=lambda tag, name, value: _absolute(value, url) if name == "href" else None,
        link_rel=None,
    )


def _absolute(address: str, url: str) -> str | None:
    """A link's address, absolute; None where it is none."""
    if _WHOLE_ADDRESS.match(address):
        return address
    absolute = address if "://" in address else join(url, address)
    return absolute if _WHOLE_ADDRESS.match(absolute) or split(absolute).scheme else None


def _markup(block: Block, before: Block | None, *, alone: bool) -> str:
    opened = "<ul>\n" if block.kind == "item" and (before is None or before.kind != "item") else ""
    if block.kind == "table":
        return str(etree.tostring(block.element, encoding="unicode", method="html", with_tail=False))
    tag = _SAME_TAG.get(block.kind, "p")
    if block.kind == "heading" and block.element.tag in TAGS:
        tag = block.element.tag
    inside = _inner(block) if alone else _escaped(block.text)
    return f"{opened}<{tag}>{inside}</{tag}>"


def _inner(block: Block) -> str:
    """The markup inside a block's element where the block is all of it, else its text."""
    element = block.element
    if len(element) and text_of(element) == " ".join(block.text.split()):
        inside = "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
        if len(inside) <= LONGEST_MARKUP:
            return html.escape(element.text or "", quote=False) + inside
    return _escaped(block.text)


def _escaped(text: str) -> str:
    """A text as markup; a long one in pieces (a tag that is not kept): a sanitizer's time grows with the square."""
    if len(text) <= LONGEST_TEXT:
        return html.escape(text, quote=False)
    pieces = (text[at : at + LONGEST_TEXT] for at in range(0, len(text), LONGEST_TEXT))
    return "".join(f"<x->{html.escape(piece, quote=False)}</x->" for piece in pieces)


def _standfirst(view: View, kept: list[Block], headline: str | None) -> tuple[str | None, str]:
    """1. The outlet's selector. 2. What is marked so, or says what the description says, before the first paragraph.

    3. A sentence right below the headline, outside of the text.
    """
    if view.outlet and view.outlet.standfirst and (said := first_text(view, view.outlet.standfirst)):
        return said, "outlet"
    described = {letters(text) for key in ("og:description", "description") for text in view.page.meta.get(key, ())}
    known = {"", letters(headline or "")}
    in_head = [block for block in view.head if block.role is None and letters(block.text) not in known]
    for block in [*in_head, *(block for block in kept[:1] if block.kind != "quote")]:
        apart = block not in kept or (len(kept) > 1 and block.element.getparent() is not kept[1].element.getparent())
        if len(block.text) >= SHORTEST_STANDFIRST and (
            _is_marked(block) or (apart and letters(block.text) in described)
        ):
            return block.text, "shape"
    for block in in_head:
        if _is_sentence(block, headline):
            return block.text, "below the headline"
    return None, ""


def _is_marked(block: Block) -> bool:
    """Whether the element or one just above it is named as standfirst."""
    for element in (block.element, *list(block.element.iterancestors())[:2]):
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".lower()
        if mark("standfirst").search(names):
            return True
    return False
