"""The front page: what the archive holds, of when, from where, and how its last run went."""

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response
from datasette.views.index import IndexView

from ewbscraper.archive.finding import hits
from ewbscraper.archive.finding.coverage import archived_of_known
from ewbscraper.archive.finding.question import Question
from ewbscraper.archive.finding.teasers import teasers
from ewbscraper.archive.finding.timeline import timeline
from ewbscraper.browse import asking
from ewbscraper.browse.archives import archives, first_archive
from ewbscraper.browse.rendering.charts import chart
from ewbscraper.browse.rendering.map import Place, drawn

if TYPE_CHECKING:
    from datasette.app import Datasette

# One pass over a covering index counts articles and removed ones of every outlet.
_OUTLETS = """
SELECT slug, name, home, language, ifnull(articles, 0) AS articles, ifnull(removed, 0) AS removed
FROM outlets LEFT JOIN (
  SELECT outlet, count(*) AS articles, count(gone_at) AS removed
  FROM articles INDEXED BY articles_outlet GROUP BY outlet
) ON outlet = slug
ORDER BY articles DESC, name
"""

_EDITED = "SELECT count(DISTINCT article) FROM revisions WHERE cause = 'outlet'"

NEWEST = 6
"""Articles that it shows."""

_PLACES = """
SELECT id, name, country, latitude, longitude,
  (SELECT count(*) FROM article_places INDEXED BY article_places_place WHERE place = places.id) AS articles
FROM places WHERE articles
"""

_LAST_RUN = "SELECT runs.*, name AS outlet_name FROM runs JOIN outlets ON slug = outlet ORDER BY runs.id DESC LIMIT 1"


async def home_page(datasette: "Datasette", request: Request) -> Response:
    """Answers `/`: with Datasette's own front page where no database is an archive of ours."""
    name = first_archive(datasette)
    if name is None:
        return await IndexView(datasette).get(request)
    queries = list(archives(datasette)[name].queries.values())
    by_share = asking.by_share(request)
    return await asking.page(
        datasette, request, "ewb-home.html", lambda db: read_home(db, by_share=by_share), queries=queries
    )


def read_home(db: sqlite3.Connection, *, by_share: bool = False) -> dict[str, Any]:
    """What the front page shows, by name; `by_share`: how much of what is known is archived, not how many articles."""
    outlets = db.execute(_OUTLETS).fetchall()
    return {
        "figures": {
            "articles": sum(outlet["articles"] for outlet in outlets),
            "edited": db.execute(_EDITED).fetchone()[0],
            "removed": sum(outlet["removed"] for outlet in outlets),
        },
        "chart": chart(archived_of_known(db) if by_share else timeline(db, Question()), by_share=by_share),
        "map": drawn(Place(*row) for row in db.execute(_PLACES)),
        "newest": teasers(db, hits.ids(db, Question(), NEWEST)),
        "outlets": outlets,
        "last_run": db.execute(_LAST_RUN).fetchone(),
    }
