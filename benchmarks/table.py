"""One table of all that is measured: a figure of ours, one of another way in the same run, their ratio and its goal.

benchmarks/results.md keeps a section for each benchmark, written when that one runs; the others stay as they were.
"""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")
ABOUT = """\
# Side by side

Written by `make bench CORPUS=folder FOLDER=folder` and `make bench-peers CORPUS=folder`, a section by each benchmark
on the day and the machine that it names. A ratio is ours to the other's in the same run: it is what can be compared."""
HEAD = "| what | ours | beside it | ratio | goal | |\n| --- | ---: | --- | ---: | ---: | --- |"
PACKAGES = ("scrapy", "lxml", "warcio", "sqlite-utils", "datasette", "trafilatura", "news-please", "fundus")


@dataclass(frozen=True)
class Options:
    """What a benchmark may be given."""

    corpus: Path | None
    """Folder of .html or .html.gz; the golden pages of the tests where there is none."""
    folder: Path
    """Where archives are made: 6 GB for the largest, and as much for a copy."""
    peers: bool = False
    """Whether other programs' environment (.peers) is the one that runs."""
    most: int = 5_000
    """Articles of the largest archive that may be made; 300,000 where a folder is given for it."""
    pages: int = 20_000
    """Pages of the crawl in which growth would show."""


@dataclass(frozen=True)
class Row:
    """One figure. `ratio` is ours to the other's; a goal is the most or the least that it should be."""

    what: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    def line(self) -> str:
        """As it stands in the table."""
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        goal = f"≤ {self.at_most:g}" if self.at_most is not None else ""
        goal = f"≥ {self.at_least:g}" if self.at_least is not None else goal
        return f"| {self.what} | {self.ours} | {self.beside} | {ratio} | {goal} | {self._held()} |"

    def _held(self) -> str:
        if self.ratio is None or (self.at_most is None and self.at_least is None):
            return ""
        above = self.at_least is not None and self.ratio < self.at_least
        below = self.at_most is not None and self.ratio > self.at_most
        return "**not reached**" if above or below else "reached"


def section(title: str, said: str, rows: Sequence[Row]) -> str:
    """Title, what was measured how, the machine and the day, the table."""
    lines = (row.line() for row in rows)
    return "\n".join([f"## {title}", "", said, "", f"{machine()}", "", HEAD, *lines, ""])


def machine() -> str:
    """Day, processor, load of the last five minutes, system and versions: figures hold beside each other only."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    known = [f"{name} {found}" for name in PACKAGES if (found := _version(name))]
    parts = [
        datetime.now(UTC).strftime("%Y-%m-%d"),
        f"{os.cpu_count()} cores of {model[1].strip() if model else platform.machine()}",
        f"load {os.getloadavg()[1]:.1f}",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        *known,
    ]
    return ", ".join(parts)


def keep(sections: Iterable[str]) -> None:
    """Into results.md, each in the place of the section with its title, new ones at the end."""
    told = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    _, *old = re.split(r"(?m)^(?=## )", told)
    kept = {part.partition("\n")[0]: part for part in old}
    kept |= {part.partition("\n")[0]: part for part in sections}
    parts = [ABOUT, *kept.values()]
    RESULTS.write_text("\n\n".join(part.strip() for part in parts) + "\n", "utf-8")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
