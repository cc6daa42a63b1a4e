"""The articles of an edition: one file each in `articles/`; Tuesday's changes are in `tuesday.yml`.

A file is named after the article's slug. Its head is YAML: id, language, section, kind, headline, standfirst,
authors, published and modified (ISO 8601 with offset), tags, dateline and pictures (what an extractor should make
of them), related (slugs; left out: drawn at random), protected. Its text is in the markup of markup.py.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from ewbscraper.sample_site.markup import Block, parse

HERE = Path(__file__).parent
ZONE = ZoneInfo("Europe/Belgrade")
EDITIONS = ("monday", "tuesday")
WORDS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "words.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an article, with the two halves of the line under it."""

    name: str
    caption: str
    credit: str | None
    alt: str
    credit_as: str
    """How the credit is printed after the caption: ` (Photo: {})`, `; Photo: {}`."""
    role: str

    @property
    def line(self) -> str:
        """The line under the picture, as printed."""
        printed = self.credit_as.format(self.credit) if self.credit else ""
        return self.caption + printed if self.caption else printed.lstrip(" ;.|/")


@dataclass(frozen=True)
class SampleArticle:
    """One article of the invented newspaper: its file, parsed."""

    slug: str
    head: dict[str, Any]
    pages: tuple[tuple[Block, ...], ...]

    @property
    def id(self) -> int:
        return int(self.head["id"])

    @property
    def language(self) -> str:
        return str(self.head["language"])

    @property
    def headline(self) -> str:
        return str(self.head["headline"])

    @property
    def standfirst(self) -> str | None:
        return self.head.get("standfirst")

    @property
    def protected(self) -> bool:
        return bool(self.head.get("protected"))

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(self.head.get("authors", ()))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self.head.get("tags", ()))

    @property
    def names_related(self) -> bool:
        """Whether the related posts are always the same; only then has the page a Last-Modified."""
        return bool(self.head.get("related"))

    @cached_property
    def published(self) -> datetime:
        """In the newspaper's time zone."""
        return _in_zone(self.head["published"])

    @cached_property
    def modified(self) -> datetime:
        """Of the last change; when published where there was none."""
        return _in_zone(self.head.get("modified", self.head["published"]))

    @property
    def path(self) -> str:
        return f"/{self.published:%Y/%m/%d}/{self.slug}/"

    @property
    def words(self) -> dict[str, Any]:
        """The newspaper's own words in the article's language."""
        return WORDS[self.language]

    @property
    def section(self) -> str:
        """Name of the section in the article's language."""
        return str(self.words["sections"][self.head["section"]])

    @property
    def byline(self) -> str | None:
        """`By Ana Kos and Ben Rot`; None where nobody signed."""
        joined = f" {self.words['and']} ".join(self.authors)
        return f"{self.words['by']} {joined}" if joined else None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text that an archive keeps, the standfirst left out."""
        return tuple(text for page in self.pages for block in page for text in block.paragraphs)

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(self._picture(n, raw) for n, raw in enumerate(self.head.get("pictures", ()), start=1))

    @property
    def lead(self) -> Picture | None:
        """The picture over the text."""
        return next((picture for picture in self.pictures if picture.role == "lead"), None)

    def _picture(self, number: int, raw: dict[str, str]) -> Picture:
        return Picture(
            name=f"{self.id}-{number}.png",
            caption=raw.get("caption", ""),
            credit=raw.get("credit"),
            alt=raw.get("alt", ""),
            credit_as=raw.get("credit_as", self.words["credit"]),
            role=self._role(number),
        )

    def _role(self, number: int) -> str:
        for block in (block for page in self.pages for block in page if block.kind == "pictures"):
            if number in block.numbers:
                return "gallery" if len(block.numbers) > 1 else "inline"
        return "lead"


def _in_zone(when: datetime) -> datetime:
    return when.astimezone(ZONE)


@dataclass(frozen=True)
class Edition:
    """What the newspaper shows on one day."""

    name: str
    articles: tuple[SampleArticle, ...]
    """Newest first, the protected ones among them."""
    gone: frozenset[str]
    """Paths of the articles that were removed."""


@cache
def load_edition(name: str) -> Edition:
    """`monday` or `tuesday`. Raises ValueError for another name."""
    if name not in EDITIONS:
        raise ValueError(f"no edition {name!r}: there is {' and '.join(EDITIONS)}")
    sources = _read(HERE / "articles")
    gone: frozenset[str] = frozenset()
    if name == "tuesday":
        changes = yaml.safe_load((HERE / "tuesday.yml").read_text(encoding="utf-8"))
        gone = frozenset(_article(slug, sources.pop(slug)).path for slug in changes["removed"])
        edited = {slug: _edited(slug, sources[slug], **edit) for slug, edit in changes["edited"].items()}
        sources = sources | edited | _read(HERE / "tuesday")
    articles = (_article(slug, source) for slug, source in sources.items())
    return Edition(name, tuple(sorted(articles, key=lambda a: a.published, reverse=True)), gone)


def _read(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def _edited(slug: str, source: str, modified: datetime, replace: dict[str, str]) -> str:
    for old, new in replace.items():
        if source.count(old) != 1:
            raise ValueError(f"tuesday.yml: {old!r} is not once in {slug}.md")
        source = source.replace(old, new)
    return source.replace("---\n", f"---\nmodified: {modified.isoformat()}\n", 1)


def _article(slug: str, source: str) -> SampleArticle:
    _, head, text = source.split("---\n", 2)
    return SampleArticle(slug, yaml.safe_load(head), parse(text))
