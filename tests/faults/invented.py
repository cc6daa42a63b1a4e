"""Pages that nobody would write: nested tags, marks, addresses and linked data of any types, each out of a number."""

import json
from random import Random
from typing import Any

TAGS = """
article main div section p h1 h2 h3 span a b strong em i ul ol li blockquote cite q table tr td th caption figure br/
figcaption img picture source video iframe time header footer aside nav script style noscript template svg math x-y
form button input select option textarea br hr pre code dl dt dd body html head title base link meta
"""
KEYS = """
class id href src srcset data-src alt title rel property name content datetime itemprop itemtype type style lang
width height role onclick poster value http-equiv charset
"""
LINKED = """
@type @id @graph name headline author creator datePublished dateModified articleBody articleSection keywords image url
caption publisher itemListElement isPartOf mainEntityOfPage width description hasPart
"""
MARKS = """
byline author author-name article-body entry-content related share wp-caption caption gallery dateline lead standfirst
published updated tags comments newsletter body datePublished articleBody headline og:title article:published_time
article:tag next canonical category NewsArticle image pagination
"""
ADDRESSES = [
    "/a/", "//[", "http://[::1", "http://x:99999/", "javascript:alert(1)", "data:text/html,x", "?page=2", "?page=²",
    "#", "https://paper.example/2024/03/12/bridge/2/", "\0", " ", "//", "http://", "mailto:a@b", "java\nscript:x",
    "HTTP://PAPER.example:443", "http://\u2100.example/", "?page=" + "9" * 5000, "/a.jpg 2x, /b.jpg 99999w",
    "/a,/b 1e999w,", "/a.jpg 1.2.3w", "/a.jpg ²w",
]  # fmt: skip
SAID = [
    "BELGRADE – ", "Photo: ", "By Ana Kos", "12. 3. 2024", "Read also: ", "&lt;script&gt;", "&#0;", "&#xD800;", "&",
    "<", "<!--", "-->", "]]>", "\u202e", "\u0301" * 300, "x" * 3_000, "Piše: Ана Кос", "½², ", "<br>", "\0",
    "The council met on Tuesday and nobody said why, in a sentence that goes on for long. ", "2024-99-99T99",
    "（AP＝ロイター）", "Published ",
]  # fmt: skip
VALUES = [None, True, 0, -1, 1e308, "NewsArticle", "Person", "Ana Kos", "2024-03-12T10:00Z", "\ud83d", "a\udc00b", "\0"]


def page(number: int) -> str:
    """A page."""
    of = Random(number)
    return "<html>" + "".join(_tree(of, 5) for _ in range(3)) + "</html>"


def data(number: int) -> Any:
    """Linked data."""
    return _data(Random(number), 5)


def linked(said: Any) -> str:
    """Linked data as a page has it."""
    one = {"@type": "NewsArticle", **said} if isinstance(said, dict) else said
    return f'<script type="application/ld+json">{json.dumps(one)}</script>'


def _tree(of: Random, depth: int) -> str:
    if depth == 0 or of.random() < 0.2:
        return of.choice(SAID) if of.random() < 0.9 else linked(_data(of, 4))
    values = of.choice((ADDRESSES, MARKS.split(), SAID))
    said = "".join(f' {of.choice(KEYS.split())}="{of.choice(values)}"' for _ in range(of.randrange(4)))
    inside = "".join(_tree(of, depth - 1) for _ in range(of.randrange(6)))
    name = of.choice(TAGS.split())
    return f"<{name}{said}>{inside}" + (f"</{name}>" if of.random() < 0.8 else "")


def _data(of: Random, depth: int) -> Any:
    kind = of.random() if depth else 1
    if kind < 0.4:
        return {of.choice(LINKED.split()): _data(of, depth - 1) for _ in range(of.randrange(7))}
    if kind < 0.6:
        return [_data(of, depth - 1) for _ in range(of.randrange(4))]
    return of.choice([*VALUES, *ADDRESSES, *SAID])
