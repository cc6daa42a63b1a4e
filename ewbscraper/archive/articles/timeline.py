"""The texts of an article in order of time, whichever order they came in: import and merge put them there.

A text was seen at both ends of its span, and what was seen last stands in `articles`. Spans of two archives that
overlap are cut where the other text was seen. Two texts of one second are one sighting that was read in two ways: the
one that was seen until later counts, the other is kept with the cause `extraction`.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby

from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.store import Cause, Change
from ewbscraper.archive.articles.texts import shortened
from ewbscraper.archive.schema.history import keep_history_hash
from ewbscraper.article import Article


@dataclass(frozen=True, slots=True)
class Text:
    """What an article said for a span of time: a row of `revisions`, or the text that stands."""

    seen_from: str
    seen_until: str
    content_hash: str
    headline: str | None
    captions: str
    """JSON, `[[caption, credit], ...]`."""
    standfirst: str | None
    body: str
    cause: Cause = "outlet"
    """Of its end, as in `revisions`."""
    run: int | None = None

    @property
    def span(self) -> tuple[str, str, str, str]:
        """What makes it the same row."""
        return self.seen_from, self.seen_until, self.content_hash, self.cause


_COLUMNS = ", ".join(field.name for field in fields(Text))


def earlier_texts(db: sqlite3.Connection, article: int) -> list[Text]:
    """The revisions of an article."""
    sql = f"SELECT {_COLUMNS} FROM revisions WHERE article = ? ORDER BY seen_from, seen_until, id"
    return [Text(*row) for row in db.execute(sql, [article])]


def standing_text(db: sqlite3.Connection, article: int) -> Text:
    """The text that was seen last."""
    captions = db.execute("SELECT caption, credit FROM captions WHERE article = ? ORDER BY position", [article])
    said = json.dumps([list(one) for one in captions], ensure_ascii=False)
    row = db.execute(
        "SELECT text_since, last_seen, content_hash, headline, ?, standfirst, body FROM articles WHERE id = ?",
        [said, article],
    ).fetchone()
    return Text(*row)


def knows(texts: Sequence[Text], new: Text) -> bool:
    """Whether these texts say already what a further one does."""
    if new.cause == "extraction":
        return any(text.span == new.span for text in texts)
    same = [text for text in texts if text.content_hash == new.content_hash]
    return all(any(one.seen_from <= at <= one.seen_until for one in same) for at in (new.seen_from, new.seen_until))


def in_order(texts: Iterable[Text], standing: Text) -> tuple[list[Text], list[Text]]:
    """The timeline, which ends with the text that stands, and the other readings of what was seen in it."""
    read_otherwise = [text for text in texts if text.cause == "extraction"]
    seen = list[Text]()
    by_start = sorted((text for text in texts if text.cause == "outlet"), key=lambda text: text.seen_from)
    for _, of_one_second in groupby(by_start, key=lambda text: text.seen_from):
        together = list(of_one_second)
        stands = standing.content_hash  # a crawl and the next in one second: that text is never a reading of another
        best = max(together, key=lambda text: (text.seen_until, text.content_hash == stands, text.content_hash))
        seen += [text for text in together if text.content_hash == best.content_hash]
        others = [text for text in together if text.content_hash != best.content_hash]
        read_otherwise += [replace(text, cause="extraction") for text in others]
    sightings = _sightings(seen, standing)
    spans = [list(group) for _, group in groupby(sightings, key=lambda one: one[1])]
    timeline = [_text(seen, content_hash=span[0][1], begin=span[0][0], end=span[-1][0]) for span in spans]
    return timeline, list({text.span: text for text in reversed(read_otherwise)}.values())  # those known as such stay


def _sightings(seen: Sequence[Text], standing: Text) -> list[tuple[str, str]]:
    """When which text was seen: one that ends in the second in which another begins comes first."""
    at: dict[tuple[str, str], bool] = {}
    for text in seen:
        for moment, begins in ((text.seen_from, True), (text.seen_until, text.seen_from == text.seen_until)):
            key = moment, text.content_hash
            at[key] = begins and at.get(key, True)
    last = standing.seen_until, standing.content_hash
    ordered = sorted(at, key=lambda key: (key[0], at[key], key[1]))
    return [*(key for key in ordered if key != last), last]


def _text(seen: Sequence[Text], *, content_hash: str, begin: str, end: str) -> Text:
    of_it = [text for text in seen if text.content_hash == content_hash]
    first = min(of_it, key=lambda one: (one.seen_until != end, one.seen_from != begin, one.seen_from, one.run is None))
    return replace(first, seen_from=begin, seen_until=end)


def rewrite(db: sqlite3.Connection, article: int, texts: Sequence[Text]) -> None:
    """Puts an article's texts in order, in the caller's transaction: of the one that stands, its time stamps only.

    `texts` are all there are, the one that stands in `articles` among them.
    """
    timeline, read_otherwise = in_order(texts, standing_text(db, article))
    *before, now = timeline
    wanted = {text.span: text for text in [*before, *read_otherwise]}
    for row in db.execute("SELECT * FROM revisions WHERE article = ?", [article]).fetchall():
        if wanted.pop((row["seen_from"], row["seen_until"], row["content_hash"], row["cause"]), None) is None:
            db.execute("DELETE FROM revisions WHERE id = ?", [row["id"]])
    values = ", ".join(f":{field.name}" for field in fields(Text))
    db.executemany(
        f"INSERT INTO revisions (article, capture, {_COLUMNS}) VALUES (:article, (SELECT min(id) FROM captures"
        f" WHERE article = :article AND fetched_at = :seen_from), {values})",
        [{"article": article, **{field.name: getattr(text, field.name) for field in fields(Text)}}
         for text in wanted.values()],
    )  # fmt: skip
    db.execute(
        "UPDATE articles SET text_since = ?, first_seen = min(first_seen, ?) WHERE id = ?",
        [now.seen_from, timeline[0].seen_from, article],
    )
    keep_history_hash(db, article)


def save_at_its_time(
    db: sqlite3.Connection,
    article: Article,
    *,
    outlet: str,
    run: int,
    captured: str,
    known: int | None = None,
    extraction: str | None = None,
) -> tuple[int, Change]:
    """As `store.save_article`, for a page that may be older than what the archive has: then only its text is news."""
    number = known if known is not None else store.article_at(db, article.url)
    row = db.execute("SELECT last_seen FROM articles WHERE id = ?", [number]).fetchone()
    if number is None or row is None or captured >= row["last_seen"]:
        return store.save_article(
            db, article, outlet=outlet, run=run, captured=captured, known=number, extraction=extraction
        )
    texts = [*earlier_texts(db, number), standing_text(db, number)]
    new = _as_text(article, captured, run)
    if not knows(texts, new):
        rewrite(db, number, [*texts, new])
    return number, "unchanged" if any(text.content_hash == new.content_hash for text in texts) else "changed"


def seen_at(db: sqlite3.Connection, article: int, moment: str) -> bool:
    """The outlet served it then; True where it was marked gone before that."""
    gone = db.execute("SELECT gone_at < ? FROM articles WHERE id = ?", [moment, article]).fetchone()[0]
    db.execute(
        "UPDATE articles SET last_seen = max(last_seen, ?), gone_at = iif(gone_at < ?, NULL, gone_at) WHERE id = ?",
        [moment, moment, article],
    )
    return bool(gone)


def name_captures(db: sqlite3.Connection, article: int) -> None:
    """Revisions whose capture came after them get it."""
    db.execute(
        "UPDATE revisions SET capture = (SELECT min(id) FROM captures WHERE captures.article = revisions.article"
        " AND fetched_at = seen_from) WHERE article = ? AND capture IS NULL",
        [article],
    )


def _as_text(article: Article, captured: str, run: int) -> Text:
    return Text(
        seen_from=captured,
        seen_until=captured,
        content_hash=article.content_hash,
        headline=article.headline,
        captions=json.dumps([[one.caption, one.credit] for one in article.captions], ensure_ascii=False),
        standfirst=article.standfirst,
        body=shortened(article)[0],
        run=run,
    )
