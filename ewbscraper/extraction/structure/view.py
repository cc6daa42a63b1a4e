"""View: one page as the strategies see it. Where the headline, the head and the text are is found once for all."""

import re
from functools import cached_property

from ewbscraper.address import join, split
from ewbscraper.extraction.language import page_language
from ewbscraper.extraction.structure.blocks import Block, blocks_of, text_of
from ewbscraper.extraction.structure.container import BELIEVED, Mass, find_container
from ewbscraper.extraction.words import mark_of, names
from ewbscraper.outlet import Outlet
from ewbscraper.page import Element, Node, Page, clean_url, compiled

ARTICLE_TYPES = frozenset(names("article types"))
_ELSEWHERE = frozenset(("related", "comment", "notice", "furniture", "newsletter", "ad"))
LESSER_TYPES = frozenset(("VideoObject", "WebPage", "ItemPage", "CreativeWork"))
_with_itemprop = compiled("./descendant-or-self::*/@itemprop/..")
_with_rel = compiled("./descendant-or-self::a/@rel/..")
"""By their attributes: a quarter of the time that asking each element takes, or a predicate `[@itemprop]`."""
SHORTEST_PATH = 12
"""Characters of the address of an article."""
_CLEAN = re.compile(r"https?://(?P<host>[^/?]*)(?P<path>[^?]*)\??(?P<query>.*)", re.DOTALL)
"""An address after `clean_url`, in order: taken apart in a tenth of the time that any address takes."""


class View:
    """A page, the outlet's form where there is one, and the parts of the page that all strategies share."""

    def __init__(self, page: Page, outlet: Outlet | None) -> None:
        self.page = page
        self.outlet = outlet

    @cached_property
    def timezone(self) -> str:
        """IANA zone for times that say none."""
        return self.outlet.timezone if self.outlet else "Europe/Belgrade"

    @cached_property
    def node(self) -> Node:
        """The linked data of this article: the first node of an article's type, else of a video or a page."""
        for wanted in (ARTICLE_TYPES, LESSER_TYPES):
            for node in self.page.linked_data:
                if wanted & set(_listed(node.get("@type"))):
                    return node
        return {}

    @cached_property
    def headline_element(self) -> Element | None:
        """The h1 of the article: of several the longest whose words the page's title has. A link home is the site."""
        elements = [element for element in self.page.tree.iter("h1") if text_of(element) and not _is_menu(element)]
        title = " ".join([*self.page.meta.get("og:title", ()), self.page.title])
        agreed = [element for element in elements if text_of(element) in title]
        return max(agreed, key=lambda element: len(text_of(element)), default=next(iter(elements), None))

    @cached_property
    def _found(self) -> tuple[Element, Mass]:
        return find_container(self.page.tree)

    @cached_property
    def _of_outlet(self) -> list[Element]:
        """What the outlet's selector of the body finds."""
        found = self.page.select(self.outlet.body) if self.outlet and self.outlet.body else []
        return [element for element in found if not isinstance(element, str)]

    @property
    def body_found_by(self) -> str:
        """Which way led to the text."""
        return "outlet" if self._of_outlet else "shape"

    @cached_property
    def containers(self) -> list[Element]:
        """What holds the text: the outlet's elements, else the one found."""
        return self._of_outlet or [self._found[0]]

    @cached_property
    def scope(self) -> Element:
        """The smallest element that holds both headline and text."""
        here = self.containers[0]
        title = self.headline_element
        if title is None:
            return here
        above = {here, *here.iterancestors()}
        return next((element for element in (title, *title.iterancestors()) if element in above), here)

    @cached_property
    def surroundings(self) -> Element:
        """The scope, or the article or main part of the page around it: where byline, time and tags stand."""
        above = (element for element in self.scope.iterancestors("article", "main"))
        return next(above, self.scope)

    @cached_property
    def itemprops(self) -> dict[str, list[Element]]:
        """Elements around headline and text by their microdata property, meta tags left out."""
        found: dict[str, list[Element]] = {}
        for element in _with_itemprop(self.surroundings):
            if element.get("itemprop") and element.tag != "meta" and not self.is_elsewhere(element):
                found.setdefault(element.get("itemprop") or "", []).append(element)
        return found

    @cached_property
    def links(self) -> list[Element]:
        """Links around headline and text that say what they are (`rel`)."""
        return [link for link in _with_rel(self.surroundings) if link.get("rel") and not self.is_elsewhere(link)]

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def address(self, href: str) -> str:
        """A link as absolute address without tracking parts; the same link is on a page many times."""
        known = self._addresses.get(href)
        if known is None:
            known = self._addresses[href] = clean_url(join(self.page.url, href))
        return known

    @cached_property
    def _article_addresses(self) -> dict[str, str | None]:
        return {}

    def article_address(self, href: str) -> str | None:
        """A link's address where it may be that of another article of the same site, else None."""
        if href not in self._article_addresses:
            self._article_addresses[href] = self._as_article(self.address(href))
        return self._article_addresses[href]

    @cached_property
    def _host(self) -> str:
        return split(clean_url(self.page.url)).netloc

    def _as_article(self, url: str) -> str | None:
        parts = _CLEAN.match(url)
        if parts is None or parts["host"] != self._host or url == self.page.canonical:
            return None
        return url if parts["query"] or len(parts["path"].strip("/")) >= SHORTEST_PATH else None

    @cached_property
    def _left_out(self) -> set[Element]:
        return set(self.page.select(self.outlet.leave_out)) if self.outlet and self.outlet.leave_out else set()

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks of the text, before any is judged by its words."""
        mass = self._found[1]
        total = sum(mass.of.get(container, 0) for container in self.containers)

        def kept(element: Element) -> bool:
            doubted = mass.marks_lie and mark_of(element) not in BELIEVED
            enough = 0 if doubted else 0.3 * total
            return element in self._frame or (mass.of.get(element, 0) > enough and total > 0)

        blocks = [block for container in self.containers for block in blocks_of(container, kept)]
        for block in blocks if self._left_out else ():
            if block.element in self._left_out or self._left_out & set(block.element.iterancestors()):
                block.role, block.why = "left out", "outlet"
        return self._after_headline(blocks)

    def _after_headline(self, blocks: list[Block]) -> list[Block]:
        """Without what stands before the headline, where the headline is in the container and most text below it."""
        for index, block in enumerate(blocks):
            if block.element is self.headline_element:
                return blocks[index + 1 :] if _length(blocks[:index]) <= _length(blocks[index:]) else blocks
        return blocks

    @cached_property
    def head(self) -> list[Block]:
        """The blocks between headline and text: standfirst, byline, time, the lead picture."""
        title = self.headline_element
        if title is None or self.scope in self.containers:
            return []
        blocks = blocks_of(self.scope, lambda element: element in self._frame, until=self.containers[0])
        begin = next((i for i, block in enumerate(blocks) if block.element is title), len(blocks))
        return blocks[begin + 1 :]

    @cached_property
    def _frame(self) -> set[Element]:
        """Headline and container with all that is above them."""
        ends = [*self.containers[:1]] + ([self.headline_element] if self.headline_element is not None else [])
        return {above for end in ends for above in (end, *end.iterancestors())}

    def is_elsewhere(self, element: Element) -> bool:
        """Whether an element belongs to another article or to none: a related post, a comment, a menu."""
        chain: list[Element] = []
        verdict = False
        for above in element.iterancestors():
            if above in self._elsewhere:
                verdict = self._elsewhere[above]
                break
            chain.append(above)
            if above in self._frame:
                break
            if above.tag in ("nav", "aside", "article") or mark_of(above) in _ELSEWHERE:
                verdict = True
                break
        self._elsewhere.update(dict.fromkeys(chain, verdict))
        return verdict

    @cached_property
    def _elsewhere(self) -> dict[Element, bool]:
        """What is known of the elements in an element: two thousand nested ones would be climbed by each of them."""
        return {}

    @cached_property
    def language(self) -> str | None:
        """BCP 47 tag."""
        sample = " ".join(block.text for block in self.blocks if block.role is None)[:2500]
        return page_language(self.page, sample, self.outlet.language if self.outlet else None)


def _length(blocks: list[Block]) -> int:
    """Characters of text that nothing marks as something else."""
    return sum(len(block.text) for block in blocks if block.role is None)


def _is_menu(heading: Element) -> bool:
    """Whether a heading is the site's name, or where the reader is on the site."""
    targets = [split(link.get("href") or "") for link in heading.iter("a")]
    if next(heading.iterancestors("nav"), None) is not None:
        return True
    return any(target.path == "/" or (target.netloc and not target.path) for target in targets)


def _listed(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item.rsplit("/", 1)[-1] for item in values if isinstance(item, str)]
