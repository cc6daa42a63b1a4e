"""Inputs that nobody means to send, and how a property is held against many of them: a row of the table each.

`FUZZ_EXAMPLES=20000 pytest -m slow tests/faults/test_fuzz_text.py` looks further than the slow tier does, each time
among other inputs.
"""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from meter import Meter

QUICK, SLOW = 50, 300
"""Examples of a property."""
FURTHER = int(os.environ.get("FUZZ_EXAMPLES", "0"))

LETTERS = "aZčĐđžЖЂїѝαΩάاعחअ漢字ひ각ǅßıİŐﬁ①½²٣۴०𝒜😀"
BLANKS = " \t\n\r\x0b\x0c\x1c\x85\u00a0\u1680\u2003\u2028\u2029\u202f\u3000"
UNSEEN = "\0\x01\x1f\x7f\u00ad\u061c\u200b\u200d\u200f\u202a\u202e\u2066\u2069\ufeff\ufffd\ufffe\U000e0001"
MARKS = "\u0301\u0308\u030c\u034f\u0488\u20dd\ufe0f"
HALVES = "\ud800\udbff\udc00\udfff\ud83d"

Row = Callable[[int, Meter], None]


def texts(*tokens: str, halves: bool = True, longest: int = 14) -> st.SearchStrategy[str]:
    """Any characters, among words that mean something to the parser, floods of one sign and very long words."""
    signs = LETTERS + BLANKS + UNSEEN + MARKS + (HALVES if halves else "")
    some = st.characters(exclude_categories=() if halves else ("Cs",))
    flood = st.builds(str.__mul__, st.sampled_from([*signs, *tokens]), st.sampled_from([2, 3, 17, 200, 3_000]))
    parts = [st.text(some, max_size=6), st.sampled_from(signs), st.integers(0, 99_999).map(str), flood]
    known = [st.sampled_from(tokens)] * 6 if tokens else []
    return st.lists(st.one_of(*known, *parts), max_size=longest).map("".join)


def fuzz(
    *,
    sent: str,
    must: str,
    found: str = "",
    seconds: float = 1.0,
    quick: int = QUICK,
    slow: int = SLOW,
    known: Iterable[dict[str, Any]] = (),
    **inputs: st.SearchStrategy[Any],
) -> Callable[[Callable[..., None]], Row]:
    """A property as a test: few examples quickly, many in the slow tier, and always those that once broke it.

    `seconds` is processor time, for other work on the machine does not count; the first example loads word lists.
    """

    def decorate(holds: Callable[..., None]) -> Row:
        @pytest.mark.fault("Fuzz", sent=sent, must=must, found=found)
        @pytest.mark.parametrize(
            "examples", [quick, pytest.param(FURTHER or slow, marks=pytest.mark.slow)], ids=["quick", "slow"]
        )
        def test(examples: int, meter: Meter) -> None:
            meter.limits = {"seconds": seconds}

            def once(**values: Any) -> None:
                began = time.thread_time()
                holds(**values)
                meter.tried(seconds=time.thread_time() - began)

            looked = hypothesis.given(**inputs)(once)
            for one in known:
                looked = hypothesis.example(**one)(looked)
            _settings(examples)(looked)()

        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        return test

    return decorate


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=not FURTHER,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )


def broken(files: Iterable[bytes], *tokens: bytes) -> st.SearchStrategy[bytes]:
    """Real files with bits turned over, parts cut out, doubled, moved, and tokens thrown in."""
    return st.builds(_broken, st.sampled_from(list(files)), st.lists(_wounds(tokens), min_size=1, max_size=6))


Wound = tuple[str, float, float, bytes]


def _wounds(tokens: tuple[bytes, ...]) -> st.SearchStrategy[Wound]:
    kinds = st.sampled_from(["flip", "cut", "end", "double", "move", "put"])
    part = st.floats(0, 1) | st.floats(0, 0.01)
    return st.tuples(kinds, st.floats(0, 1), part, st.sampled_from(tokens or (b"\0",)) | st.binary(max_size=8))


def _broken(whole: bytes, wounds: list[Wound]) -> bytes:
    for kind, where, length, token in wounds:
        at = int(where * len(whole))
        end = at + int(length * (len(whole) - at)) + 1
        part = whole[at:end]
        match kind:
            case "flip":
                whole = whole[:at] + bytes(byte ^ 1 << at % 8 for byte in part[:1]) + whole[at + 1 :]
            case "cut":
                whole = whole[:at] + whole[end:]
            case "end":
                whole = whole[:at]
            case "double":
                whole = whole[:at] + part * 2 + whole[end:]
            case "move":
                whole = part + whole[:at] + whole[end:]
            case _:
                whole = whole[:at] + token + whole[at:]
    return whole


def is_clean(text: str) -> bool:
    """No halves of characters and no NUL: whatever takes text takes it."""
    return not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in text)
