"""What a page needs to look like itself: addresses of its pictures, styles and icons, and of what styles name."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urldefrag

from ewbscraper.address import join, split
from ewbscraper.extraction.pictures.images import SETS, SOURCES, sizes
from ewbscraper.page import Page

MOST = 200
"""Addresses of one page, or of one style."""

_LINKED = {"stylesheet", "icon", "apple-touch-icon"}
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_FONT_FACE = re.compile(r"@font-face\s*\{([^}]*)(?:\}|\Z)", re.IGNORECASE)
_NAMED = re.compile(
    r"""url\(\s*+(?:"([^"]*)"|'([^']*)'|([^"'()\s]*+))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)


def needed_by(page: Page) -> list[str]:
    """Absolute addresses, each once, in the order of the page; of a set of sizes the largest."""
    base = page.tree.find(".//base[@href]")
    start = join(page.url, base.get("href")) if base is not None else ""
    return _absolute(_named_by(page), start or page.url)


def needed_by_style(css: str, url: str) -> list[str]:
    """What a style at this address names: pictures, further styles, fonts (woff2 alone where there is one)."""
    return _absolute(_named_in(css), url)


def _named_by(page: Page) -> Iterator[str | None]:
    for element in page.tree.iter("link", "img", "source", "style", "video"):
        if element.tag == "link" and _LINKED & set((element.get("rel") or "").lower().split()):
            yield element.get("href")
        elif element.tag == "img":
            yield from (element.get(key) for key in SOURCES)
            yield from (_largest(element.get(key)) for key in SETS)
        elif element.tag == "source":
            yield from (_largest(element.get(key)) for key in SETS)
        elif element.tag == "style":
            yield from _named_in(element.text or "")
        elif element.tag == "video":
            yield element.get("poster")
    for style in page.tree.xpath("//@style[contains(., 'url(')]"):
        yield from _named_in(style)


def _named_in(css: str) -> Iterator[str]:
    bare = _FONT_FACE.sub(_best_font, _COMMENT.sub("", css))
    yield from (next(filter(None, match.groups()), "") for match in _NAMED.finditer(bare))


def _best_font(rule: re.Match[str]) -> str:
    named = [match[0] for match in _NAMED.finditer(rule[1])]
    return " ".join([one for one in named if "woff2" in one] or named)


def _largest(srcset: str | None) -> str | None:
    found = max(sizes(srcset or ""), default=None)
    return found[1] if found else (srcset or "").strip().partition(" ")[0].rstrip(",")


def _absolute(addresses: Iterable[str | None], base: str) -> list[str]:
    found = dict[str, None]()
    for address in addresses:
        if address and (url := _address(address, base)):
            found[url] = None
        if len(found) == MOST:
            break
    return list(found)


def _address(address: str, base: str) -> str | None:
    try:
        url = urldefrag(join(base, address))[0]
        parts = split(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return url if usable and url != urldefrag(base)[0] else None
