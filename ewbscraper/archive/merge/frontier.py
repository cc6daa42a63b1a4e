"""What two archives know of a link, a list, a newspaper: of each the better, whichever archive comes first."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from ewbscraper.archive.merge.rows import Row, Rows
from ewbscraper.outlet import Outlet

STATES = ("waiting", "failed", "given up", "not an article", "protected", "gone", "archived")
"""From the least to the most that is known."""
_DEFINITION = ("name", "home", "language", "country", "timezone", "found_at", "sources")


def bring_outlet(rows: Rows, slug: str) -> tuple[str | None, bool]:
    """The outlet's row. Returns why it cannot be merged, or what differs; and whether it can."""
    theirs = rows.theirs.execute("SELECT * FROM outlets WHERE slug = ?", [slug]).fetchone()
    ours = rows.ours.execute("SELECT * FROM outlets WHERE slug = ?", [slug]).fetchone()
    if ours is None:
        rows.insert("outlets", rows.row("outlets", theirs))
        return None, True
    if Outlet(slug=slug, name="", home=ours["home"]).place != Outlet(slug=slug, name="", home=theirs["home"]).place:
        return (
            f"{slug} is {ours['home']} here and {theirs['home']} there: rename one in its outlets/ and archive",
            False,
        )
    differ = [name for name in _DEFINITION if ours[name] != theirs[name]]
    if not differ:
        return None, True
    best = max((ours, theirs), key=lambda row: (row["found_at"] or "", json.dumps(tuple(row))))
    rows.update("outlets", {name: best[name] for name in differ}, "slug = :slug", {"slug": slug})
    said = ", ".join(
        f"{name} {ours[name]!r} here, {theirs[name]!r} there" for name in differ if name in _DEFINITION[:5]
    )
    return (f"definitions of {slug} differ: {said}; kept: {best['name']}, {best['home']}" if said else None), True


def bring_link(rows: Rows, theirs: sqlite3.Row) -> bool:
    """A row of the frontier; whether anything changed."""
    key = {"outlet": theirs["outlet"], "url": theirs["url"]}
    where = "outlet = :outlet AND url = :url"
    ours = rows.ours.execute(f"SELECT * FROM frontier WHERE {where}", key).fetchone()
    coming = rows.row("frontier", theirs)
    if ours is None:
        rows.insert("frontier", coming)
        return True
    there, here = coming, dict(ours)
    best = max((here, there), key=_knowledge)
    merged = best | {
        "article": best["article"] or here["article"] or there["article"],
        "discovered": min(here["discovered"], there["discovered"]),
        "changed": max((one["changed"] for one in (here, there) if one["changed"]), default=None),
    }
    if merged == here:
        return False
    rows.update("frontier", merged, "outlet = :outlet AND url = :url", key)
    return True


def bring_listing(rows: Rows, theirs: sqlite3.Row) -> None:
    """How far a list was read: where two machines read it, its next reading is a whole one."""
    key = {"outlet": theirs["outlet"], "source": theirs["source"]}
    where = "outlet = :outlet AND source = :source"
    ours = rows.ours.execute(f"SELECT * FROM listings WHERE {where}", key).fetchone()
    coming = rows.row("listings", theirs)
    if ours is None:
        rows.insert("listings", coming)
    elif dict(ours) != coming:
        whole = max((one["whole_at"] for one in (dict(ours), coming) if one["whole_at"]), default=None)
        best = {
            "reading": max(ours["reading"], coming["reading"]),
            "total": None,
            "whole_at": whole,
            "rest": None,
            "began_in_run": None,
        }
        rows.update("listings", best, where, key)


def bring_media(rows: Rows, theirs: sqlite3.Row) -> None:
    """What a page needs: had, or given up, counts more than waiting."""
    key = {"outlet": theirs["outlet"], "url": theirs["url"]}
    where = "outlet = :outlet AND url = :url"
    ours = rows.ours.execute(f"SELECT * FROM media WHERE {where}", key).fetchone()
    coming = rows.row("media", theirs)
    if ours is None:
        rows.insert("media", coming)
    elif _told(rows, coming) > _told(rows, dict(ours)):
        rows.update("media", coming, where, key)


def _told(rows: Rows, row: Row) -> tuple[Any, ...]:
    sql = "SELECT url, (SELECT started FROM runs WHERE id = ?) FROM articles WHERE id = ?"
    article, asked = rows.ours.execute(sql, [row["asked_in_run"], row["article"]]).fetchone() or ("", None)
    return (
        row["state"] == "kept",
        row["state"] != "waiting",
        row["attempts"],
        row["state"],
        -row["depth"],
        row["last_error"] or "",
        asked or "",
        article,
    )


def _knowledge(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Asked later; the state that says more; else by content. Numbers of rows are left out: they are the archive's."""
    rest: Row = {name: row[name] for name in row if not name.endswith(("_run", "article"))}
    return row["last_asked"] or "", STATES.index(row["state"]), json.dumps(rest, sort_keys=True)
