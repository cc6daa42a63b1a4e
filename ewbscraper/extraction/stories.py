"""Other stories on the page of an article: another article loaded below it, a live blog that goes on beside it."""

import re
from collections import defaultdict
from itertools import islice

from ewbscraper.extraction.blocks import Block
from ewbscraper.extraction.edges import ends_sentence
from ewbscraper.extraction.view import View
from ewbscraper.page import Element

SHORTEST_SENTENCE = 60
SHORTEST_ENTRY = 120
LONGEST_STAMP = 40
"""Characters."""
FEWEST_SENTENCES = 3
"""Paragraphs of text without which what follows is the article itself."""
FEWEST_ENTRIES = 3
STEPS = 4
"""Elements between a time stamp and the box of its entry."""
NEAR = 4
"""Blocks below a headline among which its byline stands."""

_STAMP = re.compile(r"\D{0,12}\d{1,2}[:.h]\d\d(?!\d).{0,25}", re.IGNORECASE)
_BYLINES = frozenset(("byline", "time", "meta"))


def judge_stories(blocks: list[Block], view: View) -> None:
    """Gives the blocks of other stories their role, where there is text before them."""
    _second_article(blocks, view)
    if view.node.get("@type") != "LiveBlogPosting":
        _live_blog(blocks)


def _has_text(blocks: list[Block]) -> bool:
    sentences = (b for b in blocks if b.role is None and len(b.text) >= SHORTEST_SENTENCE and ends_sentence(b.text))
    return len([*islice(sentences, FEWEST_SENTENCES)]) == FEWEST_SENTENCES


def _second_article(blocks: list[Block], view: View) -> None:
    """All from an h1 on which is not the headline, has its own byline or time, and text above it."""
    for index, block in enumerate(blocks):
        if block.kind != "heading" or block.element.tag != "h1" or block.element is view.headline_element:
            continue
        following = blocks[index + 1 : index + 1 + NEAR]
        signed = any(below.role in _BYLINES for below in following)
        if signed and _has_text(blocks[:index]) and view.headline_element not in {b.element for b in blocks[index:]}:
            for below in blocks[index:]:
                below.role, below.why = "another article", "below a headline and a byline of its own"
            return


def _live_blog(blocks: list[Block]) -> None:
    """Boxes side by side that each begin with a time, and the heading above them."""
    entries = _entries(blocks)
    inside = [not entries.isdisjoint(_around(block)) for block in blocks] if len(entries) >= FEWEST_ENTRIES else []
    if True not in inside:
        return
    first = inside.index(True)
    length = sum(len(block.text) for block, within in zip(blocks, inside, strict=True) if within)
    if length < SHORTEST_ENTRY * len(entries) or not _has_text(blocks[:first]):
        return
    if blocks[first - 1].kind == "heading":
        inside[first - 1] = True
    for block, within in zip(blocks, inside, strict=True):
        if within:
            block.role, block.why = "live entry", "a live blog below the text"


def _entries(blocks: list[Block]) -> set[Element]:
    """The most boxes with one parent in each of which a time stamp stands."""
    found: dict[Element, set[Element]] = defaultdict(set)
    for block in blocks:
        if block.role == "time" or (len(block.text) <= LONGEST_STAMP and _STAMP.fullmatch(block.text)):
            for box in _around(block):
                found[box.getparent()].add(box)
    return max(found.values(), key=len, default=set())


def _around(block: Block) -> list[Element]:
    return [block.element, *islice(block.element.iterancestors(), STEPS)]
