"""Every exception of ours. A name tells the handler what to do.

EwbScraperError
├── PageUnreadable       no tree can be made of these bytes: the capture is kept, the address is asked again
├── NotHad               asked for, not had (robots.txt, the network, the server): the address is asked again
├── NotAnArticle         a page, but no article: skip it, count it
├── SourceUnreadable     a feed, sitemap, REST answer or listing that is none: reported in `status`
├── WarcUnreadable       another tool's file that cannot be imported: the message has the cure
├── BadOutlet            an outlet file that cannot be used: the message names file and field
│   └── NoSuchOutlet     no outlet of that name: the message has the nearest names
├── ArchiveError
│   ├── NoArchive        there is no archive at that path: the message has the command that makes one
│   ├── NotAnArchive     a file, but not an archive of ours, or one of a newer version
│   ├── ArchiveMixed     invented and real articles would meet in one archive, or one newspaper under two slugs
│   ├── RecordUnreadable a record of a WARC that is torn, damaged, or without its payload: others are not touched
│   ├── ArchiveBusy      another run of the same outlet holds the lock: exit code 75
│   └── Unwritable       the disk is full, or not ours to write to: the run ends, nothing that was saved is lost
└── BadQuery             SQL or search words that cannot be run: the message says why
"""


class EwbScraperError(Exception):
    """The root: `except EwbScraperError` catches what this package raises on purpose, and nothing else."""


class PageUnreadable(EwbScraperError):
    """No tree can be made of these bytes."""


class NotHad(EwbScraperError):
    """Asked for, not had: the message says why in one sentence."""


class NotAnArticle(EwbScraperError):
    """A page, but no article."""


class SourceUnreadable(EwbScraperError):
    """A feed, sitemap, REST answer or listing that is none."""


class WarcUnreadable(EwbScraperError):
    """Another tool's file that cannot be imported: the message has the cure."""


class BadOutlet(EwbScraperError):
    """An outlet file that cannot be used."""


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
    """Another run of the same outlet holds the lock."""


class Unwritable(ArchiveError):
    """The disk is full, or not ours to write to: the message has the cure."""


class BadQuery(EwbScraperError):
    """SQL or search words that cannot be run."""
