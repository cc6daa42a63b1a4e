"""A text file per article, and metadata.csv: for quanteda, AntConc and whatever else reads a folder of texts."""

import hashlib
import re
import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ewbscraper.archive.export.datapackage import resource, write_descriptor
from ewbscraper.archive.export.progress import Tell, counted
from ewbscraper.archive.export.rows import write_csv
from ewbscraper.archive.export.tables import Column, Selection, Table, tables_of
from ewbscraper.archive.search import fold

_OF_ARTICLES = (
    *("id", "outlet", "url", "headline", "standfirst", "dateline", "byline", "published", "published_utc"),
    *("modified", "language", "words", "first_seen", "last_seen", "gone_at", "content_hash"),
)
_LISTS = ("authors", "sections", "tags", "places")


def write(db: sqlite3.Connection, folder: Path, selection: Selection, tell: Tell) -> str:
    """Writes into an empty folder; returns what was written, in words."""
    (folder / "texts").mkdir()
    articles = next(table for table in tables_of(db) if table.name == "articles")
    where, values = f"FROM articles WHERE {selection.articles}", selection.values
    total = db.execute(f"SELECT count(*) {where}", values).fetchone()[0]
    lists = ", ".join(f"({_list(name)})" for name in _LISTS)
    rows = db.execute(
        f"SELECT headline, body, {', '.join(_OF_ARTICLES)}, {lists} {where} ORDER BY outlet, published_utc, id", values
    )

    def saved(row: tuple[str, ...]) -> tuple[str, ...]:
        headline, body, *about = row
        name = file_name(*about[1:3])
        with (folder / "texts" / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(f"{headline or ''}\n\n{body}\n".lstrip("\n"))
        return name, *about

    metadata = _metadata(articles)
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        write_csv(metadata.names, map(saved, counted(rows, 0, total, tell)), file)
    write_descriptor(folder, [resource(metadata, "metadata.csv", "csv", total, selection)], selection)
    return f"{total} articles"


def file_name(outlet: str, url: str) -> str:
    """Made of the address alone, so that it stays when a headline or a date is corrected and archives are merged.

    Small letters, digits and hyphens, below 100 characters: the same on every system.
    """
    last = unquote(urlsplit(url).path.strip("/").rpartition("/")[2])
    words = re.sub(r"[^a-z0-9]+", "-", (last if last.isascii() else fold(last) or "").lower())
    digest = hashlib.sha256(url.encode()).hexdigest()[:12]
    slug = re.sub(r"[^a-z0-9]+", "-", outlet.lower())
    return "_".join(filter(None, [slug[:20], words[:50].strip("-"), digest])) + ".txt"


def _list(name: str) -> str:
    one = name.removesuffix("s")
    named = f"SELECT name FROM article_{name} JOIN {name} ON {name}.id = {one} WHERE article = articles.id"
    return f"SELECT group_concat(name, '; ') FROM ({named} ORDER BY position)"


def _metadata(articles: Table) -> Table:
    named = {column.name: column for column in articles.columns}
    columns = (
        Column("doc_id", "text", True, "File in texts/"),
        *(named[name] for name in _OF_ARTICLES),
        *(Column(name, "text", False, "Separated by semicolons") for name in _LISTS),
    )
    return Table("metadata", "Articles", articles.description, columns, ("doc_id",), ())
