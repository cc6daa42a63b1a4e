"""Where in the HTML of a text so many of its paragraphs end."""

from collections.abc import Sequence

FURTHER = 3
"""Elements that are looked through for a paragraph: pages joined to one article repeat their standfirst."""
BESIDE = 300
"""Letters before a paragraph in its element that `body` lacks: a table's title."""


def ends(paragraphs: Sequence[str], elements: Sequence[str]) -> dict[int, int]:
    """By a number of paragraphs (plain text, as in `body`) how many elements (their text) have begun when they end.

    Several paragraphs are in one element where it is a list. A paragraph that no element has is left out.
    """
    texts = [_letters(text) for text in elements]
    found, begun, read = {0: 0}, 0, 0
    for number, paragraph in enumerate(map(_letters, paragraphs), 1):
        for ahead in range(FURTHER + 1):
            text = texts[begun + ahead - 1] if 0 < begun + ahead <= len(texts) else ""
            start = read if ahead == 0 else 0
            at = text.find(paragraph, start, start + len(paragraph) + BESIDE)
            if at >= 0:
                begun, read = begun + ahead, at + len(paragraph)
                found[number] = begun
                break
    return found


def _letters(text: str) -> str:
    """Without white space, and without what separates the cells of a table."""
    return "".join(text.replace("|", "").split())
