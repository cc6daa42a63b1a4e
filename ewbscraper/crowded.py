"""Tags with so many attributes that the parser, which takes the square of their number, has no end."""

import re

MOST_ATTRIBUTES = 2000
"""Of one tag."""

_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
"""What looks like a tag inside of these is none: `for (i = 0; i<count; ...`."""
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_ATTRIBUTES = rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+[\s/]*+"
_IN_RAW = "|".join(rf"(?i:{name})(?=[\s/>]){_ATTRIBUTES}>(?:[^<]++|<(?!/(?i:{name})[\s/>]))*+" for name in _RAW)
_COMMENT = r"!--(?!-?>)(?:[^-]++|-(?!-!?>))*+"
_TAG = rf"[a-zA-Z][^\s/>]*+(?:>|{_ATTRIBUTES}(?:>|\Z))"
_CALM = re.compile(
    rf"[^<]*+(?:<(?:\Z|[^a-zA-Z!]|{_COMMENT}|!|(?=[sStTxXiInN])(?:{_IN_RAW})|{_TAG})[^<]*+)*+",
)
"""A page as HTML's own rules take it apart, tag by tag, up to one that is crowded. No step is ever taken back."""


def is_crowded(text: str) -> bool:
    """Whether a tag has more than MOST_ATTRIBUTES."""
    text = text.replace("\0", "")  # as the parser gets it
    calm = _CALM.match(text)
    return calm is None or calm.end() < len(text)
