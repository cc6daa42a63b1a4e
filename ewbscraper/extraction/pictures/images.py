"""The picture that a caption belongs to, and the address of its largest size."""

import re
from collections.abc import Iterator
from itertools import islice

from ewbscraper.address import join, split
from ewbscraper.extraction.structure.blocks import text_of
from ewbscraper.extraction.structure.view import View
from ewbscraper.page import Element

LONGEST_CAPTION = 1_000
"""Characters; what holds more text is no picture with its line."""
MOST_ELEMENTS = 2_000
"""What holds more is none either: its text is not even read, as each of many captions would read it again."""

_ICON = re.compile(r"(?<![a-z])icons?(?![a-z])|Icon(?![a-z])")
_DRAWN = re.compile(r"(?<![a-z])(?:image|img|picture)(?![a-z])")
SETS = ("srcset", "data-srcset", "data-lazy-srcset")
SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
_BETWEEN_SIZES = re.compile(r",\s+|(?<=\d[wx]),|\n")
_SIZE = re.compile(r"(?=\.?[0-9])[0-9]{0,9}\.?[0-9]{0,9}.")
_IMAGE_FILE = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


def image_of(figure: Element) -> Element | None:
    """The picture in the figure, or the nearest one around its caption; it may be drawn by script (`<amp-img>`)."""
    for near in (figure, *islice(figure.iterancestors(), 4)):
        if next(islice(near.iter(), MOST_ELEMENTS, None), None) is not None or len(text_of(near)) > LONGEST_CAPTION:
            break
        if (image := next(_images(near), None)) is not None:
            return image
    return None


def _images(near: Element) -> Iterator[Element]:
    yield from (image for image in near.iter("img") if not is_icon(image))
    yield from (element for element in near.iter("*") if "-" in element.tag and _DRAWN.search(element.tag))


def address_of(view: View, figure: Element, image: Element | None) -> str | None:
    """The largest size that the page names: a link to the file, the widest of the set, the source."""
    links = [figure, *(image.iterancestors("a") if image is not None else ())]
    linked = next((e.get("href") for e in links if e.tag == "a" and is_image_file(e.get("href"))), None)
    sets = [image.get(key) for key in SETS] if image is not None else []
    if image is not None and image.getparent().tag == "picture":
        sets += [source.get("srcset") or source.get("data-srcset") for source in image.getparent().iter("source")]
    widest = sorted((size for entry in sets if entry for size in sizes(entry)), key=lambda size: -size[0])
    plain = [image.get(key) for key in SOURCES] if image is not None else []
    named = [linked, *(url for _, url in widest[:1]), *plain]
    found = (join(view.page.url, url) for url in named if url)
    return next((url for url in found if split(url).scheme in ("http", "https")), None)


def sizes(srcset: str) -> Iterator[tuple[float, str]]:
    """Width (or density) and address of each size."""
    for part in _BETWEEN_SIZES.split(srcset):
        url, _, size = part.strip().rstrip(",").rpartition(" ")
        if url and _SIZE.fullmatch(size):
            yield float(size[:-1]), url.strip()


def is_icon(image: Element) -> bool:
    """Whether an image is a sign of the page (an envelope, a button), not a picture that is yet to be loaded."""
    if _ICON.search(image.get("class") or ""):
        return True
    drawn = (image.get("src") or "").partition("?")[0].endswith(".svg")
    return drawn and not any(image.get(key) for key in (*SETS, *SOURCES[:-1]))


def is_image_file(href: str | None) -> bool:
    """Whether a link leads to a picture itself."""
    return bool(href) and str(href).split("?")[0].lower().endswith(_IMAGE_FILE)
