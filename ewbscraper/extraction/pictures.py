"""The pictures' captions: of the lead picture, of those in the text, of galleries."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice, takewhile

from ewbscraper.article import Caption, Role
from ewbscraper.extraction.blocks import Block, text_of
from ewbscraper.extraction.captions import split_credit
from ewbscraper.extraction.images import LONGEST_CAPTION, address_of, image_of, is_image_file
from ewbscraper.extraction.view import View
from ewbscraper.extraction.words import mark_of
from ewbscraper.page import Element, compiled
from ewbscraper.places import find_place

MOST = 200
LONGEST_CREDIT = 150
"""Characters."""

HIGHEST = 5
"""Elements above a picture in which a line about it may stand."""

_ELSEWHERE = frozenset(("related", "comment", "furniture", "newsletter", "bio"))
_PICTURE = re.compile(r"(?:image|img|photo|foto|picture|media|bild|figure)", re.IGNORECASE)
_CREDIT = re.compile(r"(?:^|[^a-z])(?:credits?|copyright)(?![a-z])", re.IGNORECASE)
_GOES_ON = re.compile(r"\s?[/,|;–-]\s?.{1,60}|[)\].]")
_OWN_LINES = ("figure", "figcaption", "p", "dl")
"""Tags of what is a caption even where no picture is near."""
_SEEN = ("img", "picture", "video", "iframe", "noscript", "object", "embed", "canvas", "amp-img")
_lines = compiled(
    ".//figcaption | .//*[contains(@class, 'caption') or contains(@class, 'Caption') or contains(@class, 'legend')]"
)
_credits = compiled(
    ".//*[contains(@class, 'redit') or contains(@class, 'opyright') or contains(@class, 'ource')"
    " or contains(@class, 'ights') or contains(@class, 'uthor') or contains(@class, 'hotographer')"
    " or @itemprop='copyrightHolder' or @itemprop='author' or self::small or self::cite]"
)
_parts = compiled(".//text()[normalize-space()][not(ancestor::svg or ancestor::script or ancestor::style)]/..")
_texts = compiled(".//text()[not(ancestor::svg or ancestor::script or ancestor::style or ancestor::button)]")
_titled_links = compiled(".//a[@href][@title][.//img]")
_figures = compiled(
    ".//figure | .//*[contains(@class, 'wp-caption')][not(self::figcaption)][.//img] | .//dl[.//dd][.//img]"
    " | .//*[contains(@class, 'caption') or contains(@class, 'Caption')][not(ancestor::figure)][not(self::figcaption)]"
)


def captions(view: View) -> tuple[tuple[Caption, ...], str]:
    """1. The outlet's function or elements. 2. The figures of head and text."""
    form = view.outlet.captions if view.outlet else None
    if form:
        found = view.page.select(form)
        given = [item for item in found if isinstance(item, Caption)]
        read = given or [c for e in found if not isinstance(e, str) for c in _read(view, e, _place(view, e))]
        if read:
            return tuple(_unique(read)), "outlet"
    return tuple(_unique(islice(_by_shape(view), MOST))), "shape"


def _by_shape(view: View) -> Iterator[Caption]:
    """Before the first paragraph a picture is the lead one; after it one of the text."""
    yield from _beside_headline(view)
    in_text = False
    for block in view.blocks:
        in_text = in_text or (block.role is None and bool(block.text))
        if block.role in ("caption", "gallery"):
            yield from _of_block(view, block, "inline" if in_text else "lead")
    for box in _boxes(view):
        yield from _read(view, box, "inline")


def _boxes(view: View) -> Iterator[Element]:
    """What holds one picture of the text and a line about it, be it marked as a caption or not."""
    known = {block.element for block in (*view.head, *view.blocks) if block.role in ("caption", "gallery")}
    told = cache(lambda element: " " in text_of(element))
    boxes = (_box(image, told) for image in islice(view.surroundings.iter("img"), MOST))
    for box in dict.fromkeys(box for box in boxes if box is not None):
        if not known & {box, *box.iterancestors(), *box.iter()} and not _is_outside(view, box):
            yield box


def _box(image: Element, told: Callable[[Element], bool]) -> Element | None:
    """The figure around a picture, or what is marked as a picture and has a text (`told`)."""
    for above in islice(image.iterancestors(), HIGHEST):
        if above.tag == "figure" or (_PICTURE.search(above.get("class") or "") and told(above)):
            return above
        if above.tag in ("p", "article", "main", "body", "section", "li"):
            return None
    return None


def _is_outside(view: View, box: Element) -> bool:
    """Whether a picture belongs to something else than the text: a list of posts, a comment, a margin."""
    text = view.containers[0]
    for above in takewhile(lambda one: one not in (text, view.surroundings), box.iterancestors()):
        if above.tag in ("nav", "aside", "footer", "article") or mark_of(above) in _ELSEWHERE:
            return True
    return False


def _beside_headline(view: View) -> Iterator[Caption]:
    """Pictures around the headline: those of the head, and where there is none, those before it."""
    in_head = [block for block in view.head if block.role in ("caption", "gallery")]
    for block in in_head:
        yield from _of_block(view, block, "lead")
    if not in_head and view.headline_element is not None:
        before = [e for e in _before(view) if not view.is_elsewhere(e) and not _is_teaser(view, e)]
        for picture in before[-1:]:
            yield from _read(view, picture, "lead")


def _before(view: View) -> list[Element]:
    """Figures with a line, and lines without a figure, that stand before the text."""
    text = view.containers[0]
    around = set(text.iterancestors())
    found = takewhile(lambda one: one is not text, view.page.tree.iter("figure", "figcaption", text.tag))
    return [element for element in found if element not in around and _has_line(element)]


def _has_line(element: Element) -> bool:
    if element.tag == "figure":
        return element.find(".//figcaption") is not None
    return element.tag == "figcaption" and next(element.iterancestors("figure"), None) is None


def _of_block(view: View, block: Block, role: Role) -> Iterator[Caption]:
    """The captions of a picture's block, or the one that a line of plain text is."""
    if block.kind == "paragraph":
        return _caption(view, block.element, block.text, None, role)
    return _read(view, block.element, role)


def _is_teaser(view: View, picture: Element) -> bool:
    """Whether a picture leads to another article."""
    links = [*picture.iterancestors("a"), *picture.iter("a")]
    return any(not is_image_file(link.get("href")) for link in links if link.get("href"))


def _leads_elsewhere(figure: Element, line: Element) -> bool:
    """Whether picture and line lead to the same other page, or have a headline: a teaser for it."""
    if line.tag != "figcaption" and any(True for _ in figure.iter("h2", "h3")):
        return True
    over = [link.get("href") for link in line.iterancestors("a")]
    return any(
        link in over or any(inner.get("href") == link for inner in line.iter("a"))
        for image in figure.iter("img")
        for link in (a.get("href") for a in image.iterancestors("a"))
        if link and not is_image_file(link)
    )


def _place(view: View, element: Element) -> Role:
    blocks: list[Block] = view.blocks
    for block in blocks:
        if block.element is element:
            return "inline"
        if block.role is None and block.text:
            break
    return "inline" if any(block.element is element for block in blocks) else "lead"


def _read(view: View, element: Element, role: Role) -> Iterator[Caption]:
    """The captions of a figure, or of each figure in a gallery."""
    inner = [e for e in _figures(element) if e is not element] if element.tag != "figcaption" else []
    inner = [e for e in inner if not any(above in inner for above in e.iterancestors())]
    if role != "lead" and (len(inner) > 1 or mark_of(element) == "gallery"):
        role = "gallery"
    titled = [link for link in _titled_links(element) if is_image_file(link.get("href"))]
    if titled and (len(titled) > 1 or role == "gallery"):
        for link in titled:
            yield from _caption(view, link, link.get("title"), None, "gallery")
    elif len(inner) > 1 or (inner and _line(element) is None):
        for figure in inner:
            yield from _read(view, figure, role)
    else:
        line = _line(element)
        if line is not None and not _leads_elsewhere(element, line):
            yield from _caption(view, element, _plain(line), line, role)


def _line(figure: Element) -> Element | None:
    """The element with the caption's text."""
    if figure.tag == "figcaption":
        around = figure.getparent()
        return None if _is_quote(around) or any(True for _ in around.iter("table")) else figure
    if figure.tag == "dl":
        return figure.find(".//dd")
    if _is_quote(figure):
        return None
    if figure.tag != "figure" and figure.find(".//img") is None and _is_caption(figure):
        return figure
    lines = [line for line in _lines(figure) if text_of(line)]
    if not lines and figure.find(".//img") is not None and 0 < len(text_of(figure)) <= LONGEST_CAPTION:
        return figure
    if not lines and figure.tag != "figure" and _is_caption(figure):
        return figure
    return next((line for line in lines if line.tag == "figcaption"), next(iter(lines), None))


def _is_caption(element: Element) -> bool:
    return mark_of(element) == "caption"


def _is_quote(figure: Element) -> bool:
    """A figure for a quote, a table or anything else but a picture; its line is the source of that."""
    quoted = any(True for _ in figure.iter("blockquote", "table"))
    return figure.tag == "figure" and (quoted or not any(True for _ in figure.iter(*_SEEN)))


def _caption(view: View, figure: Element, text: str, line: Element | None, role: Role) -> Iterator[Caption]:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_CAPTION:
        return
    caption, credit = (_by_element(line, text) if line is not None else None) or split_credit(text) or (text, None)
    if caption and credit and _is_only_credit(caption):
        caption, credit = "", f"{_credit(caption)}, {credit}"
    image = image_of(figure)
    if (
        image is None
        and (line is None or line.tag != "figcaption")
        and figure.tag not in ("figure", "figcaption", "p", "dl")
    ):
        return
    yield Caption(
        caption=caption or "",
        credit=credit,
        image_url=address_of(view, figure, image),
        alt=(image.get("alt") or "").strip() or None if image is not None else None,
        role=role,
    )


def _by_element(line: Element, text: str) -> tuple[str, str] | None:
    """A credit in an element of its own, at the end of the line or before it: marked as one, or read as one."""
    if _CREDIT.search(line.get("class") or ""):
        return "", _credit(text) or text
    marked = [element for element in _credits(line) if text_of(element)]
    last = next(iter(_parts(line)[::-1]), line)
    ends = [e for e in (last, *last.iterancestors()) if line in e.iterancestors()]
    for element in [*marked, *ends[::-1]]:
        said = _plain(element)
        if said == text or len(said) > LONGEST_CREDIT or not (element in marked or _is_only_credit(said)):
            continue
        before, _, behind = text.rpartition(said)
        if before and (not behind or (element in marked and _GOES_ON.fullmatch(behind))):
            return before.rstrip(" ;,|–-/([·"), (_credit(said) or said) + behind.rstrip(" )]")
        if text.startswith(said) and element in marked:
            return text.removeprefix(said).lstrip(" ;,|–-/)]·:"), _credit(said) or said
    return None


def _is_only_credit(text: str) -> bool:
    """Whether a text is a credit and nothing else: `Foto: A. B.`, `(A. B.)`, `Ana Kos (Reuters)`."""
    caption, credit = split_credit(text) or (text, None)
    named = caption is not None and len(caption.split()) <= 3 and caption.istitle()
    return bool(credit and (not caption or named)) or (
        text[:1] == "(" and text[-1:] == ")" and not find_place(text[1:-1])
    )


def _credit(text: str) -> str | None:
    """A credit without its label and brackets."""
    split = split_credit(text)
    return (split[1] if split and split[1] and not split[0] else text).strip(" ()[]") or None


def _plain(element: Element) -> str:
    """The text of an element, that of icons and buttons left out, its parts kept apart."""
    text = ""
    for part in _texts(element):
        text += f" {part}" if text[-1:].strip() and part[0].isalnum() and text[-1] not in "(/“„«‘’-" else part
    return " ".join(text.split())


def _unique(captions: list[Caption] | Iterator[Caption]) -> Iterator[Caption]:
    """Each picture once; a credit that stands alone goes to the caption of its picture."""
    found: dict[tuple[str | None, str], Caption] = {}
    for caption in captions:
        if caption.caption and (bare := found.pop((caption.image_url, ""), None)):
            caption = replace(caption, credit=caption.credit or bare.credit, role=bare.role)
        told = [key for key in found if key[0] == caption.image_url is not None and key[1]]
        if not caption.caption and told:
            found[told[-1]] = replace(found[told[-1]], credit=found[told[-1]].credit or caption.credit)
        else:
            found.setdefault((caption.image_url, caption.caption), caption)
    yield from found.values()
