"""Stored text made readable: the body as safe HTML with its dateline set off, dates, numbers, marked passages ..."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import nh3
from lxml import html
from markupsafe import Markup, escape

from ewbscraper.archive.finding.hits import CLOSE, OPEN
from ewbscraper.browse.rendering.placed import ends

_BLOCKS = {"p", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"}
_TAGS = _BLOCKS | {"a", "em", "strong", "b", "br"}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_RIGHT_TO_LEFT = {"ar", "arab", "fa", "he", "hebr", "ota", "ur", "yi"}
"""Languages, and scripts as ISO 15924 names them, where a tag names one."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What lxml takes into no tree."""


def safe_url(url: str | None) -> str | None:
    """The address where it is http(s), None for anything else (`javascript:`, `data:`, none)."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return None
    return (url or "").strip() if parts.scheme in ("http", "https") and parts.hostname else None


def contact_url(contact: str) -> str | None:
    """Where to reach who keeps the archive: the address itself, or `mailto:` before what reads like one."""
    looks_like_mail = re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", contact)
    return f"mailto:{contact}" if looks_like_mail else safe_url(contact)


def number(count: int) -> str:
    """`1,234`."""
    return f"{count:,}"


def many(count: int, one: str) -> str:
    """`1 article`, `1,234 articles`."""
    return f"{count:,} {one}{'s' if count != 1 else ''}"


def address(parameters: Mapping[str, str]) -> str:
    """The query of an address, without what is empty."""
    return urlencode({name: value for name, value in parameters.items() if value})


def shown_time(moment: str | None, timezone: str = "UTC") -> str:
    """`4 March 2026, 10:15` in that zone; `4 March 2026` for a bare day; as it stands where that cannot be said."""
    try:
        when = datetime.fromisoformat(moment or "")
        if when.tzinfo:
            when = when.astimezone(ZoneInfo(timezone))
    except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError):
        # the first hours of the year 1 are in no year elsewhere; an archive from anywhere may name a zone that is none
        return moment or ""
    day = f"{when.day} {when:%B %Y}"
    return f"{day}, {when:%H:%M}" if "T" in (moment or "") else day


def direction(language: str | None) -> str:
    """`rtl` for a language, or a tag with a script, that is written from right to left; else `ltr`."""
    tag, *rest = (language or "").lower().split("-")
    script = next((part for part in rest if len(part) == 4), tag)
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


def marked(passage: str | None) -> Markup:
    """A passage with its hits in `<mark>`, all else escaped."""
    safe = str(escape(passage or ""))
    return Markup(safe.replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))  # noqa: S704 -- escaped the line before


def first_words(body: str, standfirst: str | None, many: int = 40) -> str:
    """How a text begins, its standfirst left out: what anybody may see of it."""
    first, _, rest = body.partition("\n\n")
    words = (rest if standfirst and _squeezed(first) == _squeezed(standfirst) else body)[: many * 100].split()
    return " ".join(words[:many]) + (" …" if len(words) > many else "")


def readable(
    body: str, body_html: str, standfirst: str | None, dateline: str | None, cuts: Collection[int] = ()
) -> dict[int, Markup]:
    """The body as HTML, without the standfirst (the page shows it above), its dateline in `<b class="dateline">`.

    In pieces, in order, each by the paragraphs of `body` before it: one at 0, one at each of `cuts` that is found in
    the text. A list, a table and a quote stay whole, in the piece in which they begin.

    Made of `body_html`, because headings, quotes, lists and tables are part of what was said; of `body` where the
    HTML was too long to keep. Sanitised here, whatever wrote the row: before parsing, so that the tree is tame, and
    after, so that nothing but this subset leaves.
    """
    tree = html.fragment_fromstring(_clean(body_html or _paragraphs(body)), create_parent="div")
    elements = list(tree)
    known = ends(body.split("\n\n"), [element.text_content() for element in elements]) if cuts else {}
    begins = {cut: known.get(cut, 0) for cut in sorted({0, *cuts}) if cut == 0 or cut in known}
    _drop_standfirst(tree, standfirst)
    _set_off_dateline(tree, dateline)
    pairs = pairwise([*begins.values(), len(elements)])
    inner = ["".join(_markup(one) for one in elements[begin:end] if one in tree) for begin, end in pairs]
    inner[0] = str(escape(tree.text or "")) + inner[0]
    safe = (Markup(_clean(piece)) for piece in inner)  # noqa: S704 -- nh3 is what makes it safe
    return dict(zip(begins, safe, strict=True))


def _clean(text: str) -> str:
    return nh3.clean(
        _CONTROL.sub("", text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"b": {"dateline"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )


def _markup(element: html.HtmlElement) -> str:
    return str(html.tostring(element, encoding="unicode"))


def _paragraphs(body: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in body.split("\n\n") if paragraph)


def _drop_standfirst(tree: html.HtmlElement, standfirst: str | None) -> None:
    if standfirst and len(tree) and _squeezed(tree[0].text_content()) == _squeezed(standfirst):
        tree.remove(tree[0])


def _set_off_dateline(tree: html.HtmlElement, dateline: str | None) -> None:
    wanted = _squeezed(dateline or "")
    for paragraph in tree.findall("p")[:3] if wanted else ():
        if _squeezed(paragraph.text_content()).startswith(wanted):
            _cut_head(paragraph, len(wanted))
            mark = html.Element("b", {"class": "dateline"})
            mark.text, mark.tail = _CONTROL.sub("", dateline or ""), " " + (paragraph.text or "").lstrip()
            paragraph.text = None
            paragraph.insert(0, mark)
            return


def _cut_head(paragraph: html.HtmlElement, letters: int) -> None:
    """Takes so many letters (blanks do not count) from the start, through `<strong>PRISTINA</strong> –` too."""
    for node in paragraph.xpath(".//text()"):
        rest = str(node)
        while letters and rest:
            letters -= not rest[0].isspace()
            rest = rest[1:]
        if node.is_tail:
            node.getparent().tail = rest
        else:
            node.getparent().text = rest
        if not letters:
            break
    for emptied in list(paragraph):
        if not emptied.text_content() and emptied.tag in ("strong", "em", "b", "a"):
            emptied.drop_tree()


def _squeezed(text: str) -> str:
    return "".join(text.split())
