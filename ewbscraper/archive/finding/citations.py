"""Citations of an archived article: a sentence, BibTeX, RIS, CSL-JSON. Values are data: none can break a record."""

import json
import re
import sqlite3
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "@": r"{@}",
        **{letter: f"\\{letter}" for letter in "#$%&_"},
    }
)

_LATER = {"outlet": "this text was changed later", "extraction": "the same page was read better later"}
"""Only the outlet's doing is a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a citation says of an article."""

    id: int
    outlet: str
    """Slug; with `id` the key of the record: `ewb-1234`."""
    outlet_name: str
    headline: str | None
    url: str
    authors: tuple[str, ...] = ()
    published: str | None = None
    """ISO 8601, day first or alone."""
    language: str | None = None
    archived: str | None = None
    """When the page was captured (our time stamp): what was read is what was there then."""
    sha256: str | None = None
    """Digest of the captured page."""
    revision: int | None = None
    """Of an earlier text, 1 the oldest."""
    cause: str | None = None
    """Why an earlier text gave way: as in `revisions`."""

    @property
    def key(self) -> str:
        """Name of the record: letters, digits and hyphens; `ewb-1234-r1` of an earlier text."""
        outlet = "".join(c for c in self.outlet if c.isascii() and (c.isalnum() or c == "-"))
        return f"{outlet}-{self.id}" + (f"-r{self.revision}" if self.revision else "")


def reference(db: sqlite3.Connection, article: int) -> Reference | None:
    """What a citation of this article says, with its newest successful capture; None where there is no such article."""
    row = db.execute(
        "SELECT articles.id, outlet, name, headline, url, published, articles.language"
        " FROM articles JOIN outlets ON slug = outlet WHERE articles.id = ?",
        [article],
    ).fetchone()
    if row is None:
        return None
    authors = db.execute(
        "SELECT name FROM article_authors JOIN authors ON authors.id = author WHERE article = ? ORDER BY position",
        [article],
    )
    capture = db.execute(
        "SELECT fetched_at, sha256 FROM captures WHERE article = ? AND status = 200"
        " ORDER BY fetched_at DESC, id LIMIT 1",
        [article],
    ).fetchone()
    number, outlet, name, headline, url, published, language = row
    return Reference(
        id=number,
        outlet=outlet,
        outlet_name=name,
        headline=headline,
        url=url,
        authors=tuple(author for (author,) in authors),
        published=published,
        language=language,
        archived=capture[0] if capture else None,
        sha256=capture[1] if capture else None,
    )


def earlier(of: Reference, text: dict[str, Any]) -> Reference:
    """The same to an earlier text (`lookup.earlier_text`): its headline, and the newest capture of its time."""
    known = text["provenance"]
    captured = [capture for capture in known["captures"] if capture["status"] == 200]
    newest = captured[-1] if captured else {"fetched_at": None, "sha256": None}
    return replace(
        of,
        headline=text["headline"],
        archived=newest["fetched_at"],
        sha256=newest["sha256"],
        revision=known["revision"],
        cause=known["cause"],
    )


def plain(of: Reference) -> str:
    """One sentence: `Ana Kos, “Headline”, Outlet, 2024-03-01, https://…, archived 2024-03-02 (SHA-256 …).`"""
    parts = [
        _names(of),
        f"“{_line(of.headline) or 'Untitled'}”",
        _line(of.outlet_name),
        _day(of.published),
        address(of.url),
    ]
    archived = f"archived {_proof(of)}" if of.archived else ""
    return f"{', '.join(part for part in [*parts, archived] if part)}."


def bibtex(of: Reference) -> str:
    """One `@online` record for BibTeX (biblatex), ended by a line break."""
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in of.authors),
        "title": f"{{{_tex(of.headline or 'Untitled')}}}",
        "organization": _tex(of.outlet_name),
        "date": _day(of.published),
        "url": address(of.url),
        "urldate": _day(of.archived),
        "langid": _tex(of.language),
        "note": _tex(_note(of)),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value not in ("", "{}"))
    return f"@online{{{of.key},\n{lines}}}\n"


def ris(of: Reference) -> str:
    """One RIS record (`TY  - NEWS`), lines ended by CR LF as the format wants."""
    fields = [
        ("TY", "NEWS"),
        ("ID", of.key),
        *(("AU", _line(name)) for name in of.authors),
        ("TI", _line(of.headline) or "Untitled"),
        ("T2", _line(of.outlet_name)),
        ("PY", _day(of.published)[:4]),
        ("DA", _day(of.published).replace("-", "/")),
        ("UR", address(of.url).replace(";", "%3B")),  # a semicolon parts two addresses there
        ("Y2", _day(of.archived).replace("-", "/")),
        ("LA", _line(of.language)),
        ("N1", _note(of)),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def csl_json(of: Reference) -> str:
    """A CSL-JSON list of one item, as Zotero and pandoc take it."""
    return json.dumps([csl_item(of)], ensure_ascii=False, indent=2) + "\n"


def csl_item(of: Reference) -> dict[str, Any]:
    """One item of CSL-JSON."""
    item = {
        "id": of.key,
        "type": "article-newspaper",
        "title": _line(of.headline) or "Untitled",
        "author": [{"literal": _line(name)} for name in of.authors],
        "container-title": _line(of.outlet_name),
        "issued": _date_parts(of.published),
        "accessed": _date_parts(of.archived),
        "URL": address(of.url),
        "language": _line(of.language),
        "note": _note(of),
    }
    return {name: value for name, value in item.items() if value}


def _line(text: str | None) -> str:
    """One line, without control characters."""
    return _CONTROL.sub("", " ".join((text or "").split()))


def _tex(text: str | None) -> str:
    return _line(text).translate(_BIBTEX)


def address(url: str) -> str:
    """Braces, blanks and line breaks percent-encoded, so that the address can stand in any format.

    `""` for what leads to no web page (`javascript:`): a citation is clicked on, too.
    """
    bare = _line(url)
    web = bare.lower().startswith(("http://", "https://"))
    return quote(bare, safe="%/:=&?~#+!$,;'@()*[]") if web else ""


def _day(moment: str | None) -> str:
    """The day of an ISO time, `""` where there is none."""
    day = (moment or "")[:10]
    return day if re.fullmatch("[0-9-]+", day) else ""


def _date_parts(moment: str | None) -> dict[str, list[list[int]]] | None:
    parts = [int(part) for part in _day(moment).split("-") if part]
    return {"date-parts": [parts]} if parts else None


def _names(of: Reference) -> str:
    return ", ".join(_line(name) for name in of.authors)


def _note(of: Reference) -> str:
    later = f"; {_LATER[of.cause]}" if of.cause else ""
    return f"Archived {_proof(of)}{later}" if of.archived else ""


def _proof(of: Reference) -> str:
    digest = f" (SHA-256 {_line(of.sha256)})" if of.sha256 else ""
    return f"{_line(of.archived)}{digest}"
