"""What `verify` found, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One damage, or a note where there is nothing to be cured."""

    where: str
    """The address of the page where it has one; else the file or the table."""
    what: str
    cure: str | None
    """None: a note, no damage."""


BACKUP = "Bring {} back from a backup or a snapshot"
ARCHIVE = BACKUP.format("the archive")
REINDEX = "Run `ewbscraper reindex`"
REPARSE = "Run `ewbscraper reparse {} --again` (it reads the page in the WARC again), then `ewbscraper reindex`"
