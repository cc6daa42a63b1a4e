"""An archive of any size, out of invented articles: the same number and seed give the same rows.

    python benchmarks/big_archive.py FILE NUMBER [SEED]

Three languages in two scripts (Serbian in both, Macedonian, Albanian), 5,000 bytes of body at the mean, words as
frequent as Zipf says out of 40,000 a language, in 20,000 sentences; one article in fifteen was edited once, one in a
hundred removed. All of it goes through the functions that a crawl calls, `store.save_article` first; what differs is
that a transaction holds 500 articles, and that no WARC is written: captures point at a file that is not there. Beyond
30,000 their rows are copied, index included: the same texts at other addresses, 521 days later. That takes a tenth of
the time.
"""

import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

from ewbscraper.archive import runs, search, store
from ewbscraper.archive.database import create, transaction
from ewbscraper.archive.frontier import Frontier
from ewbscraper.archive.warc import Capture
from ewbscraper.article import Article, Caption, Dateline, Place, RelatedPost
from ewbscraper.discovery.link import Link
from ewbscraper.outlet import Outlet

SEED = 20261124
TOGETHER = 500
"""Articles in one transaction."""
VOCABULARY, SENTENCES = 40_000, 20_000
COPIED, LATER = 30_000, 521
"""Articles of which all others are copies, and how many days these 30,000 fill."""
BODY = 5_000
"""Bytes of a body at the mean."""
NAMED = (("Vučić", 0.42), ("Đukanović", 0.1), ("nadstrešnica", 0.03))
"""Words that are searched for, and the share of the articles that have each."""

CYRILLIC = str.maketrans(
    dict(zip("abvgdđežzijklmnoprstćufhcčšq", "абвгдђежзијклмнопрстћуфхцчшќ", strict=True))
    | dict(zip("ABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠQ", "АБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШЌ", strict=True))
)
SYLLABLES = {
    "sr-Latn": ("b v g d đ ž z j k l lj m n nj p r s st t ć h c č dž š pr tr", "a e i o u"),
    "mk": ("b v g d ž z j k l m n p r s t q h c č š st pr sv gr", "a e i o u"),
    "sq": ("b c ç d dh f g gj h k l ll m n nj p q r rr s sh t th v x xh z", "a e ë i o u y ua ie"),
}
PLACES = (("Belgrade", "BEOGRAD", "RS"), ("Pristina", "PRISHTINË", "XK"), ("Skopje", "SKOPJE", "MK"))
COPIES = (
    "articles",
    "article_authors",
    "article_places",
    "article_sections",
    "article_tags",
    "captions",
    "captures",
    "found_by",
    "frontier",
    "links",
    "related_posts",
    "revisions",
)
TIMES = ("published", "first_seen", "last_seen", "text_since", "gone_at", "fetched_at", "seen_from", "seen_until")
FIELDS = ("headline", "standfirst", "dateline", "authors", "published", "body", "captions", "related_posts")


@dataclass(frozen=True)
class Language:
    """Words of one language in one script, the frequent ones first."""

    tag: str
    words: list[str]
    sentences: list[str]

    def said(self, latin: str) -> str:
        """A Serbian word in the script of this language."""
        return latin.translate(CYRILLIC) if self.tag in ("sr-Cyrl", "mk") else latin


OUTLETS = tuple(
    Outlet(
        slug=f"paper{number}",
        name=f"Paper {number}",
        home=f"https://paper{number}.example/",
        language=tag,
        country=country,
        sources=(),
    )
    for number, (tag, country) in enumerate((("sr-Cyrl", "RS"), ("sr-Latn", "RS"), ("mk", "MK"), ("sq", "XK")) * 2)
)


def main() -> None:
    """Makes the file."""
    path, number = Path(sys.argv[1]), int(sys.argv[2])
    with Grower(path, *map(int, sys.argv[3:4])) as grower:
        grower.grow(number)


class Grower:
    """Makes an archive larger, or the first part of it."""

    def __init__(self, path: Path, seed: int = SEED) -> None:
        self.db, self.seed = create(path), seed
        self.size = self.db.execute("SELECT count(*) FROM articles").fetchone()[0]
        with transaction(self.db):
            for outlet in OUTLETS:
                store.save_outlet(self.db, outlet)

    def __enter__(self) -> "Grower":
        return self

    def __exit__(self, *error: object) -> None:
        self.db.close()

    def grow(self, to: int, together: int = TOGETHER) -> None:
        """Saves articles until there are so many, `together` in a transaction; each of these is an outlet's run."""
        while self.size < min(to, COPIED):
            numbers = range(self.size, min(self.size + together, to))
            self.save([invented(number, self.seed) for number in numbers])

        if self.size < to:
            multiply(self.db, to)
            self.size = to

    def save(self, articles: list[Article], together: int = TOGETHER) -> None:
        """A run of each outlet that has some of these articles; a transaction holds `together` of them."""
        by_outlet: dict[str, list[Article]] = {}
        for one in articles:
            by_outlet.setdefault(one.outlet or "", []).append(one)
        for slug, ours in by_outlet.items():
            with transaction(self.db):
                run = runs.open_run(self.db, slug, "benchmark")
                frontier = Frontier(self.db, slug, run)
                frontier.discover([Link(one.url) for one in ours], "Sitemap", complete=False)
            for first in range(0, len(ours), together):
                with transaction(self.db):
                    for one in ours[first : first + together]:
                        save(self.db, frontier, run, one)
            with transaction(self.db):
                runs.close_run(self.db, run, 1.0, "finished", [], None)
        self.size += len(articles)


def multiply(db: sqlite3.Connection, to: int) -> None:
    """Copies the first COPIED articles, and all that hangs on them, until there are `to` of them."""
    db.execute("PRAGMA foreign_keys = 0")
    db.execute("PRAGMA journal_mode = OFF")  # the file is made anew where this breaks off
    db.execute("PRAGMA cache_size = -500000")
    names = ", ".join(search.COLUMNS)
    folded = ", ".join(f"fold({name}) AS {name}" for name in search.COLUMNS)
    db.execute(f"CREATE TEMP TABLE folded AS SELECT id, {folded} FROM articles WHERE id <= {COPIED}")
    captures = db.execute("SELECT max(id) FROM captures").fetchone()[0]
    for first in range(COPIED, to, COPIED):
        copy, last = first // COPIED, min(COPIED, to - first)
        for table in COPIES:
            chosen = f"{'id' if table == 'articles' else 'article'} <= {last}"
            columns = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
            if table == "revisions":
                columns.remove("id")
            values = ", ".join(_copied(table, column, copy, captures) for column in columns)
            db.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {chosen}")
        db.execute(
            f"INSERT INTO articles_fts (rowid, {names}) SELECT id + {first}, {names} FROM folded WHERE id <= {last}"
        )
    db.execute("DROP TABLE folded")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA foreign_keys = 1")


def _copied(table: str, column: str, copy: int, captures: int) -> str:
    """A column of a copied row, as SQL."""
    if column in ("article", "related_article", "target_article") or (table, column) == ("articles", "id"):
        return f"{column} + {copy * COPIED}"
    if column == "capture" or (table, column) == ("captures", "id"):
        return f"{column} + {copy * captures}"
    if column in TIMES:
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '+{copy * LATER} days')"
    return f"{column} || '?copy={copy}'" if column == "url" else column


def save(db: sqlite3.Connection, frontier: Frontier, run: int, one: Article) -> None:
    """One article as a crawl saves it; some of them were edited since, or removed."""
    chance = random.Random(one.url)
    captured = one.published or ""
    number = _captured(db, frontier, run, one, captured)
    if chance.random() < 1 / 15:
        later = _stamp(datetime.fromisoformat(captured) + timedelta(hours=5))
        edited = replace(one, headline=f"{one.headline} (2)", body=one.body.replace(". ", "! ", 2))
        _captured(db, frontier, run, edited, later)
    if chance.random() < 1 / 100:
        store.mark_gone(db, number)
        frontier.gone(one.url, "the server answered 404")


def _captured(db: sqlite3.Connection, frontier: Frontier, run: int, one: Article, when: str) -> int:
    digest = sha256(one.body.encode()).hexdigest()
    warc = f"warc/{one.outlet}/{when[:4]}/{one.outlet}-{run}.warc.gz"
    capture = Capture(one.url, when, 200, "text/html; charset=UTF-8", digest, 15_000, None, warc, run * 15_000, 15_400)
    number, change = store.save_article(db, one, outlet=one.outlet or "", run=run, captured=when)
    frontier.archived(one.url, number, changed=change != "unchanged", etag='"5f3c-1"', last_modified=None)
    store.save_captures(db, run, [capture], article=number)
    runs.save_counts(db, run, Counter(new=number))
    return number


def invented(number: int, seed: int = SEED) -> Article:
    """The article of this number. Articles come newest last, as in a crawl, with a hundredth of old ones among them."""
    chance = random.Random(f"{seed} {number}")
    outlet = OUTLETS[chance.randrange(len(OUTLETS))]
    language = spoken(outlet.language or "")
    published = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=25 * number + chance.randrange(600))
    if chance.random() < 0.01:
        published -= timedelta(days=chance.randrange(3650))
    headline = _sentence(chance, language, chance.randint(5, 12)).rstrip(".")
    paragraphs = list(_paragraphs(chance, language))
    place = PLACES[chance.randrange(len(PLACES))]
    dateline = Dateline(f"{place[1]} –", (Place(*place),)) if chance.random() < 0.6 else None
    if dateline:
        paragraphs[1] = f"{dateline.text} {paragraphs[1]}"
    other = f"{outlet.home}{max(0, number - chance.randint(1, 4000))}/"
    authors = tuple(
        f"{_name(chance, language)} {_name(chance, language)}" for _ in range(chance.choice((0, 1, 1, 1, 2)))
    )
    return Article(
        url=f"{outlet.home}{published:%Y/%m}/{number}-{'-'.join(headline.lower().split()[:4])}/",
        outlet=outlet.slug,
        headline=headline,
        standfirst=paragraphs[0],
        dateline=dateline,
        byline=", ".join(authors) or None,
        authors=authors,
        published=_stamp(published),
        sections=(_chosen(chance, language, 12),),
        tags=tuple(_chosen(chance, language, 3000) for _ in range(chance.randint(0, 5))),
        language=outlet.language,
        body="\n\n".join(paragraphs),
        body_html="".join(f"<p>{text}</p>" for text in paragraphs).replace(". ", f'. <a href="{other}">Link</a> ', 1),
        captions=tuple(_caption(chance, language, outlet.home, n) for n in range(chance.choice((0, 1, 1, 1, 3)))),
        related_posts=tuple(
            RelatedPost(_sentence(chance, language, 7), f"{outlet.home}{chance.randrange(number + 1)}/")
            for _ in range(3)
        ),
        found_by=dict.fromkeys(FIELDS, "linked_data"),
    )


@cache
def spoken(tag: str) -> Language:
    """A language as invented here: Serbian in Cyrillic has the words of Serbian in Latin."""
    chance = random.Random(tag.replace("Cyrl", "Latn"))
    consonants, vowels = (part.split() for part in SYLLABLES["sr-Latn" if tag == "sr-Cyrl" else tag])
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        length = 1 + len(words) // 100 if len(words) < 300 else chance.choice((2, 3, 3, 4, 4, 5))
        words["".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(length))] = None
    language = Language(tag, [], [])
    language.words.extend(map(language.said, words))
    language.sentences.extend(_sentence(chance, language, chance.choice((7, 12, 18, 25))) for _ in range(SENTENCES))
    return language


@cache
def _zipf(number: int) -> list[float]:
    return list(accumulate(1 / (rank + 2.7) for rank in range(number)))


def _chosen(chance: random.Random, language: Language, among: int) -> str:
    """One of the first so many words, the frequent ones more often."""
    return chance.choices(language.words[:among], cum_weights=_zipf(among))[0]


def _name(chance: random.Random, language: Language) -> str:
    return language.words[300 + chance.randrange(400)].capitalize()


def _sentence(chance: random.Random, language: Language, length: int) -> str:
    return " ".join(chance.choices(language.words, cum_weights=_zipf(VOCABULARY), k=length)).capitalize() + "."


def _paragraphs(chance: random.Random, language: Language) -> Iterator[str]:
    """A standfirst, then paragraphs until the body has its length; the named words stand in the third one."""
    yield chance.choice(language.sentences)
    named = [language.said(word) for word, share in NAMED if chance.random() < share]
    left = max(BODY / 5, chance.gauss(BODY, BODY / 4)) - 250
    while left > 0:
        text = " ".join([*chance.choices(language.sentences, k=3), *named])
        named = []
        left -= len(text.encode()) + 2
        yield text


def _caption(chance: random.Random, language: Language, home: str, position: int) -> Caption:
    credit = f"{_name(chance, language)} / {_name(chance, language)}" if chance.random() < 0.7 else None
    picture = f"{home}pictures/{chance.randrange(10**6)}.jpg"
    return Caption(_sentence(chance, language, 9), credit, picture, None, "inline" if position else "lead")


def _stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main()
