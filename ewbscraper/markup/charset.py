"""Bytes of a page become text: what the bytes are counts more than what header and page say that they are."""

import re
from codecs import BOM_UTF8

from w3lib.encoding import html_to_unicode

_LANGUAGE = re.compile(rb"""<html[^>]{0,500}?\blang\s*=\s*["']?([a-zA-Z-]{2,10})""", re.IGNORECASE)
_OF_NO_PAGE = frozenset(("none", "punycode", "unicode-escape", "raw-unicode-escape"))
"""Codecs of Python's that write something else than pages."""
_CODE_PAGES = {
    "cp1250": ("sr", "sr-latn", "hr", "bs", "cnr", "sl", "hu", "ro", "pl", "cs", "sk"),
    "cp1251": ("sr-cyrl", "mk", "bg", "ru", "uk"),
    "cp1253": ("el",),
    "cp1254": ("tr",),
}
"""The Windows code page that older sites of a language use; cp1252 for all others."""


def flawless(body: bytes) -> str | None:
    """The text of bytes that are UTF-8 beyond ASCII, without NUL and mark, as those of most pages are.

    A parser can have these bytes as they are: to encode the text again took an eighth of the time of parsing it, and
    to look for NUL in a text, where every other byte may be one, a tenth.
    """
    if body.isascii() or body.startswith(BOM_UTF8) or b"\0" in body:
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\ufffd" in text else text


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a page.

    1. Bytes that are valid UTF-8 beyond ASCII are UTF-8: no other encoding looks like it by chance.
    2. What header, byte order mark or page name, unless that is UTF-8 and most of the bytes say no.
    3. The code page of the page's language.
    """
    text = body.decode("utf-8", "replace")
    if not body.isascii() and text.count("\ufffd") * 2 <= len(text) - len(text.encode("ascii", "ignore")):
        return text.lstrip("\ufeff")
    try:
        named, decoded = html_to_unicode(content_type, body, default_encoding="utf-8", auto_detect_fun=lambda _: None)
    except (LookupError, UnicodeError):  # Python has codecs of no text (`hex`), or that forgive nothing (`idna`)
        named = "none"
    if named in _OF_NO_PAGE:
        named, decoded = "utf-8", text
    if named != "utf-8" or body.isascii():
        return decoded
    return body.decode(_code_page(body), "replace")


def _code_page(body: bytes) -> str:
    said = _LANGUAGE.search(body[:5_000])
    language = said[1].decode("ascii").lower() if said else ""
    short = language.partition("-")[0]
    pages = {name: page for page, names in _CODE_PAGES.items() for name in names}
    return pages.get(language) or pages.get(short) or "cp1252"
