"""Tags with so many attributes that the parser, which takes the square of their number, has no end."""

import re

MOST_ATTRIBUTES = 2000
"""Of one tag."""

_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
"""What looks like a tag inside of these is none: `for (i = 0; i<count; ...`."""
_BLANK = r" \t\n\f\r"
"""HTML's own white space, letter by letter: the patterns take a sixth less of time than with Unicode's `\\s`."""
_VALUE = rf"""="[^"]*+"|[{_BLANK}]*+=[{_BLANK}]*+(?:"[^"]*+"|'[^']*+'|[^{_BLANK}>]*+)"""
"""As most are written first."""
_ATTRIBUTE = rf"[{_BLANK}/]*+[^{_BLANK}/>][^{_BLANK}/>=]*+(?:{_VALUE})?+"
_ATTRIBUTES = rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+[{_BLANK}/]*+"
_IN_RAW = "|".join(
    rf"(?i:{name})(?=[{_BLANK}/>]){_ATTRIBUTES}>(?:[^<]++|<(?!/(?i:{name})[{_BLANK}/>]))*+" for name in _RAW
)
_COMMENT = r"!--(?!-?>)(?:[^-]++|-(?!-!?>))*+"
_USUAL = rf'(?:[{_BLANK}][a-zA-Z-]++="[^"]*+"){{0,{MOST_ATTRIBUTES}}}+[{_BLANK}/]*+>'
"""As nine of ten tags have them, or none: with it, and the commonest of what `<` begins first, a sixth less of time."""
_TAG = rf"[a-zA-Z][^{_BLANK}/>]*+(?:{_USUAL}|{_ATTRIBUTES}(?:>|\Z))"
_CALM = re.compile(
    rf"[^<]*+(?:<(?:/|(?=[sStTxXiInN])(?:{_IN_RAW})|{_TAG}|{_COMMENT}|!|[^a-zA-Z]|\Z)[^<]*+)*+",
)
"""A page as HTML's own rules take it apart, tag by tag, up to one that is crowded. No step is ever taken back."""


def is_crowded(text: str) -> bool:
    """Whether a tag has more than MOST_ATTRIBUTES. The text is as the parser gets it: NUL is no part of it."""
    calm = _CALM.match(text)
    return calm is None or calm.end() < len(text)
