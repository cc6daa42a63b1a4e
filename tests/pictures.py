"""Pictures of the reading room for the docs, and what axe-core says of its pages: `make pictures`.

The sample newspaper dates its articles itself, so that only times of runs differ from one day to the next.
"""

import base64
import json
import struct
import sys
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.request import urlopen

from checkout import DOCS
from chromium import LOOKS, NARROW, WIDE, addresses, browser, complaints, demo, served
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = DOCS / "pictures"
TALLEST = 1600
"""Pixels that are shown of a page."""

PAGES = {
    "home": "/",
    "search": "/search?q=Vucic",
    "article": "/archive/articles/1",
    "revisions": "/archive/articles/1/revisions",
    "captured": "/archive/captures/{capture}/page",
    "coverage": "/coverage",
    "compare": "/compare?q=Vucic&outlet=sample",
    "places": "/places",
    "place": "/places/1",
    "runs": "/runs",
    "question": "/archive/datelines?place=Belgrade",
    "table": "/archive/articles",
    "sql": "/archive?sql=select+outlet,+language,+count(*)+from+articles+group+by+1,+2",
}

# At most 256 colours: the pixels of a page are its few colours and the shades between letters and paper.
INDEXED = """async png => {
    const image = new Image();
    image.src = "data:image/png;base64," + png;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), drawn = canvas.getContext("2d");
    drawn.drawImage(image, 0, 0);
    const pixels = drawn.getImageData(0, 0, image.width, image.height).data, count = new Map();
    for (let i = 0; i < pixels.length; i += 4) {
        const colour = pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2];
        count.set(colour, (count.get(colour) || 0) + 1);
    }
    const parts = colour => [colour >> 16, colour >> 8 & 255, colour & 255];
    const palette = [...count.keys()].sort((a, b) => count.get(b) - count.get(a)).slice(0, 256).map(parts);
    const nearest = new Map([...count.keys()].map(colour => {
        const [r, g, b] = parts(colour);
        const far = palette.map(([x, y, z]) => (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2);
        return [colour, far.indexOf(Math.min(...far))];
    }));
    let indices = "";
    for (let i = 0; i < pixels.length; i += 4)
        indices += String.fromCharCode(nearest.get(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]));
    return {width: image.width, height: image.height, palette: palette.flat(), indices: btoa(indices)};
}"""


def main() -> None:
    """Writes both; says what it left out."""
    with (
        TemporaryDirectory() as folder,
        served(demo(Path(folder))) as home,
        sync_playwright() as driver,
        browser(driver) as opened,
    ):
        paths = {name: path.format(capture=_capture(home)) for name, path in PAGES.items()}
        there = {name: path for name, path in paths.items() if _is_there(home, path)}
        for name, path in there.items():
            _take(opened, home, name, path)
        (FOLDER / "axe.txt").write_text(_axe(opened, home, list(there.values())), encoding="utf-8")


def _capture(home: str) -> int:
    """The first capture of the article that is shown."""
    with urlopen(f"{home}archive/captures.json?_shape=array&article__exact=1&_sort=id") as answer:
        return int(json.load(answer)[0]["id"])


def _is_there(home: str, path: str) -> bool:
    try:
        urlopen(home + path[1:]).close()
    except HTTPError as error:
        error.close()
        sys.stderr.write(f"{path} answers {error.code}: no picture\n")
        return False
    return True


def _take(opened: Browser, home: str, name: str, path: str) -> None:
    for width in (WIDE, NARROW):
        page = opened.new_page(viewport={"width": width, "height": 900})
        page.goto(home + path[1:])
        tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
        (FOLDER / f"{name}-{width}.png").write_bytes(_small(page, taken))
        page.close()


def _small(page: Page, png: bytes) -> bytes:
    """The picture with a palette, as other tools would have made it."""
    found = page.evaluate(INDEXED, base64.b64encode(png).decode())
    width, height, rows = found["width"], found["height"], base64.b64decode(found["indices"])
    lines = b"".join(b"\0" + rows[start : start + width] for start in range(0, len(rows), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(found["palette"])), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _axe(opened: Browser, home: str, first: list[str]) -> str:
    """What axe-core says of every page, as a text."""
    page = opened.new_page()
    paths = addresses(home, *first)
    found = {path: complaints(page) for path in paths if page.goto(home + path[1:])}
    looks = ", ".join(f"{width} pixels {scheme}" for width, scheme in LOOKS)
    told = [f"{len(said):>10}  {path}" + "".join(f"\n{'':>12}{line}" for line in said) for path, said in found.items()]
    total, version = sum(map(len, found.values())), page.evaluate("axe.version")
    head = [
        f"axe-core {version} in Chromium {opened.version}, on the archive of the sample newspaper.",
        f"{len(paths)} pages, each at {looks}: {total} violations.",
        "",
        "violations  page",
    ]
    return "\n".join([*head, *told]) + "\n"


if __name__ == "__main__":
    main()
