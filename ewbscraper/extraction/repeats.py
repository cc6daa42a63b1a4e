"""Repeats: what the page says twice, once for the text and once for the eye: pull quotes, hidden duplicates."""

import re

from ewbscraper.extraction.blocks import Block
from ewbscraper.extraction.headline import letters
from ewbscraper.page import Element

SHORTEST = 40
"""Characters of a paragraph that is not said twice by chance."""
SHORTEST_SENTENCE = 15
"""Letters."""
_TWICE = "said before"
_SENTENCES = re.compile(r"[.!?…。！？]+")


def judge_repeats(texts: list[Block]) -> None:
    """Leaves out paragraphs that stand there twice, and quotes whose sentences all stand elsewhere in the text."""
    kept = [block for block in texts if block.role is None]
    _twice(kept)
    quotes: dict[Element, list[Block]] = {}
    for block in kept:
        if block.role is None and block.kind in ("quote", "cite") and (quote := _quote_around(block)) is not None:
            quotes.setdefault(quote, []).append(block)
    if quotes:
        _pull_quotes(quotes, letters("".join(block.text for block in kept if block.role is None)))


def _twice(kept: list[Block]) -> None:
    """A paragraph right after itself, or a run of two again: one alone may be a question asked of many."""
    first: dict[str, int] = {}
    for index, block in enumerate(kept):
        known = first.setdefault(block.text, index)
        if known == index or len(block.text) < SHORTEST:
            continue
        after, again = kept[known + 1 : known + 2], kept[index + 1 : index + 2]
        if known == index - 1 or kept[index - 1].why == _TWICE or [b.text for b in after] == [b.text for b in again]:
            block.role, block.why = "repeat", _TWICE


def _pull_quotes(quotes: dict[Element, list[Block]], text: str) -> None:
    for blocks in quotes.values():
        sentences = [letters(part) for block in blocks[:1] for part in _SENTENCES.split(block.text)]
        sentences = [sentence for sentence in sentences if len(sentence) >= SHORTEST_SENTENCE]
        if sentences and all(text.count(sentence) > 1 for sentence in sentences):
            for block in blocks:
                block.role, block.why = "repeat", "a quote drawn out of the text"


def _quote_around(block: Block) -> Element | None:
    return next(block.element.iterancestors("blockquote"), block.element if block.element.tag == "blockquote" else None)
