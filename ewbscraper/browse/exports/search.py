"""All articles that answer a search: `/-/export/archive/articles.ndjson?q=KFOR&since=2024-01`."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

from datasette.utils.asgi import Request

from ewbscraper.archive.articles.texts import texts_left_out
from ewbscraper.archive.export import articles, references, rows
from ewbscraper.archive.export.atom import Feed, write_atom
from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.question import Question
from ewbscraper.browse import asking
from ewbscraper.browse.exports import forms
from ewbscraper.browse.exports.connection import as_our_pages
from ewbscraper.browse.exports.stream import Receive, Send, refused, stream
from ewbscraper.browse.exports.work import Answer, Job
from ewbscraper.browse.guards.publication import publication
from ewbscraper.browse.rendering.reading import address
from ewbscraper.errors import BadQuery

if TYPE_CHECKING:
    from datasette.app import Datasette


async def export_search(datasette: "Datasette", request: Request, send: Send, receive: Receive) -> None:
    """Answers with a row, a record or an entry for each article that answers, the newest first."""
    name, form = await asking.allowed_archive(datasette, request), request.url_vars["form"]
    try:
        asked = exactly({given: request.args.getlist(given) for given in request.args})
    except BadQuery as error:
        return await refused(send, error)
    texts = publication(datasette).with_texts
    feed = _feed(datasette, request, name, asked, texts=texts)
    job = Job(partial(as_our_pages, datasette, name), lambda db: answer(db, asked, form, feed))
    named = forms.headers(form, name, asked.words or "articles", *asked.filters.values())
    return await stream(datasette, request, send, receive, job, named)


def exactly(given: Mapping[str, Sequence[str]]) -> Question:
    """The question, where all of the address is understood. Raises BadQuery: else more would be exported than asked."""
    asked = Question.read({name: values[0] for name, values in given.items()})
    for name, values in given.items():
        if len(values) > 1:
            raise BadQuery(f"{name} stands there {len(values)} times")
        if values[0].strip() and name not in asked.given:
            known = name in ("since", "until")
            raise BadQuery(f"{name} is no day, month or year: {values[0]}" if known else f"there is no filter {name}")
    return asked


def answer(db: sqlite3.Connection, asked: Question, form: str, feed: Feed) -> Answer:
    """What is written of the articles that answer. Raises sqlite3.Error."""
    ids = hits.every_id(db, asked)
    said = {"ewbscraper-rows": str(hits.count(db, asked)), **_left_out(db, form, texts=feed.with_texts)}
    write: Callable[[TextIO], None]
    if form in forms.ROWS:
        names = articles.columns(with_texts=feed.with_texts)
        write = partial(rows.WRITERS[forms.ROWS[form]], names, articles.rows(db, ids, with_texts=feed.with_texts))
    elif form == "atom":
        write = partial(write_atom, db, feed, asked, ids)
    else:
        write = partial(references.WRITERS[form], references.references(db, ids))
    return Answer(said, write)


def _left_out(db: sqlite3.Connection, form: str, *, texts: bool) -> dict[str, str]:
    """A header where texts are missed: the public may not see them, or the archive has none."""
    if form in forms.ROWS and not texts:
        return {"ewbscraper-left-out": ", ".join(articles.TEXTS)}
    missing = texts_left_out(db) if form in forms.ROWS else None
    return {"ewbscraper-left-out": f"texts, which this archive has not: {' '.join(missing.split())}"} if missing else {}


def _feed(datasette: "Datasette", request: Request, name: str, asked: Question, *, texts: bool) -> Feed:
    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, path))

    urls: Any = datasette.urls
    given = address(asked.given)
    title = datasette.metadata("title") or name
    return Feed(
        title=f"{asked.words} – {title}" if asked.words else title,
        address=absolute(request.full_path),
        search=absolute(f"{urls.path('/search')}?{given}"),
        article=lambda number: absolute(urls.row(name, "articles", str(number))),
        with_texts=texts,
    )
