"""An archive for the reading room: an edited, a removed and a hostile article, three scripts, enough for two pages."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from archives import article, new_archive, save
from datasette.app import Datasette
from lxml import html

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.article import Article, Caption, Dateline, Place, RelatedPost

EDITED, REMOVED, HOSTILE, CYRILLIC, PLAIN = 1, 2, 3, 4, 5
SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
EVIL_URL = "javascript:alert(1)//"

BODY = (
    "The council had said nothing for a week.",
    "PRISTINA – Ministers sat down at noon on Tuesday and rose again after midnight, with a paper of four pages that "
    "neither side had seen in the morning.",
    "“We denied the talks because there was nothing to talk about,” the spokeswoman said. She named Vučić and Kurti, "
    "and left three questions without an answer.",
    "What the paper says",
    "Trains are to run between the two towns from May, twice a day, on a line that has been closed since 1999.",
    "If a document cannot be read in a minute, it has not been finished.",
    "The rails belong to one railway and the signals to another; who repairs the bridge at the border is left open.",
)


def edited() -> tuple[Article, Article]:
    """The same article before and after the paper changed it."""
    before = article(
        "talks",
        headline="Minister denies talks",
        standfirst=BODY[0],
        dateline=Dateline("PRISTINA –", (Place("Pristina", "PRISTINA", "XK"),)),
        authors=("Ana Kos", "Ben Rot"),
        byline="By Ana Kos and Ben Rot",
        published="2024-03-04T18:20:00+01:00",
        body="\n\n".join(BODY),
        body_html=_html(BODY),
        captions=(
            Caption("Ministers before the meeting", "NATO", "https://courier.example/a.jpg", "Two rows", "lead"),
            Caption("The closed line near the border", "Tanjug / A. B.", "https://courier.example/b.jpg"),
        ),
        related_posts=(
            RelatedPost("The bridge opens", "https://courier.example/plain/"),
            RelatedPost("What became of the ferry", "https://courier.example/ferry/", "Courier Archives"),
        ),
        tags=("railways", "talks"),
    )
    body = [*BODY[:2], BODY[2].replace("denied", "confirmed").replace("three", "two"), *BODY[3:]]
    return before, replace(before, headline="Minister confirms talks", body="\n\n".join(body), body_html=_html(body))


def hostile() -> Article:
    """Scripts in every text, a script for every address."""
    return article(
        "hostile",
        headline=f"Hostile {SCRIPT}",
        standfirst=f"S{SCRIPT}",
        dateline=Dateline(f"D{SCRIPT} –", (Place(f"P{SCRIPT}", f"W{SCRIPT}"),), agency=f"A{SCRIPT}"),
        byline=f"B{SCRIPT}",
        authors=(f"N{SCRIPT}",),
        sections=(f"C{SCRIPT}",),
        tags=(f"T{SCRIPT}",),
        language='en" onload="alert(1)',
        published="2024-03-02T10:00:00+01:00",
        body=f"D{SCRIPT} – hostile",
        body_html=f'<p onclick="alert(1)">{SCRIPT}<a href="{EVIL_URL}">h</a><svg onload=alert(1)></p>',
        captions=(Caption(f"K{SCRIPT}", f"R{SCRIPT}", EVIL_URL, f"L{SCRIPT}"),),
        related_posts=(RelatedPost(f"Q{SCRIPT}", EVIL_URL, f"U{SCRIPT}"),),
        found_by={f"F{SCRIPT}": f"G{SCRIPT}"},
    )


def build(path: Path) -> Path:
    """The archive, closed."""
    db, run = new_archive(path)
    before, after = edited()
    save(db, run, before, captured="2024-03-04T18:00:00Z")
    removed, _ = save(db, run, article("villa", headline="Mayor's villa had no permit"))
    save(db, run, hostile())
    save(db, run, replace(hostile(), headline=f"Changed {SCRIPT}"), captured="2024-03-05T08:00:00Z")
    save(db, run, cyrillic())
    save(db, run, article("plain", dateline=None, published="2024-02-28", body_html=""))
    for number in range(25):
        save(db, run, article(f"n{number}", headline=f"Note {number}", published=f"2024-01-{number + 1:02}"))
    save(db, run, after, captured="2024-03-05T07:30:00Z")
    with transaction(db):
        store.mark_gone(db, removed)
        db.execute("UPDATE links SET target_article = ? WHERE article = ?", [PLAIN, EDITED])
        db.execute("UPDATE runs SET finished = started, outcome = ?, needs_a_look = ?", ["finished", SCRIPT])
        db.execute(
            "INSERT INTO frontier (url, outlet, source, state, discovered, listed_in_run, last_error)"
            " VALUES ('https://courier.example/lost/', 'courier', 'sitemap', 'failed', '2024-03-01', 1, ?)",
            [SCRIPT],
        )
    db.close()
    return path


def cyrillic() -> Article:
    """Serbian in Cyrillic, filed from Belgrade."""
    return article(
        "most",
        headline="Вучић отворио мост",
        dateline=Dateline("БЕОГРАД –", (Place("Belgrade", "БЕОГРАД", "RS"),)),
        language="sr-Cyrl",
        published="2024-03-03T09:00:00+01:00",
        body="БЕОГРАД – Вучић је прешао мост.",
        body_html="<p><strong>БЕОГРАД</strong> – Вучић је прешао мост.</p>",
    )


def get(room: Datasette, *paths: str) -> list[Any]:
    """The answers of a Datasette in this process."""

    async def ask() -> list[Any]:
        return [await room.client.get(path) for path in paths]

    return asyncio.run(ask())


def page(room: Datasette, address: str, status: int = 200) -> html.HtmlElement:
    """The page at this address, which answers with this status."""
    (answer,) = get(room, address)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def text(tree: html.HtmlElement, selector: str) -> list[str]:
    """What each element says that a CSS selector finds, white space made one blank."""
    return [" ".join(found.text_content().split()) for found in tree.cssselect(selector)]


def public_room(path: Path | str, **chosen: bool) -> Datasette:
    """A Datasette on an archive that serves the public."""
    return Datasette([str(path)], metadata={"plugins": {"ewbscraper": {"public": True, **chosen}}})


def _html(body: tuple[str, ...] | list[str]) -> str:
    tags = ["p", "p", "p", "h2", "p", "blockquote", "p"]
    link = '<a href="https://courier.example/plain/">the bridge</a>'
    return "".join(f"<{t}>{p.replace('the bridge', link)}</{t}>" for t, p in zip(tags, body, strict=True))
