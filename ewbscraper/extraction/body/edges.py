"""The edges of a text: labels before its first sentence, links and notes after its last one."""

import re
from dataclasses import dataclass
from itertools import islice, takewhile

from ewbscraper.address import split
from ewbscraper.extraction.structure.blocks import Block
from ewbscraper.extraction.structure.boxes import MOST_LINKS, is_link
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import after, names

SHORT = 200
LABEL = 60
BEGIN = 60
"""Characters of a line, of a label, of the beginning of a line."""

_SENTENCE_END = re.compile(r"""[.?!:;…–—。！？」।؟۔-]["'“”’»)\]]*$|^[“„«"…]|^\.\.\.""")
_FIGURE = re.compile(r"\d")
_NOTES = ("end_note", "newsletter")


@dataclass(frozen=True, slots=True)
class _About:
    """Who wrote the article, and the site's host."""

    authors: frozenset[str]
    home: str


def judge_edges(texts: list[Block], view: View) -> None:
    """Labels before the first sentence (a name, a day, a section), and links after the last one."""
    about = _About(_authors(view), (split(view.page.url).hostname or "").removeprefix("www."))
    kept = [block for block in texts if block.role is None]
    for block in takewhile(_is_label, kept[:8]):
        block.role, block.why = "label", "before the first sentence"
    kept = [block for block in kept if block.role is None]
    ends = [*takewhile(lambda block: _is_end(block, about) or _is_stub(block), reversed(kept))]
    if len(kept) > len(ends) > len(kept) / 2:
        ends = [*takewhile(lambda block: _is_end(block, about), ends)]
    for block in ends:
        block.role, block.why = "end matter", "after the last sentence"


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, or begins as a quotation does."""
    return _SENTENCE_END.search(text) is not None


def _is_label(block: Block) -> bool:
    short = len(block.text) < 60 and block.kind in ("paragraph", "item")
    return short and not ends_sentence(block.text)


def _authors(view: View) -> frozenset[str]:
    """Who wrote it, as linked data and meta tags say."""
    given = view.node.get("author")
    nodes = given if isinstance(given, list) else [given]
    names = [
        *(node.get("name") if isinstance(node, dict) else node for node in nodes),
        *view.page.meta.get("author", ()),
    ]
    return frozenset(name.strip() for name in names if isinstance(name, str) and " " in name.strip())


def _is_about(block: Block, authors: frozenset[str]) -> bool:
    """Whether a last paragraph introduces the author."""
    return len(block.text) <= 2 * SHORT and any(name in block.text[:BEGIN] for name in authors)


def _is_end(block: Block, about: _About) -> bool:
    """Whether a block at the end is no text: a link, a source, a request, a line about the author."""
    if block.kind == "table":
        return False
    noted = len(block.text) <= 2 * SHORT and any(after(role, block.text) is not None for role in _NOTES)
    pointed = len(block.text) <= 2 * LABEL and block.linked >= 0.7 * len(block.text) > 0
    led = len(block.text) <= SHORT and block.text.endswith(":")
    return noted or pointed or led or is_link(block) or _is_about(block, about.authors) or _invites(block, about.home)


def _invites(block: Block, home: str) -> bool:
    """Whether a last paragraph leads to the site's accounts, letters, subscriptions or front page."""
    if len(block.text) > 2 * SHORT or not block.linked or block.kind == "quote":
        return False
    links = islice(block.element.iter("a"), MOST_LINKS)
    return any(_is_service(link.get("href") or "", home) for link in links)


def _is_service(href: str, home: str) -> bool:
    scheme, _, rest = href.strip().lower().partition(":")
    if scheme == "mailto":
        return rest.partition("?")[0].endswith(home)
    url = split(href.strip().lower())
    steps = [step for step in url.path.split("/") if step]
    host = (url.hostname or home).removeprefix("www.")
    if host in names("accounts"):
        return len(steps) <= 2
    return not set(names("service paths")).isdisjoint(steps)


def _is_stub(block: Block) -> bool:
    """Whether a block at the end is a heading of nothing or a name."""
    label = block.kind == "paragraph" and _is_label(block) and not _FIGURE.search(block.text)
    return label or block.kind == "heading"
