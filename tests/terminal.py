"""What a command printed, as a picture of a quiet terminal: one SVG for light and dark, without script or font file."""

import re
import textwrap
from html import escape

COLUMNS, LABEL = 104, 13
"""Characters in a row, and before the text of a row with a label."""
ROW, ADVANCE, MARGIN, TOP = 20, 7.83, 20, 46
"""Pixels: rows, one letter to the next, left and right, and above the first row."""

STYLE = """
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f;
  white-space: pre; }
.frame { fill: #fbfbfa; stroke: #d0d4d9; } .bar { fill: #d0d4d9; }
.soft { fill: #5c6670; } .bad { fill: #a8321f; } .strong { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #d8dde3; } .frame { fill: #16191d; stroke: #3a4149; } .bar { fill: #3a4149; }
  .soft { fill: #98a2ad; } .bad { fill: #f0917f; }
}
"""


def picture(command: str, printed: str, title: str, description: str) -> str:
    """An SVG of a command and what it printed."""
    rows = [_row(f"$ {command}", "strong"), "", *(row for line in printed.splitlines() for row in _rows(line))]
    width, height = round(COLUMNS * ADVANCE + 2 * MARGIN), TOP + len(rows) * ROW
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(description)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="frame" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>',
        *(f'<circle class="bar" cx="{MARGIN + 4 + 16 * i}" cy="18" r="4.5"/>' for i in range(3)),
        *(f'<text y="{TOP + i * ROW}">{row}</text>' for i, row in enumerate(rows) if row),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rows(line: str) -> list[str]:
    """A line as rows; the label of an indented line is soft, or a warning."""
    label = re.match(r"  (\S.{0,9}?)  +(?=\S)", line)
    if not label:
        return [_row(row, "strong" if line and line[0] != " " else "") for row in textwrap.wrap(line, COLUMNS)] or [""]
    wrapped = textwrap.wrap(line[label.end() :], COLUMNS - LABEL, break_on_hyphens=False)
    kind = "bad" if label[1] in ("failed", "given up", "source") else "soft"
    return [_row(f"  {label[1]}", kind) + _row(wrapped[0], "", LABEL), *(_row(row, "", LABEL) for row in wrapped[1:])]


def _row(text: str, kind: str, column: int = 0) -> str:
    indent = len(text) - len(text.lstrip())
    x = MARGIN + (column + indent) * ADVANCE
    named = f' class="{kind}"' if kind else ""
    return f'<tspan x="{x:g}"{named}>{escape(text.strip(), quote=False)}</tspan>' if text else ""
