"""WARC and WACZ files as other tools write them, of an invented newspaper."""

import json
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HOST = "courier.example"
WHEN = "2019-05-02T08:00:00Z"
DEFINITION = """
from ewbscraper.outlet import Outlet
OUTLET = Outlet(slug="courier", name="The Courier", home="https://www.courier.example/")
"""


def page(title: str, text: str = "", head: str = "", published: str = "2019-05-01T10:00:00+02:00") -> str:
    """An article page."""
    paragraphs = "".join(
        f"<p>{said}</p>"
        for said in (
            text or f"The council of Lipa spoke about {title} until midnight, and nobody left the hall before the end.",
            f"What was said of {title} will be voted on next week, the mayor told the Courier on the stairs.",
        )
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<article><h1>{title}</h1><time datetime="{published}">then</time>{paragraphs}</article></body></html>'
    )


class Warc:
    """A file in the making."""

    def __init__(self, software: str = "Wget/1.21.4 (linux-gnu)", *, gzip: bool = True) -> None:
        self.out = BytesIO()
        self.writer = WARCWriter(self.out, gzip=gzip)
        self.writer.write_record(self.writer.create_warcinfo_record("x.warc.gz", {"software": software}))

    def add(
        self,
        path: str,
        body: str | bytes,
        when: str = WHEN,
        *,
        status: str = "200 OK",
        headers: Iterable[tuple[str, str]] = (),
        content_type: str = "text/html; charset=utf-8",
        kind: str = "response",
        host: str = f"https://www.{HOST}",
        extra: dict[str, str] | None = None,
    ) -> "Warc":
        """One record; an address that is whole stays as it is."""
        raw = body.encode() if isinstance(body, str) else body
        http = StatusAndHeaders(status, [("Content-Type", content_type), *headers], protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            path if ":" in path else host + path,
            kind,
            payload=BytesIO(raw),
            length=len(raw),
            http_headers=http if kind == "response" else None,
            warc_content_type=content_type if kind != "response" else "",
            warc_headers_dict={"WARC-Date": when, **(extra or {})},
        )
        self.writer.write_record(record)
        return self

    def revisit(
        self, path: str, of: str, digest: str, of_when: str, when: str, status: str = "200 OK", **headers: str
    ) -> "Warc":
        """The same payload again."""
        http = StatusAndHeaders(status, list((headers or {"Content-Type": "text/html"}).items()), protocol="HTTP/1.1")
        address = f"https://www.{HOST}"
        self.writer.write_record(
            self.writer.create_revisit_record(
                address + path, digest, address + of, of_when, http_headers=http, warc_headers_dict={"WARC-Date": when}
            )
        )
        return self

    def bytes(self) -> bytes:
        return self.out.getvalue()

    def save(self, path: Path) -> Path:
        path.write_bytes(self.bytes())
        return path


def wacz(path: Path, warcs: dict[str, bytes], software: str = "Browsertrix-Crawler 1.5.0") -> Path:
    """A WACZ as Browsertrix packs it: WARCs stored, not compressed again."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for name, raw in warcs.items():
            packed.writestr(f"archive/{name}", raw)
        packed.writestr("datapackage.json", json.dumps({"profile": "data-package", "software": software}))
    return path
