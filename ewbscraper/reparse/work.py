"""Archived pages in, articles out. It writes nothing: it may run wherever the WARCs are seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ewbscraper.archive.articles.kept import KeptArticle
from ewbscraper.article import Article
from ewbscraper.errors import NotAnArticle, PageUnreadable, RecordUnreadable
from ewbscraper.extraction.fingerprint import fingerprint
from ewbscraper.intake import kept_pages, read_pages
from ewbscraper.outlet import Outlet
from ewbscraper.reparse.order import Order, accept, look
from ewbscraper.reparse.rights import signals_of
from ewbscraper.rights.signals import Signal


@dataclass(frozen=True, slots=True)
class Reading:
    """What today's rules make of an archived article."""

    article: int
    """Its id in the archive."""
    url: str
    """As it stands in the archive."""
    extraction: str
    """Fingerprint of the rules."""
    read: Article | None = None
    """None where nothing came of it."""
    problem: str = ""
    """Why nothing came of it."""
    no_article: bool = False
    """The pages can be read, but the rules no longer take them for an article."""
    said: dict[int, tuple[Signal, ...]] = field(default_factory=dict)
    """By capture what its headers and its page say of rights, where nobody had looked."""


def work(order: Order, batch: Sequence[KeptArticle]) -> list[Reading]:
    """The pages of articles of one outlet, read and extracted, in their order.

    Raises NoCluster, where this process may not read for the order, or no longer sees the files; BadOutlet.
    """
    outlet = accept(order)
    readings = [replace(_reading(order.folder, outlet, kept), said=signals_of(order.folder, kept)) for kept in batch]
    if any(one.problem for one in readings):
        look(order)
    return readings


def _reading(folder: Path, outlet: Outlet, kept: KeptArticle) -> Reading:
    rules = fingerprint(outlet)
    try:
        article = read_pages(kept_pages(folder, kept), outlet)
    except NotAnArticle as reason:
        return Reading(kept.article, kept.url, rules, problem=str(reason), no_article=True)
    except (RecordUnreadable, PageUnreadable) as error:
        return Reading(kept.article, kept.url, rules, problem=str(error))
    return Reading(kept.article, kept.url, rules, article)
