"""An export as a call, with its progress looked at."""

from ewbscraper.archive.export.archive import export_archive
from ewbscraper.archive.export.tables import Selection


def export(archive, folder, shape, **selection):
    told = []
    words = export_archive(
        archive, folder, shape, Selection(**selection), lambda done, total: told.append((done, total))
    )
    assert told[-1][0] == told[-1][1]
    return words
