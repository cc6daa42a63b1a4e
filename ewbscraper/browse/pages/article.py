"""The page of an article: `/archive/articles/12`; everything that it shows is read in one go."""

import re
import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import Request, Response

from ewbscraper.archive.articles.revisions import changes, count
from ewbscraper.archive.articles.rights import in_words
from ewbscraper.archive.finding import citations
from ewbscraper.browse import asking
from ewbscraper.browse.archives import archives
from ewbscraper.browse.guards.publication import publication
from ewbscraper.browse.rendering.reading import first_words, readable

if TYPE_CHECKING:
    from datasette.app import Datasette

NEWEST_CHANGES = 5
"""That the page tells of; the others are on the page of revisions."""

_ARTICLE = """
SELECT articles.*, name AS outlet_name, home, timezone
FROM articles JOIN outlets ON slug = outlet WHERE articles.id = ?
"""

_EXTRACTION = "SELECT extraction FROM readings WHERE article = ?"

_ROWS = {
    "authors": "SELECT authors.* FROM article_authors JOIN authors ON id = author WHERE article = ? ORDER BY position",
    "sections": "SELECT sections.* FROM article_sections JOIN sections ON id = section WHERE article = ?"
    " ORDER BY position",
    "tags": "SELECT tags.* FROM article_tags JOIN tags ON id = tag WHERE article = ? ORDER BY position",
    "places": "SELECT places.*, as_written FROM article_places JOIN places ON id = place WHERE article = ?"
    " ORDER BY position",
    "captures": "SELECT * FROM captures WHERE article = ? ORDER BY fetched_at DESC, id DESC",
    "found_by": "SELECT field, strategy FROM found_by WHERE article = ? ORDER BY field",
    "related_posts": "SELECT * FROM related_posts WHERE article = ? ORDER BY position",
    "links": "SELECT links.url, text, host, target_article, headline, articles.language"
    " FROM links LEFT JOIN articles ON articles.id = target_article"
    " WHERE article = ? AND target_article IS NOT article GROUP BY links.url ORDER BY min(position) LIMIT 100",
    # Where hardly any link leads to an article SQLite would read all links; an article that all others link to is cut.
    "linked_from": "SELECT articles.id, headline, articles.url, articles.language, articles.published,"
    " outlets.name AS outlet_name, timezone FROM (SELECT DISTINCT article FROM links INDEXED BY links_target_article"
    " WHERE target_article = ? AND article <> target_article LIMIT 1000) linking"
    " JOIN articles ON articles.id = linking.article JOIN outlets ON slug = outlet"
    " ORDER BY published_utc DESC LIMIT 50",
}

_CAPTIONS = "SELECT * FROM captions WHERE article = ? ORDER BY position"

_KEPT = """
SELECT id FROM captures WHERE url = ? AND media_of IS NOT NULL AND status = 200 ORDER BY fetched_at DESC LIMIT 1
"""

_KEPT_WITH_IT = "SELECT id, url FROM captures WHERE media_of = ? AND status = 200 AND content_type LIKE 'image/%'"

_SIZE = re.compile(r"(?:[-_](?:\d{2,5}(?:x\d{2,5})?|scaled))?\.\w{3,4}(?:\?.*)?$")
"""The end of an address that tells sizes of a picture apart: `-300x200.jpg`, `-900.jpg?v=2`."""

_TEXTS = ("standfirst", "body", "body_html")


async def article_page(datasette: "Datasette", request: Request) -> Response:
    """In place of Datasette's row page, which asks for each table's keys first; a stranger's row still gets that."""
    name, number = tilde_decode(request.url_vars["database"]), int(request.url_vars["pks"])
    if name not in archives(datasette):
        from datasette.views.row import RowView  # Datasette imports us while it is being imported

        return await RowView(datasette).get(request)
    with_texts = publication(datasette).with_texts

    def read(db: sqlite3.Connection) -> dict[str, Any] | None:
        article = read_article(db, number, with_texts=with_texts)
        return article and {"article": article}

    json = datasette.urls.row(name, "articles", str(number), format="json")
    cite = f"/-/cite/{tilde_encode(name)}/{number}"
    return await asking.page(datasette, request, "ewb-article.html", read, cite=cite, alternate_url_json=json)


def read_article(db: sqlite3.Connection, number: int, *, with_texts: bool = True) -> dict[str, Any] | None:
    """What the page of an article shows, by name; None where there is no such article.

    Without texts: neither body nor standfirst, captions or linked words, but the first words as `snippet`.
    """
    row = db.execute(_ARTICLE, [number]).fetchone()
    if row is None:
        return None
    shown: dict[str, Any] = {name: db.execute(sql, [number]).fetchall() for name, sql in _ROWS.items()}
    if not with_texts:
        shown["links"] = [{**dict(link), "text": ""} for link in shown["links"]]
    of = citations.reference(db, number)
    return {
        **shown,
        **{name: row[name] for name in row.keys() if name not in _TEXTS},  # noqa: SIM118 -- a Row is no mapping
        **(_texts(db, row) if with_texts else {"snippet": first_words(row["body"], row["standfirst"])}),
        "extraction": _extraction(db, number),
        "rights": in_words(db, [capture["id"] for capture in shown["captures"]]),
        "earlier": count(db, number),
        "changes": changes(db, number, NEWEST_CHANGES),
        "citation": citations.plain(of) if of else "",
    }


def _texts(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """The text in pieces, each with the pictures before it; beside it those whose place in it nobody knows."""
    pictures = [_with_kept(db, caption) for caption in db.execute(_CAPTIONS, [row["id"]]).fetchall()]
    below = [picture for picture in pictures if picture["role"] != "lead"]
    cuts = {picture["after"] for picture in below} - {None}
    pieces = readable(row["body"], row["body_html"], row["standfirst"], row["dateline"], cuts)
    return {
        "standfirst": row["standfirst"],
        "text": [
            {"pictures": [picture for picture in below if picture["after"] == before], "text": text}
            for before, text in pieces.items()
        ],
        "lead": [picture for picture in pictures if picture["role"] == "lead"],
        "pictures": [picture for picture in below if picture["after"] not in pieces],
    }


def _extraction(db: sqlite3.Connection, number: int) -> str | None:
    row = db.execute(_EXTRACTION, [number]).fetchone() if _has(db, "readings", "extraction") else None
    return row["extraction"] if row else None


def _has(db: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether an archive has what a later version added: one is shown before a crawl has upgraded it."""
    sql = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"
    return db.execute(sql, [table, column]).fetchone() is not None


def _with_kept(db: sqlite3.Connection, caption: sqlite3.Row) -> dict[str, Any]:
    """A caption, and as `kept` the capture of its picture, or of a smaller size of it; None where there is none."""
    url = caption["image_url"] if _has(db, "captures", "media_of") else None
    kept = db.execute(_KEPT, [url]).fetchone() if url else None
    if url and kept is None:
        sizes = db.execute(_KEPT_WITH_IT, [caption["article"]])
        kept = next((other for other in sizes if _SIZE.sub("", other["url"]) == _SIZE.sub("", url)), None)
    return {"after": None, **dict(caption), "kept": kept["id"] if kept else None}
