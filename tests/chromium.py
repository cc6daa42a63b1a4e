"""A real browser, Debian's Chromium, on an archive that is really served; a witness hears what pages say and ask."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urljoin, urlsplit
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Browser, Locator, Page, Playwright

from ewbscraper.archive.finding.queries import load_queries
from ewbscraper.browse.routes import is_ours

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

WIDE, NARROW = 1280, 390
"""Pixels: a desk, a phone."""

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--gaia-url=http://127.0.0.1:9/",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--autofill-server-url=http://127.0.0.1:9/",
)
"""What keeps the browser from asking for itself. Its accounts, its updates and what it asks about each form of three
fields (no page can forbid that) go on asking, so they are sent to a port where nobody listens."""

LOOKS = ((WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark"))
"""Width and scheme of colours."""

COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that the dark can break; all others judge what is the same in the light."""

ALIKE = 2
"""Pages of one kind that are looked at: two places stand for all places."""


@contextmanager
def browser(driver: Playwright, *also: str) -> Iterator[Browser]:
    """The browser, closed at the end."""
    opened = driver.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *also])
    try:
        yield opened
    finally:
        opened.close()


def demo(folder: Path) -> Path:
    """The archive of the sample newspaper, both its editions crawled."""
    archive = folder / "archive.db"
    subprocess.run(
        [*_PROGRAM, "demo", "--no-serve", "--archive", archive], check=True, capture_output=True, timeout=120
    )
    return archive


@contextmanager
def served(archive: Path, *options: str) -> Iterator[str]:
    """The address at which `ewbscraper serve` has the archive, with `/` at its end; stopped as Ctrl-C would."""
    command = [*_PROGRAM, "serve", "--archive", archive, "--port", str(_any_port()), *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout
        try:
            yield next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
        finally:
            process.send_signal(2)
            process.wait(20)


def _any_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


_PROGRAM = (sys.executable, "-m", "ewbscraper")


_TAKEN_AWAY = "net::ERR_ABORTED"
"""How a request ends that turns out to be a file to keep."""


@dataclass
class Witness:
    """What pages said and asked that they should not have."""

    home: str
    heard: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """The page, heard from now on."""
        page.on("console", lambda said: said.type in ("error", "warning") and self._note("console", said.text))
        page.on("pageerror", lambda error: self._note("error", error))
        page.on("dialog", self._dialog)
        page.on("request", lambda asked: self._is_elsewhere(asked.url) and self._note("elsewhere", asked.url))
        page.on(
            "requestfailed", lambda failed: failed.failure != "net::ERR_ABORTED" and self._note("failed", failed.url)
        )
        return page

    def _note(self, what: str, told: Any) -> None:
        self.heard.append(f"{what}: {told}")

    def _dialog(self, dialog: Any) -> None:
        self._note("dialog", dialog.message)
        dialog.dismiss()

    def _is_elsewhere(self, url: str) -> bool:
        return not url.startswith((self.home, "data:", "blob:", "about:"))


def complaints(page: Page) -> list[str]:
    """What keeps people out of the page, by axe-core; and whether it must be scrolled sideways. At each of LOOKS."""
    page.evaluate(Axe().axe_script)
    return [f"{width} pixels, {scheme}: {told}" for width, scheme in LOOKS for told in _complaints(page, width, scheme)]


def _complaints(page: Page, width: int, scheme: str) -> Iterator[str]:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    chosen = {"runOnly": COLOURS} if scheme == "dark" else {}
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **chosen})
    for rule in found["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:120]}"
    if (beyond := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")) > 0:
        yield f"{beyond} pixels beyond the right edge"


def addresses(home: str, *first: str, deep: int = 2, most: int = ALIKE) -> list[str]:
    """Paths of pages: the first ones, and those that their links lead to in so many steps; `most` of each kind."""
    found: list[str] = []
    seen: Counter[tuple[str, ...]] = Counter()
    reached = list(first)
    for _ in range(deep + 1):
        pages = {
            path: tree for path in reached if _is_wanted(path, seen, most) and (tree := _page(home, path)) is not None
        }
        found += pages
        reached = [link for path, tree in pages.items() for link in _links(home, path, tree)]
    return found


def _is_wanted(path: str, seen: Counter[tuple[str, ...]], most: int) -> bool:
    kind = _kind(path, is_ours(urlsplit(path).path))
    if seen[(path,)] or seen[kind] == most:
        return False
    seen.update([kind, (path,)])
    return True


def _kind(path: str, ours: bool) -> tuple[str, ...]:
    """Alike are pages of ours with the same first step, number of steps and question; Datasette's tables; its rows."""
    parts = urlsplit(path)
    steps, asked = parts.path.split("/")[1:], sorted(name for name, _ in parse_qsl(parts.query))
    if ours:
        return ("ours", steps[0], str(len(steps)), asked[0] if len(asked) == 1 else str(len(asked) > 1))
    if steps[-1] in load_queries() and not asked:
        return ("query", steps[-1])
    return ("theirs", str(len(steps)), str(bool(asked)))


def _page(home: str, path: str) -> html.HtmlElement | None:
    """The page; None where the address is a file to take away. A link that leads nowhere fails the test."""
    try:
        with urlopen(urljoin(home, path)) as answer:
            body = answer.read()
    except HTTPError as error:
        with error:
            raise AssertionError(f"{path} answers {error.code}") from error
    is_page = answer.headers.get_content_type() == "text/html" and "content-disposition" not in answer.headers
    return html.fromstring(body.decode()) if is_page else None


def _links(home: str, path: str, tree: html.HtmlElement) -> list[str]:
    """Paths on this server that the page links to, each once, without the place in the page."""
    targets = (urljoin(urljoin(home, path), str(target)).partition("#")[0] for target in tree.xpath("//a/@href"))
    return list(dict.fromkeys("/" + url.removeprefix(home) for url in targets if url.startswith(home)))


FOCUSED = """() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    const label = element.matches("[type=checkbox]") && element.labels[0];
    const drawn = label ? getComputedStyle(label) : style;
    return {
        name: (element.getAttribute("aria-label") || element.innerText || element.name || "").trim(),
        address: element.getAttribute("href") || "",
        seen: element == document.body ||
            drawn.outlineStyle != "none" && parseFloat(drawn.outlineWidth) >= 1 && box.width > 0 && box.right > 0,
    };
}"""
"""What has the focus, and whether a person sees that it has."""


class Mouse:
    """A person's hand: clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, target: Locator) -> None:
        target.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)
        field.press("Enter")

    def narrow(self) -> None:
        if (button := self.page.locator("label[for=narrow]")).is_visible():
            button.click()

    def follow_bar(self) -> int:
        """Follows the first bar of the timeline; how many articles it stands for."""
        bar = self.page.locator(".timeline svg a").first
        bar.click()
        return int(bar.locator("title").text_content().split(": ")[1])


class Keyboard(Mouse):
    """Tab and Enter; whatever has the focus on the way must be seen to have it."""

    def open(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def narrow(self) -> None:
        if (box := self.page.locator("#narrow")).is_visible():
            self._reach(box)
            self.page.keyboard.press("Space")

    def follow_bar(self) -> int:
        """Opens the list that stands beside the bars, and follows its first line."""
        self.open(self.page.locator(".timeline summary"))
        line = self.page.locator(".numbers li").first
        stands_for = int(re.search(r" ([\d,]+)", line.inner_text())[1])
        self.open(line.locator("a"))
        return stands_for

    def _reach(self, target: Locator) -> None:
        wanted = target.element_handle()
        for _ in range(300):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUSED)
            assert focus["seen"], focus
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"no Tab leads to {target}")
