"""Page: one fetched page, parsed once. Its tree, linked data and meta tags are read when they are asked for."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any, TypeAlias
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlunsplit

import parsel
from lxml import etree

from ewbscraper.address import PLAIN, join, split
from ewbscraper.errors import BadOutlet, PageUnreadable
from ewbscraper.markup.charset import decode, flawless
from ewbscraper.markup.crowded import MOST_ATTRIBUTES, is_crowded
from ewbscraper.markup.trial import LARGE, try_page
from ewbscraper.outlet import Selector

Element: TypeAlias = Any
"""An `etree._Element`: a private class of lxml, so named for the reader only."""
Node: TypeAlias = dict[str, Any]
Query: TypeAlias = Callable[[Element], Any]
"""A compiled XPath: elements or strings below an element."""

LONGEST = 10_000_000
"""Characters of a page; a longer one is no article."""
MOST_NODES = 2_000
"""Nodes of linked data that are looked at."""

_HTML_TYPES = re.compile(r"html|xml|text/plain|octet-stream", re.IGNORECASE)
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF", b"\x1f\x8b")
_TAG = re.compile(r"<\s*[!a-zA-Z/]")
_TRACKING = re.compile(
    r"(utm_\w+|fb\w*clid|gclid|dclid|yclid|msclkid|mc_[ce]id|igshid|_ga|share|replytocom|nb)", re.IGNORECASE
)
_META_NAMES = ("name", "property", "itemprop")
_BLANK = re.compile(r"[\x00-\x20\x7f]")
_LD_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)\s*")
_NO_LETTERS = re.compile(
    r"\\(?:ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\)ud[c-f][0-9a-f]{2}|u0000)", re.IGNORECASE
)
"""Half of an emoji where a text was cut, and NUL: JSON can say them, no file and no database takes them.

The backslash stands before all three: only where one is does the search begin, a hundred times as fast.
"""
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


class Page:
    """One fetched page.

    `html` is the body as received, or text; `content_type` the header of that name, where there was one.
    Raises PageUnreadable where no tree can be made of it: empty, not HTML, longer than `LONGEST`,
    without an end.
    """

    needs_trial = True

    def __init__(self, html: str | bytes, url: str, content_type: str | None = None) -> None:
        self.url = url
        self.html, self._utf8 = _decoded(html, content_type)
        if not _TAG.search(self.html, 0, 100_000) or _is_json(self.html):
            raise PageUnreadable("no HTML in it" if self.html.strip() else "empty")
        if len(self.html) > LONGEST:
            raise PageUnreadable(f"{len(self.html)} characters long; an article has less than {LONGEST}")
        if is_crowded(self.html if self._utf8 else self.html.replace("\0", "")):
            raise PageUnreadable(f"a tag with more than {MOST_ATTRIBUTES} attributes")

    @property
    def is_large(self) -> bool:
        """Whether it takes its time to read, up to half a minute: who has others to serve asks for `tree` elsewhere."""
        return self.needs_trial and len(self.html) > LARGE

    @cached_property
    def tree(self) -> Element:
        """The one parse: everything else reads it, nothing changes it. A very large page is tried apart first."""
        if self.is_large:
            try_page(self.html, self.url)
        parser = etree.HTMLParser(
            encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
        )
        try:
            encoded = self._utf8 or self.html.encode("utf-8", "replace").replace(b"\0", b"")
            tree = etree.fromstring(encoded, parser)
        except etree.LxmlError as error:
            raise PageUnreadable(str(error)) from error
        if tree is None:
            raise PageUnreadable("no HTML in it")
        return tree

    def elements(self, *names: str) -> Iterator[Element]:
        """Those of these names in their order. What follows `</html>` is in a second root, beside the tree."""
        before = reversed(list(self.tree.itersiblings(preceding=True)))
        roots = (*before, self.tree, *self.tree.itersiblings())
        return (element for root in roots for element in root.iter(*names))

    @cached_property
    def selector(self) -> parsel.Selector:
        """The same tree for parsel."""
        return parsel.Selector(root=self.tree, type="html")

    @cached_property
    def linked_data(self) -> list[Node]:
        """Every typed JSON-LD node in its order, those inside others after them. Broken scripts are skipped."""
        scripts = [script for script in self.tree.iter("script") if "ld+json" in script.get("type", "")]
        roots = [_json(script.text or "") for script in scripts]
        return [node for root in roots for node in _typed_nodes(root)]

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Contents of meta tags by lower-case name, property or itemprop."""
        found: dict[str, list[str]] = defaultdict(list)
        for element in self.tree.iter("meta"):
            if content := " ".join(html.unescape(element.get("content", "")).split()):
                for name in {said.lower() for key in _META_NAMES if (said := element.get(key))}:
                    found[name].append(content)
        return dict(found)

    @cached_property
    def title(self) -> str:
        """The title of the page, white space collapsed."""
        return " ".join(self.tree.findtext("head/title", "").split())

    @cached_property
    def canonical(self) -> str:
        """The address that the page gives itself, without tracking parts; its own where that is not believable."""
        links = [link.get("href") or "" for link in self.tree.iter("link") if link.get("rel") == "canonical"]
        named = [*links, *self.meta.get("og:url", ())]
        for href in named:
            url = clean_url(join(self.url, href))
            if _same_place(url, self.url):
                return url
        return clean_url(self.url)

    def select(self, selector: Selector) -> list[Any]:
        """What a selector finds: elements, or strings. Of a tuple the first that finds anything counts."""
        if callable(selector):
            try:
                found = selector(self)
            except SystemExit as error:  # of one definition; it would end all outlets that are crawled beside
                raise RuntimeError(f"a definition ends Python: SystemExit: {error}") from error
            return list(found) if isinstance(found, list | tuple) else [found] if found else []
        for query in (selector,) if isinstance(selector, str) else selector:
            if found := compiled(query)(self.tree):
                return list(found) if isinstance(found, list) else [found]
        return []


@lru_cache(maxsize=1000)
def compiled(query: str) -> Query:
    """CSS (parsel's, with `::text` and `::attr()`) or XPath (starts with `/`, `./` or `(`), compiled once."""
    try:
        xpath = query if query.startswith(("/", "./", "(")) else parsel.css2xpath(query)
        return etree.XPath(xpath, smart_strings=False, regexp=True)
    except (etree.XPathError, SyntaxError) as error:
        raise BadOutlet(f"not a selector: {query!r} ({error})") from error


def clean_url(url: str) -> str:
    """Without fragment, name and password, and tracking parts of the query; no blank in it."""
    if PLAIN.fullmatch(url):
        return url
    parts = split(url)
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(key, value) for key, value in pairs if not _TRACKING.fullmatch(key)]
        query = query if len(kept) == len(pairs) else urlencode(kept)
    host = parts.netloc.rpartition("@")[2].lower()
    clean = urlunsplit((parts.scheme, host, parts.path or "/", query, ""))
    return _BLANK.sub(lambda blank: quote(blank[0]), clean) if " " in clean or not clean.isprintable() else clean


def _same_place(url: str, asked: str) -> bool:
    """Whether a canonical address may be believed: on the host asked, and not the front page for everything."""
    there, here = split(url), split(asked)
    if there.scheme not in ("http", "https") or _bare(there) != _bare(here):
        return False
    return there.path.strip("/") != "" or bool(there.query) or here.path.strip("/") == ""


def _bare(parts: SplitResult) -> tuple[str, int | None]:
    """The host without what tells its versions apart, and a port that is of no scheme."""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return host, None if parts.port in (80, 443) else parts.port


def _decoded(body: str | bytes, content_type: str | None) -> tuple[str, bytes | None]:
    """The text, and the bytes where they are that text in UTF-8 and nothing else."""
    if content_type and not _HTML_TYPES.search(content_type):
        raise PageUnreadable(f"{content_type.split(';')[0]}, not HTML")
    if isinstance(body, str):
        return body, None
    if body.startswith(_BINARY):
        raise PageUnreadable("a binary file, not HTML")
    if len(body) > 4 * LONGEST:
        raise PageUnreadable(f"{len(body)} bytes long")
    text = flawless(body)
    return (decode(body, content_type), None) if text is None else (text, body)


def _is_json(text: str) -> bool:
    """A REST answer has tags in its strings."""
    if text[:1000].lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _json(text: str) -> Any:
    """The first JSON value of a script, however it is wrapped; None where there is none."""
    text = _LD_WRAPPING.sub("", text)
    text = (_NO_LETTERS.sub(r"\\ufffd", text) if "\\u" in text or "\\U" in text else text).lstrip("\ufeff \t\r\n")
    found = _first_json(text)
    return _first_json(_TRAILING_COMMA.sub(r"\1", text)) if found is None else found


def _first_json(text: str) -> Any:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _typed_nodes(root: Any) -> Iterator[Node]:
    """Dictionaries with an @type, level by level."""
    level, seen = [root], 0
    while level and seen < MOST_NODES:
        below: list[Any] = []
        for value in level:
            seen += 1
            if isinstance(value, dict):
                if "@type" in value:
                    yield value
                below.extend(item for item in value.values() if isinstance(item, dict | list))
            elif isinstance(value, list):
                below.extend(item for item in value if isinstance(item, dict | list))
        level = below
