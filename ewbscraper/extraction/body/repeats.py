"""Repeats: what the page says twice, once for the text and once for the eye: pull quotes, hidden duplicates."""

import re
from itertools import islice

from ewbscraper.extraction.fields.headline import letters
from ewbscraper.extraction.structure.blocks import Block
from ewbscraper.page import Element

SHORTEST_COPY = 200
"""Characters of a box of paragraphs that is not said twice by chance."""
SHORTEST_SENTENCE = 15
"""Letters."""
MOST_QUOTES = 100
MOST_SENTENCES = 10
"""Of a quote: each is looked for in all of the text."""
_OF_THE_POST = "wp-block-pullquote"
"""WordPress' own pull quote: its author put it into the post as a part of its text."""
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
    """A box all of whose paragraphs another box has said before: a refrain, or a question asked of many, is none."""
    if len({block.text for block in kept}) == len(kept):
        return
    boxes: dict[Element, list[Block]] = {}
    for block in kept:
        boxes.setdefault(block.element.getparent(), []).append(block)
    said: set[str] = set()
    for blocks in boxes.values():
        texts = [block.text for block in blocks]
        if len(texts) > 1 and sum(map(len, texts)) >= SHORTEST_COPY and said.issuperset(texts):
            for block in blocks:
                block.role, block.why = "repeat", "said before"
        said.update(texts)


def _pull_quotes(quotes: dict[Element, list[Block]], text: str) -> None:
    for blocks in islice(quotes.values(), MOST_QUOTES):
        sentences = [letters(part) for block in blocks[:1] for part in _SENTENCES.split(block.text)]
        sentences = [sentence for sentence in sentences if len(sentence) >= SHORTEST_SENTENCE][:MOST_SENTENCES]
        if sentences and all(text.count(sentence) > 1 for sentence in sentences):
            for block in blocks:
                block.role, block.why = "repeat", "a quote drawn out of the text"


def _quote_around(block: Block) -> Element | None:
    """The quote that a block is in, None for one that the author's own text has."""
    element = block.element
    quote = element if element.tag == "blockquote" else next(element.iterancestors("blockquote"), None)
    around = (quote, quote.getparent()) if quote is not None else ()
    return None if any(_OF_THE_POST in (e.get("class") or "") for e in around if e is not None) else quote
