"""Boxes: what the shape of the page says of its blocks, whatever their words: cards, lists of links, repetitions."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, takewhile

from ewbscraper.extraction.blocks import Block
from ewbscraper.page import Element

DEEPEST = 50
"""Elements between a block and the container that are looked at."""
MOSTLY = 0.5
"""Share of a box's characters that are links, from which on it is a box of links."""
LARGEST_CARD = 600
"""Characters."""
_LEADS_ELSEWHERE = frozenset(("related", "share", "tags", "newsletter"))


def judge_boxes(blocks: list[Block], containers: list[Element]) -> None:
    """Gives the blocks in boxes of links their role."""
    ends = set(containers)
    around = {id(block): list(_boxes(block, ends)) for block in blocks}
    said: dict[Element, int] = defaultdict(int)
    linked: dict[Element, int] = defaultdict(int)
    count: dict[Element, int] = defaultdict(int)
    for block in blocks:
        for box in around[id(block)]:
            said[box] += len(block.text)
            linked[box] += len(block.text) if block.role in _LEADS_ELSEWHERE else block.linked
            count[box] += 1
    for block in blocks:
        if block.role is None and block.kind != "table":
            if _is_link(block) and block.kind in ("heading", "item") and not _leads_here(block):
                block.role, block.why = "related", "nothing but a link"
            elif any(linked[box] >= MOSTLY * said[box] and count[box] > 1 for box in around[id(block)]) and not _leads_here(block):
                block.role, block.why = "related", "in a box of links"


def _boxes(block: Block, ends: set[Element]) -> Iterator[Element]:
    """The element of a block and those above it, up to the container."""
    above = islice((block.element, *islice(block.element.iterancestors(), DEEPEST)), DEEPEST)
    return takewhile(lambda element: element not in ends, above)


def _is_link(block: Block) -> bool:
    return block.linked >= 0.9 * len(block.text) > 0


def _leads_here(block: Block) -> bool:
    """Whether its links lead to places on the same page: a table of contents, or headings with anchors."""
    links = [link for link in block.element.iter("a") if link.get("href")]
    return bool(links) and all(link.get("href").startswith("#") for link in links)
