"""Full-text search in any script: the index holds folded text, its content is the original.

Folding takes Cyrillic and Greek to Latin, diacritics away, and `đ dj`, `lj`, `nj`, `gj`, `kj` to one letter, so that
`Vučić`, `Vucic` and `Вучић` are one word; so are, as English papers spell them, `Бойко` and `Boyko`, `Живков` and
`Zhivkov`, `Цветанов` and `Tsvetanov`, and `Xhaferi` and `Џафери`. `sh` and `ch` stay: `shelling` is not `selling`.
It keeps AND, OR, NOT, NEAR, the columns' names and the number of words, so that `highlight()` and `snippet()` mark the
original. There are no triggers: every plain write would fail for want of `fold()`; whoever changes an article's text
calls `unindex` before and `index` after.
"""

import csv
import re
import sqlite3
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

FOLD_VERSION = "2"
"""Goes up with each change of `fold` or fold.csv; an index of another version must be made anew (`reindex`)."""

COLUMNS = ("headline", "standfirst", "byline", "body")

_OPTIONS = "content_rowid='id', tokenize='unicode61 remove_diacritics 2'"
"""As first_tables.sql has them."""

_COMBINING = re.compile("[\u0300-\u036f]+")
_NO_ASCII = re.compile(r"[^\x00-\x7f]+")
_ONE_BY_ONE = re.compile("[\u0000-\u024f\u0400-\u0482\u048a-\u052f\u2000-\u20cf]*")
"""Latin, Cyrillic and punctuation, no combining marks: 19 texts of 20. Letter by letter they take a quarter of the
time that they take word by word."""
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_PAIRS = (
    (re.compile("([οΟ])[υΥ](?!\u0308)"), r"\1u"),
    (re.compile("([αεηΑΕΗ])[υΥ](?=[αεηιουωβγδζλμνρΑΕΗΙΟΥΩΒΓΔΖΛΜΝΡ])"), r"\1v"),
    (re.compile("([αεηΑΕΗ])[υΥ](?!\u0308)"), r"\1f"),
    (re.compile("[γΓ](?=[γξχΓΞΧ])"), "n"),
    (re.compile(r"\b[μΜ][πΠ]"), "b"),
)
"""Two letters that are one sound, as ELOT 743 (ISO 843) writes them; accents but the diaeresis are gone by then."""
_LATIN_PAIRS = (
    ("zh", re.compile("[hH](?<=[zZ].)"), ""),
    ("xh", re.compile(r"[xX][hH](?<=\b..)"), "dz"),
    ("ts", re.compile(r"[tT][sS](?<=\b..)"), "c"),
    (
        "y",
        re.compile(
            "[yY](?:(?<=[aeiouAEIOU].)"  # Boyko, Nikolay
            r"|(?<=\b.)(?=[aeiouAEIOU])"  # Yuliyan
            "|(?<=[b-dg-np-tvzB-DG-NP-TVZ].)(?=[aouAOU]))"  # Delyan
        ),
        "j",
    ),
    ("", re.compile("[jJ](?<=[dlngkDLNGK].)"), ""),  # in any text: the `y` before may be a `j` by now
)
"""Spellings of one sound: what a text has in lower case where it applies, what is replaced, and by what."""


LONGEST_MARKED = 10_000
"""Words of a text up to which passages are cut out of it: SQLite compares each found word with each, in one step that
no time limit interrupts. Of 10,000 found words that takes two seconds, of 400,000 an hour."""


@cache
def _letters() -> dict[int, str]:
    table = files(__package__).joinpath("fold.csv").read_text(encoding="utf-8")
    pairs = [(row["from"], row["to"]) for row in csv.DictReader(table.splitlines())]
    upper = [(letter.upper(), latin.capitalize()) for letter, latin in pairs if len(letter.upper()) == 1]
    return {ord(letter): latin for letter, latin in upper + pairs}


def fold(text: str | None) -> str | None:
    """Text as the index holds it; None stays None."""
    if text is None:
        return None
    if not text.isascii() and _ONE_BY_ONE.fullmatch(text):
        text = text.translate(_ALONE)
    elif not text.isascii():
        text = _NO_ASCII.sub(lambda run: _latin(run[0]), text)
    lower = text.lower()
    for letters, pair, one in _LATIN_PAIRS:
        if letters in lower:
            text = pair.sub(one, text)
    return text


@lru_cache(maxsize=50_000)
def _latin(run: str) -> str:
    """Letters beyond ASCII, a word or a part of one, in Latin without diacritics."""
    if _GREEK.search(run):
        bare = unicodedata.normalize("NFD", run)
        run = re.sub("[\u0300-\u0307\u0309-\u036f]+", "", bare)
        for pair, one in _GREEK_PAIRS:
            run = pair.sub(one, run)
    latin = unicodedata.normalize("NFC", run).translate(_letters())
    return _COMBINING.sub("", unicodedata.normalize("NFD", latin).translate(_letters()))


class _Alone(dict[int, str]):
    """What a letter becomes, where none beside it matters."""

    def __missing__(self, letter: int) -> str:
        return self.setdefault(letter, _latin(chr(letter)))


_ALONE = _Alone()


@lru_cache(maxsize=256)
def match_expression(words: str) -> str:
    """A reader's words as a folded FTS5 expression.

    Operators, "phrases", prefix*, NEAR() and column: filters work; what does not parse is searched as plain words.
    """
    folded = fold(_sayable(words)) or ""
    return folded if _parses(folded) else plain_words(folded)


def is_expression(words: str) -> bool:
    """Whether they parse as an FTS5 expression; what does not is searched as plain words."""
    return _parses(fold(_sayable(words)) or "")


def _sayable(words: str) -> str:
    """Without what SQLite takes from nobody: bytes of a command line that are no UTF-8 are halves of characters."""
    return words.strip().encode("utf-8", "replace").decode()


def plain_words(words: str) -> str:
    """Each word quoted, all of them wanted; an expression that matches nothing where there is no word."""
    found = re.findall(r"\w+", words)
    return " ".join(f'"{word}"' for word in found) or '""'


@lru_cache(maxsize=256)
def _parses(expression: str) -> bool:
    with sqlite3.connect(":memory:") as scratch:
        scratch.execute(f"CREATE VIRTUAL TABLE scratch USING fts5({', '.join(COLUMNS)})")
        try:
            scratch.execute("SELECT 1 FROM scratch WHERE scratch MATCH ?", [expression]).fetchall()
        except sqlite3.Error:
            return False
    return bool(expression)


def has_passage(sizes: bytes | None) -> bool:
    """Whether a text is short enough for `snippet()` and `highlight()`, by its `sz` in articles_fts_docsize.

    That has the words of each column as a number in groups of 7 bits, the last group below 128.
    """
    words = number = 0
    for byte in sizes or b"":
        number = number << 7 | byte & 127
        if byte < 128:
            words, number = words + number, 0
    return words <= LONGEST_MARKED


def register(connection: sqlite3.Connection) -> None:
    """Makes the SQL functions `fold(text)`, `search(words)` and `has_passage(sizes)` known to a connection."""
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.create_function("search", 1, match_expression, deterministic=True)
    connection.create_function("has_passage", 1, has_passage, deterministic=True)


def index(connection: sqlite3.Connection, article: int) -> None:
    """Puts the stored text of an article into the index."""
    connection.execute(
        f"INSERT INTO articles_fts (rowid, {_names()}) SELECT id, {_folded()} FROM articles WHERE id = ?",
        [article],
    )


def unindex(connection: sqlite3.Connection, article: int) -> None:
    """Takes the stored text of an article out of the index: called before that text changes."""
    connection.execute(
        f"INSERT INTO articles_fts (articles_fts, rowid, {_names()}) "
        f"SELECT 'delete', id, {_folded()} FROM articles WHERE id = ?",
        [article],
    )


def reindex(connection: sqlite3.Connection) -> None:
    """The whole index anew. Never FTS5's own `rebuild`: it would index the unfolded text."""
    connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    connection.execute(f"INSERT INTO articles_fts (rowid, {_names()}) SELECT id, {_folded()} FROM articles")
    connection.execute("INSERT OR REPLACE INTO about VALUES ('fold_version', ?)", [FOLD_VERSION])


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the index holds the words of the stored texts, and nothing else. Needs temporary tables.

    FTS5's own check compares with the texts as they are stored: so a copy of the index is put over folded ones.
    """
    connection.execute(f"CREATE TEMP VIEW folded AS SELECT id, {_folded(' AS {0}')} FROM main.articles")
    connection.execute(f"CREATE VIRTUAL TABLE temp.copied USING fts5({_names()}, content='folded', {_OPTIONS})")
    try:
        for shadow in ("data", "idx", "docsize", "config"):
            connection.execute(f"DELETE FROM temp.copied_{shadow}")
            connection.execute(f"INSERT INTO temp.copied_{shadow} SELECT * FROM main.articles_fts_{shadow}")
        connection.execute("INSERT INTO temp.copied (copied, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    return True


def _names() -> str:
    return ", ".join(COLUMNS)


def _folded(named: str = "") -> str:
    return ", ".join(f"fold({name}){named.format(name)}" for name in COLUMNS)
