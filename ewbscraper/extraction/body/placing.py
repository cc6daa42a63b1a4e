"""Between which paragraphs of the body a picture stood."""

from bisect import bisect_left
from functools import cached_property
from itertools import accumulate

from ewbscraper.extraction.body.text import Body
from ewbscraper.extraction.structure.view import View
from ewbscraper.page import Element


class Placing:
    """The paragraphs of a body on its page; the order of elements is looked up only where somebody asks for it."""

    def __init__(self, view: View, body: Body) -> None:
        self._view = view
        kept = [block.role is None for block in view.blocks]
        above = len(body.paragraphs) - sum(kept)
        self._before = list(accumulate(kept, initial=above))
        """Paragraphs before each block of the view; those above the text, and a standfirst of elsewhere, count."""

    def of_block(self, number: int) -> int:
        """Paragraphs of the body before this block of the view."""
        return self._before[number]

    def of_element(self, element: Element) -> int | None:
        """Paragraphs of the body before an element, one that it is in included; None far from the text."""
        position = self._order.get(element)
        return None if position is None else self._before[bisect_left(self._reached, position)]

    @cached_property
    def _order(self) -> dict[Element, int]:
        return {element: number for number, element in enumerate(self._view.surroundings.iter("*"))}

    @cached_property
    def _reached(self) -> list[int]:
        """How far down the page the text is with each block: a text may go on in an element that began before."""
        return list(accumulate((self._order.get(block.element, 0) for block in self._view.blocks), max))
