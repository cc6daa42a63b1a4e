"""What an outlet said of its rights, brought with the captures of another archive."""

import sqlite3

from ewbscraper.archive.merge.rows import Rows


def bring_rights(rows: Rows, theirs: sqlite3.Row, ours: int) -> None:
    """What they know of a capture that is here now as `ours`: only one of the two may have looked."""
    row = rows.row("captures", theirs)
    sql = "UPDATE captures SET robots = :robots, robots_in = :robots_in WHERE id = :ours AND robots IS NULL"
    rows.ours.execute(sql, {**row, "ours": ours})
    for said in rows.theirs.execute("SELECT * FROM rights WHERE capture = ?", [theirs["id"]]):
        rows.ours.execute(
            "INSERT OR IGNORE INTO rights (capture, source, signal, value, said_in)"
            " VALUES (:capture, :source, :signal, :value, :said_in)",
            rows.row("rights", said),
        )
