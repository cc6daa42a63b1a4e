"""An article of another archive, and ours that is the same: all texts in order of time, the newest row stands."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ewbscraper.archive import search
from ewbscraper.archive.articles.lookup import get_article
from ewbscraper.archive.articles.parts import PARTS
from ewbscraper.archive.articles.store import article_at
from ewbscraper.archive.articles.timeline import Text, earlier_texts, knows, rewrite, standing_text
from ewbscraper.archive.merge.rows import Row, Rows
from ewbscraper.archive.schema.history import keep_history_hash

STAMPS = ("first_seen", "last_seen", "text_since", "gone_at")
_NAMES = {
    "article_authors": ("author", "authors"),
    "article_sections": ("section", "sections"),
    "article_tags": ("tag", "tags"),
    "article_places": ("place", "places"),
}
"""By table the column that holds the id of a name, and of which table; `author` of a related post is a text."""


def bring_article(rows: Rows, theirs: sqlite3.Row) -> tuple[int, bool]:
    """The row and what hangs on it, where we have none; its id here, and whether it is new. Texts come with `join`."""
    known = _ours(rows, theirs)
    if known is not None:
        rows.remember("articles", theirs["id"], known)
        return known, False
    number = rows.insert("articles", rows.row("articles", theirs))
    search.index(rows.ours, number)
    rows.remember("articles", theirs["id"], number)
    rows.remember("new", theirs["id"], number)
    bring_what_hangs_on(rows, theirs["id"], number)
    for table, column in (("related_posts", "related_article"), ("links", "target_article")):
        rows.ours.execute(f"UPDATE {table} SET {column} = ? WHERE url = ?", [number, theirs["url"]])
    return number, True


def join(rows: Rows, theirs: int, ours: int) -> tuple[bool, list[str], bool]:
    """Their texts into our timeline; their row in place of ours where it was seen later.

    Returns whether anything changed, the seconds in which both have seen another text, and whether both have a text
    that the other has not, read by other rules: then nobody knows whether the outlet has changed it.
    """
    our_text, their_text = standing_text(rows.ours, ours), standing_text(rows.theirs, theirs)
    known = [*earlier_texts(rows.ours, ours), our_text]
    coming = [replace(text, run=rows.ours_of("runs", text.run)) for text in earlier_texts(rows.theirs, theirs)]
    coming.append(their_text)
    before, by_other_rules = _stamps(rows.ours, ours), _read_by(rows.ours, ours) != _read_by(rows.theirs, theirs)
    news = not all(knows(known, text) for text in coming)
    newer = _standing(rows.theirs, theirs, their_text) > _standing(rows.ours, ours, our_text)
    if newer:
        _replace(rows, theirs, ours)
    if newer or news:
        rewrite(rows.ours, ours, [*known, *coming])
    keep_history_hash(rows.ours, ours)
    _save_stamps(rows, ours, before, _stamps(rows.theirs, theirs))
    changed = newer or news or _stamps(rows.ours, ours) != before
    one, other = ({text.content_hash for text in texts} for texts in (known, coming))
    apart = our_text.content_hash not in other and their_text.content_hash not in one
    return changed, _conflicts(known, coming), apart and by_other_rules


def bring_what_hangs_on(rows: Rows, theirs: int, ours: int) -> None:
    """Authors, tags, captions ... of their article onto ours, in place of what was there."""
    for table in PARTS:
        rows.ours.execute(f"DELETE FROM {table} WHERE article = ?", [ours])
        for one in rows.theirs.execute(f"SELECT * FROM {table} WHERE article = ?", [theirs]).fetchall():
            row = rows.row(table, one) | {"article": ours}
            if table in _NAMES:
                column, names = _NAMES[table]
                row[column] = _named(rows, names, row[column])
            for column in ("related_article", "target_article"):
                if column in row:
                    row[column] = article_at(rows.ours, row["url"])
            rows.insert(table, row)


def _ours(rows: Rows, theirs: sqlite3.Row) -> int | None:
    """1. by the canonical address, 2. by another address that one of the two archives knows to lead to it."""
    number = article_at(rows.ours, theirs["url"])
    if number is not None:
        return number
    alias = "SELECT article FROM frontier WHERE outlet = ? AND url = ? AND article IS NOT NULL"
    row = rows.ours.execute(alias, [theirs["outlet"], theirs["url"]]).fetchone()
    if row:
        return int(row["article"])
    for other in rows.theirs.execute("SELECT url FROM frontier WHERE article = ? ORDER BY url", [theirs["id"]]):
        number = article_at(rows.ours, other["url"])
        if number is not None:
            return number
    return None


def _named(rows: Rows, table: str, theirs: int) -> int:
    """The author, tag, place ... of that name, here."""
    row = rows.row(table, rows.theirs.execute(f"SELECT * FROM {table} WHERE id = ?", [theirs]).fetchone())
    rows.ours.execute(
        f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})", row
    )
    key = "name = :name AND country IS :country" if "country" in row else "name = :name"
    return int(rows.ours.execute(f"SELECT id FROM {table} WHERE {key}", row).fetchone()["id"])


def _read_by(db: sqlite3.Connection, article: int) -> str:
    """The rules that read the text that stands."""
    row = db.execute("SELECT extraction FROM readings WHERE article = ?", [article]).fetchone()
    return row["extraction"] if row else ""


def _standing(db: sqlite3.Connection, article: int, text: Text) -> tuple[str, ...]:
    """What decides whose row stands: seen later; else by content, so that the order of merging does not matter."""
    whole = get_article(db, str(article)) or {}
    whole.pop("provenance", None)
    said = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    return text.seen_until, text.content_hash, said, _read_by(db, article)


def _replace(rows: Rows, theirs: int, ours: int) -> None:
    row = rows.row("articles", rows.theirs.execute("SELECT * FROM articles WHERE id = ?", [theirs]).fetchone())
    if article_at(rows.ours, row["url"]) not in (None, ours):
        row.pop("url")
    search.unindex(rows.ours, ours)
    rows.update("articles", row, "id = :number", {"number": ours})
    search.index(rows.ours, ours)
    bring_what_hangs_on(rows, theirs, ours)


def _stamps(db: sqlite3.Connection, article: int) -> Row:
    row = db.execute(f"SELECT {', '.join(STAMPS)} FROM articles WHERE id = ?", [article]).fetchone()
    return dict(row)


def _save_stamps(rows: Rows, ours: int, one: Row, other: Row) -> None:
    """Seen from the first until the last time; gone since the first time that it was, and was not seen after."""
    last = max(one["last_seen"], other["last_seen"])
    gone = [row["gone_at"] for row in (one, other) if row["gone_at"] and row["gone_at"] >= last]
    stamps: Row = {
        "first_seen": min(one["first_seen"], other["first_seen"]),
        "last_seen": last,
        "gone_at": min(gone, default=None),
    }
    rows.update("articles", stamps, "id = :number", {"number": ours})


def _conflicts(known: Sequence[Text], coming: Sequence[Text]) -> list[str]:
    """Seconds in which one archive saw a text begin, and the other another one, which neither has read otherwise."""
    begins: dict[str, set[Any]] = {}
    for text in known:
        if text.cause == "outlet":
            begins.setdefault(text.seen_from, set()).add(text.content_hash)
    readings, theirs = ({text.content_hash for text in texts} for texts in (known, coming))
    return [
        text.seen_from
        for text in coming
        if text.cause == "outlet" and text.content_hash not in readings and begins.get(text.seen_from, theirs) - theirs
    ]
