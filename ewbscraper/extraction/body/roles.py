"""What each block of the text is: told by its mark in `blocks`, and here by its words and by where it stands."""

import re
from itertools import islice, pairwise

from ewbscraper.extraction.body.edges import LABEL, SHORT, judge_edges
from ewbscraper.extraction.body.repeats import judge_repeats
from ewbscraper.extraction.body.stories import judge_stories
from ewbscraper.extraction.fields.captions import split_credit
from ewbscraper.extraction.fields.credits import judge_credits
from ewbscraper.extraction.fields.headline import says
from ewbscraper.extraction.fields.people import is_byline
from ewbscraper.extraction.structure.blocks import EMBEDS, Block
from ewbscraper.extraction.structure.boxes import MOST_LINKS, judge_boxes
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import after, phrases, plain, roles_begun

SHORTEST_TITLE = 25
"""Characters of a headline, that a name does not have."""
TAIL = 4
"""How many of the last paragraphs may be about the author."""
NEAR = 50
"""Elements among which a picture is near."""

_LEFT_OUT = frozenset(("related", "gallery", "newsletter", "ad", "furniture"))

_BEGINNINGS = frozenset(("read_also", "newsletter", "consent"))

_ATTRIBUTION = re.compile(r"[—–-]\s?.{0,120}@\w|pic\.twitter\.com", re.DOTALL)
_TIME_STAMP = re.compile(r"[\d.,:/\s-]{6,40}|\d{1,2}:\d\d(?:\s?[ap]m)?", re.IGNORECASE)
_RULES = re.compile(r"[\W_]+")


def judge(blocks: list[Block], view: View, headline: str | None) -> None:
    """Gives every block of the text that is not text its role and the reason for it."""
    for block in view.head:
        if block.role is None and block.text:
            said = ("caption", "a line with a credit") if is_caption(block) else _by_phrase(block, at_end=False)
            block.role, block.why = said or (None, "")
    judge_stories(blocks, view)
    judge_credits(view.head)
    judge_credits(blocks)
    texts = [block for block in blocks if block.role is None]
    for index, block in enumerate(texts):
        block.role, block.why = _role(block, index, len(texts), view, headline)
    _links_below_headings(texts)
    judge_boxes(blocks, view.containers, view.page.url)
    _headings_of_nothing(blocks)
    judge_repeats(texts)
    judge_edges(texts, view)


def _role(block: Block, index: int, count: int, view: View, headline: str | None) -> tuple[str | None, str]:
    if index < 3 and headline and says(block.text, headline):
        return "headline", "same words"
    if not block.text or _RULES.fullmatch(block.text):
        return "ornament", "no words"
    if block.kind == "table":
        return None, ""
    if _is_attribution(block):
        return "byline", "source of an embedded post"
    if _may_be_caption(block, index) and is_caption(block):
        return "caption", "a line with a credit"
    return _by_words(block, index, count, view) or (None, "")


def _by_words(block: Block, index: int, count: int, view: View) -> tuple[str, str] | None:
    text, at_end = block.text, count - index <= TAIL
    words = plain(text) if len(text) <= LABEL else ""
    if words in phrases("advertisement"):
        return "ad", "label"
    if words in phrases("share") and block.kind != "item":
        return "share", "label"
    if said := _by_phrase(block, at_end):
        return said
    if at_end and index > 0 and _has_author_note(text.casefold()):
        return "bio", "about the author"
    if block.kind == "paragraph" and block.linked >= 0.95 * len(text) > 0:
        return "related", "nothing but a link"
    if (
        block.linked
        and block.kind in ("paragraph", "quote")
        and _is_labelled_link(block)
        and _leads_to_articles(block, view)
    ):
        return "related", "a label and a link"
    if block.linked and block.kind == "paragraph" and _is_line_of_links(block):
        return "related", "a line of links"
    if index < 3 and block.kind == "paragraph" and not text.endswith(":") and is_byline(text, view.language):
        return "byline", "By and names"
    if index < 3 and block.kind != "heading" and _TIME_STAMP.fullmatch(text):
        return "time", "figures only"
    return None


def _has_author_note(text: str) -> bool:
    return any(map(text.__contains__, phrases("author_note")))


def _by_phrase(block: Block, at_end: bool) -> tuple[str, str] | None:
    """By the words it begins with: a pointer to another article, a request, an apology for a film not shown."""
    text = block.text
    if roles_begun(text).isdisjoint(_BEGINNINGS):
        return None
    if (rest := after("read_also", text)) is not None and _points_elsewhere(block, rest):
        return "related", "read-also line"
    if len(text) <= SHORT and (block.linked or at_end) and after("newsletter", text) is not None:
        return "newsletter", "asks the reader"
    if len(text) <= 2 * SHORT and after("consent", text) is not None:
        return "notice", "asks for consent"
    return None


def _is_line_of_links(block: Block) -> bool:
    """`Headline [VIDEO] | Headline [PHOTO]`: links as long as headlines, little between them; names are shorter."""
    if block.linked < 0.8 * len(block.text) or len(block.text) > 2 * SHORT or block.text.endswith("."):
        return False
    links = [*islice(block.element.iter("a"), MOST_LINKS)]
    return len(links) > 1 and block.linked >= SHORTEST_TITLE * len(links)


def _is_labelled_link(block: Block) -> bool:
    """`Word or two: link`, in whatever language."""
    label, colon, rest = block.text.partition(":")
    return bool(colon) and len(label) <= LABEL / 2 and len(block.text) <= SHORT and block.linked >= 0.9 * len(rest) > 0


def _leads_to_articles(block: Block, view: View) -> bool:
    """Whether all its links lead to other articles of the site: a source or a person's page is elsewhere."""
    return all(view.article_address(link.get("href") or "") for link in islice(block.element.iter("a"), MOST_LINKS))


def _points_elsewhere(block: Block, rest: str) -> bool:
    """Whether a read-also line is one: mostly a link, or a label with a colon, or the label alone."""
    label = block.text[: len(block.text) - len(rest)].rstrip()
    return block.linked >= 0.4 * len(rest) or (len(block.text) <= SHORT and (label.endswith(":") or not rest))


def is_caption(block: Block) -> bool:
    """Whether a line of text is a caption without its mark: `Who with whom; Photo: credit`."""
    if block.kind != "paragraph" or len(block.text) > SHORT:
        return False
    split = split_credit(block.text)
    return split is not None and bool(split[1])


def _may_be_caption(block: Block, index: int) -> bool:
    """Whether a block stands where captions without a mark do: first, outside of paragraphs, beside a picture."""
    return len(block.text) <= SHORT and (index == 0 or block.element.tag != "p" or _is_beside_picture(block))


def _is_beside_picture(block: Block) -> bool:
    """Whether a picture stands in the block's element or just before it."""
    before = block.element.getprevious()
    near = [block.element] if before is None else [block.element, before]
    pictured = [element for element in near if next(element.iter("img"), None) is not None]
    return any(e.tag == "img" for element in pictured for e in islice(element.iter("*"), NEAR))


def _is_attribution(block: Block) -> bool:
    """`— Name (@name) date` under an embedded post: who posted it, not what was said."""
    if not _ATTRIBUTION.match(block.text):
        return False
    around = (block.element, *block.element.iterancestors("blockquote"))
    return any(EMBEDS.search(element.get("class", "")) for element in around)


def _links_below_headings(texts: list[Block]) -> None:
    """A heading of related posts takes the links below it; a run of links alone is a list of other articles."""
    below = False
    for block in texts:
        if (
            block.role is None
            and block.kind in ("heading", "paragraph")
            and len(block.text) <= LABEL
            and plain(block.text) in phrases("related_heading")
        ):
            block.role, block.why, below = "related", "heading", True
        elif below and block.role is None and block.linked >= 0.7 * len(block.text):
            block.role, block.why = "related", "link below such a heading"
        elif block.role is None:
            below = False


def _headings_of_nothing(blocks: list[Block]) -> None:
    """`Most read in football` and nothing left below it."""
    for block, following in pairwise(blocks):
        emptied = block.role is None and block.kind == "heading" and following.role in _LEFT_OUT
        if emptied and after("related_heading", block.text) is not None:
            block.role, block.why = "related", "heading of a box left out"
