"""The light markup of the articles' text, block by block.

    ## Sub-heading          ### Smaller sub-heading
    - item                  1. item
    > quote                 > — its source (last line)
    | cell | cell           a table, its first row the heads
    !1 2                    pictures by number; several are a gallery
    + Read also: ...        a line that leads to another article: no part of the text
    ^ Correction ...        a note under the text
    ===                     the next page of the article

Inside a line: **strong**, *emphasis*, [text](https://...), [text](@slug-of-another-article).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

PREFIXES = (
    ("### ", "h3"),
    ("## ", "h2"),
    ("- ", "ul"),
    ("1. ", "ol"),
    ("> ", "quote"),
    ("| ", "table"),
    ("!", "pictures"),
    ("+ ", "read_also"),
    ("^ ", "note"),
)
NOT_TEXT = {"pictures", "read_also"}
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: a paragraph (`p`), or what its prefix says."""

    kind: str
    lines: tuple[str, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of `pictures`: which, counted from 1."""
        return tuple(int(number) for number in self.lines[0].split())

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Of `table`: its cells."""
        return tuple(tuple(cell.strip() for cell in line.split(" | ")) for line in self.lines)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What an archive keeps of it, plain: a table is one paragraph, a line per row."""
        if self.kind in NOT_TEXT:
            return ()
        if self.kind == "table":
            return ("\n".join(" | ".join(plain(cell) for cell in row) for row in self.rows),)
        return tuple(plain(line) for line in self.lines)


def parse(text: str) -> tuple[tuple[Block, ...], ...]:
    """The blocks of each page of an article."""
    return tuple(tuple(_block(chunk) for chunk in re.split(r"\n\s*\n", page.strip())) for page in text.split("\n===\n"))


def _block(chunk: str) -> Block:
    lines = [line.strip() for line in chunk.splitlines()]
    for prefix, kind in PREFIXES:
        if lines[0].startswith(prefix):
            return Block(kind, tuple(re.sub(r"^\d\. ", "1. ", line).removeprefix(prefix) for line in lines))
    return Block("p", (" ".join(lines),))


def plain(line: str) -> str:
    """A line without its markup."""
    return LINK.sub(r"\1", line).replace("*", "")


def inline_html(line: str, resolve: Callable[[str], str]) -> Markup:
    """A line as HTML; `resolve` gives the address of another article by its slug."""
    html = str(escape(line))
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html)
    html = re.sub(r"\*(.+?)\*", r"<em>\1</em>", html)
    return Markup(LINK.sub(lambda link: _anchor(link, resolve), html))  # noqa: S704 -- escaped above


def _anchor(link: re.Match[str], resolve: Callable[[str], str]) -> str:
    text, target = link.groups()
    address = resolve(target[1:]) if target.startswith("@") else target
    return f'<a href="{address}">{text}</a>'
