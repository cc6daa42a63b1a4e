"""A figure read: which of its elements is the line about the picture, and which part of that line is the credit."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, takewhile

from ewbscraper.article import Caption, Role
from ewbscraper.extraction.fields.captions import balanced, split_credit, without_label
from ewbscraper.extraction.pictures.images import LONGEST_CAPTION, address_of, image_of, is_image_file
from ewbscraper.extraction.structure.blocks import text_of
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import mark_of
from ewbscraper.page import Element, compiled
from ewbscraper.places import find_place

LONGEST_CREDIT = 150
"""Characters."""
CREDIT_WORDS = 8
"""Words of a line that is nothing but a credit because its element says so."""
LONGEST_LABEL = 60
"""Characters in a figure beside its line."""
MOST_SLIDES = 200
MOST_LEVELS = 4
"""Figures in figures that are looked into: a gallery's group has two; a page of nothing else had no end."""

_CREDIT = re.compile(r"(?:^|[^a-z])(?:credits?|copyright)(?![a-z])", re.IGNORECASE)
_GOES_ON = re.compile(r"\s?[/,|;–-]\s?.{1,60}|[)\].]")
_COUNTER = re.compile(r"^(?:[^\W\d]\w+ )?\d{1,3}\s?(?:/|of|von|od|de|di|sur|из|од) ?\d{1,3}(?=\s)\s*")
"""Which picture of a gallery it is: `Image 1 of 13`."""
_EDGES = " ;,|–-/([·©"
_OF_VIDEO = re.compile(r"(?:^|\s)\d{1,2}:\d\d(?:\s?min\.?)?$")
"""A film's length at the end of its title."""
_OWN_LINES = ("figure", "figcaption", "dl")
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
_unseen = compiled(
    ".//*[contains(@class, 'sr-only') or contains(@class, 'screen-reader') or contains(@class, 'off-screen')"
    " or contains(@class, 'offscreen') or contains(@class, 'visually')][string-length() < 30]"
)
"""Labels for those who hear the page: `Image caption`."""
_titled_links = compiled(".//a[@href][@title][.//img]")
_figures = compiled(
    ".//figure | .//*[contains(@class, 'wp-caption')][not(self::figcaption)][.//img] | .//dl[.//dd][.//img]"
    " | .//*[contains(@class, 'caption') or contains(@class, 'Caption')][not(ancestor::figure)][not(self::figcaption)]"
)


def captions_of(view: View, element: Element, role: Role, levels: int = MOST_LEVELS) -> Iterator[Caption]:
    """The captions of a figure, or of each figure in a gallery."""
    inner = _inner(element) if levels and element.tag != "figcaption" else []
    slides = _slides(element) if levels and not inner and mark_of(element) == "gallery" else []
    shown = [caption for slide in slides for caption in captions_of(view, slide, role, levels - 1) if caption.credit]
    if role != "lead" and (len(inner) > 1 or mark_of(element) == "gallery"):
        role = "gallery"
    titled = [link for link in _titled_links(element) if is_image_file(link.get("href"))]
    if titled and (len(titled) > 1 or role == "gallery"):
        for link in titled:
            yield from caption_of(view, link, link.get("title") or "", None, "gallery")
    elif shown:
        yield from shown
    elif len(inner) > 1 or (inner and _line(element) is None):
        for figure in inner:
            yield from captions_of(view, figure, role, levels - 1)
    else:
        line = _line(element)
        if line is not None and not _leads_elsewhere(element, line):
            yield from caption_of(view, element, _plain(line), line, role)


def _inner(element: Element) -> list[Element]:
    """The figures in an element that are in no other one of them."""
    found = dict.fromkeys(e for e in _figures(element) if e is not element)
    return [e for e in found if not any(above in found for above in e.iterancestors())]


def caption_of(view: View, figure: Element, text: str, line: Element | None, role: Role) -> Iterator[Caption]:
    """The caption that a text is, taken apart by the elements of its line, else by its words."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_CAPTION or (figure.tag != "figure" and _OF_VIDEO.search(text)):
        return
    caption, credit = (_by_element(line, text) if line is not None else None) or split_credit(text) or (text, None)
    if caption and credit and is_only_credit(caption):
        caption, credit = "", f"{_credit(caption)}, {credit}"
    if credit and _OF_VIDEO.search(credit):
        credit = None
    image = image_of(figure)
    if image is None and figure.tag not in _OWN_LINES and not (figure.tag == "p" and credit):
        return
    yield Caption(
        caption=caption or "",
        credit=credit,
        image_url=address_of(view, figure, image),
        alt=(image.get("alt") or "").strip() or None if image is not None else None,
        role=role,
    )


def is_only_credit(text: str) -> bool:
    """Whether a text is a credit and nothing else: `Foto: A. B.`, `(A. B.)`, `Ana Kos (Reuters)`."""
    caption, credit = split_credit(text) or (text, None)
    named = caption is not None and len(caption.split()) <= 3 and caption.istitle()
    return bool(credit and (not caption or named)) or (
        text[:1] == "(" and text[-1:] == ")" and not find_place(text[1:-1])
    )


def _slides(gallery: Element) -> list[Element]:
    """What holds each of several pictures of a gallery and no other, with its line."""
    images = list(islice(gallery.iter("img"), MOST_SLIDES))
    around = [[*takewhile(lambda above: above is not gallery, image.iterancestors())] for image in images]
    held = Counter(above for holders in around for above in holders)
    alone = [[above for above in holders if held[above] == 1] for holders in around]
    slides = [holders[-1] for holders in alone if holders] if len(images) > 1 else []
    return [slide for slide in slides if not any(_leads_away(link.get("href")) for link in slide.iter("a"))]


def _leads_away(href: str | None) -> bool:
    return bool(href) and not str(href).startswith("#") and not is_image_file(href)


def _leads_elsewhere(figure: Element, line: Element) -> bool:
    """Whether picture and line lead to the same other page, or have a headline: a teaser for it."""
    if line.tag != "figcaption" and _has(figure, "h2", "h3", "h4"):
        return True
    over = [link.get("href") for link in line.iterancestors("a")]
    nearest = image_of(figure) if over else None
    return any(
        link in over or any(inner.get("href") == link for inner in line.iter("a"))
        for image in (*figure.iter("img"), *([] if nearest is None else [nearest]))
        for link in (a.get("href") for a in image.iterancestors("a"))
        if link and not is_image_file(link)
    )


def _line(figure: Element) -> Element | None:
    """The element with the caption's text."""
    if figure.tag == "figcaption":
        return (
            None if any(_is_quote(e) for e in (figure.getparent(), figure.getprevious()) if e is not None) else figure
        )
    if figure.tag == "dl":
        return figure.find(".//dd")
    if _is_quote(figure):
        return None
    if figure.tag != "figure" and not _has(figure, "img") and _is_caption(figure):
        return figure
    lines = [line for line in _lines(figure) if text_of(line)]
    if not lines and _has(figure, "img") and 0 < len(text_of(figure)) <= LONGEST_CAPTION:
        return figure
    if not lines and figure.tag != "figure" and _is_caption(figure):
        return figure
    return next((line for line in lines if line.tag == "figcaption"), next(iter(lines), None))


def _is_caption(element: Element) -> bool:
    return mark_of(element) == "caption"


def _is_quote(figure: Element) -> bool:
    """A figure for a quote, a table or anything else but a picture; its line is the source of that.

    One without a picture has one that a script draws, unless it has a text of its own.
    """
    if figure.tag != "figure":
        return False
    if _has(figure, "blockquote", "table"):
        return True
    if _has(figure, *_SEEN):
        return False
    line = figure.find(".//figcaption")
    own = len(text_of(figure)) - (len(text_of(line)) if line is not None else 0)
    return own > LONGEST_LABEL or _has(figure, "svg")


def _has(element: Element, *tags: str) -> bool:
    return next(element.iter(*tags), None) is not None


def _by_element(line: Element, text: str) -> tuple[str, str] | None:
    """A credit in an element of its own, at the end of the line or before it: marked as one, or read as one."""
    if _CREDIT.search(line.get("class") or "") and len(text.split()) <= CREDIT_WORDS:
        return "", _credit(text) or text
    if not len(line):
        return None
    marked = [element for element in _credits(line) if text_of(element)]
    last = next(iter(_parts(line)[::-1]), line)
    ends = [*takewhile(lambda element: element is not line, (last, *last.iterancestors()))]
    for element in [*marked, *ends[::-1]]:
        said = _plain(element)
        if said == text and element in marked and _says_credit(element) and len(said.split()) <= CREDIT_WORDS:
            return "", _credit(said) or said
        if said in ("", text) or len(said) > LONGEST_CREDIT or not (element in marked or is_only_credit(said)):
            continue
        before, _, behind = text.rpartition(said)
        if before and (not behind or (element in marked and _GOES_ON.fullmatch(behind))):
            return without_label(before.rstrip(_EDGES)), (_credit(said) or said) + behind.rstrip(" )]")
        if text.startswith(said) and element in marked:
            return text.removeprefix(said).lstrip(" ;,|–-/)]·:"), _credit(said) or said
    return None


def _says_credit(element: Element) -> bool:
    return element.tag == "cite" or _CREDIT.search(element.get("class") or "") is not None


def _credit(text: str) -> str | None:
    """A credit without its label and brackets."""
    text = text.lstrip("© ")
    split = split_credit(text)
    credit = (split[1] if split and split[1] and not split[0] else text).strip()
    whole = credit[1:-1] if credit[:1] + credit[-1:] in ("()", "[]") else credit
    return balanced(whole).strip() or None


def _plain(element: Element) -> str:
    """The text of an element, that of icons and buttons left out, its parts kept apart."""
    text = ""
    for part in _texts(element):
        text += f" {part}" if text[-1:].strip() and part[0].isalnum() and text[-1] not in "(/“„«‘’-" else part
    text = " ".join(text.split())
    for label in _unseen(element) if len(element) else ():
        text = text.replace(text_of(label), "", 1).strip()
    return _COUNTER.sub("", text)
