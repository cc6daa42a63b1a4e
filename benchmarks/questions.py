"""What the reading room and the commands ask of an archive, and as one would write it without our indexes."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.facets import COUNTED, facets
from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.browse.pages.home import read_home
from ewbscraper.browse.pages.search import read_results

ROUNDS = 5
OFTEN, SELDOM = "Vučić", "nadstrešnica"
"""Words of 42 and of 3 in 100 articles."""
NEWEST, FACET = "newest 20 by date", "one facet of all: outlet"
HITS = "FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid WHERE articles_fts MATCH search('{}')"
PLAIN = {
    NEWEST: "SELECT headline, published FROM articles ORDER BY published DESC LIMIT 20",
    FACET: "SELECT language, count(*) FROM articles WHERE words > 0 GROUP BY language",
    **{f"count: {word}": f"SELECT count(*) FROM articles WHERE body LIKE '%{word}%'" for word in (OFTEN, SELDOM)},
    **{
        f"newest 20: {word}": f"SELECT articles.id, snippet(articles_fts, 3, '[', ']', '…', 44) {HITS.format(word)}"
        " ORDER BY published DESC LIMIT 20"
        for word in (OFTEN, SELDOM)
    },
}
"""Of those questions that anybody asks of such a file."""

_NEWEST = "SELECT id, headline, published FROM articles ORDER BY published_utc DESC LIMIT 20"
_FACET = "SELECT outlet AS value, count(*) AS count FROM articles WHERE value IS NOT NULL GROUP BY outlet"
"""As Datasette asks for the table of articles."""

Ask = Callable[[sqlite3.Connection], Any]


def questions() -> Iterator[tuple[str, Ask]]:
    """The pages of the reading room, what `search` asks, facets, and the named queries, 1,000 rows each."""
    yield NEWEST, lambda db: db.execute(_NEWEST).fetchall()
    yield FACET, lambda db: db.execute(_FACET).fetchall()
    for word in (OFTEN, SELDOM):
        asked = Question(words=word)
        yield f"count: {word}", lambda db, asked=asked: hits.count(db, asked)
        yield f"newest 20: {word}", lambda db, asked=asked: hits.find(db, asked)
        yield (
            f"facets, seven kinds: {word}",
            lambda db, asked=asked: facets(db, hits.newest(db, asked, COUNTED), COUNTED),
        )
        yield f"timeline: {word}", lambda db, asked=asked: timeline(db, asked)
        yield f"search page, all of it: {word}", lambda db, asked=asked: read_results(db, asked)
    yield f"search page, its 100th: {OFTEN}", lambda db: read_results(db, Question(words=OFTEN), 100)
    yield "front page", read_home
    for query in load_queries().values():
        given = {name: OFTEN for name in query.parameters if name == "words"}
        yield (
            f"named query: {query.name}",
            lambda db, query=query, given=given: db.execute(query.sql, query.bind(given)).fetchmany(1000),
        )


def milliseconds(ask: Ask, db: sqlite3.Connection, rounds: int = ROUNDS) -> float:
    """CPU of the median round, after a first one that warms up."""
    ask(db)
    spent = []
    for _ in range(rounds):
        before = time.process_time()
        ask(db)
        spent.append(1000 * (time.process_time() - before))
    return median(spent)
