"""A real WordPress (tests/wordpress/), what it knows of its own posts, and an archive that crawls it."""

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ewbscraper.archive.articles.lookup import get_article
from ewbscraper.archive.database import read
from ewbscraper.browse.serve import free_port

SCRIPTS = Path(__file__).parent / "wordpress"
OUTLET_FILE = """
from ewbscraper.outlet import Outlet, WordPress

OUTLET = Outlet(slug="rig", name="European Western Balkans", home="{home}", sources=(WordPress(),))
"""
CANNOT = 75
"""Exit status of `up` where this machine cannot have a WordPress."""
LEFT_OUT = {"readalso", "bio"}
"""Parts of a post that are no text of the article (see Body in docs/tables.md)."""


class NoWordPress(Exception):
    """It cannot be set up here; the message says why."""


@dataclass(frozen=True)
class Asked:
    """One request, as the server's log has it."""

    at: float
    """Seconds since 1970, when it was answered."""
    status: int
    path: str
    """Without what follows `?`, in plain letters."""


class WordPress:
    """The site in `state`, a folder that www-data can reach."""

    def __init__(self, state: Path) -> None:
        self.state, self.port = state, free_port("127.0.0.1", 8790)
        self.home = f"http://127.0.0.1:{self.port}/"

    def up(self, **options: Any) -> None:
        """Starts it, or starts it with other options. Raises NoWordPress."""
        if not Path("/etc/debian_version").is_file():
            raise NoWordPress("needs Debian 12")
        self._run("up", port=self.port, **options)

    def edit(self, **numbers: int) -> list[dict[str, Any]]:
        """Changes, deletes and adds posts; returns what was done."""
        before = len(self.gold("edits"))
        self._run("edit", **numbers)
        return self.gold("edits")[before:]

    def down(self) -> None:
        """Stops it and removes everything but Debian's packages."""
        if (self.state / "run").is_dir():
            self._run("down", "--wipe")

    def _run(self, script: str, *flags: str, **options: Any) -> None:
        command = [str(SCRIPTS / script), *flags, "--state", str(self.state)]
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode == CANNOT:
            raise NoWordPress(done.stderr.strip()[-300:])
        assert done.returncode == 0, done.stderr

    def gold(self, name: str = "posts") -> list[dict[str, Any]]:
        """Ground truth, one post an entry."""
        file = self.state / "gold" / f"{name}.jsonl"
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []

    def log(self) -> list[Asked]:
        """Every request since it was first started, in order."""
        lines = (self.state / "log" / "access.log").read_text("utf-8").splitlines()
        return [_asked(line) for line in lines]


def _asked(line: str) -> Asked:
    at, status, address = re.match(r'(\S+) (\d+) "\S+ (\S+)', line).groups()
    return Asked(float(at), int(status), _path(address))


@dataclass(frozen=True)
class Run:
    """One run of the real command."""

    counts: dict[str, Any]
    """Its row of `runs`."""
    asked: list[Asked]
    cpu: float
    """Seconds, of the whole process."""

    def pages(self, posts: list[dict[str, Any]]) -> set[str]:
        """Which of these posts were asked for, by any of their pages."""
        paths = {request.path for request in self.asked}
        return {post["url"] for post in posts if any(path.startswith(_path(post["url"])) for path in paths)}

    def waits(self) -> list[float]:
        """Seconds from each refusal (429) to the next request."""
        return [after.at - refused.at for refused, after in pairwise(self.asked) if refused.status == 429]


def _path(url: str) -> str:
    return unquote(urlsplit(url).path)


class Archive:
    """An archive in `folder`, and runs of the real command: by an outlet file, or by the bare address."""

    def __init__(self, wordpress: WordPress, folder: Path, *, bare: bool = False) -> None:
        self.wordpress, self.folder = wordpress, folder
        self.name = wordpress.home if bare else "rig"
        if not bare:
            (folder / "outlets").mkdir()
            (folder / "outlets" / "rig.py").write_text(OUTLET_FILE.format(home=wordpress.home))

    def crawl(self) -> Run:
        """Raises AssertionError with the log where the run did not end well."""
        before, spent = len(self.wordpress.log()), _cpu()
        command = [sys.executable, "-m", "ewbscraper", "crawl", self.name, "--json"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return Run(json.loads(done.stdout)[0], self.wordpress.log()[before:], _cpu() - spent)

    def articles(self) -> dict[str, dict[str, Any]]:
        """Every article by its address."""
        with closing(read(self.folder / "archive.db")) as db:
            urls = [row["url"] for row in db.execute("SELECT url FROM articles")]
            return {url: get_article(db, url) for url in urls}


def _cpu() -> float:
    """Seconds that the children of this process have used until now."""
    times = os.times()
    return times.children_user + times.children_system


def faults(post: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Names of the fields in which an archived article differs from its post."""
    dateline = post["dateline"] or {"text": None, "places": []}
    wanted = {
        "headline": post["headline"],
        "published": datetime.fromisoformat(post["published"]),
        "authors": [author["name"] for author in post["authors"]],
        "dateline": (dateline["text"], dateline["places"]),
        "captions": [(i["caption"] or "", i["credit"]) for i in post["images"] if i["caption_line"]],
        "related_posts": [(r["title"], r["url"], r["author"]) for r in post["related"]],
    }
    mine = found["dateline"] or {"text": None, "places": []}
    got = {
        "headline": found["headline"],
        "published": found["published"] and datetime.fromisoformat(found["published"]),
        "authors": found["authors"],
        "dateline": (mine["text"], [place["as_written"] for place in mine["places"]]),
        "captions": captions(found),
        "related_posts": [(r["title"], r["url"], r["author"]) for r in found["related_posts"]],
    }
    differing = [name for name in wanted if wanted[name] != got[name]]
    return differing + ([] if same_body(post["body"], found["body"]) else ["body"])


def captions(found: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Caption and credit of an archived article's pictures that have either."""
    return [(c["caption"], c["credit"]) for c in found["captions"] if c["caption"] or c["credit"]]


def same_body(parts: list[dict[str, Any]], body: str) -> bool:
    """Whether a body has the post's parts in their order, each a paragraph, and nothing else."""
    return paragraphs(parts) == [p for p in map(plain, body.split("\n\n")) if p not in optional(parts)]


def paragraphs(parts: list[dict[str, Any]]) -> list[str]:
    """The post's text: a quote's source is a paragraph of its own, a table one paragraph."""
    text: list[str] = []
    for part in parts:
        if part["type"] == "table":
            rows = [part["head"], *part["rows"]] if part["head"] else part["rows"]
            text.append(plain("\n".join(" | ".join(row) for row in rows)))
        elif part["type"] not in LEFT_OUT and part["text"]:
            text += [plain(part["text"]), *([plain(part["cite"])] if part.get("cite") else [])]
    return text


def optional(parts: list[dict[str, Any]]) -> set[str]:
    """Captions of tables: text or not, as one likes."""
    return {plain(part["caption"]) for part in parts if part.get("caption")}


def plain(text: str) -> str:
    """White space collapsed."""
    return " ".join(text.split())
