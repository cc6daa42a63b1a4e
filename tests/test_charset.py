"""A page is read right whatever its header says, or does not say."""

import pytest

from ewbscraper.markup.charset import decode

CYRILLIC, LATIN = "Грејање у Крагујевцу", "Žičara na Đerdapu, čekanje još traje"


def page(text, encoding, language="", meta=""):
    return f'<html lang="{language}"><head>{meta}</head><p>{text}</p>'.encode(encoding)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (page(CYRILLIC, "utf-8"), "text/html; charset=UTF-8", CYRILLIC),
        (page(CYRILLIC, "utf-8"), None, CYRILLIC),
        (page(CYRILLIC, "utf-8"), "text/html; charset=ISO-8859-1", CYRILLIC),
        (page(CYRILLIC, "cp1251"), "text/html; charset=windows-1251", CYRILLIC),
        (page(LATIN, "cp1250", meta='<meta charset="windows-1250">'), None, LATIN),
        (page(CYRILLIC, "cp1251", "sr-Cyrl"), "text/html; charset=UTF-8", CYRILLIC),
        (page(LATIN, "cp1250", "hr-HR"), None, LATIN),
        (page("déjà vu", "cp1252", "fr"), None, "déjà vu"),
        (page(LATIN, "utf-16"), None, LATIN),
    ],
    ids=["all right", "nobody says", "header lies", "header", "meta", "all lie", "language", "western", "utf-16"],
)
def test_letters_survive(body, content_type, text):
    assert text in decode(body, content_type)


def test_one_broken_byte_does_not_make_utf8_something_else():
    assert decode(CYRILLIC.encode() + b"\xff" + LATIN.encode()) == f"{CYRILLIC}\ufffd{LATIN}"


def test_utf8_cut_in_the_middle_of_a_letter_is_still_utf8():
    assert decode(CYRILLIC.encode()[:-1]).startswith(CYRILLIC[:-1])
