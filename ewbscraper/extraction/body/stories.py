"""Other stories on the page of an article: another article loaded below it, a live blog that goes on beside it."""

import re
from collections import defaultdict
from itertools import islice

from ewbscraper.extraction.body.edges import ends_sentence
from ewbscraper.extraction.structure.blocks import Block
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import mark_of
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

_STAMP = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)")
_BYLINES = frozenset(("byline", "time", "meta"))


def judge_stories(blocks: list[Block], view: View) -> None:
    """Gives the blocks of other stories their role, where there is text before them."""
    _second_article(blocks, view)
    _live_blog(blocks, is_article=view.node.get("@type") == "LiveBlogPosting")
    _long_boxes(blocks)


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


def _live_blog(blocks: list[Block], is_article: bool) -> None:
    """Boxes side by side that each begin with a time, and the heading above them; of the article's own the times."""
    entries = _entries(blocks)
    if is_article and len(entries) >= FEWEST_ENTRIES:
        for block in filter(_is_stamp, blocks):
            block.role, block.why = "time", "time of a live entry"
        return
    inside = (
        [not entries.isdisjoint(_upwards(block.element)) for block in blocks] if len(entries) >= FEWEST_ENTRIES else []
    )
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
        if block.role == "time" or _is_stamp(block):
            for box in _upwards(block.element):
                found[box.getparent()].add(box)
    return max(found.values(), key=len, default=set())


def _is_stamp(block: Block) -> bool:
    """`3 hours ago 14:32`, apart from the heading of an entry."""
    short = len(block.text) <= LONGEST_STAMP and block.kind != "heading"
    return short and _STAMP.search(block.text) is not None and not ends_sentence(block.text)


def _long_boxes(blocks: list[Block]) -> None:
    """A document in a fact box below the text, however much longer than the text it is."""
    parents = {parent for block in blocks if (parent := block.element.getparent()) is not None}
    boxes = {box for box in {above for parent in parents for above in _upwards(parent)} if mark_of(box) == "fact box"}
    inside = [bool(boxes) and not boxes.isdisjoint(_upwards(block.element)) for block in blocks]
    if True in inside and _has_text(blocks[: inside.index(True)]):
        for block, within in zip(blocks, inside, strict=True):
            if within and block.role is None:
                block.role, block.why = "fact box", "mark"


def _upwards(element: Element) -> list[Element]:
    return [element, *islice(element.iterancestors(), STEPS)]
