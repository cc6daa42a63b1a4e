"""Answer: what the newspaper's server says to one request, before it goes out on the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Literal

HTML = "text/html; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body, not yet compressed."""

    body: bytes = b""
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wire: Literal["whole", "half", "reset", "hang"] = "whole"
    """How it goes out: whole, broken off in the middle of the body, as a connection reset, or never."""


def conditional(answer: Answer, asked: Mapping[str, str], modified: datetime, etag: str | None = None) -> Answer:
    """The answer with its validators, or 304 to who holds it already.

    If-None-Match wins over If-Modified-Since (RFC 9110, section 13.2.2).
    """
    headers = {"Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True)}
    if etag:
        headers["ETag"] = etag
    if etag and (held := asked.get("If-None-Match")):
        unchanged = etag in held
    else:
        since = asked.get("If-Modified-Since")
        unchanged = since is not None and parsedate_to_datetime(since) >= modified
    if unchanged:
        return Answer(content_type=answer.content_type, status=304, headers=headers)
    return replace(answer, headers={**answer.headers, **headers})


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(body, "application/json; charset=UTF-8", status, headers or {})


def xml_answer(text: str, headers: Mapping[str, str] | None = None, kind: str = "application/xml") -> Answer:
    return Answer(text.encode(), f"{kind}; charset=UTF-8", headers=headers or {})


def redirect(address: str) -> Answer:
    return Answer(status=301, headers={"Location": address})
