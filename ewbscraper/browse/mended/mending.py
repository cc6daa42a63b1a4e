"""Datasette's own pages, mended for who hears a page or walks it by keyboard: names for fields, headings in order."""

import re

from markupsafe import Markup

NAMES = {
    "_filter_column": "Column to filter by",
    "_filter_op": "How to compare",
    "_filter_value": "Value to compare with",
    "_sort": "Column to sort by",
    "sql": "SQL",
}
"""What a field is for, by its name; Datasette leaves these without a label."""

_FIELD = re.compile(r'<(?:select|textarea|input type="text")(?=[^<>]*? name="(_?[a-z]+(?:_[a-z]+)?)(?:_\d+)?")')
_TABLE = re.compile(r'<div class="table-wrapper"')


def mended(page: Markup) -> Markup:
    """The content of a page of Datasette's. Stored text in it is escaped, so a tag here is one of Datasette's own."""
    head, second, rest = str(page).partition("<h2")
    ordered = re.sub(r"<(/?)h3\b", r"<\1h2", head) + second + rest
    named = _FIELD.sub(_with_name, ordered)
    scrolled = _TABLE.sub(r'\g<0> tabindex="0" role="region" aria-label="Rows"', named)
    crossed = scrolled.replace('class="cross"', 'class="cross" aria-label="Take this away"')
    return Markup(crossed)  # noqa: S704 -- as safe as what came in: only names of ours were added


def _with_name(tag: re.Match[str]) -> str:
    return f'{tag[0]} aria-label="{NAMES[tag[1]]}"' if tag[1] in NAMES else tag[0]
