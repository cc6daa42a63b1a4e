"""Checks inside archive.db: SQLite's own, every text against its hash, the index against the texts."""

import json
import sqlite3
from collections.abc import Callable, Iterator

from ewbscraper.archive import search
from ewbscraper.archive.articles.texts import CUT, TEXT_LIMIT, texts_left_out
from ewbscraper.archive.schema.history import history_hash
from ewbscraper.archive.schema.upgrade import pending
from ewbscraper.archive.verify.findings import ARCHIVE, REINDEX, REPARSE, Finding
from ewbscraper.article import content_hash

Step = Callable[[], None]
_OF_A_PAGE = ("articles", "captures", "frontier")
"""Tables whose `url` is a page of ours; in the others it is where a page leads."""


def sqlite_itself(db: sqlite3.Connection) -> Iterator[Finding]:
    """Integrity, and foreign keys that lead nowhere."""
    for row in db.execute("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield Finding("the archive", f"SQLite says: {row[0]}", f"{ARCHIVE}, or try `sqlite3 archive.db .recover`")
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Finding(
            _address(db, table, rowid),
            f"row {rowid} of {table} points at a row of {parent} that is not there",
            ARCHIVE,
        )


def _address(db: sqlite3.Connection, table: str, rowid: int | None) -> str:
    """What a person knows the row by: the address of its page, also where only captures know it."""
    columns = {row["name"] for row in db.execute(f"PRAGMA table_info({table})")}
    if table in _OF_A_PAGE:
        sql = f"SELECT url FROM {table} WHERE rowid = :row"
    elif "article" in columns:
        its = f"(SELECT article FROM {table} WHERE rowid = :row)"
        sql = f"SELECT url FROM articles WHERE id = {its} UNION ALL SELECT url FROM captures WHERE article = {its}"
    else:
        return table
    row = db.execute(sql, {"row": rowid}).fetchone()
    return row["url"] if row else table


def texts(db: sqlite3.Connection, step: Step) -> Iterator[Finding]:
    """The hash of every article, and that none of its earlier texts was removed."""
    left_out = texts_left_out(db)
    if left_out:
        yield Finding("the archive", left_out, None)
    for row in db.execute("SELECT * FROM articles ORDER BY id"):
        step()
        captions = db.execute("SELECT caption, credit FROM captions WHERE article = ? ORDER BY position", [row["id"]])
        if not (_is_empty(row) and left_out) and not _is_as_saved(row, [tuple(caption) for caption in captions]):
            yield Finding(
                row["url"], "its text is not the one that was saved (edited by hand?)", REPARSE.format(row["outlet"])
            )
        # An archive that is not upgraded yet has no such column.
        if "history_hash" in row.keys() and row["history_hash"] != history_hash(db, row["id"]):  # noqa: SIM118
            yield Finding(row["url"], "its earlier texts are not those that were kept (one removed by hand?)", ARCHIVE)


def payloads(db: sqlite3.Connection) -> Iterator[Finding]:
    """A capture whose body lies in an earlier one has the same body."""
    if not db.execute("SELECT 1 FROM pragma_table_info('captures') WHERE name = 'same_as'").fetchone():
        return  # an archive that is not upgraded yet
    others = "SELECT one.url FROM captures one JOIN captures first ON first.id = one.same_as"
    for row in db.execute(f"{others} WHERE one.sha256 != first.sha256"):
        yield Finding(row["url"], "the capture that holds its page holds another one", ARCHIVE)


def revisions(db: sqlite3.Connection) -> Iterator[Finding]:
    """The hash of every earlier text."""
    left_out = texts_left_out(db)
    for row in db.execute("SELECT revisions.*, url FROM revisions LEFT JOIN articles ON articles.id = article"):
        if not (_is_empty(row) and left_out) and not _is_as_saved(row, json.loads(row["captions"])):
            what = (
                f"its text of {row['seen_from']} (revision {row['id']}) is not the one that was kept (edited by hand?)"
            )
            yield Finding(row["url"] or f"revision {row['id']}", what, ARCHIVE)


def _is_empty(row: sqlite3.Row) -> bool:
    return not row["body"] and row["standfirst"] is None


def _is_as_saved(row: sqlite3.Row, captions: list[tuple[str, str | None]]) -> bool:
    """True also of a text that was cut: its hash is that of the whole."""
    if len(row["body"]) > TEXT_LIMIT // 4 and row["body"].endswith(CUT) and len(row["body"].encode()) >= TEXT_LIMIT:
        return True
    there: str = row["content_hash"]
    return content_hash(row["headline"], row["standfirst"], row["body"], captions) == there


def index(db: sqlite3.Connection) -> Iterator[Finding]:
    """The search index against the texts, folded as they are folded today."""
    version = db.execute("SELECT value FROM about WHERE key = 'fold_version'").fetchone()
    if version is None or version["value"] != search.FOLD_VERSION:
        said = version["value"] if version else "none"
        what = f"its letters were folded by version {said}, words are looked up by version {search.FOLD_VERSION}"
        yield Finding("the search index", what, None if pending(db) else REINDEX)
        return
    missing = list(_not_indexed(db))
    yield from missing
    if not missing and not search.is_current(db):
        yield Finding("the search index", "it does not hold the words of the texts", REINDEX)


def _not_indexed(db: sqlite3.Connection) -> Iterator[Finding]:
    for row in db.execute("SELECT url FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)"):
        yield Finding(row["url"], "the search index lacks it", REINDEX)
    for row in db.execute("SELECT id FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles)"):
        yield Finding(f"article {row['id']}", "the search index has it, the archive has not", REINDEX)
