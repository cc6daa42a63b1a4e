"""Newspaper: an edition at an address, and the lists that its pages are made of."""

import re
from dataclasses import dataclass, field
from itertools import count
from random import Random

from ewbscraper.sample_site.edition import WORDS, Edition, SampleArticle

ARCHIVES = "Gazette Archives"
SECTIONS: dict[str, str] = WORDS["en"]["sections"]
PERMANENT = {"/about/", "/feed/", *(f"/category/{section}/" for section in SECTIONS)}
OLD_BEFORE = 2025
"""Related posts published before this year are signed by the archives, newer ones by nobody."""


@dataclass(frozen=True)
class Newspaper:
    """One edition, served at `home` (no slash at its end)."""

    home: str
    edition: Edition
    views: "count[int]" = field(default_factory=count)

    @property
    def articles(self) -> tuple[SampleArticle, ...]:
        """Newest first, the protected ones among them."""
        return self.edition.articles

    @property
    def readable(self) -> tuple[SampleArticle, ...]:
        """Newest first, without the protected ones."""
        return tuple(article for article in self.articles if not article.protected)

    def address(self, path: str) -> str:
        return self.home + path

    def by_path(self, path: str) -> SampleArticle | None:
        return next((article for article in self.articles if article.path == path), None)

    def is_page(self, path: str) -> bool:
        """Whether an article or one of the permanent pages is at that path."""
        return path in PERMANENT or self.by_path(path) is not None

    def listed(self, kind: str, slug: str) -> tuple[tuple[SampleArticle, ...], str]:
        """Articles of a category, tag or author, newest first, and its name; none where there is no such."""
        if kind == "category":
            return tuple(a for a in self.articles if a.head["section"] == slug), SECTIONS.get(slug, "")
        named = [(a, name) for a in self.articles for name in (a.tags if kind == "tag" else a.authors)]
        found = [(article, name) for article, name in named if slug_of(name) == slug]
        return tuple(article for article, _ in found), found[0][1] if found else ""

    def by_slug(self, slug: str) -> SampleArticle:
        return next(article for article in self.articles if article.slug == slug)

    def related_pool(self, article: SampleArticle) -> tuple[SampleArticle, ...]:
        """What the related posts are drawn from: those the article names, else all others in its language."""
        if article.names_related:
            named = article.head["related"]
            return tuple(other for slug in named for other in self.readable if other.slug == slug)
        same = (other for other in self.readable if other.language == article.language)
        return tuple(other for other in same if other.slug != article.slug)

    def related(self, article: SampleArticle) -> tuple[SampleArticle, ...]:
        """Three posts, drawn anew for each view where the article names none."""
        pool = self.related_pool(article)
        if article.names_related:
            return pool
        seed = f"{article.slug} {next(self.views)}"
        return tuple(Random(seed).sample(pool, min(3, len(pool))))  # noqa: S311 -- no secret


def related_author(article: SampleArticle) -> str | None:
    """What stands under the title of a related post."""
    return ARCHIVES if article.published.year < OLD_BEFORE else None


def slug_of(name: str) -> str:
    """`Rail Freight` is `rail-freight` in an address; letters of every script stay."""
    return re.sub(r"\W+", "-", name.lower()).strip("-")
