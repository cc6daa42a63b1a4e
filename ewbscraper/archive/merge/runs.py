"""Runs of another archive, and which of ours is the same one."""

import sqlite3
from collections.abc import Mapping

from ewbscraper.archive.merge.rows import Row, Rows

SAME_CAPTURE = (
    "SELECT id FROM captures WHERE url = :url AND fetched_at = :fetched_at AND warc = :warc AND offset = :offset"
)
_SAME_RUN = (
    "SELECT * FROM runs WHERE outlet = :outlet AND command = :command AND software = :software AND started = :started"
)


def bring_run(rows: Rows, theirs: sqlite3.Row, warcs: Mapping[str, str]) -> None:
    """A run is the same where all of its row is; one that had not ended goes on in ours.

    `warcs`: the names that their files have here.
    """
    row = rows.row("runs", theirs)
    same = " AND ".join(f"{name} IS :{name}" for name in row)
    free = "id NOT IN (SELECT ours FROM became WHERE kind = 'runs')"
    not_ended = f"{_SAME_RUN} AND (finished IS NULL OR :finished IS NULL) AND {free} ORDER BY id"
    alike = rows.ours.execute(f"SELECT * FROM runs WHERE {same} AND {free} ORDER BY id", row).fetchall()
    alike += rows.ours.execute(not_ended, row).fetchall()
    ours = next((one for one in alike if _may_be(rows, theirs["id"], one["id"], warcs)), None)
    number = ours["id"] if ours else rows.insert("runs", row)
    if ours and (row["finished"] or (not ours["finished"] and _how_far(row) > _how_far(ours))):
        rows.update("runs", row, "id = :number", {"number": number})
    rows.remember("runs", theirs["id"], number)
    for answer in rows.theirs.execute("SELECT * FROM source_answers WHERE run = ?", [theirs["id"]]):
        coming = rows.row("source_answers", answer)
        rows.ours.execute("DELETE FROM source_answers WHERE run = :run AND url = :url", coming)
        rows.insert("source_answers", coming)


def _how_far(row: Row | sqlite3.Row) -> tuple[int, str]:
    """A run without an end has asked so much, and is `killed` from when the next one began."""
    return row["requests"], row["outcome"] or ""


def _may_be(rows: Rows, theirs: int, ours: int, warcs: Mapping[str, str]) -> bool:
    """Two machines may have begun in the same second: then neither run has a capture of the other."""
    if not rows.ours.execute("SELECT 1 FROM captures WHERE run = ? LIMIT 1", [ours]).fetchone():
        return True
    none = True
    for row in rows.theirs.execute("SELECT url, fetched_at, warc, offset FROM captures WHERE run = ?", [theirs]):
        values = {**dict(row), "warc": warcs.get(row["warc"], row["warc"]), "ours": ours}
        if rows.ours.execute(f"{SAME_CAPTURE} AND run = :ours", values).fetchone():
            return True
        none = False
    return none
