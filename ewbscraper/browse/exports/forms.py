"""The forms that an export has: how each is called on a page, its media type, the name of its file."""

import re

from ewbscraper.archive.search import fold

LABELS = {
    "json": "JSON",
    "ndjson": "NDJSON",
    "csv": "CSV",
    "bib": "BibTeX",
    "ris": "RIS",
    "csl.json": "CSL-JSON",
    "atom": "Atom",
}
"""Of a search, as the page names them."""

ROWS = {"json": "json", "ndjson": "nl", "csv": "csv"}
"""Those that rows have, and what `archive.export.rows` calls them."""

MEDIA_TYPES = {
    "json": "application/json; charset=utf-8",
    "ndjson": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8; header=present",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
}


def headers(form: str, *named: str) -> dict[str, str]:
    """Media type, and a file name made of these words; a feed is shown, all else is saved."""
    words = (re.sub("[^a-z0-9]+", "-", (fold(word) or "").lower()).strip("-")[:60] for word in named)
    name = f"{'-'.join(filter(None, words)) or 'export'}.{form}"
    how = "inline" if form == "atom" else "attachment"
    return {"content-type": MEDIA_TYPES[form], "content-disposition": f'{how}; filename="{name}"'}
