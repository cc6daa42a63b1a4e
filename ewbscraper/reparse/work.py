"""Archived pages in, articles out. It writes nothing: it may run wherever the WARCs are seen."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from ewbscraper.archive.database import read
from ewbscraper.archive.kept import KeptArticle
from ewbscraper.article import Article
from ewbscraper.crawl.named import outlet_named
from ewbscraper.errors import NoSuchOutlet, NotAnArticle, PageUnreadable, RecordUnreadable
from ewbscraper.extraction.fingerprint import fingerprint
from ewbscraper.intake import kept_pages, read_pages
from ewbscraper.outlet import Outlet
from ewbscraper.outlets import DEMO
from ewbscraper.reparse.rights import signals_of
from ewbscraper.rights.signals import Signal
from ewbscraper.sample_site.outlet import sample_outlet


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


def work(archive: Path, slug: str, batch: Sequence[KeptArticle]) -> list[Reading]:
    """As `read_batch`, in a process that knows no more than this. Raises NoSuchOutlet, BadOutlet."""
    return read_batch(archive.parent, _definition_once(archive, slug), batch)


def read_batch(folder: Path, outlet: Outlet, batch: Sequence[KeptArticle]) -> list[Reading]:
    """The pages of articles of one outlet, read and extracted, in their order."""
    return [replace(_reading(folder, outlet, kept), said=signals_of(folder, kept)) for kept in batch]


def definition(archive: Path, slug: str) -> Outlet:
    """An outlet of an archive as it is defined today. Raises NoSuchOutlet, BadOutlet."""
    with closing(read(archive)) as db:
        homes = dict(db.execute("SELECT slug, home FROM outlets").fetchall())
    if slug not in homes:
        raise NoSuchOutlet(f"{archive} has nothing of {slug!r}; it has {', '.join(sorted(homes)) or 'no outlet'}")
    return sample_outlet(homes[slug]) if slug == DEMO else outlet_named(slug, archive)


_definition_once = lru_cache(definition)


def _reading(folder: Path, outlet: Outlet, kept: KeptArticle) -> Reading:
    rules = fingerprint(outlet)
    try:
        article = read_pages(kept_pages(folder, kept), outlet)
    except NotAnArticle as reason:
        return Reading(kept.article, kept.url, rules, problem=str(reason), no_article=True)
    except (RecordUnreadable, PageUnreadable) as error:
        return Reading(kept.article, kept.url, rules, problem=str(error))
    return Reading(kept.article, kept.url, rules, article)
