"""Every exception of ours. A name tells the handler what to do.

EwbScraperError
├── PageUnreadable       no tree can be made of these bytes: the capture is kept, the address is asked again
├── NotHad               asked for, not had (the network, the server): the address is asked again
│   ├── Refused          the site does not want it asked for: robots.txt, 401, 403; or it leads to another host,
│   │                    or to an address that is not public
│   └── Reserved         the outlet reserves it, and its definition says to respect that: nothing of it is kept
├── NotAnArticle         a page, but no article: skip it, count it
│   └── Withheld         the page of an address that was taken down: its record goes too
├── SourceUnreadable     a feed, sitemap, REST answer or listing that is none: reported in `status`
├── WarcUnreadable       another tool's file that cannot be imported: the message has the cure
├── BadOutlet            a definition that cannot be used: the message names file or slug, and field
│   └── NoSuchOutlet     no outlet of that name: the message has the nearest names
├── ArchiveError
│   ├── NoArchive        there is no archive at that path: the message has the command that makes one
│   ├── NotAnArchive     a file, but not an archive of ours, or one of a newer version
│   ├── ArchiveMixed     invented and real articles would meet in one archive, or one newspaper under two slugs
│   ├── RecordUnreadable a record of a WARC that is torn, damaged, or without its payload: others are not touched
│   ├── ArchiveBusy      another run of the same outlet, or another export into the same folder: exit code 75
│   ├── NotWithheld      nothing to be withheld, or restored: the message says why, and what to do
│   ├── InTheWay         something that we did not make stands where an export should: the message says what
│   └── Unwritable       the disk is full, or not ours to write to: the run ends, nothing that was saved is lost
├── NoCluster            no Dask scheduler, no worker, or one that may not read: the message has the cure
├── NotInstalled         an extra of ours is not there: the message has the command that installs it
├── NoLimits             what one query takes cannot be limited here: nothing is served, the message has the cure
├── NoSuchRevision       an article has not so many earlier texts: the message says how many
└── BadQuery             SQL or search words that cannot be run: the message says why
"""

import shlex
import sys
from importlib.util import find_spec


class EwbScraperError(Exception):
    """The root: `except EwbScraperError` catches what this package raises on purpose, and nothing else."""


class PageUnreadable(EwbScraperError):
    """No tree can be made of these bytes."""


class NotHad(EwbScraperError):
    """Asked for, not had: the message says why in one sentence."""


class Refused(NotHad):
    """The site does not want it asked for, or leads elsewhere: to another host, or to an address that is not public."""


class Reserved(NotHad):
    """The outlet reserves it, and that is respected: the message says by what."""


class NotAnArticle(EwbScraperError):
    """A page, but no article."""


class Withheld(NotAnArticle):
    """The page of an address that was taken down; the message is that address."""


class SourceUnreadable(EwbScraperError):
    """A feed, sitemap, REST answer or listing that is none."""


class WarcUnreadable(EwbScraperError):
    """Another tool's file that cannot be imported: the message has the cure."""


class BadOutlet(EwbScraperError):
    """A definition that cannot be used: the message names its file or slug, and the field."""


class NoSuchOutlet(BadOutlet):
    """No outlet of that name."""


class ArchiveError(EwbScraperError):
    """Something is wrong with the archive as a whole."""


class NoArchive(ArchiveError):
    """There is no archive at that path."""


class NotAnArchive(ArchiveError):
    """A file, but not an archive of ours, or one of a newer version."""


class ArchiveMixed(ArchiveError):
    """Invented and real articles would meet in one archive, or one newspaper be in it under two slugs."""


class RecordUnreadable(ArchiveError):
    """A record of a WARC that is torn or damaged, or has its payload elsewhere."""


class ArchiveBusy(ArchiveError):
    """Another run of the same outlet, or another export into the same folder, holds the lock."""


class NotWithheld(ArchiveError):
    """Nothing to be withheld, or to be restored: the message says why, and what to do."""


class InTheWay(ArchiveError):
    """Something that we did not make stands where an export or a snapshot should."""


class Unwritable(ArchiveError):
    """The disk is full, or not ours to write to: the message has the cure."""


class NoCluster(EwbScraperError):
    """No Dask scheduler, no worker there, or one that may not read: the message has the cure."""


class NotInstalled(EwbScraperError):
    """An extra of ours is not there."""

    @classmethod
    def of(cls, extra: str, why: str) -> "NotInstalled":
        """With the command that brings it to this very Python.

        A bare `pip` is another Python's where pipx, uv or a path began us; environments that uv makes have none.
        """
        python = shlex.quote(sys.executable)
        pip = f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"
        return cls(f"{why}: {pip} 'ewbscraper[{extra}]'")


class NoLimits(EwbScraperError):
    """What one query takes of the machine cannot be limited here."""


class NoSuchRevision(EwbScraperError):
    """An article has not so many earlier texts."""


class BadQuery(EwbScraperError):
    """SQL or search words that cannot be run."""
