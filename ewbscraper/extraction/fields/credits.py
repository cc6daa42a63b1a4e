"""Captions without a mark that a credit below gives away: picture, line, `Photo: A. B.`."""

from collections.abc import Iterable
from itertools import islice, pairwise

from ewbscraper.extraction.fields.captions import split_credit
from ewbscraper.extraction.structure.blocks import Block
from ewbscraper.page import Element

SHORTEST_LINE = 12
LONGEST_LINE = 400
LONGEST_CREDIT = 120
"""Characters."""
HIGHEST = 3
"""Elements around a line beside which its picture may stand."""
NEAR = 50
"""Elements among which a picture is near."""


def judge_credits(blocks: Iterable[Block]) -> None:
    """A paragraph between a picture and a line that is only a credit is the caption, and so is that line."""
    for line, credit in pairwise(blocks):
        if (
            line.role is None
            and line.kind == "paragraph"
            and SHORTEST_LINE <= len(line.text) <= LONGEST_LINE
            and 0 < len(credit.text) <= LONGEST_CREDIT
            and _is_below_picture(line.element)
            and _is_only_credit(credit)
        ):
            line.role, line.why = "caption", "between picture and credit"
            credit.role, credit.why = "caption", credit.why or "a credit"


def _is_only_credit(block: Block) -> bool:
    """A figure with a credit has a picture of its own."""
    if block.role not in (None, "caption"):
        return False
    split = split_credit(block.text)
    if split is None or split[0] or not split[1]:
        return False
    return block.element.tag not in ("figure", "figcaption") and "img" not in _tags(block.element)


def _is_below_picture(line: Element) -> bool:
    """Whether what stands before a line, or before what holds it, has a picture, and that has no line yet."""
    for around in (line, *islice(line.iterancestors(), HIGHEST - 1)):
        if (before := around.getprevious()) is not None:
            return "img" in _tags(before) and "figcaption" not in _tags(before)
    return False


def _tags(element: Element) -> set[str]:
    return {inner.tag for inner in islice(element.iter("*"), NEAR)}
