"""The line under a picture, taken apart: what it shows, and who made it.

Tried in order, most trusted first: 1. a label with a colon (`; Photo: NATO`), 2. a label that needs none (`Photo by
A. B.`, `Foto Tanjug`), 3. a source in brackets at the end (`(A. B. / AFP)`), 4. a copyright sign, 5. a known source
alone or after a separator, 6. the Japanese forms (`＝AP`, `（A. B. 撮影）`). Labels, agencies and picture services
are data (`data/`).
"""

import re
import unicodedata
from functools import cache, lru_cache

from ewbscraper.extraction.lists import folded_lines, folded_words, read_lines, read_rows
from ewbscraper.places import find_place, fold

_LONGEST = 1000
"""Characters: what is longer is prose."""
_LONGEST_CREDIT = 120
_LONGEST_LABEL = 40
_SENTENCE_FROM = 5
"""Words from which a credit mostly in lower case is a sentence."""
_NAME_WORDS = 7
"""Words that a source (`Source: ...`) may have: longer ones are notes to a table."""

_SEPARATOR = r"(?:^|\s?[;/|·•(\[\n]\s{0,3}|\s[–—‒-]\s|[.,!?…:)\]”\"’]\s{1,3})"
_BRACKETED = re.compile(r"\s?[(\[]([^()\[\]]{2,120})[)\]]\.?$")
_COPYRIGHT = re.compile(r"(?:©|\([cC]\))\s?(?=\D)")
_FULL_WIDTH = re.compile(r"[（＝](?P<credit>[^（）＝、。]{1,30}?)(?P<maker>撮影|提供)?）?$")
_RIGHTS = re.compile(
    r"rights|prava zadr|права|drejtat|pravice|droits réservés|rechte vorbehalten|diritti riservati", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?:|[\w-]+\.[a-z]{2,}")
_BOUNDARY = re.compile(r"/\s|\s\|\s|;\s|\s[–—]\s|(?<=[.!?])\s|\n")
_PARTS = re.compile(r"\s?[/,|]\s?|\s(?:via|on|-)\s")
_WORD = re.compile(r"[^\W\d_][\w.’'-]*")
_TOKEN = re.compile(r"\w+")
_SIGNS = frozenset("©()[]（）＝")
_EDGES = " \t\n\u00a0;,/|·•–—‒-"


@lru_cache(maxsize=200)
def split_credit(text: str) -> tuple[str | None, str | None] | None:
    """`(caption, credit)` of a line; `""` where it is only a credit, `(text, None)` where it has none.

    None where the line is no caption although it speaks of a picture or a source, or opens end matter
    (`Related posts`).
    """
    line = re.sub(r"[ \t\u00a0\u202f]+", " ", text[: _LONGEST + 1]).strip()
    folded = fold(line)
    if not line or len(line) > _LONGEST or folded.startswith(_not_captions()):
        return None
    words = _TOKEN.findall(folded)
    labelled = not _label_cues().isdisjoint(words)
    if not labelled and _SIGNS.isdisjoint(folded) and _source_cues().isdisjoint(words):
        return line, None
    for way in _WAYS if labelled else _WAYS_WITHOUT_LABEL:
        if found := way(line):
            caption, credit = found
            return _trim(caption), _trim_credit(credit)
    return None if _speaks_of_source(line) else (line, None)


def _labelled(line: str) -> tuple[str, str] | None:
    """The last label with a colon whose rest reads like a credit."""
    if not any(sign in line for sign in (":", "：", "...")):
        return None
    for match in reversed(list(_label_pattern().finditer(line))):
        credit = line[match.end() :].partition("\n")[0]
        if match["separator"].isspace() and match["label"][0].islower():
            continue
        if _is_credit(_trim_credit(credit), _labels()[fold(match["label"])]):
            return line[: match.start("label")], credit
    return None


def _label_alone(line: str) -> tuple[str, str] | None:
    for match in reversed(list(_bare_label_pattern().finditer(line))):
        kind = _labels()[fold(match["label"])]
        credit = _trim_credit(line[match.end() :].partition("\n")[0])
        named = credit[:1].isupper() or credit[:1] in "@©"
        if named and _is_credit(credit, kind) and (kind == "by" or (kind == "credit" and _is_source(credit))):
            return line[: match.start("label")], credit
    return None


def _bracketed(line: str) -> tuple[str, str] | None:
    match = _BRACKETED.search(line)
    if not match or not (_is_source(match[1]) or "©" in match[1] or _is_set_off(line[: match.start()], match[1])):
        return None
    return line[: match.start()], match[1]


def _is_set_off(caption: str, credit: str) -> bool:
    """Names in brackets behind a full sentence (`A ferry at dawn. (Ana Kos/Paper)`)."""
    words = _WORD.findall(credit)
    named = 0 < len(words) <= _NAME_WORDS and not _small_words(credit) and not re.search(r"\d", credit)
    if fold(credit) in _labels() or find_place(credit):
        return False
    return named and caption.rstrip().endswith((".", "!", "?", "…")) and len(caption.split()) >= _SENTENCE_FROM


def _copyright(line: str) -> tuple[str, str] | None:
    match = _COPYRIGHT.search(line)
    if not match or _RIGHTS.search(line) or not _is_credit(line[match.end() :], "credit"):
        return None
    return line[: match.start()], line[match.end() :]


def _bare_source(line: str) -> tuple[str, str] | None:
    if _is_source(line):
        return "", line
    for match in reversed(list(_BOUNDARY.finditer(line))):
        if _is_source(credit := line[match.end() :]):
            return line[: match.start()], credit
    return None


def _full_width(line: str) -> tuple[str, str] | None:
    """Behind the wide sign of equality a source; in wide brackets who took the picture or lent it."""
    match = _FULL_WIDTH.search(line) if "＝" in line or line[-1] == "）" else None
    if match and (match["maker"] or _is_source(unicodedata.normalize("NFKC", match["credit"]))):
        return line[: match.start()], match["credit"]
    return None


_WAYS_WITHOUT_LABEL = (_bracketed, _copyright, _bare_source, _full_width)
"""The patterns of labels take the time of ten others: they are not even tried where no word begins one."""
_WAYS = (_labelled, _label_alone, *_WAYS_WITHOUT_LABEL)


def _is_source(credit: str) -> bool:
    """A known agency or picture service among names: `EPA/Andrej Cukic`, `A. B. / AFP`."""
    if len(credit) > _LONGEST_CREDIT:
        return False
    parts = [part.strip() for part in _PARTS.split(credit.rstrip(". "))]
    named = all(_known(part) or not _small_words(part) or (" " not in part and len(parts) > 1) for part in parts)
    return named and any(map(_known, parts)) and len(_WORD.findall(credit)) <= _NAME_WORDS


def _known(name: str) -> bool:
    """Short names only as they are written: `ANA` is an agency, `Ana` is not."""
    folded, exact = fold(name), name in _exact_sources()
    return exact or (folded in _sources() and (name.isupper() or (len(name) > 4 and not name.islower())))


def _small_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word[0].islower() and word not in folded_words("joiners")]


def _is_credit(credit: str, kind: str) -> bool:
    words = _WORD.findall(credit)
    if not re.search(r"\w", credit) or len(credit) > _LONGEST_CREDIT:
        return False
    if kind == "video" and not _is_source(credit):
        return False
    known = any(map(_known, _PARTS.split(credit)))
    if kind == "source" and ((credit[0].islower() and not known) or len(words) > _NAME_WORDS):
        return False
    if credit[0].islower() and not _ADDRESS.match(credit) and len(words) > 3 and not _is_source(credit):
        return False
    return len(words) < _SENTENCE_FROM or (2 if known else 3) * len(_small_words(credit)) <= len(words)


def _speaks_of_source(line: str) -> bool:
    """A sentence about a picture or a source (`Tanjug reported that ...`); `Family photo of the summit` is none."""
    words = [word.rstrip(".") for word in _WORD.findall(line)]
    named = any(fold(word) in _labels() or _known(word) for word in words)
    return "©" in line or (named and (line.endswith((".", "!", "?")) or ":" in line))


def _trim(caption: str) -> str:
    caption = caption.strip(_EDGES).rstrip(_EDGES + "([")
    return caption[:-1].rstrip() if caption.endswith(".") and not caption.endswith("..") else caption


def _trim_credit(credit: str) -> str:
    credit = credit.strip(_EDGES + "\r")
    credit = balanced(credit)
    initial = re.search(r"(?:\b|_)[^\W\d_]\.$", credit)
    return credit if initial else credit.removesuffix(".").strip(_EDGES)


def balanced(credit: str) -> str:
    """A credit without the bracket that was closed behind it or opened before it."""
    for left, right in ("()", "[]"):
        if credit.count(right) > credit.count(left):
            credit = credit.rstrip(". ").removesuffix(right).strip()
        elif credit.count(left) > credit.count(right):
            credit = credit.removeprefix(left).strip()
    return credit


def without_label(caption: str) -> str:
    """A caption without a label that was left behind it where its credit was taken off."""
    match = _label_at_end().search(caption, max(0, len(caption) - _LONGEST_LABEL))
    return caption[: match.start()].rstrip(_EDGES + "([") if match else caption


def _alternatives() -> str:
    """Matches a label, the longest first: by first letters, as two hundred alternatives are tried at each word."""
    rests: dict[str, list[str]] = {}
    for label in sorted(_spellings(), key=len, reverse=True):
        rests.setdefault(label[0].lower(), []).append(re.escape(label[1:]).replace(r"\ ", r"\s"))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())


@cache
def _label_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<separator>{_SEPARATOR}|\s)(?P<label>{_alternatives()})\s?(?:[:：]|\.\.\.)\s?", re.IGNORECASE
    )


@cache
def _bare_label_pattern() -> re.Pattern[str]:
    return re.compile(rf"{_SEPARATOR}(?P<label>{_alternatives()})(?:\s[-–]\s|\s|(?<=\.))", re.IGNORECASE)


@cache
def _label_at_end() -> re.Pattern[str]:
    label = f"(?:{_alternatives()})"
    return re.compile(rf"{_SEPARATOR}{label}\s?[:：]?\s?$|\s{label}\s?[:：]\s?$", re.IGNORECASE)


@cache
def _spellings() -> dict[str, str]:
    return {row["label"]: row["kind"] for row in read_rows("credit_labels")}


@cache
def _labels() -> dict[str, str]:
    return {fold(label): kind for label, kind in _spellings().items()}


@cache
def _exact_sources() -> frozenset[str]:
    return frozenset(read_lines("agencies") + read_lines("photo_sources"))


@cache
def _sources() -> frozenset[str]:
    return folded_lines("agencies") | folded_lines("photo_sources")


@cache
def _label_cues() -> frozenset[str]:
    """The first word of every label, folded: most lines of a text have none of them, and no source's."""
    return frozenset(_TOKEN.findall(name)[0] for name in _labels())


@cache
def _source_cues() -> frozenset[str]:
    """The first word of every source, folded."""
    return frozenset(_TOKEN.findall(name)[0] for name in (*_sources(), *map(fold, _exact_sources())))


@cache
def _not_captions() -> tuple[str, ...]:
    return tuple(folded_lines("not_captions"))
