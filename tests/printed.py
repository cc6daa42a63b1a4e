"""The examples of a page: what stands there as printed is printed again, and compared.

A ```console block is commands (`$ `, over several lines while a quote or a here-document is open) and what each
prints on both streams. A ```python or ```r block before a ``` block without a language is a programme and what it
prints. All of a page run in its order, in one folder with the demo's archive in it. A line `…` stands for any lines
that are left out.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner
from readers import FOLDER as READERS

from ewbscraper.browse.serve import free_port
from ewbscraper.cli import main

EXAMPLE = re.compile(r"(?ms)^```console\n(?P<session>.*?)^```$|^```(?P<language>python|r)\n(?P<code>.*?)^```\n+```\n")
FENCE = re.compile(r"(?ms).*?^```$")
HOME = "/home/you/news"
"""What a page calls the folder in which its commands run."""

NEWEST = "2026-11-17"
"""The demo's newest article: any later day is one on which we crawled, and is not compared."""

DAY = re.compile(r"(20\d\d)([-/]|,\s+)(\d\d?)\2(\d\d?)(T[\d:.]+(Z|\+00:00))?")
ASKING = ("ewbscraper crawl", "ewbscraper outlets")
"""Commands that start Twisted's reactor, which starts once in a process."""

MASKS = (
    (re.compile(r"\b\d+\.\d+ (s|ms|MB|seconds)\b"), r"N \1"),
    (re.compile(r"\b\d[\d,]* bytes\b"), "N bytes"),
    (re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b"), "DIGEST"),
    (re.compile(r"_[0-9a-f]{12}\.txt\b"), "_ADDRESS.txt"),
    (re.compile(r"sample-\d{8}T\d+Z"), "sample-TIME"),
    (re.compile(r"\bpid \d+"), "pid N"),
    (re.compile(r"\bewbscraper \d+\.\d+\.\d+\b"), "ewbscraper VERSION"),
)
"""What is another each time: seconds and sizes, digests and ids, names of files, our version."""

OTHER_PORT = re.compile(r"(?<=\b127.0.0.1.)81\d\d\b")
"""Of the demo's newspaper, where another one has 8100."""

PORT = "8001"
"""Of a reading room in a page; a free one takes its place."""


def masked(text: str) -> str:
    """The text without what is another each time."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return DAY.sub(lambda found: "TODAY" if _of_today(found) else found[0], text)


def _of_today(found: re.Match[str]) -> bool:
    day = f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}"
    return day > NEWEST or day == datetime.now(UTC).date().isoformat()


class Page:
    """A page whose examples are run in a folder."""

    def __init__(self, text: str, folder: Path) -> None:
        self.text, self.folder = text, folder
        self.left_out: set[str] = set()
        """What the examples need and this machine has not."""
        self._started: list[int] = []
        self._port = str(free_port("127.0.0.1", 8801))

    def printed(self) -> str:
        """The page as it would be with what its examples print now; where only masked parts differ, as it is.

        Whole or not at all: of two runs, the newest capture of an article was older than what it had said before.
        """
        parts, at = [], 0
        try:
            while found := EXAMPLE.search(self.text, at):
                parts.append(self.text[at : found.start()])
                if found["session"] is not None:
                    at = found.end()
                    parts.append(f"```console\n{self._session(found['session'])}```")
                else:
                    at = FENCE.match(self.text, found.end()).end()  # type: ignore[union-attr]
                    shown = self.text[found.end() : at - 3]
                    parts.append(
                        f"{found[0]}{kept(shown, self._programme(found['language'], found['code'], shown))}```"
                    )
        finally:
            for group in self._started:
                _end(group)
        page = "".join(parts) + self.text[at:]
        return self.text if masked(page) == masked(self.text) else page

    def _session(self, session: str) -> str:
        return "".join(f"$ {command}\n{kept(shown, self.run(command))}" for command, shown in commands(session))

    def run(self, command: str) -> str:
        """What a command prints: one of ours in this process, any other by bash."""
        command = command.replace(PORT, self._port)
        if command.startswith("ewbscraper ") and not command.startswith(ASKING) and not _for_a_shell(command):
            words = shlex.split(command.replace("\\\n", ""))
            before = Path.cwd()
            os.chdir(self.folder)
            try:
                printed = CliRunner().invoke(main, words[1:], prog_name="ewbscraper", catch_exceptions=False).output
            finally:
                os.chdir(before)
        else:
            printed = self._process(["bash", "-c", command]).stdout
        return self._whole(printed)

    def _programme(self, language: str, code: str, shown: str) -> str:
        python = READERS / "bin" / "python" if "pandas" in code else sys.executable
        command = [str(python), "-"] if language == "python" else ["Rscript", "-"]
        ran = self._process(command, code) if shutil.which(command[0]) else None
        if ran is None or "there is no package called" in ran.stdout:
            self.left_out.add("pandas" if language == "python" else "R with RSQLite and jsonlite")
            return shown
        assert ran.returncode == 0, ran.stdout
        return self._whole(ran.stdout)

    def _whole(self, printed: str) -> str:
        printed = OTHER_PORT.sub("8100", printed.replace(str(self.folder), HOME).replace(self._port, PORT))
        lines = [line.rstrip() for line in printed.splitlines()]
        return "\n".join(lines).rstrip("\n") + "\n" if any(lines) else ""

    def _process(self, command: list[str], given: str = "") -> subprocess.CompletedProcess[str]:
        """What a process says; what it leaves behind in the background ends with the page."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as stdin:
            stdin.write(given)
            stdin.seek(0)
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=stdin,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PATH": f"{_bin(self.folder)}:{os.environ['PATH']}", "COLUMNS": "100"},
                start_new_session=True,
            )
            self._started.append(process.pid)
            code = process.wait(timeout=120)
            out.seek(0)
            return subprocess.CompletedProcess(command, code, out.read())


def commands(session: str) -> list[tuple[str, str]]:
    """Each command of a session, with what is shown as its output."""
    found: list[tuple[str, str]] = []
    for line in session.splitlines(keepends=True):
        if found and not found[-1][1] and _is_open(found[-1][0]):
            found[-1] = (f"{found[-1][0]}\n{line.rstrip()}", "")
        elif line.startswith("$ "):
            found.append((line[2:].rstrip(), ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def _is_open(command: str) -> bool:
    """Whether it goes on in the next line: a quote or a here-document is open, or a backslash ends it."""
    if here := re.search(r"<<'(\w+)'$", command, re.MULTILINE):
        return not command.endswith(f"\n{here[1]}")
    try:
        shlex.split(command)
    except ValueError:
        return True
    return False


def _for_a_shell(command: str) -> bool:
    """Whether it has a pipe, a redirection or a variable."""
    words = shlex.shlex(command, posix=True, punctuation_chars=True)
    return any(set(word) <= set("();<>|&") for word in words) or "$" in command


def kept(shown: str, printed: str) -> str:
    """What the page should show: what was left out stays left out."""
    if "…\n" in shown.splitlines(keepends=True):
        head, tail = (part.count("\n") for part in re.split(r"(?m)^…\n", shown, maxsplit=1))
        lines = printed.splitlines(keepends=True)
        if len(lines) > head + tail:
            printed = "".join([*lines[:head], "…\n", *lines[len(lines) - tail :]])
    return printed


def _bin(folder: Path) -> Path:
    """A folder with `ewbscraper`, as of this checkout, this Python, and the `warcio` in it."""
    place = folder.with_name(f"{folder.name}-bin")
    if not place.exists():
        place.mkdir()
        for name, words in (("ewbscraper", "-m ewbscraper "), ("python", ""), ("warcio", "-m warcio.cli ")):
            (place / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words}"$@"\n')
            (place / name).chmod(0o755)
    return place


def _end(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
