"""Blocks: the parts of a piece of a page in the order a reader sees them, from one walk over its elements.

A block is a run of text that stands on its own (a paragraph, a heading, a list item, a table) or an element whose
mark says what it is (a share bar, a caption, a byline): that one is taken whole, with its role, and not entered.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from lxml import etree

from ewbscraper.extraction.words import mark_of, mark_of_class, names, phrases, plain
from ewbscraper.page import Element

BLOCK_TAGS = frozenset(names("block tags"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SKIPPED = frozenset(names("skipped tags"))
LINES = frozenset(("byline", "time", "meta", "tags", "bio", "kicker"))
"""Roles of a line or two, never of something that holds a picture or is part of a sentence."""
EMBEDS = re.compile(
    r"(?<![a-z])(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|bluesky-embed|"
    r"mastodon-embed|telegram-post|threads-post)(?![a-z])"
)
_WHOLE = frozenset(("table", "figure", "figcaption", "aside", "footer"))
"""Tags that may be taken whole without a mark."""
_TELLING = frozenset(("class", "id", "style", "hidden"))
"""Attributes that say what an element is; most have none of them, and are asked once instead of for each."""
_TAKEN_UNTOLD = SKIPPED | _WHOLE | {"span"}
"""Tags of which an element without such an attribute may be taken whole; all others are entered at once."""
LONGEST_LABEL = 60
"""Characters."""
MOST_BLOCKS = 10_000
"""More than any article has."""
MOST_ELEMENTS = 100_000
"""Elements of a container that are looked at."""
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:\s*rect\(\s*[01]", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(slots=True)
class Block:
    """A part of a page, in reading order."""

    kind: str
    """paragraph, heading, item, quote, cite, table, picture or other: what its tag says."""
    element: Element
    text: str
    """White space collapsed; a line break inside a paragraph, or between the rows of a table, is a newline."""
    linked: int = 0
    """Characters of the text that are links."""
    role: str | None = None
    """What its mark or its text says; None is text of the article."""
    why: str = ""
    """The reason for the role, for those who mend rules."""


def text_of(element: Element) -> str:
    """All text below an element, white space collapsed."""
    text = etree.tostring(element, encoding="unicode", method="text", with_tail=False) if len(element) else element.text
    return " ".join(text.split()) if text else ""


def blocks_of(
    root: Element,
    kept: Callable[[Element], bool] = lambda element: False,
    until: Element | None = None,
) -> list[Block]:
    """The blocks below an element, up to another one. `kept` says which are entered whatever their mark says."""
    walk = _Walk(root, kept, until)
    parts = list(islice(chain.from_iterable(map(_paragraphs_of, walk.blocks)), MOST_BLOCKS))
    if walk.cut is not None:
        parts.append(Block("other", walk.cut, "", role="left out", why="what follows is longer than any article"))
    return parts


class _Walk:
    """One pass in document order: block elements cut the text, inline ones do not."""

    def __init__(self, root: Element, kept: Callable[[Element], bool], until: Element | None) -> None:
        self.blocks: list[Block] = []
        self.kept = kept
        self.open: list[Element] = []
        self.text: list[str] = []
        self.linked = 0
        self.links = 0
        self.cut: Element | None = None
        seen = 0
        context = etree.iterwalk(root, events=("start", "end"))
        for event, element in context:
            if element is until:
                break
            if len(self.blocks) > MOST_BLOCKS or seen > MOST_ELEMENTS:
                self.cut = element
                break
            if event == "start":
                seen += 1
                self.start(element, context, element is root)
            else:
                self.end(element, element is root)
        self.flush()

    def start(self, element: Element, context: etree.iterwalk, is_root: bool) -> None:
        tag = element.tag
        if tag == "br":
            self.text.append("\n")
            return
        is_told = not _TELLING.isdisjoint(element.keys())
        if not is_root and (is_told or tag in _TAKEN_UNTOLD) and self.taken_whole(element, is_told=is_told):
            context.skip_subtree()
            return
        if is_root or (tag in BLOCK_TAGS and (tag != "cite" or not _in_sentence(element))):
            self.flush()
            self.open.append(element)
        elif tag == "a":
            self.links += 1
        if text := element.text:
            self.say(text)

    def end(self, element: Element, is_root: bool) -> None:
        if self.open and self.open[-1] is element:
            self.flush()
            self.open.pop()
        elif element.tag == "a" and self.links:
            self.links -= 1
        if not is_root and (text := element.tail):
            self.say(text)

    def say(self, text: str) -> None:
        """White space before the first word is between two blocks, and nothing."""
        if self.text or not text.isspace():
            self.text.append(text.replace("\n", " "))
            if self.links:
                self.linked += len(text.strip())

    def flush(self) -> None:
        if not self.text:
            return
        text, linked, self.text, self.linked = "".join(self.text), self.linked, [], 0
        if self.open and not text.isspace():
            self.blocks.append(Block(_kind(self.open), self.open[-1], text, linked))

    def taken_whole(self, element: Element, *, is_told: bool) -> bool:
        """Whether an element is a block of its own, or nothing a reader reads, so that the walk goes around it."""
        tag = element.tag
        if (
            tag in SKIPPED
            or (is_told and _hidden(element))
            or (tag == "span" and self.links and _tells_of_window(element))
        ):
            return tag not in BLOCK_TAGS or not self.kept(element)
        role = _believed(mark_of(element), element) if is_told else None
        if role is None and tag not in _WHOLE:
            return False
        if tag == "table":
            block = _table(element)
        elif tag == "figure" or tag == "figcaption" or role in ("caption", "gallery"):
            block = _picture(element, role)
        elif role in LINES and next(element.iter("figcaption"), None) is not None:
            block = None
        elif role and role != "standfirst" and (tag in BLOCK_TAGS or _counts_inline(role, element)):
            block = Block("other", element, "", role=role, why="mark")
        elif tag == "aside" or (tag == "footer" and element.getparent().tag != "blockquote"):
            block = Block("other", element, "", role="furniture", why="tag")
        else:
            block = None
        if block is None or self.kept(element):
            return False
        if tag in BLOCK_TAGS or block.kind != "other":
            self.flush()
        block.text = block.text or text_of(element)
        self.blocks.append(block)
        return True


def _kind(open_elements: list[Element]) -> str:
    """What the innermost telling element around a text says."""
    for element in reversed(open_elements):
        tag = element.tag
        if tag in HEADINGS:
            return "heading"
        if tag in ("li", "dd", "dt"):
            return "item"
        if tag == "cite":
            return "cite"
        if tag == "blockquote":
            return "quote"
        if tag in ("td", "th"):
            return "paragraph"
    return "paragraph"


def _counts_inline(role: str, element: Element) -> bool:
    """Whether a mark on an inline element counts: a name with a class `author` in a sentence is part of it."""
    if role in LINES:
        return element.getparent().tag in ("div", "section", "article", "header", "main")
    return element.tag != "a" or not (element.tail and element.tail.strip())


def _believed(role: str | None, element: Element) -> str | None:
    """A box of related posts has links, or no more than its label, and the id of a heading is an anchor."""
    if role == "related" and next(element.iter("a"), None) is None and len(text_of(element)) > LONGEST_LABEL:
        return None
    if role == "furniture" and element.tag in HEADINGS:
        return role if mark_of_class(element) == role else None
    return role


def _in_sentence(element: Element) -> bool:
    """Whether a title that is cited (`cite`) is a part of a paragraph."""
    return element.getparent().tag not in ("blockquote", "footer", "figure", "div")


def _hidden(element: Element) -> bool:
    style = element.get("style")
    if element.get("hidden") is not None or (style and _HIDDEN_STYLE.search(style)):
        return True
    classes = element.get("class")
    return classes is not None and "hidden" in classes and "hidden" in classes.split() and ":" not in classes


def _tells_of_window(element: Element) -> bool:
    """`(opens in a new window)` after the words of a link, for those who hear the page."""
    return plain(element.text or "") in phrases("new_window")


def _picture(element: Element, role: str | None) -> Block | None:
    """A picture with its caption; None for a figure that holds text: a quote, a table, an embedded post."""
    pictured = element.tag != "figure" or any(True for _ in element.iter("img", "picture"))
    if not pictured and any(True for _ in element.iter("blockquote", "table", "p", "pre", "ul", "ol")):
        return None
    return Block("picture", element, "", role="gallery" if role == "gallery" else "caption", why="figure")


def _table(element: Element) -> Block | None:
    """A table of data as one paragraph, a line per row; None for a table that only lays out the page."""
    if element.find(".//table") is not None:
        return None
    rows = list(element.iter("tr"))
    cells = [[text_of(cell) for cell in row if cell.tag in ("td", "th")] for row in rows]
    if max(map(len, cells), default=0) < 2 or len(rows) < 2:
        return None
    if max((len(cell) for row in cells for cell in row), default=0) > 600:
        return None
    return Block("table", element, "\n".join(" | ".join(row) for row in cells if any(row)))


def _paragraphs_of(block: Block) -> Iterable[Block]:
    """A text cut at empty lines (two line breaks), its white space collapsed."""
    if block.kind in ("table", "picture", "other"):
        return (block,)
    if "\n" in block.text:
        return _cut(block)
    block.text = " ".join(block.text.split())
    return (block,)


def _cut(block: Block) -> Iterator[Block]:
    parts = [part for part in _PARAGRAPHS.split(block.text) if part.strip()]
    for part in parts:
        lines = [" ".join(line.split()) for line in part.split("\n")]
        linked = block.linked if len(parts) == 1 else 0
        yield Block(block.kind, block.element, "\n".join(filter(None, lines)), linked, block.role, block.why)
