"""What bad servers do, by name. Each fault turns a good answer into a bad one."""

from collections.abc import Callable
from dataclasses import replace

from ewbscraper.sample_site.answer import HTML, Answer
from ewbscraper.sample_site.pictures import png

GZIP = {"Content-Encoding": "gzip"}
HUGE = 20_000_000
"""Bytes of a huge page."""

ERROR_PAGE = b"<!DOCTYPE html><title>Error</title><p>There has been a critical error on this website.</p>"


def _html(answer: Answer) -> Answer:
    return replace(answer, body=ERROR_PAGE, content_type=HTML)


def _huge(answer: Answer) -> Answer:
    """Not compressed: 20 MB on the wire."""
    filler = b"<p>Water over the dam, and again water over the dam.</p>\n"
    missing = max(0, HUGE - len(answer.body)) // len(filler) + 1
    body = answer.body.replace(b"</main>", filler * missing + b"</main>")
    return replace(answer, body=body, headers={**answer.headers, "Content-Encoding": "identity"})


def _no_charset(answer: Answer) -> Answer:
    """Neither header nor page says that it is UTF-8."""
    body = answer.body.replace(b'<meta charset="utf-8">', b"")
    return replace(answer, body=body, content_type=answer.content_type.partition(";")[0])


def _wrong_charset(answer: Answer) -> Answer:
    """The header says Latin-1, the page says UTF-8, and the page is right."""
    kind = answer.content_type.partition(";")[0]
    return replace(answer, content_type=f"{kind}; charset=ISO-8859-1")


def _lying_charset(answer: Answer) -> Answer:
    """Header and page say UTF-8, the bytes are the Windows code page of the script."""
    text = answer.body.decode()
    page = "windows-1251" if 'lang="sr-Cyrl"' in text or 'lang="mk"' in text else "windows-1250"
    return replace(answer, body=text.encode(page, "xmlcharrefreplace"))


def _status(status: int, **headers: str) -> Callable[[Answer], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda answer: Answer(ERROR_PAGE, status=status, headers=named)


FAULTS: dict[str, Callable[[Answer], Answer]] = {
    "empty": lambda answer: replace(answer, body=b""),
    "half": lambda answer: replace(answer, wire="half"),
    "not html": lambda answer: replace(answer, body=png("not html") * 3),
    "wrong charset": _wrong_charset,
    "no charset": _no_charset,
    "lying charset": _lying_charset,
    "huge": _huge,
    "reset": lambda answer: replace(answer, wire="reset"),
    "hang": lambda answer: replace(answer, wire="hang"),
    "500": _status(500),
    "403": _status(403),
    "429": _status(429, Retry_After="1"),
    "gone": _status(410),
    "html instead": _html,
    "broken xml": lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2] + b"<a & b"),
    "broken gzip": lambda answer: replace(answer, body=b"\x1f\x8b\x08\0broken", headers=GZIP),
    "redirect": lambda answer: Answer(status=301, headers={"Location": "/"}),
    "redirect loop": lambda answer: Answer(status=302, headers={"Location": "?again"}),
}
"""`html instead` is a feed, a sitemap or a REST answer that is an error page, with status 200."""


def break_answer(answer: Answer, fault: str) -> Answer:
    """The answer with a fault in it. Raises KeyError where there is no such fault."""
    return FAULTS[fault](answer)
