"""The pictures' captions: of the lead picture, of those in the text, of galleries."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain, islice, takewhile

from ewbscraper.address import split
from ewbscraper.article import Caption, Role
from ewbscraper.extraction.body.placing import Placing
from ewbscraper.extraction.body.text import Body
from ewbscraper.extraction.pictures.figures import caption_of, captions_of
from ewbscraper.extraction.pictures.images import is_icon, is_image_file
from ewbscraper.extraction.structure.blocks import Block, text_of
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import mark_of
from ewbscraper.page import Element

MOST = 200

HIGHEST = 5
"""Elements above a picture in which a line about it may stand."""

_ELSEWHERE = frozenset(("related", "comment", "furniture", "newsletter", "bio"))
_PICTURE = re.compile(r"(?:image|img|photo|foto|picture|media|bild|figure)", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,5}x\d{1,5}|(?<=/)\d{3,4}(?=/)|\d{3,4}@\d+|(?<=w_)\d+|(?<=[-_])\d{2,4}w|\.\w+$")
"""What differs between the addresses of a picture's sizes."""


def captions(view: View, body: Body) -> tuple[tuple[Caption, ...], str]:
    """1. The outlet's function or elements. 2. The figures of head and text."""
    placing = Placing(view, body)
    form = view.outlet.captions if view.outlet else None
    if form:
        found = view.page.select(form)
        given = [item for item in found if isinstance(item, Caption)]
        elements = [element for element in found if not isinstance(element, str | Caption)]
        read = given or [c for e in elements for c in _of_element(view, placing, e, _place(view, e))]
        if read:
            return tuple(_unique(read)), "outlet"
    return tuple(_unique(islice(_by_shape(view, placing), MOST))), "shape"


def _by_shape(view: View, placing: Placing) -> Iterator[Caption]:
    """Before the first paragraph a picture is the lead one; after it one of the text."""
    yield from _beside_headline(view)
    in_text = False
    for number, block in enumerate(view.blocks):
        in_text = in_text or (block.role is None and bool(block.text))
        if block.role in ("caption", "gallery"):
            found = _of_block(view, block, "inline" if in_text else "lead")
            yield from _placed(found, placing.of_block(number))
    for box in _boxes(view):
        yield from _of_element(view, placing, box, "inline")


def _of_element(view: View, placing: Placing, element: Element, role: Role) -> Iterator[Caption]:
    found = list(captions_of(view, element, role))
    return _placed(found, placing.of_element(element) if found and role != "lead" else None)


def _placed(captions: Iterable[Caption], after: int | None) -> Iterator[Caption]:
    return (caption if caption.role == "lead" else replace(caption, after=after) for caption in captions)


def _boxes(view: View) -> Iterator[Element]:
    """What holds one picture of the text and a line about it, be it marked as a caption or not."""
    known = {block.element for block in (*view.head, *view.blocks) if block.role in ("caption", "gallery")}
    told = cache(lambda element: " " in text_of(element))
    boxes = (_box(image, told) for image in islice(view.surroundings.iter("img"), MOST) if not is_icon(image))
    for box in dict.fromkeys(box for box in boxes if box is not None):
        if known.isdisjoint(chain(box.iterancestors(), box.iter())) and not _is_outside(view, box):
            yield box


def _box(image: Element, told: Callable[[Element], bool]) -> Element | None:
    """The figure around a picture, or what is marked as a picture and has a text (`told`)."""
    for above in islice(image.iterancestors(), HIGHEST):
        if above.tag == "figure" or (_is_pictured(above.get("class") or "") and told(above)):
            return above
        if above.tag in ("p", "article", "main", "body", "section", "li"):
            return None
    return None


@lru_cache(maxsize=10_000)
def _is_pictured(classes: str) -> bool:
    return _PICTURE.search(classes) is not None


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
        before = [e for e in _before(view) if not view.is_elsewhere(e) and not _is_teaser(e)]
        for picture in before[-1:]:
            yield from captions_of(view, picture, "lead")


def _before(view: View) -> list[Element]:
    """Figures with a line, and lines without a figure, that stand before the text."""
    text = view.containers[0]
    around = {text, *text.iterancestors()}
    before = takewhile(lambda one: one is not text, view.page.tree.iter("figure", "figcaption", text.tag))
    return [element for element in before if element not in around and _has_line(element)]


def _has_line(element: Element) -> bool:
    if element.tag == "figure":
        return next(element.iter("figcaption"), None) is not None
    return element.tag == "figcaption" and next(element.iterancestors("figure"), None) is None


def _of_block(view: View, block: Block, role: Role) -> Iterator[Caption]:
    """The captions of a picture's block, or the one that a line of plain text is."""
    if block.kind == "paragraph":
        return caption_of(view, block.element, block.text, None, role)
    return captions_of(view, block.element, role)


def _is_teaser(picture: Element) -> bool:
    """Whether a picture leads to another article."""
    links = [*picture.iterancestors("a"), *picture.iter("a")]
    return any(not is_image_file(link.get("href")) for link in links if link.get("href"))


def _place(view: View, element: Element) -> Role:
    blocks: list[Block] = view.blocks
    for block in blocks:
        if block.element is element:
            return "inline"
        if block.role is None and block.text:
            break
    return "inline" if any(block.element is element for block in blocks) else "lead"


def _unique(captions: list[Caption] | Iterator[Caption]) -> Iterator[Caption]:
    """Each picture once, in whatever sizes it is there; a credit that stands alone goes to its picture's caption."""
    found: dict[tuple[str, str], Caption] = {}
    for caption in captions:
        name = _name(caption.image_url)
        if caption.caption and (bare := found.pop((name, ""), None)):
            caption = replace(caption, credit=caption.credit or bare.credit, role=bare.role, after=bare.after)
        told = [key for key in found if key[0] == name and key[1]] if caption.image_url else []
        if not caption.caption and told:
            found[told[-1]] = replace(found[told[-1]], credit=found[told[-1]].credit or caption.credit)
        else:
            found.setdefault((name, caption.caption), caption)
    yield from found.values()


def _name(url: str | None) -> str:
    """A picture's address without its size: pictures with the same words and this in common are one."""
    return _SIZE.sub("", split(url).path) if url else ""
