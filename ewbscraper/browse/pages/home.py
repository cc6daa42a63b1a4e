"""The front page: what the archive holds, of when, from where, and how its last run went."""

import sqlite3
from typing import Any

from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.browse.charts import chart

_FIGURES = """
SELECT (SELECT count(*) FROM articles) AS articles,
  (SELECT count(*) FROM (SELECT DISTINCT article FROM revisions WHERE cause = 'outlet')) AS edited,
  (SELECT count(*) FROM articles INDEXED BY articles_outlet WHERE gone_at IS NOT NULL) AS removed
"""

_NEWEST = """
SELECT articles.id, headline, standfirst, dateline, published, articles.language, gone_at, name AS outlet_name, timezone
FROM (SELECT id FROM articles ORDER BY published_utc DESC, id DESC LIMIT 8) AS newest
CROSS JOIN articles ON articles.id = newest.id JOIN outlets ON slug = outlet
"""

_OUTLETS = """
SELECT slug, name, home, language, (SELECT count(*) FROM articles WHERE outlet = slug) AS articles
FROM outlets ORDER BY articles DESC, name
"""

_RUNS = "SELECT runs.*, name AS outlet_name FROM runs JOIN outlets ON slug = outlet ORDER BY runs.id DESC LIMIT 1"


def read_home(db: sqlite3.Connection) -> dict[str, Any]:
    """What the front page shows, by name."""
    return {
        "figures": db.execute(_FIGURES).fetchone(),
        "chart": chart(timeline(db, Question())),
        "newest": db.execute(_NEWEST).fetchall(),
        "outlets": db.execute(_OUTLETS).fetchall(),
        "last_run": db.execute(_RUNS).fetchone(),
    }
