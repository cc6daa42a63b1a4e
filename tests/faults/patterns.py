"""Every regular expression of ours, and texts that make a bad one backtrack: made of the expression's own parts."""

import ast
import importlib
import inspect
import itertools
import pkgutil
import re
import re._parser as reader  # type: ignore[import-not-found]  # what `re` itself reads an expression with
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import ewbscraper
from ewbscraper.extraction import words
from ewbscraper.extraction.words import joiners, mark, names

_NEEDS_REACTOR = ("ewbscraper.crawl", "ewbscraper.cli", "ewbscraper.__main__", "ewbscraper.sample_site")
_CALLS = frozenset(
    f"re.{how}" for how in ("compile", "search", "match", "fullmatch", "sub", "findall", "finditer", "split")
)
LITTLE = 0.004
"""Seconds of which nobody speaks."""
STEEP = 3.0
"""Twice the text takes twice the time, or four times where each part of it is compared with each."""
_REPEATS = (reader.MAX_REPEAT, reader.MIN_REPEAT, reader.POSSESSIVE_REPEAT)
_SIGNS = {
    reader.CATEGORY_DIGIT: "7",
    reader.CATEGORY_NOT_DIGIT: "x",
    reader.CATEGORY_SPACE: " ",
    reader.CATEGORY_NOT_SPACE: "x",
    reader.CATEGORY_WORD: "x",
    reader.CATEGORY_NOT_WORD: "-",
}


def modules() -> list[ModuleType]:
    """All of ours but those that begin a reactor, of which the source is read, and the invented newspaper."""
    found = pkgutil.walk_packages(ewbscraper.__path__, "ewbscraper.", onerror=lambda _: None)
    return [importlib.import_module(one.name) for one in found if not one.name.startswith(_NEEDS_REACTOR)]


@cache
def patterns() -> dict[str, re.Pattern[Any]]:
    """By the name under which it stands: those of modules, of functions that make one, and of calls in the code."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for number, one in enumerate(_in(value)):
                found.setdefault(f"{module.__name__}.{name}[{number}]", one)
            if callable(value) and "__module__" in dir(value) and value.__module__ == module.__name__:
                found |= {f"{module.__name__}.{name}()": one for one in _made_by(value)}
    found |= {f"{words.__name__}.mark({role})": mark(role) for role in names("mark order")}
    found |= {f"{words.__name__}.joiners({code})": joiners(code) for code in ("en", "sr", "sq", "el")}
    for path in (one for one in Path(ewbscraper.__file__).parent.rglob("*.py") if one.parent.name != "sample_site"):
        found |= {f"{path.parent.stem}/{path.stem}:{line}": re.compile(*one) for line, *one in _in_code(path)}
    return {name: found[name] for name in {one: name for name, one in reversed(found.items())}.values()}


def _in(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        yield from itertools.chain.from_iterable(map(_in, value))
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_in, value.values()))


def _made_by(function: Any) -> Iterator[re.Pattern[Any]]:
    said = inspect.signature(function) if inspect.isroutine(function) or hasattr(function, "cache_info") else None
    if said and "Pattern" in str(said.return_annotation) and not said.parameters:
        yield function()


def _in_code(path: Path) -> Iterator[tuple[int, str | bytes, int]]:
    """`re.search("...", text)` and so on, and `re.compile` where a module could not be imported."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _CALLS and isinstance(node.args[0], ast.Constant):
            said = ast.unparse(node)
            flags = sum(flag for flag in (re.IGNORECASE, re.DOTALL, re.MULTILINE) if f"re.{flag.name}" in said)
            yield node.lineno, node.args[0].value, flags


def steep(asked: tuple[str, int, str]) -> tuple[float, Any] | None:
    """Seconds that the expression of this name takes for a text of such a length, and how that text begins.

    None where there is no text of which twice as much takes far more than twice the time.
    """
    name, length, use = asked
    pattern = patterns()[name]
    for once, twice in zip(attacks(pattern, length), attacks(pattern, 2 * length), strict=True):
        once, twice = (" ".join(one.split()) if use == "spoken" else one for one in (once, twice))
        if (took := _seconds(pattern, use, once)) > LITTLE and _seconds(pattern, use, twice) > STEEP * took:
            first, second = (min(_seconds(pattern, use, one) for _ in range(3)) for one in (once, twice))
            if second > STEEP * first:
                return first, once[:60]
    return None


def _seconds(pattern: re.Pattern[Any], use: str, text: Any) -> float:
    began = time.thread_time()
    if use == "match":
        pattern.match(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.thread_time() - began


def attacks(pattern: re.Pattern[Any], length: int) -> list[Any]:
    """Texts of about so many characters: what stands before a repetition, what it repeats, and an end that fails."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = reader.parse(text, pattern.flags & ~re.UNICODE & ~re.LOCALE)
    pairs = dict.fromkeys([*_repetitions(tree, ""), *(("", one) for one in _pieces(tree))])
    made = []
    for before, part in pairs:
        made += [
            before + part * (length // max(len(part), 1)),
            (before + part) * (length // max(len(before + part), 1)),
        ]
    made += [one * (length // len(one)) for one in (" ", "x", "\n", "-", "7", "<", "a ", "a-", "A.")]
    whole = [one[:length] + end for one in made for end in ("", "\0")]
    return [one.encode("latin-1", "replace") for one in whole] if isinstance(pattern.pattern, bytes) else whole


def _repetitions(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """What may stand before each unbounded repetition, and one of what it repeats."""
    for kind, of in tree:
        if kind in _REPEATS:
            if of[1] is reader.MAXREPEAT or of[1] > 9:
                yield from ((before, part) for part in _samples(of[2]))
            yield from _repetitions(of[2], before)
        else:
            for inner in _inner(kind, of):
                yield from _repetitions(inner, before)
        before += next(iter(_samples([(kind, of)])), "")


def _inner(kind: Any, of: Any) -> list[Any]:
    if kind is reader.SUBPATTERN:
        return [of[-1]]
    if kind is reader.BRANCH:
        return list(of[1])
    if kind is reader.ATOMIC_GROUP:
        return [of]
    return [of[1]] if kind in (reader.ASSERT, reader.ASSERT_NOT) else []


def _pieces(tree: Any) -> Iterator[str]:
    """What each branch and group alone may match."""
    for kind, of in tree:
        inside = (
            [of[2]] if kind in (reader.MAX_REPEAT, reader.MIN_REPEAT, reader.POSSESSIVE_REPEAT) else _inner(kind, of)
        )
        for one in inside[:12]:
            yield from itertools.islice(_samples(one), 3)
            yield from _pieces(one)


def _samples(tree: Any) -> list[str]:
    """Up to four texts that such a piece may match."""
    found = [""]
    for kind, of in tree:
        found = [one + more for more in _sample(kind, of) or [""] for one in found][:4]
    return found


def _sample(kind: Any, of: Any) -> list[str]:
    match kind:
        case reader.LITERAL:
            return [chr(of)]
        case reader.NOT_LITERAL:
            return ["x" if of != ord("x") else "y"]
        case reader.ANY:
            return ["x"]
        case reader.IN:
            return _in_set(of)
        case reader.MAX_REPEAT | reader.MIN_REPEAT | reader.POSSESSIVE_REPEAT:
            return [one * max(of[0], 1) for one in _samples(of[2])]
        case reader.BRANCH:
            return [one for branch in of[1][:6] for one in _samples(branch)[:2]]
        case reader.SUBPATTERN:
            return _samples(of[-1])
        case reader.ATOMIC_GROUP:
            return _samples(of)
    return [""]


def _in_set(of: Any) -> list[str]:
    if of[0][0] is reader.NEGATE:
        banned = re.compile("[" + "".join(_said(*one) for one in of[1:]) + "]")
        return [one for one in ("x", "7", " ", "-", "é", "<") if not banned.match(one)][:3]
    signs = [chr(o) if k is reader.LITERAL else chr(o[0]) if k is reader.RANGE else _SIGNS.get(o, "x") for k, o in of]
    return list(dict.fromkeys(signs))[:4]


def _said(kind: Any, of: Any) -> str:
    if kind is reader.LITERAL:
        return re.escape(chr(of))
    if kind is reader.RANGE:
        return f"{re.escape(chr(of[0]))}-{re.escape(chr(of[1]))}"
    return {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}.get(str(of), r"\W")
