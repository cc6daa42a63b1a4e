"""What is withheld, asked of an archive that has no tables for it yet."""

import sqlite3

from ewbscraper.archive.tombstones import (
    as_captured,
    is_in_between,
    is_withheld,
    knows_any,
    say_withheld,
    tombstone_of,
    tombstone_of_capture,
)


def test_an_archive_of_an_older_version_withholds_nothing():
    db = sqlite3.connect(":memory:")
    assert say_withheld(db, "1") is None
    assert say_withheld(db, "https://courier.example/bridge/") is None
    assert tombstone_of(db, 1) is None
    assert tombstone_of_capture(db, 1) is None
    assert as_captured(db, "warc/courier/2024/a.warc.gz", "ab") == "ab"
    assert not is_withheld(db, "https://courier.example/bridge/")
    assert not is_in_between(db, "warc/courier/2024/a.warc.gz")
    assert not knows_any(db)
