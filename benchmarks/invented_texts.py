"""Invented articles: the same number and seed give the same one.

Three languages in two scripts (Serbian in both, Macedonian, Albanian), 5,000 bytes of body at the mean, words as
frequent as Zipf says out of 40,000 a language, in 20,000 sentences.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate

from ewbscraper.article import Article, Caption, Dateline, Place, RelatedPost
from ewbscraper.outlet import Outlet

SEED = 20261124
VOCABULARY, SENTENCES = 40_000, 20_000
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
        published=stamp(published),
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


def stamp(when: datetime) -> str:
    """As the archive has times."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
