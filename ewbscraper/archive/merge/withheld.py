"""Takedowns where archives are merged: ours keep out what they bring, theirs come along, and nothing of ours goes.

Where we have what they withhold it stays, and is named: whoever keeps this archive decides.
"""

import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

from ewbscraper.archive.merge.rows import Row, Rows
from ewbscraper.archive.takedown.closed import Closed
from ewbscraper.archive.takedown.ranges import bytes_at
from ewbscraper.archive.takedown.sweep import also_withheld
from ewbscraper.archive.tombstones import address_hash, knows_any, tombstone_at, withheld_among
from ewbscraper.archive.warc.seals import leaf_hash

_OURS = "SELECT url FROM articles WHERE outlet = :outlet UNION SELECT url FROM frontier WHERE outlet = :outlet"
_LEAF = "SELECT json_array(:url, :fetched_at, :status, :sha256, :warc, :offset, :length)"


def bring_tombstones(rows: Rows, outlet: str) -> list[str]:
    """Those of theirs, once each; sentences where we have what they withhold. In the caller's transaction."""
    theirs = rows.theirs.execute("SELECT * FROM withheld WHERE outlet = ? ORDER BY id", [outlet]).fetchall()
    ours = rows.ours.execute(_OURS, {"outlet": outlet}) if theirs else ()
    known = {address_hash(row["url"]): row["url"] for row in ours}
    looks = list[str]()
    for row in theirs:
        sql = "SELECT url_sha256 FROM withheld_addresses WHERE withheld = ?"
        addresses = [one["url_sha256"] for one in rows.theirs.execute(sql, [row["id"]])]
        have = sorted(known[one] for one in addresses if one in known)
        number = _tombstone(rows, row)
        rows.remember("withheld", row["id"], number)
        if have:
            looks.append(
                f"{have[0]} is withheld there ({row['reason']}), and stays here: `ewbscraper withhold` it too?"
            )
        else:
            values = [(one, number) for one in addresses]
            rows.ours.executemany("INSERT OR IGNORE INTO withheld_addresses VALUES (?, ?)", values)
    return looks


def _tombstone(rows: Rows, theirs: sqlite3.Row) -> int:
    """Its number here; what number the article had there says nothing here."""
    row: Row = {**rows.row("withheld", theirs), "article": None, "state": "withheld"}
    same = "SELECT id FROM withheld WHERE url_sha256 = :url_sha256 AND withheld_at = :withheld_at"
    known = rows.ours.execute(same, row).fetchone()
    return int(known["id"]) if known else rows.insert("withheld", row)


def withheld_articles(rows: Rows, outlet: str) -> set[int]:
    """Their articles that are withheld here, by any of their addresses; all of them are withheld from now on."""
    if not knows_any(rows.ours):
        return set()
    sql = (
        "SELECT id, url FROM articles WHERE outlet = :outlet"
        " UNION SELECT article, url FROM frontier WHERE outlet = :outlet AND article IS NOT NULL"
    )
    named = rows.theirs.execute(sql, {"outlet": outlet}).fetchall()
    withheld = withheld_among(rows.ours, (row["url"] for row in named))
    found = {row["id"]: row["url"] for row in named if row["url"] in withheld}
    captured = "SELECT url FROM captures WHERE article = ?"
    for article, url in found.items():
        further = [row["url"] for row in rows.theirs.execute(captured, [article])]
        also_withheld(rows.ours, url, [*(row["url"] for row in named if row["id"] == article), *further])
    return set(found)


def keep_leaf(rows: Rows, row: Row, sealed_as: str, folder: Path) -> bool:
    """Whether a capture of theirs, with our numbers, is withheld: then its row waits in withheld/, its leaf comes."""
    tombstone = tombstone_at(rows.ours, row["url"])
    if tombstone is None:
        return False
    leaf = leaf_hash(rows.ours.execute(_LEAF, row | {"warc": sealed_as}).fetchone()[0].encode()).hex()
    rows.ours.execute(
        "INSERT INTO withheld_records (warc, offset, length, withheld, run, leaf)"
        " VALUES (:warc, :offset, :length, :withheld, :run, :leaf)"
        " ON CONFLICT DO UPDATE SET run = coalesce(run, excluded.run), leaf = coalesce(leaf, excluded.leaf)",
        {**row, "withheld": tombstone.id, "leaf": leaf},
    )
    if not tombstone.erased:
        comes_back = {**row, "article": None if row["page"] is None else tombstone.article}
        kept: dict[str, Any] = {"article": None, "url": "", "rows": {"captures": [comes_back]}, "changed": []}
        Closed(folder, tombstone.url_sha256).keep(kept, ())
    return True


def bring_records(rows: Rows, folder: Path, warcs: dict[str, str]) -> None:
    """The digests of what they withhold, where the file here has their filler, or nobody has the file."""
    for theirs in rows.theirs.execute("SELECT * FROM withheld_records ORDER BY warc, offset").fetchall():
        withheld, warc = rows.ours_of("withheld", theirs["withheld"]), warcs.get(theirs["warc"], theirs["warc"])
        if withheld is None or not _is_filler(folder / warc, theirs):
            continue
        row = {**rows.row("withheld_records", theirs), "withheld": withheld, "warc": warc, "capture": None}
        known = "SELECT 1 FROM withheld_records WHERE warc = :warc AND offset = :offset"
        if not rows.ours.execute(known, row).fetchone():
            rows.insert("withheld_records", row)
            _bring_file(rows, folder / warc, theirs["warc"], warc)


def _is_filler(path: Path, theirs: sqlite3.Row) -> bool:
    if not path.is_file() or theirs["sha256_after"] is None:
        return not path.is_file()
    return bool(sha256(bytes_at(path, theirs["offset"], theirs["length"])).hexdigest() == theirs["sha256_after"])


def _bring_file(rows: Rows, path: Path, theirs: str, ours: str) -> None:
    row = rows.theirs.execute("SELECT * FROM withheld_files WHERE warc = ?", [theirs]).fetchone()
    if row and path.is_file():
        rows.ours.execute(
            "INSERT INTO withheld_files VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [ours, row["sha256_before"], row["sha256_after"]],
        )
