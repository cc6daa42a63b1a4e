"""Requests as no browser writes them, to a reading room in this process; and what an answer must never be."""

import asyncio
import re
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archives import article, new_archive, save

from ewbscraper.archive.database import read
from ewbscraper.article import Caption
from ewbscraper.browse.guards.withheld import TEXTS

SECRET = "zqsecret"
"""In each text that the public does not see; no request has it."""

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[Header]
    body: str
    seconds: float


def secret_archive(path: Path) -> Path:
    """An archive whose withheld texts all have SECRET, far from where a passage or first words are taken."""
    db, run = new_archive(path)
    body = f"PRISHTINË – The harbour froze.\n\n{'1234 ' * 300}\n\n{SECRET}body the end."
    one = article(
        standfirst=f"{SECRET}standfirst",
        body=body,
        body_html=f'<p>The harbour froze. <a href="https://other.example/">{SECRET}link</a> {SECRET}html</p>',
        captions=(Caption(f"{SECRET}caption", "NATO", "https://courier.example/b.jpg", f"{SECRET}alt"),),
    )
    save(db, run, one)
    changed = replace(one, headline="The bridge closes", captions=(replace(one.captions[0], caption=f"{SECRET} 2"),))
    save(db, run, replace(changed, body=body + " More.", standfirst=f"{SECRET} 2"), captured="2024-03-02T08:00:00Z")
    for number in range(120):
        save(db, run, article(f"n{number}", headline=f"Note {number}", body="1234 the", body_html="", captions=()))
    db.close()
    with closing(read(path)) as db:
        for table, columns in TEXTS.items():
            for column in columns:
                sql = f"SELECT count(*) FROM {table} WHERE {column} LIKE ?"
                assert db.execute(sql, [f"%{SECRET}%"]).fetchone()[0], f"{table}.{column} has no secret"
    return path


async def answer(
    app: Any,
    path: str | bytes,
    query: str | bytes = b"",
    method: str = "GET",
    headers: Iterable[Header] = (),
    body: bytes = b"",
) -> Answer:
    """Of the application itself: whatever it raises is raised here, as a server would end the connection with 500."""
    raw, asked = (text.encode("latin-1") if isinstance(text, str) else text for text in (path, query))
    given = dict(headers)
    lines = [(b"host", given.pop(b"host", b"localhost")), *given.items()]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw.decode("latin-1"), errors="replace"),
        "raw_path": raw,
        "query_string": asked,
        "headers": lines,
        "server": ("127.0.0.1", 8001),
        "client": ("127.0.0.1", 1),
    }
    began, sent, asks = time.monotonic(), list[dict[str, Any]](), iter([body])

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        if (piece := next(asks, None)) is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": False}

    await app(scope, receive, send)
    start, *rest = sent
    text = b"".join(message.get("body", b"") for message in rest).decode("utf-8", "replace")
    pairs = [(bytes(name), bytes(value)) for name, value in start["headers"]]
    return Answer(start["status"], pairs, text, time.monotonic() - began)


def wrong(found: Answer, path: Path, *, public: bool) -> list[str]:
    """Why this must not have been answered."""
    said = b"\n".join(b": ".join(pair) for pair in found.headers).decode("latin-1") + found.body
    return [
        what
        for what, is_so in {
            f"status {found.status}": found.status >= 500 and found.status != 503,
            "a traceback": "Traceback (most recent" in said,
            "a path of this machine": str(path.parent) in said or "/site-packages/" in said,
            "a header in a header": any(b"\n" in value or b"\r" in value for _, value in found.headers),
            "leads away": re.search(r"(?im)^location: (?!/(?!/)|http://localhost/)", said) is not None,
            "what the public must not see": public and SECRET in said.lower(),
        }.items()
        if is_so
    ]
