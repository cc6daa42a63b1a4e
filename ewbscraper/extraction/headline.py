"""The headline: linked data, og:title, h1 and title say it, each in its own way; agreement decides."""

import html
import re
from collections.abc import Iterator

from ewbscraper.extraction.blocks import text_of
from ewbscraper.extraction.view import View

_SITE_SEPARATOR = re.compile(r"\s+[|•·»–—-]\s+")
_LETTERS = re.compile(r"[\W_]+")


def by_outlet(view: View) -> str | None:
    """1. The outlet's selector."""
    return first_text(view, view.outlet.headline) if view.outlet and view.outlet.headline else None


def by_agreement(view: View) -> str | None:
    """2. The wording that two of linked data, og:title and h1 share, as the h1 has it where it is one of them."""
    said = dict(_said(view))
    for one, other in (("h1", "linked_data"), ("h1", "meta"), ("linked_data", "meta")):
        if one in said and other in said and letters(said[one]) == letters(said[other]):
            return said[one]
    return None


def by_linked_data(view: View) -> str | None:
    """3. Linked data alone."""
    return dict(_said(view)).get("linked_data")


def by_heading(view: View) -> str | None:
    """4. The h1, or what is marked as the headline."""
    return dict(_said(view)).get("h1") or next(filter(None, map(text_of, view.itemprops.get("headline", ()))), None)


def by_meta(view: View) -> str | None:
    """5. og:title or the title of the page, without the name of the site."""
    return dict(_said(view)).get("meta") or without_site(view, view.page.title) or None


def letters(text: str) -> str:
    """Letters and digits only, caseless: quotes, dashes and spaces differ between the places."""
    return _LETTERS.sub("", text).casefold()


def without_site(view: View, title: str) -> str:
    """A title without the name of the site at its end or beginning."""
    site = {letters(name) for name in view.page.meta.get("og:site_name", ()) if letters(name)}
    if view.outlet:
        site.add(letters(view.outlet.name))
    parts = _SITE_SEPARATOR.split(title)
    if len(parts) > 1 and letters(parts[-1]) in site:
        return title[: title.rindex(parts[-1])].rstrip(" |•·»–—-")
    if len(parts) > 1 and letters(parts[0]) in site:
        return title[len(parts[0]) :].lstrip(" |•·»–—-")
    return title


def first_text(view: View, selector: object) -> str | None:
    """The first text that a selector finds, white space collapsed."""
    for found in view.page.select(selector):  # type: ignore[arg-type]
        text = " ".join(found.split()) if isinstance(found, str) else text_of(found)
        if text:
            return text
    return None


def _said(view: View) -> Iterator[tuple[str, str]]:
    node = view.node
    name = node.get("headline") or (node.get("name") if node.get("@type") != "WebPage" else None)
    if isinstance(name, str) and name.strip():
        yield "linked_data", " ".join(html.unescape(html.unescape(name)).split())
    for key in ("og:title", "twitter:title"):
        for title in view.page.meta.get(key, ())[:1]:
            yield "meta", without_site(view, title)
            break
    if view.headline_element is not None:
        yield "h1", text_of(view.headline_element)
