"""Boxes: what the shape of the page says of its blocks, whatever their words: cards, lists of links, captions."""

from collections import defaultdict
from functools import lru_cache
from itertools import islice, pairwise, takewhile

from ewbscraper.extraction.structure.blocks import LONGEST_LABEL, Block
from ewbscraper.extraction.words import mark
from ewbscraper.page import Element

DEEPEST = 50
"""Elements between a block and the container that are looked at."""
MOSTLY = 0.6
"""Share of a box's characters that are links, from which on it is a box of links."""
LARGEST_CARD = 400
"""Characters below a heading that is a link."""
MOST_LINKS = 20
"""Links of a block that are looked at."""
_LEADS_ELSEWHERE = frozenset(("related", "share", "tags", "newsletter"))


def judge_boxes(blocks: list[Block], containers: list[Element], url: str) -> None:
    """Gives the blocks of cards and boxes of links their role."""
    boxes = _Boxes(blocks, set(containers))
    for block in blocks:
        if block.role is not None or block.kind == "table" or _leads_here(block, url):
            continue
        if is_link(block) and block.kind in ("heading", "item"):
            block.role, block.why = "related", "nothing but a link"
        elif not boxes.of_links.isdisjoint(boxes.around(block)):
            block.role, block.why = "related", "in a box of links"
    _cards(blocks, boxes)
    _labels(blocks, boxes)
    _captions(blocks, boxes)


class _Boxes:
    """How much of the text of each element around the blocks is links; `of_links` are those that are mostly links."""

    def __init__(self, blocks: list[Block], ends: set[Element]) -> None:
        self.ends = ends
        self.said: dict[Element, int] = defaultdict(int)
        self.linked: dict[Element, int] = defaultdict(int)
        self.count: dict[Element, int] = defaultdict(int)
        self._around: dict[Element, list[Element]] = {}
        self._above: dict[Element, list[Element]] = {}
        for block in blocks:
            length = len(block.text)
            linked = length if block.role in _LEADS_ELSEWHERE else block.linked
            for box in self.around(block):
                self.said[box] += length
                self.linked[box] += linked
                self.count[box] += 1
        several = [box for box, count in self.count.items() if count > 1]
        self.of_links = {box for box in several if self.linked[box] >= MOSTLY * self.said[box]}

    def around(self, block: Block) -> list[Element]:
        """The element of a block and those above it, up to the container: each rule asks, one climb answers."""
        element = block.element
        found = self._around.get(element)
        if found is None:
            found = self._around[element] = self._climbed(element)
        return found

    def _climbed(self, element: Element) -> list[Element]:
        if element in self.ends:
            return []
        parent = element.getparent()
        if parent not in self._above:
            above = islice((parent, *islice(parent.iterancestors(), DEEPEST)), DEEPEST)
            self._above[parent] = [*takewhile(lambda element: element not in self.ends, above)]
        return [element, *self._above[parent]]


def _cards(blocks: list[Block], boxes: _Boxes) -> None:
    """A small box that begins with a heading that is a link is the card of another article."""
    cards: set[Element] = set()
    for block in blocks:
        if block.kind == "heading" and block.role == "related":
            around = takewhile(lambda box: boxes.said[box] - boxes.linked[box] <= LARGEST_CARD, boxes.around(block))
            cards.update(around)
    for block in blocks if cards else ():
        if block.role is None and any(box in cards for box in boxes.around(block)):
            block.role, block.why = "related", "in the card of another article"


def _labels(blocks: list[Block], boxes: _Boxes) -> None:
    """What is left of a box of links: the label above it."""
    linked, written = set(), set()
    for block in blocks:
        if block.role == "related":
            linked.update(boxes.around(block))
        elif block.role is None and not _is_label(block):
            written.update(boxes.around(block))
    for block, following in pairwise(blocks):
        if block.role is not None or following.role != "related":
            continue
        if any(box in linked and box not in written for box in boxes.around(block)):
            block.role, block.why = "related", "label of a box of links"


def _is_label(block: Block) -> bool:
    return block.kind == "heading" or (len(block.text) < LONGEST_LABEL and block.kind != "table")


def _captions(blocks: list[Block], boxes: _Boxes) -> None:
    """The only text in a small box with a picture, and all of it in one that is named after pictures."""
    pictures = {box for box, said in boxes.said.items() if said <= LARGEST_CARD and _is_picture(box)}
    for block in blocks:
        if block.role is not None or len(block.text) > LARGEST_CARD:
            continue
        if pictures and not pictures.isdisjoint(boxes.around(block)):
            block.role, block.why = "caption", "in a box of a picture"
        elif block.kind == "paragraph" and _is_alone(block, boxes):
            block.role, block.why = "caption", "alone with a picture"


def _is_alone(block: Block, boxes: _Boxes) -> bool:
    alone = takewhile(lambda box: boxes.said[box] == len(block.text), boxes.around(block))
    box = next((box for box in alone if next(box.iter("img"), None) is not None), None)
    return box is not None and box.tag != "p"


def _is_picture(box: Element) -> bool:
    classes = box.get("class")
    if not classes or box.tag == "p" or not _names_picture(classes):
        return False
    return next(box.iter("img"), None) is not None


@lru_cache(maxsize=10_000)
def _names_picture(classes: str) -> bool:
    classes = classes.lower()
    return "text" not in classes and mark("picture").search(classes) is not None


def is_link(block: Block) -> bool:
    """Whether a block is nothing but a link."""
    return block.linked >= 0.9 * len(block.text) > 0


def _leads_here(block: Block, url: str) -> bool:
    """Whether its links lead to places on the same page: a table of contents, or headings with anchors."""
    if not block.linked:
        return False
    links = [link.get("href") for link in islice(block.element.iter("a"), MOST_LINKS) if link.get("href")]
    return bool(links) and all("#" in href and url.endswith(href.partition("#")[0]) for href in links)
